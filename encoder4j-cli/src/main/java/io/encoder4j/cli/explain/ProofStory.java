// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.explain.data.Proofs;
import io.encoder4j.explain.data.Proofs.Line;
import io.encoder4j.explain.data.Proofs.Proof;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/// The tutorial's two proofs as text.
public final class ProofStory {

    private final Screen screen;

    private ProofStory(Screen screen) {
        this.screen = screen;
    }

    /// Shows both proofs.
    ///
    /// @return whether everything agrees
    public static boolean tell(Screen screen, Proofs proofs) {
        screen.say("Two proofs. PyTorch computed once, and its inputs, weights and results were recorded. The same is computed");
        screen.say("here by hand, in plain loops over doubles, and by encoder4j's own modules (kernels " + proofs.kernels()
                + "). All must agree to 1e-5.");
        ProofStory story = new ProofStory(screen);
        Proof norm = proofs.proofs().getFirst();
        Proof layer = proofs.proofs().getLast();
        story.norm(norm);
        story.layer(layer);
        screen.out().println();
        screen.say(proofs.hold() ? "Both proofs hold." : "FAIL: " + (norm.holds() ? "the second proof does not hold."
                : layer.holds() ? "the first proof does not hold." : "neither proof holds."));
        return proofs.hold();
    }

    private void norm(Proof proof) {
        screen.step("Proof 1 · Layer norm");
        screen.say("X is batch × tokens × features, " + proof.shape() + ". Each row is normalised by itself.");
        Line line = proof.steps().getFirst();
        screen.formula(line.formula(), "");
        screen.note(String.format(Locale.ROOT, "ε %s inside the root, the variance divided by n", proof.eps()));
        double[][] x = Rows.of(proof.input());
        double[][] torch = Rows.of(Objects.requireNonNull(line.torch()));
        for (int row = 0; row < x.length; row++) {
            int tokens = proof.shape().get(1);
            double mean = Arrays.stream(x[row]).average().orElse(0);
            double variance = Arrays.stream(x[row]).map(v -> (v - mean) * (v - mean)).average().orElse(0);
            screen.say("batch " + row / tokens + ", token " + row % tokens + String.format(Locale.ROOT, ": mean %.6f, std %.6f", mean,
                    Math.sqrt(variance + proof.eps())));
            screen.row("x", x[row]);
            screen.row("by hand", Rows.of(line.byHand())[row]);
            screen.row("our layer", Rows.of(line.ours())[row]);
            screen.row("torch", torch[row]);
        }
        agreements(proof);
    }

    private void layer(Proof proof) {
        int dim = proof.shape().getLast();
        screen.step("Proof 2 · An encoder layer, step by step");
        screen.say("One text of one token with " + dim + " features, " + proof.heads() + " head, as torch.nn.TransformerEncoderLayer("
                + dim + ", " + proof.heads() + ").");
        screen.row("value", Rows.of(proof.input())[0]);
        String section = "";
        for (Line line : proof.steps()) {
            if (!section.equals(line.section())) {
                section = line.section();
                screen.part(switch (section) {
                    case "attention" -> "Multi-head self-attention";
                    case "feedForward" -> "Feed-forward";
                    default -> "Add & norm";
                });
            }
            screen.formula(line.formula(), line.ours().size(0) + " × " + line.ours().size(-1));
            screen.row("by hand", Rows.of(line.byHand())[0]);
            screen.row("our layer", Rows.of(line.ours())[0]);
            screen.check(line.name(), line.check().difference(), line.check().ok());
        }
        screen.part("The end: norm2 is what the layer gives");
        agreements(proof);
    }

    private void agreements(Proof proof) {
        proof.agreements().forEach(one -> screen.check(one.between(), one.check().difference(), one.check().ok()));
    }
}
