// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.option;

import io.encoder4j.cli.Failure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Names of files, folders and models on the command line. An empty one is mostly a variable that was not set.
public final class Places {

    private Places() { }

    /// The path of a file or folder.
    public static final class AsPath implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            return path(named(text));
        }
    }

    /// A name that may also mean something else than a file.
    public static final class AsName implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return named(text);
        }
    }

    /// An input: the path of a file, or `-`.
    static final class AsInput implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return path(named(text)).toString();
        }
    }

    private static String named(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("the name is empty");
        }
        return text;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("no file can have the name '" + Failure.oneLine(text) + "': " + e.getReason());
        }
    }
}
