// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.model.Head;
import io.encoder4j.model.Task;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Truncation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A vector for each token: ColBERT (Khattab and Zaharia 2020), as Stanford's checkpoints keep it. Settings come from
/// `artifact.metadata`; without it they are ColBERT's. May be shared among threads.
///
/// A query is filled up with mask tokens, whose vectors count although, unless `attend_to_mask_tokens`, no token attends to
/// them. Of a document, punctuation has no vector if `mask_punctuation`.
public final class MultiVectorEmbedder {

    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final Runner runner;
    private final Head head;
    private final int mask;
    private final int queryMarker;
    private final int documentMarker;
    private final int queryLength;
    private final int documentLength;
    private final boolean attendToMasks;
    private final Set<Integer> skipped;

    /// @param mask the mask token's id
    MultiVectorEmbedder(Runner runner, String location, Optional<ModelConfig> metadata, int mask) {
        this.runner = runner;
        this.mask = mask;
        head = runner.heads().get(Task.TOKEN_VECTORS);
        queryMarker = runner.token("query marker", metadata.flatMap(m -> m.find("query_token_id")).orElse(null), location,
                "[unused0]");
        documentMarker = runner.token("document marker", metadata.flatMap(m -> m.find("doc_token_id")).orElse(null),
                location, "[unused1]");
        queryLength = Math.min(runner.maxTokens(), metadata.map(m -> m.size("query_maxlen", 32)).orElse(32));
        documentLength = Math.min(runner.maxTokens(),
                metadata.map(m -> m.size("doc_maxlen", runner.maxTokens())).orElse(runner.maxTokens()));
        attendToMasks = metadata.map(m -> m.flag("attend_to_mask_tokens", false)).orElse(false);
        skipped = metadata.map(m -> m.flag("mask_punctuation", true)).orElse(true) ? PUNCTUATION.chars().boxed()
                .flatMap(c -> runner.tokenizer().tokenId(Character.toString(c)).stream().boxed())
                .collect(Collectors.toSet()) : Set.of();
        metadata.ifPresent(ModelConfig::check);
    }

    /// The queries' vectors, one for each of [#queryLength] tokens.
    public List<TokenVectors> embedQueries(List<String> queries) {
        Encoding[] encodings = runner.encode(queries.size(), i -> marked(queries.get(i), queryMarker, queryLength));
        int[] lengths = Arrays.stream(encodings).mapToInt(Encoding::length).toArray();
        for (int i = 0; i < encodings.length; i++) {
            encodings[i] = filledUp(encodings[i]);
        }
        return embed(encodings, lengths, Set.of());
    }

    /// The documents' vectors.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<TokenVectors> embedDocuments(List<String> documents) {
        Encoding[] encodings = runner.encode(documents.size(),
                i -> marked(documents.get(i), documentMarker, documentLength));
        return embed(encodings, null, skipped);
    }

    /// Tokens of a query, masks included.
    public int queryLength() {
        return queryLength;
    }

    private List<TokenVectors> embed(Encoding[] encodings, int @org.jspecify.annotations.Nullable [] attended,
            Set<Integer> without) {
        TokenVectors[] results = new TokenVectors[encodings.length];
        runner.forward(encodings, (indices, pass) -> attended == null || attendToMasks ? pass
                : new AttendedPass(pass, Arrays.stream(indices).map(i -> attended[i]).toArray()),
                (indices, hidden, batch, pass) -> {
            Matrix vectors = head.forward(hidden, batch.sequences(), pass);                     // [T, D]
            Sequences sequences = batch.sequences();
            for (int i = 0; i < indices.length; i++) {
                int text = indices[i];
                int start = sequences.start(i);
                results[text] = new TokenVectors(IntStream.range(0, sequences.length(i))
                        .filter(t -> !without.contains(encodings[text].ids()[t]))
                        .mapToObj(t -> TokenVectors.normalized(Runner.finite(vectors.row(start + t), text)))
                        .toArray(float[][]::new));
            }
        });
        return List.of(results);
    }

    /// A text with a marker after the first special token.
    private Encoding marked(String text, int marker, int length) {
        Encoding encoding = runner.tokenizer().encode(text, null,
                EncodeOptions.defaults().withTruncation(new Truncation(length - 1)));
        int at = 0;
        while (at < encoding.length() && encoding.sequenceIds()[at] < 0 && at < 1) {
            at++;
        }
        return with(encoding, at, marker, 1);
    }

    private Encoding filledUp(Encoding encoding) {
        return with(encoding, encoding.length(), mask, queryLength - encoding.length());
    }

    /// The encoding with `count` more tokens at a place.
    private Encoding with(Encoding e, int at, int id, int count) {
        int[] ids = inserted(e.ids(), at, id, count);
        boolean[] special = new boolean[ids.length];
        for (int i = 0; i < special.length; i++) {
            special[i] = i >= at && i < at + count || e.specialTokensMask()[i < at ? i : i - count];
        }
        return new Encoding(ids, inserted(e.typeIds(), at, 0, count), special,
                Arrays.stream(ids).mapToObj(i -> String.valueOf(runner.tokenizer().token(i))).toList(),
                inserted(e.starts(), at, 0, count), inserted(e.ends(), at, 0, count),
                inserted(e.sequenceIds(), at, -1, count), inserted(e.wordIds(), at, -1, count), e.truncated(),
                e.untruncatedLength() + count);
    }

    private static int[] inserted(int[] values, int at, int value, int count) {
        int[] more = new int[values.length + count];
        Arrays.fill(more, value);
        System.arraycopy(values, 0, more, 0, at);
        System.arraycopy(values, at, more, at + count, values.length - at);
        return more;
    }
}
