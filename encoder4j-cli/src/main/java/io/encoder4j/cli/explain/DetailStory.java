// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.explain.data.Details;
import io.encoder4j.explain.data.ExplainedStep;
import io.encoder4j.explain.data.Explanation;
import io.encoder4j.explain.data.Token;
import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/// What only one kind of step has to tell: the attention map, the arithmetic of a weight, means and variances.
final class DetailStory {

    private static final int FEW = 4;
    /// Columns from which on a wide table fits.
    private static final int WIDE = 80;

    private final Screen screen;
    private final Explanation explanation;
    private final List<String> tokens;

    DetailStory(Screen screen, Explanation explanation) {
        this.screen = screen;
        this.explanation = explanation;
        tokens = explanation.tokens().stream().map(Token::text).toList();
    }

    /// What is told before the values.
    void before(ExplainedStep step) {
        if (step.role().equals("softmax")) {
            new AttentionMap(screen, tokens).draw(Rows.of(Objects.requireNonNull(step.values())));
            Tensor heads = explanation.views().heads();
            if (heads != null) {
                double[] sums = Arrays.stream(Rows.of(heads)).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
                screen.note(String.format(Locale.ROOT, "row sums of all %d heads: from %.7f to %.7f", heads.size(0),
                        Arrays.stream(sums).min().orElse(0), Arrays.stream(sums).max().orElse(0)));
            }
        }
        switch (step.details()) {
            case Details.Moments moments -> moments(moments);
            case Details.Columns columns -> screen.note("head " + columns.head() + " is columns " + columns.from() + " to "
                    + (columns.to() - 1) + "; --head shows another" + (explanation.model().heads() == 1 ? ""
                    : ", all " + explanation.model().heads() + " are checked"));
            case Details.Sines _, Details.Angles _, Details.ByDistance _, Details.Pooled _, Details.Length _, Details.Firing _,
                    Details.Scores _, Details.Lengths _ -> { }
            case null -> { }
        }
    }

    /// What is told after them.
    void after(ExplainedStep step) {
        switch (step.details()) {
            case Details.Scores scores -> cell(scores.cell());
            case Details.Firing firing -> {
                screen.note(String.format(Locale.ROOT, "%.0f %% of the units are above zero; the largest of %s: %s",
                        100 * firing.firing(), word(explanation.question().token()), firing.top().stream()
                        .filter(unit -> unit.token() == explanation.question().token()).map(unit -> unit.unit() + " ("
                        + Story.brief(unit.value()) + ")").collect(Collectors.joining(", "))));
            }
            case Details.Pooled pooled -> screen.note("Pooling: " + String.join(", then ", pooled.reductions()) + " over "
                    + pooled.tokens() + " tokens");
            case Details.Length length -> screen.note(String.format(Locale.ROOT, "its length: %.6f", length.length()));
            case Details.Sines _, Details.Angles _, Details.ByDistance _, Details.Moments _, Details.Columns _, Details.Lengths _ -> { }
            case null -> { }
        }
    }

    private String word(int token) {
        return TextWidth.cut(tokens.get(token), 20);
    }

    private void cell(Details.Cell cell) {
        screen.note(String.format(Locale.ROOT, "%s looks at %s: q · k = %.4f, times %.4f%s = %.4f; exp(%.4f − %.4f) = %.4f, of %.4f in"
                + " the row: %.4f", word(cell.query()), word(cell.key()), cell.dot(), cell.scale(), cell.bias() == 0 ? ""
                : String.format(Locale.ROOT, " + %.4f", cell.bias()), cell.score(), cell.score(), cell.max(), cell.exp(), cell.sum(),
                cell.probability()));
    }

    /// Mean and variance of the first rows, before and after.
    private void moments(Details.Moments moments) {
        boolean means = moments.beforeMean() != null;
        boolean wide = screen.width() >= WIDE;
        if (wide) {
            screen.say("              before                  after · weight + bias");
            screen.say("                  " + (means ? "mean variance" : "       square") + "           mean variance");
        } else {
            screen.say("                mean  variance");
        }
        int rows = Math.min(FEW, moments.beforeVariance().size(0));
        for (int row = 0; row < rows; row++) {
            String label = TextWidth.left(row < tokens.size() ? tokens.get(row) : "row " + row, wide ? 10 : 8);
            String before = (means ? number(Objects.requireNonNull(moments.beforeMean()).get(row)) : "          ")
                    + number(moments.beforeVariance().get(row));
            String after = number(moments.afterMean().get(row)) + number(moments.afterVariance().get(row));
            if (wide) {
                screen.say("  " + label + before + "    " + after);
            } else {
                screen.say(label + "  " + before + " before");
                screen.say("          " + after + " after");
            }
        }
        if (moments.beforeVariance().size(0) > FEW) {
            screen.moreRows(moments.beforeVariance().size(0) - FEW);
        }
    }

    private static String number(double value) {
        // Rounded first: a mean of -1e-17 is zero, not minus zero.
        return String.format(Locale.ROOT, "%10.4f", Math.round(value * 1e4) / 1e4 + 0.0);
    }
}
