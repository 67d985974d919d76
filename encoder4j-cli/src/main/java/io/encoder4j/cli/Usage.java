// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.util.Optional;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What is said to somebody whose command line cannot be understood.
final class Usage {

    private Usage() { }

    /// The message: what is wrong, what was probably meant, and where to read more.
    static String message(ParameterException e) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        String problem = e instanceof UnmatchedArgumentException unmatched ? problem(unmatched, name) : cleaned(e);
        return "encoder4j: " + problem + (problem.endsWith("?") ? "" : ".") + " Try '" + name + " --help'.";
    }

    private static String cleaned(ParameterException e) {
        return Failure.oneLine(String.valueOf(e.getMessage())).replaceFirst("[.;:]*$", "");
    }

    private static String problem(UnmatchedArgumentException e, String command) {
        boolean choosesCommand = !e.getCommandLine().getSubcommands().isEmpty();
        Optional<String> text = e.getUnmatched().stream().filter(Usage::mayBeText).findFirst();
        if (text.isPresent() && !choosesCommand) {
            return cleaned(e) + "; a text that begins with a dash goes behind --: " + command + " -- '"
                    + Failure.oneLine(text.get()) + "'";
        }
        String first = e.getUnmatched().getFirst();
        String problem = choosesCommand && !first.startsWith("-")
                ? command + " has no command '" + Failure.oneLine(first) + "'" : cleaned(e);
        return problem + (e.getSuggestions().isEmpty() ? "" : "; did you mean " + e.getSuggestions().getFirst() + "?");
    }

    /// Whether an argument that begins with a dash looks like a text rather than like an option.
    private static boolean mayBeText(String argument) {
        return argument.startsWith("-") && !argument.matches("--?\\p{Alpha}[\\w-]*(=.*)?");
    }
}
