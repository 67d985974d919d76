// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.StoredTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads from a graph how its outputs are pooled and normalised. Only forms that are understood whole count: any other
/// operation between the token vectors and an output makes that output unknown.
final class PoolingReader {

    private static final String SENTENCE = "sentence_embedding";
    private static final Set<String> SAME_VALUES = Set.of("Identity", "Cast", "Expand");
    private static final Set<String> SAME_MASK = Set.of("Identity", "Cast", "Expand", "Unsqueeze");

    private final OnnxCheckpoint checkpoint;
    private final GraphIndex index;
    private final String tokens;

    /// What the outputs say.
    ///
    /// @param pooling the one pooling they show, if they do
    /// @param unknown why not, in words; empty if they do
    record Result(Optional<TextPooling> pooling, String unknown) { }

    PoolingReader(OnnxCheckpoint checkpoint, EncoderParameters parameters) {
        this.checkpoint = checkpoint;
        this.index = checkpoint.index();
        this.tokens = tokens(parameters);
    }

    Result read() {
        List<String> outputs = checkpoint.file().graph().outputs();
        if (outputs.contains(SENTENCE)) {
            Optional<TextPooling> pooling = pooling(SENTENCE);
            return new Result(pooling, pooling.isPresent() ? "" : "its output " + SENTENCE
                    + " is computed in a way that is not understood");
        }
        List<TextPooling> found = new ArrayList<>();
        outputs.forEach(output -> pooling(output).filter(p -> !found.contains(p)).ifPresent(found::add));
        if (found.size() == 1) {
            return new Result(Optional.of(found.getFirst()), "");
        }
        return new Result(Optional.empty(), found.isEmpty() ? "its outputs are " + OnnxValidator.some(outputs)
                : "its outputs are pooled in different ways");
    }

    /// The value after the last norm: the token vectors. Equal norms may share their tensors in the file, so of all nodes
    /// that use this norm's the last one counts.
    private String tokens(EncoderParameters parameters) {
        String norm = parameters.family().lastNorm(parameters.layers());
        String bias = parameters.inFile(norm + ".bias");
        StoredTensor tensor = checkpoint.stored(bias.isEmpty() ? parameters.inFile(norm + ".weight") : bias);
        String value = "";
        for (OnnxNode node : checkpoint.file().graph().nodes()) {
            boolean norms = Set.of("LayerNormalization", "Add", "Mul").contains(node.opType());
            if (norms && node.inputs().stream().anyMatch(input -> tensor != null && index.constant(input) == tensor)) {
                value = node.outputs().getFirst();
            }
        }
        return value;
    }

    private boolean isTokens(String value) {
        return same(value, SAME_VALUES).equals(tokens);
    }

    private Optional<TextPooling> pooling(String output) {
        String value = same(output, Set.of("Identity", "Cast"));
        String divided = normalized(value);
        String mode = mode(divided == null ? value : divided);
        return mode.isEmpty() ? Optional.empty() : Optional.of(new TextPooling(mode, divided != null, true));
    }

    /// The value that is divided by its own length, or null if `value` is no such quotient.
    private @Nullable String normalized(String value) {
        OnnxNode node = index.producer(value);
        if (node == null) {
            return null;
        }
        if (node.opType().equals("LpNormalization")) {
            return node.attribute("p", 2) == 2 && isAxis(node.attribute("axis", -1), 1, 2) ? node.input(0) : null;
        }
        return node.opType().equals("Div") && isLength(node.input(1), node.input(0)) ? node.input(0) : null;
    }

    /// Whether a value is the Euclidean length of `vector`, kept from being 0 or not.
    private boolean isLength(String value, String vector) {
        OnnxNode node = index.producer(notZero(value));
        if (node == null) {
            return false;
        }
        if (node.opType().equals("ReduceL2")) {
            return node.input(0).equals(vector) && isOver(node, 1, 2);
        }
        OnnxNode sum = node.opType().equals("Sqrt") ? index.producer(notZero(node.input(0))) : null;
        OnnxNode square = sum != null && sum.opType().equals("ReduceSum") && isOver(sum, 1, 2)
                ? index.producer(sum.input(0)) : null;
        return square != null && square.input(0).equals(vector) && (square.opType().equals("Mul")
                ? square.input(1).equals(vector) : square.opType().equals("Pow") && index.scalar(square.input(1)) == 2);
    }

