// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Where texts are cut: a mixin.
public final class LengthOption {

    @Option(names = "--max-length", paramLabel = "N", order = 7, converter = Numbers.Positive.class,
            description = "Tokens read of a text at once, special ones included (the model's limit).")
    private int maxLength;

    /// What was asked for, or 0 for the model's own limit.
    public int asked() {
        return maxLength;
    }

    /// Refuses windows that overlap by all they have: the text would never end.
    ///
    /// @param stride as given, or null
    /// @param window tokens of one
    public static void checkStride(CommandSpec command, @Nullable Integer stride, int window) {
        if (stride != null && stride >= window) {
            throw new ParameterException(command.commandLine(), "--stride " + stride + " has to be less than " + window
                    + ", the tokens of a window");
        }
    }
}
