// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.nn.Activation;
import io.encoder4j.tensor.Reduction;
import io.encoder4j.tensor.StandardActivation;
import io.encoder4j.trace.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How a step is written: in symbols, without words of a language. What it says comes from the recorded operation; its role gives
/// only the letters.
final class Formulas {

    private static final Map<String, String> SYMBOLS = Map.ofEntries(Map.entry("wordEmbedding", "E"), Map.entry("typeEmbedding", "S"),
            Map.entry("learnedPosition", "P"), Map.entry("query", "Q"), Map.entry("key", "K"), Map.entry("value", "V"),
            Map.entry("rotateQuery", "Q′"), Map.entry("rotateKey", "K′"), Map.entry("rotateValue", "V′"),
            Map.entry("queryKeyValue", "QKV"), Map.entry("concat", "C"), Map.entry("attentionOutput", "A"),
            Map.entry("residual", "R"), Map.entry("norm", "X"), Map.entry("embeddingNorm", "X"), Map.entry("finalNorm", "X"),
            Map.entry("embeddingSum", "Σ"), Map.entry("embeddingProjection", "X"), Map.entry("up", "H"), Map.entry("gate", "G"),
            Map.entry("gatedUp", "U"), Map.entry("gateAndUp", "GU"), Map.entry("gating", "H"), Map.entry("down", "F"),
            Map.entry("pooling", "v"), Map.entry("normalize", "v"), Map.entry("module", "v"), Map.entry("pick", "x"),
            Map.entry("logits", "z"), Map.entry("relativeTable", "D"), Map.entry("relativeNorm", "D"),
            Map.entry("relativeProjection", "D′"));

    private static final Map<String, String> WEIGHTS = Map.of("query", "_Q", "key", "_K", "value", "_V", "attentionOutput", "_O",
            "up", "₁", "down", "₂", "gate", "_G", "gatedUp", "_U", "gateAndUp", "_GU", "queryKeyValue", "_QKV");

    private Formulas() { }

    /// The letter of what a step gives.
    ///
    /// @param inputs letters of what it reads
    static String symbol(String role, Operation operation, List<String> inputs) {
        if (operation instanceof Operation.Activate || operation instanceof Operation.View && !inputs.isEmpty()
                && !inputs.getFirst().equals("QKV") && !inputs.getFirst().equals("GU")) {
            return inputs.getFirst();
        }
        return SYMBOLS.getOrDefault(role, "y");
    }

    /// The whole formula.
    static String formula(String role, Operation operation, String out, List<String> in) {
        String x = in.isEmpty() ? "" : in.getFirst();
        String subscript = WEIGHTS.getOrDefault(role, "");
        return out + " = " + switch (operation) {
            case Operation.Embed _ -> "table[" + switch (role) {
                case "wordEmbedding" -> "ids";
                case "typeEmbedding" -> "segments";
                case "learnedPosition" -> "0, 1, 2, …";
                default -> "rows";
            } + "]";
            case Operation.Project project -> x + " · W" + subscript + "ᵀ"
                    + (project.linear().weights().bias() == null ? "" : " + b" + subscript);
            case Operation.Activate activate -> name(activate.activation()) + "(" + x + ")";
            case Operation.Add _ -> x + " + " + in.get(1);
            case Operation.Multiply _ -> x + " ⊙ " + in.get(1);
            case Operation.Maximum _ -> "max(" + x + ", " + in.get(1) + ")";
            case Operation.Scale _ -> x + " ⊙ w";
            case Operation.Shift _ -> x + " + b";
            case Operation.Norm norm -> "(" + x + " − μ) / √(σ² + ε) ⊙ γ" + (norm.norm().bias() == null ? "" : " + β");
            case Operation.SquareNorm _ -> x + " / √(Σ " + x + "² / d + ε) ⊙ γ";
            case Operation.Rotate _ -> "R(pos) · " + x;
            case Operation.Attend attend -> "concat(" + heads(attend.attention().heads()) + ")";
            case Operation.Pick _ -> x + "[rows]";
            case Operation.Pool pool -> pool.pooling().reductions().stream().map(r -> reduction(r, x))
                    .collect(Collectors.joining(" ‖ "));
            case Operation.Normalize _ -> x + " / |" + x + "|";
            case Operation.Neighbours near -> IntStream.of(near.offsets()).mapToObj(o -> x + "[t" + (o < 0 ? " − " + -o
                    : o > 0 ? " + " + o : "") + "]").collect(Collectors.joining(" ‖ "));
            case Operation.View view -> x + "[…, " + view.from() % Math.max(1, view.stride()) + ":]";
            case Operation.Name _, Operation.Given _ -> x;
        };
    }

    /// The activation's name, as configurations write it.
    static String name(Activation activation) {
        return activation.function() instanceof StandardActivation standard ? standard.name().toLowerCase(Locale.ROOT)
                : activation.function().toString();
    }

    private static String heads(int heads) {
        return heads == 1 ? "C₀" : heads == 2 ? "C₀, C₁" : "C₀, …, C" + subscript(heads - 1);
    }

    /// A number as an index.
    static String subscript(int number) {
        return String.valueOf(number).chars().mapToObj(c -> String.valueOf((char) (c - '0' + '₀'))).collect(Collectors.joining());
    }

    private static String reduction(Reduction reduction, String x) {
        return switch (reduction) {
            case FIRST -> x + "[0]";
            case LAST -> x + "[T − 1]";
            case MAX -> "max " + x + "[t]";
            case SUM -> "Σ " + x + "[t]";
            case MEAN -> "Σ " + x + "[t] / T";
            case MEAN_SQRT_LENGTH -> "Σ " + x + "[t] / √T";
            case WEIGHTED_MEAN -> "Σ (t + 1) · " + x + "[t] / Σ (t + 1)";
        };
    }
}
