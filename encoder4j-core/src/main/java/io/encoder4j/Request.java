// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.InputException;
import java.util.concurrent.CompletableFuture;

/// An input of a task on its way: tokenized, and waiting to be computed in the company of others. Made by
/// [SharedBatches#request].
///
/// @param <R> the task's result
public sealed interface Request<R> permits Pending {

    /// {@return tokens it takes of a token budget, special ones included; of all its windows, where it has several}
    int tokens();

    /// {@return tokens that were cut off, since the model takes no more; 0 for none}
    int tokensCut();

    /// {@return where the answer goes: the result, or why there is none, an [InputException] for what is the input's fault} Who
    /// cancels it takes the request back: it is dropped before it is computed. It is completed by the thread that computed it,
    /// so that what follows and takes long belongs on a thread of its own (`thenApplyAsync`).
    CompletableFuture<R> result();
}
