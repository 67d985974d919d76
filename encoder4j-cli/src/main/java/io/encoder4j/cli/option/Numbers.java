// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.option;

import io.encoder4j.ModelOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Numbers on the command line: each kind says what is wrong with one that it refuses.
public final class Numbers {

    private Numbers() { }

    /// A whole number of at least 1. The library takes 0 for "not given"; a user who writes 0 means something else.
    public static final class Positive implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return whole(text, 1, Integer.MAX_VALUE);
        }
    }

    /// A whole number of at least 0.
    public static final class Index implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return whole(text, 0, Integer.MAX_VALUE);
        }
    }

    /// Threads: as many as the library allows.
    static final class Threads implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return whole(text, 1, ModelOptions.MOST_THREADS);
        }
    }

    /// A score that is a probability.
    public static final class Probability implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            double number = real(text);
            if (number < 0 || number > 1) {
                throw new TypeConversionException("'" + text + "' is not between 0 and 1");
            }
            return number;
        }
    }

    /// Any number that is finite.
    public static final class Finite implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return real(text);
        }
    }

    private static int whole(String text, int least, int most) {
        long number;
        try {
            number = Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            if (!text.strip().matches("[+-]?\\d+")) {
                throw new TypeConversionException("'" + text + "' is not a whole number");
            }
            number = text.strip().startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        if (number < least) {
            throw new TypeConversionException("'" + text + "' is less than " + least);
        }
        if (number > most) {
            throw new TypeConversionException("'" + text + "' is more than " + most + ", the largest number allowed");
        }
        return (int) number;
    }

    private static double real(String text) {
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a number");
        }
        if (!Double.isFinite(number)) {
            throw new TypeConversionException("'" + text + "' is not a finite number");
        }
        return number;
    }
}
