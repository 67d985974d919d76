// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.engine.Limits;
import io.encoder4j.kernel.Precision;
import io.encoder4j.nn.InferencePass;
import org.jspecify.annotations.Nullable;

/// How a model computes, and how much of the machine it may take. None of it changes a result by a single bit, except kernels,
/// precision and the limit of tokens.
///
/// @param kernels        `x86`, `vector`, `plain` or `scalar`; null for the fastest that runs here, or what
///                       `-Dencoder4j.kernels` names
/// @param precision      what products are computed in
/// @param threads        threads at work at once, the caller's included: 1 to [#MOST_THREADS]. Threads are started when there
///                       is work for them
/// @param tokensPerBatch tokens of the texts that are computed together, at most; a longer text goes alone
/// @param passes         forward passes at once, each with scratch memory of its own; 0 for one for each thread. Further
///                       callers wait in line, in the order in which they came
/// @param scratchMiB     MiB of scratch memory that a pass may have; beyond, a batch fails with an [OutOfMemoryError] and the
///                       model stays usable. Between calls all passes together keep no more than this
/// @param maxTokens      tokens of a text that are read at once, special ones included, in place of the folder's limit; 0 for that.
///                       Never more than the encoder can take
/// @param copyWeights    whether the weights are read into memory when the model is opened, which takes as much memory as
///                       their files have. Then nothing that happens to the files changes the model
public record ModelOptions(@Nullable String kernels, Precision precision, int threads, int tokensPerBatch, int passes,
        int scratchMiB, int maxTokens, boolean copyWeights) {

    /// The most threads that can be asked for.
    public static final int MOST_THREADS = 1024;

    /// Measured: what 512 tokens of a small model leave between its operations stays in the caches. More tokens at once
    /// make products no faster and all else slower.
    private static final int TOKENS_PER_BATCH = 512;

    /// Checks the options.
    ///
    /// @throws IllegalArgumentException if a number is out of range
    public ModelOptions {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException("threads must be 1 to " + MOST_THREADS + ", got " + threads);
        }
        if (tokensPerBatch < 1 || scratchMiB < 1) {
            throw new IllegalArgumentException("tokensPerBatch and scratchMiB must be at least 1, got " + tokensPerBatch
                    + " and " + scratchMiB);
        }
        requireNotNegative("passes", passes);
        requireNotNegative("maxTokens", maxTokens);
    }

    private static void requireNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, got " + value);
        }
    }

    /// {@return the fastest kernels that are float32-grade, and every processor this JVM may use, as a container allows} A pass
    /// may have twice the largest heap as scratch memory, which is half the memory of the machine or container unless `-Xmx`
    /// says otherwise, and at least 512 MiB.
    public static ModelOptions defaults() {
        return new ModelOptions(null, Precision.AUTO, Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
                TOKENS_PER_BATCH, 0, InferencePass.defaultScratchMiB(), 0, false);
    }

    /// {@return the same with the kernels of that name}
    ///
    /// @param name of a provider, or null for the best there is
    public ModelOptions withKernels(@Nullable String name) {
        return new ModelOptions(name, precision, threads, tokensPerBatch, passes, scratchMiB, maxTokens, copyWeights);
    }

    /// {@return the same in that precision}
    ///
    /// @param asked what products are computed in
    public ModelOptions withPrecision(Precision asked) {
        return new ModelOptions(kernels, asked, threads, tokensPerBatch, passes, scratchMiB, maxTokens, copyWeights);
    }

    /// {@return the same in the precision of that name: `auto`, `float32`, `bfloat16` or `int8`}
    ///
    /// @param name what products are computed in, in any case
    /// @throws IllegalArgumentException if there is none of that name
    public ModelOptions withPrecision(String name) {
        return withPrecision(Precision.of(name));
    }

    /// {@return the same with that many threads}
    ///
    /// @param count 1 to [#MOST_THREADS]
    public ModelOptions withThreads(int count) {
        return new ModelOptions(kernels, precision, count, tokensPerBatch, passes, scratchMiB, maxTokens, copyWeights);
    }

    /// {@return the same with that token budget}
    ///
    /// @param tokens tokens that are computed together, at most
    public ModelOptions withTokensPerBatch(int tokens) {
        return new ModelOptions(kernels, precision, threads, tokens, passes, scratchMiB, maxTokens, copyWeights);
    }

    /// {@return the same with that many passes at once; 0 for one for each thread}
    ///
    /// @param count forward passes at once; 0 for one for each thread
    public ModelOptions withPasses(int count) {
        return new ModelOptions(kernels, precision, threads, tokensPerBatch, count, scratchMiB, maxTokens, copyWeights);
    }

    /// {@return the same with that much scratch memory for a pass}
    ///
    /// @param mebibytes MiB of scratch memory that a pass may have, at least 1
    public ModelOptions withScratchMiB(int mebibytes) {
        return new ModelOptions(kernels, precision, threads, tokensPerBatch, passes, mebibytes, maxTokens, copyWeights);
    }

    /// {@return the same with that limit of tokens; 0 for the folder's}
    ///
    /// @param limit tokens of a text that are read at once, special ones included; 0 for the folder's limit
    public ModelOptions withMaxTokens(int limit) {
        return new ModelOptions(kernels, precision, threads, tokensPerBatch, passes, scratchMiB, limit, copyWeights);
    }

    /// {@return the same with the weights in memory of their own, or mapped}
    ///
    /// @param copy whether they are read into memory when the model is opened
    public ModelOptions withCopiedWeights(boolean copy) {
        return new ModelOptions(kernels, precision, threads, tokensPerBatch, passes, scratchMiB, maxTokens, copy);
    }

    Limits limits() {
        return new Limits(threads, passes, (long) scratchMiB << 20, tokensPerBatch);
    }
}
