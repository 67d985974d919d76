// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import org.jspecify.annotations.Nullable;

/// How a model computes. None of it changes a result by a single bit, except the kernels.
///
/// @param kernels        `scalar` or `vector`; null for the fastest that runs here, or what `-Dencoder4j.kernels` names
/// @param threads        threads at work at once, the caller's included; at least 1
/// @param tokensPerBatch tokens of the texts that are computed together, at most; a longer text goes alone
public record Options(@Nullable String kernels, int threads, int tokensPerBatch) {

    /// @throws IllegalArgumentException if a number is below 1
    public Options {
        if (threads < 1 || tokensPerBatch < 1) {
            throw new IllegalArgumentException("threads and tokensPerBatch must be at least 1, got " + threads + " and "
                    + tokensPerBatch);
        }
    }

    /// The fastest kernels and every processor this JVM may use, as a container allows.
    public static Options defaults() {
        return new Options(null, Runtime.getRuntime().availableProcessors(), 1024);
    }

    /// The same with the kernels of that name.
    public Options withKernels(@Nullable String name) {
        return new Options(name, threads, tokensPerBatch);
    }

    /// The same with that many threads.
    public Options withThreads(int count) {
        return new Options(kernels, count, tokensPerBatch);
    }

    /// The same with that token budget.
    public Options withTokensPerBatch(int tokens) {
        return new Options(kernels, threads, tokens);
    }
}
