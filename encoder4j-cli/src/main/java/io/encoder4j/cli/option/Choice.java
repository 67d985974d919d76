// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.option;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/// Values chosen by name. They are listed as people type them: in small letters.
public final class Choice {

    private Choice() { }

    /// The value of that name, in small or capital letters.
    public static <E extends Enum<E>> E of(String text, E[] values) {
        return Arrays.stream(values).filter(value -> value.name().equalsIgnoreCase(text)).findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not one of " + names(values)));
    }

    private static <E extends Enum<E>> String names(E[] values) {
        return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
    }
}
