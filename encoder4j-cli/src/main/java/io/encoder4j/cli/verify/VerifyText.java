// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.files.Printable;
import io.encoder4j.kernel.Precision;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The outcome for people: a table for each golden, what differs first, a total.
final class VerifyText {

    private final PrintWriter out;

    VerifyText(PrintWriter out) {
        this.out = out;
    }

    /// Says what was asked for, and what is judged if that is not every number.
    void header(Precision precision) {
        if (!precision.isFloat32Grade()) {
            out.println("precision " + precision + ": " + Tolerance.promise(precision));
            out.println();
        }
    }

    /// Prints a golden's outcome.
    void print(Section section) {
        say(section.path() + (section.about().isEmpty() ? "" : "  (" + section.about() + ")"));
        if (section.error() != null) {
            say("  FAIL  " + section.error());
        }
        int width = section.results().stream().mapToInt(r -> r.name().length()).max().orElse(0);
        section.results().forEach(result -> say("  " + line(result, width)));
        section.notes().forEach(note -> say("  " + note));
        section.firstDivergence().ifPresent(first ->
                say("  first divergence: " + first.name() + ": " + first.difference()));
        out.println();
        out.flush();
    }

    /// A line that may have names and values of files in it.
    private void say(String line) {
        out.println(Printable.lines(line));
    }

    private static String line(Result result, int width) {
        String ok = result.ok() ? "ok" : "FAIL";
        return switch (result) {
            case Result.OfTensor t when t.compared() == 0 -> String.format(Locale.ROOT, "%-" + width + "s  %-16s  %s  %s",
                    t.name(), Arrays.toString(t.shape()), ok, t.difference());
            case Result.OfTensor t -> String.format(Locale.ROOT, "%-" + width
                    + "s  %-16s  error %s  min cosine %.8f  tolerance %s  %s",
                    t.name(), Arrays.toString(t.shape()), error(t.error()), t.minCosine(), t.tolerance(), ok);
            case Result.OfField f -> String.format(Locale.ROOT, "%-" + width + "s  %5d lines  %5d mismatches  %s",
                    f.name(), f.lines(), f.mismatches(), ok);
        };
    }

    private static boolean isScaled(Result result) {
        return result instanceof Result.OfTensor tensor && tensor.tolerance().relative() > 0;
    }

    private static String error(double error) {
        return Double.isFinite(error) ? String.format(Locale.ROOT, "%7.1e", error) : "    NaN";
    }

    /// Prints the total.
    void total(List<Section> sections) {
        Total total = Total.of(sections);
        out.println("total: " + count(total.goldens(), "golden") + ", " + count(total.tensors(), "tensor") + ", "
                + count(total.lines(), "tokenizer answer") + (total.tensors() == 0 ? "" : String.format(Locale.ROOT,
                "; largest error %.1e, smallest cosine %.8f", total.error(), total.minCosine())));
        if (sections.stream().flatMap(s -> s.results().stream()).anyMatch(VerifyText::isScaled)) {
            out.println("The error of a model is the largest difference of a value, divided by 1 + |value|.");
        }
        if (total.ok()) {
            out.println("all hold");
        } else {
            say("FAIL: " + count(total.failed(), "golden") + " of " + total.goldens() + ", the first is "
                    + sections.stream().filter(s -> !s.ok()).findFirst().orElseThrow().path());
        }
        out.flush();
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