    /// How the token vectors become `value`; an empty text if not by one of the known ways.
    private String mode(String value) {
        OnnxNode node = index.producer(same(value, Set.of("Identity", "Cast")));
        if (node == null) {
            return "";
        }
        return switch (node.opType()) {
            case "Gather" -> isTokens(node.input(0)) && isAxis(node.attribute("axis", 0), 1, 3)
                    && index.scalar(node.input(1)) == 0 ? "cls" : "";
            case "Squeeze" -> isOver(node, 1, 3) && isFirstSlice(index.producer(node.input(0))) ? "cls" : "";
            case "Div" -> isMean(node) ? "mean" : "";
            // Of one text alone, which has no padding, this is the mean too.
            case "ReduceMean" -> isTokens(node.input(0)) && isOver(node, 1, 3) ? "mean" : "";
            case "ReduceMax" -> isOver(node, 1, 3) && isUnmasked(node.input(0)) ? "max" : "";
            default -> "";
        };
    }

    private boolean isFirstSlice(@Nullable OnnxNode node) {
        return node != null && node.opType().equals("Slice") && isTokens(node.input(0))
                && isInteger(node.input(1), 0) && isInteger(node.input(2), 1) && isInteger(node.input(3), 1);
    }

    /// The sum of the tokens that the mask leaves, divided by their number.
    private boolean isMean(OnnxNode quotient) {
        OnnxNode sum = index.producer(quotient.input(0));
        OnnxNode count = index.producer(notZero(quotient.input(1)));
        if (sum == null || count == null || !isSumOverTokens(sum) || !isSumOverTokens(count) || !isMask(count.input(0))) {
            return false;
        }
        OnnxNode product = index.producer(sum.input(0));
        return product != null && product.opType().equals("Mul")
                && (isTokens(product.input(0)) && isMask(product.input(1))
                        || isTokens(product.input(1)) && isMask(product.input(0)));
    }

    private boolean isSumOverTokens(OnnxNode node) {
        return node.opType().equals("ReduceSum") && isOver(node, 1, 3);
    }

    /// The token vectors, or those where masked tokens are replaced by numbers that are no maximum.
    private boolean isUnmasked(String value) {
        OnnxNode where = index.producer(value);
        if (isTokens(value) || where == null || !where.opType().equals("Where")) {
            return isTokens(value);
        }
        OnnxNode condition = index.producer(same(where.input(0), SAME_MASK));
        boolean masked = condition != null && condition.opType().equals("Equal") && isMask(condition.input(0))
                && index.scalar(condition.input(1)) == 0;
        return masked && isTokens(where.input(2)) && fill(where.input(1)) <= -1e4;
    }

    private double fill(String value) {
        String source = same(value, SAME_VALUES);
        OnnxNode node = index.producer(source);
        if (node != null && node.opType().equals("ConstantOfShape")
                && node.attributes().get("value") instanceof OnnxAttribute.Value(StoredTensor tensor)) {
            return tensor.elements() == 1 ? tensor.get(0) : Double.NaN;
        }
        return index.scalar(source);
    }

    /// The attention mask, in any shape and type.
    private boolean isMask(String value) {
        String source = same(value, SAME_MASK);
        return source.equals("attention_mask") && index.producer(source) == null;
    }

    /// A value before it is kept from being 0 by a lower bound or a small addend.
    private String notZero(String value) {
        String source = same(value, SAME_VALUES);
        OnnxNode node = index.producer(source);
        while (node != null && (node.opType().equals("Clip") || node.opType().equals("Max") || node.opType().equals("Add"))
                && isSmall(node)) {
            source = same(node.input(0), SAME_VALUES);
            node = index.producer(source);
        }
        return source;
    }

    private boolean isSmall(OnnxNode node) {
        boolean unbounded = !node.opType().equals("Clip") || node.input(2).isEmpty();
        double bound = node.inputs().size() > 1 ? index.scalar(node.input(1)) : node.attribute("min", Float.NaN);
        return unbounded && bound >= 0 && bound <= 1e-5;
    }

    private String same(String value, Set<String> operations) {
        String source = value;
        OnnxNode node = index.producer(source);
        while (node != null && operations.contains(node.opType()) && !source.equals(tokens)) {
            source = node.input(0);
            node = index.producer(source);
        }
        return source;
    }

    /// Whether a reduction is over that one axis. Axes are an attribute, or the second input.
    private boolean isOver(OnnxNode node, long axis, int rank) {
        if (node.attributes().get("axes") instanceof OnnxAttribute.Ints(List<Long> axes)) {
            return axes.size() == 1 && isAxis(axes.getFirst(), axis, rank);
        }
        return isInteger(node.input(1), axis) || isInteger(node.input(1), axis - rank);
    }

    private static boolean isAxis(long found, long axis, int rank) {
        return found == axis || found == axis - rank;
    }

    private boolean isInteger(String value, long expected) {
        List<@Nullable Long> values = index.shape(value);
        Long first = values.size() == 1 ? values.getFirst() : null;
        return first != null && first == expected;
    }
}
