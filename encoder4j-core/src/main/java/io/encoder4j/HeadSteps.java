// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.Head;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.task.TokenVectors;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tokenizer.Encoding;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// The steps of a task that needs the logits of a head.
///
/// @param encode the encodings of an input
/// @param read   the logits of one sequence of a batch
/// @param finish the result of an input
record HeadSteps<I, A, R>(Head head, Function<I, List<Encoding>> encode, Reader<A> read, Finish<I, A, R> finish)
        implements Steps<I, A, R> {

    /// Reads the logits of the sequence `index`.
    interface Reader<A> {
        A read(float[][] logits, Sequences sequences, int index);
    }

    /// Makes a result of the logits of an input's encodings.
    interface Finish<I, A, R> {
        R finish(I input, List<Encoding> encodings, List<A> logits);
    }

    /// A head that gives a row of logits for each sequence.
    static <I, R> HeadSteps<I, float[], R> perSequence(Head head, Function<I, List<Encoding>> encode,
            Finish<I, float[], R> finish) {
        return new HeadSteps<>(head, encode, (logits, _, index) -> Runner.finite(logits[index]), finish);
    }

    /// A head that gives a row of logits for each token: `[tokens][out]` for a sequence.
    static <I, R> HeadSteps<I, float[][], R> perToken(Head head, Function<I, List<Encoding>> encode,
            Finish<I, float[][], R> finish) {
        return new HeadSteps<>(head, encode, (logits, sequences, index) -> {
            int start = sequences.start(index);
            float[][] rows = Arrays.copyOfRange(logits, start, start + sequences.length(index));
            Arrays.stream(rows).forEach(Runner::finite);
            return rows;
        }, finish);
    }

    /// No head: the encoder's own vectors of the tokens, of an input with one encoding.
    static <I> HeadSteps<I, float[][], TokenVectors> states(Function<I, List<Encoding>> encode) {
        return perToken(new Head(List.of((hidden, _, _) -> hidden)), encode, (_, encodings, states) ->
                new TokenVectors(states.getFirst(), tokens(encodings), encodings.getFirst().truncated()));
    }

    @Override
    public List<Encoding> encode(I input) {
        return encode.apply(input);
    }

    @Override
    public void compute(List<Encoding> encodings, Matrix hidden, Batch batch, Pass pass, Answers<A> answers) {
        float[][] logits = pass.fetchRows(head.forward(hidden, batch.sequences(), pass));       // [B or T, out]
        for (int i = 0; i < encodings.size(); i++) {
            int index = i;
            answers.give(i, () -> read.read(logits, batch.sequences(), index));
        }
    }

    @Override
    public R finish(I input, List<Encoding> encodings, List<A> logits) {
        return finish.finish(input, encodings, logits);
    }

    /// Tokens of all encodings together.
    static int tokens(List<Encoding> encodings) {
        return encodings.stream().mapToInt(Encoding::length).sum();
    }
}
