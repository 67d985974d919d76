// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.model.Head;
import io.encoder4j.sentence.BuiltModule;
import io.encoder4j.sentence.MultiVector;
import io.encoder4j.sentence.SentenceModule;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A vector for each token: ColBERT (Khattab and Zaharia 2020), in Stanford's checkpoints, PyLate's, or those of
/// sentence-transformers 6; see [MultiVector]. May be shared among threads.
///
/// A query is filled up with mask tokens, if the folder does not say otherwise; their vectors count although, unless it says
/// so, no token attends to them. Of a document, punctuation or other words have no vector.
public final class MultiVectorEmbedder {

    private final Runner runner;
    private final Head head;
    private final MultiVector settings;
    private final OptionalInt filler;
    private final Set<Integer> skipped;

    /// @param projection from the encoder's token vectors
    /// @param filler     what queries are filled up with, if they are
    MultiVectorEmbedder(Runner runner, MultiVector settings, Head projection, OptionalInt filler) {
        this.runner = runner;
        this.settings = settings;
        this.filler = filler;
        head = projection;
        skipped = settings.skipped().stream().flatMap(word -> token(word).stream().boxed()).collect(Collectors.toSet());
    }

    /// The token of a skipped word, if the vocabulary has one.
    private OptionalInt token(String word) {
        if (!settings.skipsFirst()) {
            return runner.tokenizer().tokenId(word);
        }
        int[] ids = runner.tokenizer().encode(word, null, EncodeOptions.defaults().withAddSpecialTokens(false)).ids();
        return Arrays.stream(ids).limit(1).filter(id -> !runner.tokenizer().specialIds().contains(id)).findFirst();
    }

    /// The projection that modules beside the encoder describe.
    ///
    /// @throws CheckpointException if their weights are not as they say
    static Head projection(List<SentenceModule.Dense> modules, Kernels kernels, Arena arena) {
        return new Head(modules.stream().map(module -> BuiltModule.of(module, kernels, arena))
                .<Head.Step>map(built -> (x, _, pass) -> built.step().apply(x, pass)).toList());
    }

    /// The queries' vectors, one for each of their tokens and of those they are filled up with.
    public List<TokenVectors> embedQueries(List<String> queries) {
        Encoding[] encodings = runner.encode(queries.size(), i -> encode(queries.get(i), settings.query()));
        if (!settings.expands()) {
            return embed(encodings, null, Set.of());
        }
        int[] lengths = Arrays.stream(encodings).mapToInt(Encoding::length).toArray();
        for (int i = 0; i < encodings.length; i++) {
            encodings[i] = insert(encodings[i], lengths[i], filler.orElseThrow(), length(settings.query()) - lengths[i]);
        }
        return embed(encodings, lengths, Set.of());
    }

    /// The documents' vectors.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<TokenVectors> embedDocuments(List<String> documents) {
        return embed(runner.encode(documents.size(), i -> encode(documents.get(i), settings.document())), null, skipped);
    }

    /// Tokens of a query at most, marker and what fills it up included.
    public int queryLength() {
        return length(settings.query());
    }

    private int length(MultiVector.Side side) {
        return Math.min(runner.longest(), side.length().orElse(runner.maxTokens()));
    }

    private List<TokenVectors> embed(Encoding[] encodings, int @Nullable [] attended,
            Set<Integer> without) {
        TokenVectors[] results = new TokenVectors[encodings.length];
        runner.forward(encodings, (indices, pass) -> attended == null || settings.attends() ? pass
                : new VisibleKeysPass(pass,
                        new AttentionBias.VisibleKeys(Arrays.stream(indices).map(i -> attended[i]).toArray())),
                (indices, hidden, batch, pass) -> {
            float[][] vectors = pass.fetchRows(pass.normalize("normalize", head.forward(hidden, batch.sequences(), pass)));   // [T, D]
            Sequences sequences = batch.sequences();
            for (int i = 0; i < indices.length; i++) {
                int text = indices[i];
                int start = sequences.start(i);
                results[text] = new TokenVectors(IntStream.range(0, sequences.length(i))
                        .filter(t -> !without.contains(encodings[text].ids()[t]))
                        .mapToObj(t -> Runner.finite(vectors[start + t], text))
                        .toArray(float[][]::new));
            }
        });
        return List.of(results);
    }

    /// A text with its prompt, and with its marker, behind the first special token if that is a token.
    private Encoding encode(String text, MultiVector.Side side) {
        String prompted = side.prompt() + text;
        OptionalInt marker = side.marker().isBlank() ? OptionalInt.empty() : Stream.of(side.marker(), side.marker().strip().split(" ")[0])
                .flatMapToInt(token -> runner.tokenizer().tokenId(token).stream()).findFirst();
        if (marker.isEmpty()) {
            return encode(side.marker() + prompted, length(side));
        }
        Encoding encoding = encode(prompted, length(side) - 1);
        return insert(encoding, encoding.length() > 0 && encoding.sequenceIds()[0] < 0 ? 1 : 0, marker.getAsInt(), 1);
    }

    private Encoding encode(String text, int length) {
        return runner.tokenizer().encode(text, null, EncodeOptions.defaults().withTruncation(
                runner.tokenizer().truncateTo(length)));
    }

    private Encoding insert(Encoding encoding, int index, int id, int count) {
        return encoding.insert(index, id, String.valueOf(runner.tokenizer().token(id)), count);
    }
}
