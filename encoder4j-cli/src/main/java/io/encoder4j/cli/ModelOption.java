// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EncoderModel;
import io.encoder4j.Options;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which model, and how it computes: a mixin for every command that opens one.
final class ModelOption {

    @Option(names = {"-m", "--model"}, paramLabel = "DIR|FILE.onnx", order = 1,
            description = "A model folder as Hugging Face keeps it, or an ONNX file, which is converted once into the cache."
                    + " Without it: all-MiniLM-L6-v2, which comes with encoder4j.")
    private @Nullable Path model;

    @Option(names = "--threads", paramLabel = "N", order = 20,
            description = "Threads at work (every processor).")
    private @Nullable Integer threads;

    @Option(names = "--kernels", paramLabel = "NAME", order = 21,
            description = "The arithmetic: scalar or vector (the fastest that runs here).")
    private @Nullable String kernels;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /// The model as given, or null for the default.
    @Nullable Path given() {
        return model;
    }

    /// The folder of the model that was asked for, made first if it comes from an ONNX file.
    Path folder() throws IOException {
        return folder(model);
    }

    /// The folder of that model, made first if it comes from an ONNX file; of the default model for null.
    Path folder(@Nullable Path asked) throws IOException {
        ModelCache cache = ModelCache.ofUser(line -> command.commandLine().getErr().println("encoder4j: " + line));
        if (asked == null) {
            return cache.defaultModel();
        }
        return asked.toString().endsWith(".onnx") ? cache.converted(asked) : asked;
    }

    /// Threads and kernels.
    ///
    /// @throws IllegalArgumentException if there are fewer threads than one
    Options options() {
        Options options = Options.defaults().withKernels(kernels);
        return threads == null ? options : options.withThreads(threads);
    }

    /// Opens the model that was asked for.
    EncoderModel open() throws IOException {
        Options options = options();
        return EncoderModel.open(folder(), options);
    }
}
