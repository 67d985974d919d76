// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.InputException;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tokenizer.Encoding;
import java.util.List;
import java.util.function.Supplier;

/// What a task does with an input: tokens before the encoder, an answer to each encoding after it, and a result of the answers.
/// Every method may be called on any thread, and throws an [InputException] of one problem for what is the input's fault.
///
/// @param <I> an input: a text or a pair
/// @param <A> what is read from the pass for one encoding
/// @param <R> what becomes of an input
interface Steps<I, A, R> {

    /// Where answers go.
    interface Answers<A> {

        /// @param index of the encoding in the batch
        void give(int index, Supplier<A> answer);
    }

    /// One encoding; several for a text that is read in windows.
    List<Encoding> encode(I input);

    /// What stands before the pass that computes, for a batch of these encodings.
    default Pass pass(List<Encoding> encodings, Pass pass) {
        return pass;
    }

    /// Computes and gives the answer of every encoding of a batch. An answer depends on its encoding only.
    ///
    /// @param hidden `[T, H]`, in the pass's memory
    void compute(List<Encoding> encodings, Matrix hidden, Batch batch, Pass pass, Answers<A> answers);

    /// The result of an input.
    ///
    /// @param answers for each of its encodings
    R finish(I input, List<Encoding> encodings, List<A> answers);

    /// Steps whose answers are the results: one encoding for each input.
    interface Single<I, R> extends Steps<I, R, R> {

        @Override
        default R finish(I input, List<Encoding> encodings, List<R> answers) {
            return answers.getFirst();
        }
    }
}
