// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.option;

import io.encoder4j.ModelOptions;
import io.encoder4j.kernel.Precision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// How a model computes: a mixin.
public final class ComputeOption {

    @Option(names = "--threads", paramLabel = "N", order = 20, converter = Numbers.Threads.class,
            description = "Threads, 1 to " + ModelOptions.MOST_THREADS + " (one for each processor).")
    private @Nullable Integer threads;

    @Option(names = "--kernels", paramLabel = "NAME", order = 21,
            description = "The kernels: scalar or vector (the fastest on this machine).")
    private @Nullable String kernels;

    @Option(names = "--precision", paramLabel = "float32|bfloat16|int8|auto", order = 22, converter = ByName.class,
            description = "float32; bfloat16: products of operands rounded to 8 bits, vectors with a cosine of 0.9999 or more"
                    + " to those of float32; int8: products of 8-bit numbers, 0.999 or more; auto (the default): the fastest that is as exact as float32.")
    private @Nullable Precision precision;

    /// For picocli.
    public ComputeOption() { }

    /// Threads, kernels and precision.
    public ModelOptions options() {
        ModelOptions options = ModelOptions.defaults().withKernels(kernels)
                .withPrecision(precision == null ? Precision.AUTO : precision);
        return threads == null ? options : options.withThreads(threads);
    }

    /// Whether a precision was named.
    public boolean asked() {
        return precision != null;
    }

    static final class ByName implements ITypeConverter<Precision> {
        @Override
        public Precision convert(String name) {
            try {
                return Precision.of(name);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
