// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.model.Encoder;
import io.encoder4j.model.Head;
import io.encoder4j.model.Heads;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.NonFiniteWeightException;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.Truncation;
import io.encoder4j.trace.Trace;
import io.encoder4j.trace.TracingPass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What all tasks share: texts or pairs become encodings, encodings become batches of about the same number of tokens, and
/// every batch goes through the encoder once. A sequence's numbers do not depend on the others in its batch.
final class Runner {

    /// Tokens below which a batch is not made smaller to give every thread one.
    private static final int MIN_BATCH = 128;

    private static final int BLOCK = 64;

    private final Engine engine;
    private final Encoder encoder;
    private final Tokenizer tokenizer;
    private final int maxTokens;

    /// What is done with the encoder's answer for a batch.
    interface Work {

        /// @param indices of the encodings in the batch, in its order
        /// @param hidden  `[T, H]`, in the pass's memory
        void accept(int[] indices, Matrix hidden, Batch batch, Pass pass);
    }

    /// @param maxTokens of a text, special ones included
    Runner(Engine engine, Encoder encoder, Tokenizer tokenizer, int maxTokens) {
        this.engine = engine;
        this.encoder = encoder;
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    Heads heads() {
        return encoder.heads();
    }

    int hiddenSize() {
        return encoder.hiddenSize();
    }

    int maxTokens() {
        return maxTokens;
    }

    /// Tokens the encoder can take, whatever the folder says of texts.
    int longest() {
        return encoder.maxTokens();
    }

    /// Encodes on all threads: what `encode` makes of `0 … count - 1`.
    Encoding[] encode(int count, IntFunction<Encoding> encode) {
        Encoding[] encodings = new Encoding[count];
        forEach(count, i -> encodings[i] = encode.apply(i));
        return encodings;
    }

    private void forEach(int count, IntConsumer work) {
        engine.forEach((count + BLOCK - 1) / BLOCK, b -> {
            for (int i = b * BLOCK; i < Math.min(count, (b + 1) * BLOCK); i++) {
                work.accept(i);
            }
        });
    }

    /// A text or pair, cut to what the encoder takes; of a pair the longer one is cut first.
    Encoding encode(String text, @Nullable String pair) {
        return tokenizer.encode(text, pair, EncodeOptions.defaults().withTruncation(tokenizer.truncateTo(maxTokens)));
    }

    Encoding[] encode(List<TextPair> inputs) {
        return encode(inputs.size(), i -> encode(inputs.get(i).text(), inputs.get(i).pair()));
    }

    /// Pairs of which only the first text is cut.
    ///
    /// @throws io.encoder4j.tokenizer.TokenizerException if the second alone is too long
    Encoding[] encodeCuttingFirst(List<TextPair> inputs) {
        EncodeOptions options = EncodeOptions.defaults().withTruncation(
                new Truncation(maxTokens, Truncation.Strategy.ONLY_FIRST, tokenizer.truncationSide(), 0));
        return encode(inputs.size(), i -> tokenizer.encode(inputs.get(i).text(), inputs.get(i).pair(), options));
    }

    /// Each text in as many encodings as it needs, each of which the encoder takes.
    ///
    /// @param stride tokens by which they overlap; half of what one has for the text, if that is less
    List<List<Encoding>> windows(List<String> texts, int stride) {
        int room = maxTokens - tokenizer.specialTokenCount(false);
        EncodeOptions options = EncodeOptions.defaults().withTruncation(
                tokenizer.truncateTo(maxTokens).withStride(Math.min(stride, Math.max(0, room / 2))));
        List<List<Encoding>> windows = new ArrayList<>(Collections.nCopies(texts.size(), List.of()));
        forEach(texts.size(), i -> windows.set(i, tokenizer.encodeWindows(texts.get(i), null, options)));
        return windows;
    }

    /// Runs the encoder over all encodings, several batches at once if there are several threads.
    void forward(Encoding[] encodings, Work work) {
        forward(encodings, (_, pass) -> pass, work);
    }

    /// The same with another pass for each batch, which stands before the one that computes.
    void forward(Encoding[] encodings, BiFunction<int[], Pass, Pass> passOf, Work work) {
        List<int[]> batches = batches(encodings);
        engine.runEach(batches.size(), (pass, b) -> {
            int[] indices = batches.get(b);
            Batch batch = Batch.of(
                    Arrays.stream(indices).mapToObj(i -> encodings[i].ids()).toList(),
                    Arrays.stream(indices).mapToObj(i -> encodings[i].typeIds()).toList());
            Matrix hidden = encode(batch, indices, passOf.apply(indices, pass));                // [T, H]
            work.accept(indices, hidden, batch, pass);
        });
    }

    /// Everything that the encoder and `work` compute for one encoding, by name.
    Trace trace(Encoding encoding, Work work) {
        return engine.run(pass -> {
            TracingPass tracing = new TracingPass(pass);
            Batch batch = Batch.of(List.of(encoding.ids()), List.of(encoding.typeIds()));
            int[] indices = {0};
            work.accept(indices, encode(batch, indices, tracing), batch, tracing);
            return tracing.trace();
        });
    }

    private Matrix encode(Batch batch, int[] indices, Pass pass) {
        try {
            return encoder.forward(batch, pass);                                                // [T, H]
        } catch (NonFiniteWeightException e) {
            int text = 0;
            while (text + 1 < indices.length && e.token() >= batch.sequences().start(text + 1)) {
                text++;
            }
            throw new IllegalStateException("text " + indices[text] + ": " + e.getMessage(), e);
        }
    }

    /// The logits of a head that gives a row for each sequence: `[encodings][out]`.
    float[][] sequenceLogits(Head head, Encoding[] encodings) {
        float[][] logits = new float[encodings.length][];
        forward(encodings, (indices, hidden, batch, pass) -> {
            float[][] rows = pass.fetchRows(head.forward(hidden, batch.sequences(), pass));     // [B, out]
            for (int i = 0; i < indices.length; i++) {
                logits[indices[i]] = finite(rows[i], indices[i]);
            }
        });
        return logits;
    }

    /// The logits of a head that gives a row for each token: `[encodings][tokens][out]`.
    float[][][] tokenLogits(Head head, Encoding[] encodings) {
        float[][][] logits = new float[encodings.length][][];
        forward(encodings, (indices, hidden, batch, pass) -> {
            float[][] rows = pass.fetchRows(head.forward(hidden, batch.sequences(), pass));     // [T, out]
            Sequences sequences = batch.sequences();
            for (int i = 0; i < indices.length; i++) {
                int text = indices[i];
                int start = sequences.start(i);
                logits[text] = IntStream.range(0, sequences.length(i))
                        .mapToObj(t -> finite(rows[start + t], text)).toArray(float[][]::new);
            }
        });
        return logits;
    }

    /// Indices of the texts of each batch: longest first, so that the last batches are small and threads end together, and
    /// as many as the token budget allows. Smaller than the budget when that gives every thread a share.
    private List<int[]> batches(Encoding[] encodings) {
        int[] order = IntStream.range(0, encodings.length).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> encodings[i].length()).reversed())
                .mapToInt(i -> i).toArray();
        long total = Arrays.stream(encodings).mapToLong(Encoding::length).sum();
        long budget = Math.min(engine.tokensPerBatch(), Math.max(MIN_BATCH, total / engine.threads()));
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        long tokens = 0;
        for (int i = 0; i < order.length; i++) {
            int length = encodings[order[i]].length();
            if (i > from && tokens + length > budget) {
                batches.add(Arrays.copyOfRange(order, from, i));
                from = i;
                tokens = 0;
            }
            tokens += length;
        }
        if (from < order.length) {
            batches.add(Arrays.copyOfRange(order, from, order.length));
        }
        return batches;
    }

    /// The values, if they are numbers.
    ///
    /// @throws IllegalStateException naming the text otherwise
    static float[] finite(float[] values, int text) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalStateException("text " + text + ": output " + i + " is " + values[i]
                        + "; the model's weights or this text take its numbers out of float32");
            }
        }
        return values;
    }

    /// The id of a token that a task cannot do without: the name given by the tokenizer's configuration, else the first of the
    /// usual ones that exists.
    ///
    /// @param purpose  named in the message: `mask token`
    /// @param location of the model, for messages
    int token(String purpose, @Nullable String given, String location, String... usual) {
        for (String token : given != null ? new String[] {given} : usual) {
            if (tokenizer.tokenId(token).isPresent()) {
                return tokenizer.tokenId(token).getAsInt();
            }
        }
        throw new CheckpointException(location + ": the tokenizer has no " + purpose + "; looked for "
                + (given != null ? given : String.join(", ", usual)));
    }
}
