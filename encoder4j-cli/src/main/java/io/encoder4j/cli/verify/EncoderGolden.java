// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.EncoderModel;
import io.encoder4j.EncoderTensors;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.model.HeadKind;
import io.encoder4j.model.Heads;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A checkpoint folder with `golden.safetensors`: inputs and what transformers made of them, every intermediate included.
record EncoderGolden(Path path) implements Golden {

    static final String FILE = "golden.safetensors";

    /// Rank of what we do not compute: after everything else.
    private static final int UNKNOWN = Integer.MAX_VALUE;

    @Override
    public Section check(ModelOptions options) throws IOException {
        try (EncoderModel model = EncoderModel.open(path, options);
                Checkpoint golden = Safetensors.open(path.resolve(FILE))) {
            GoldenInputs inputs = GoldenInputs.read(golden);
            Trace trace = model.tensors().trace(inputs.batch());
            EncoderTensors.Outputs outputs = model.tensors().outputs(inputs.batch());
            List<Result> results = new ArrayList<>();
            for (String name : inOrderComputed(golden, trace)) {
                Tensor expected = golden.find(name).orElseThrow().toTensor();
                Tolerance tolerance = Tolerance.MODEL.in(options.precision(), false);
                results.add(isLogits(name) ? compareLogits(name, expected, inputs, model, tolerance)
                        : compare(name, expected, inputs, trace, outputs, tolerance));
                if (name.equals("last_hidden_state") && !options.precision().isFloat32Grade()) {
                    results.add(inputs.compareMeans("embedding (the mean of last_hidden_state)", expected,
                            outputs.lastHiddenState(), Tolerance.MODEL.in(options.precision(), true)));
                }
            }
            return new Section(path, model.info().modelType() + ", " + inputs + ", kernels " + model.info().kernels()
                    + ", " + model.precision(), results, List.of(), null);
        }
    }

    private static Result compare(String name, Tensor expected, GoldenInputs inputs, Trace trace,
            EncoderTensors.Outputs outputs, Tolerance tolerance) {
        if (name.startsWith("attentions.")) {
            return probs(trace, name).map(ours -> inputs.comparePairs(name, expected, ours, tolerance))
                    .orElseGet(() -> missing(name, expected, "our trace has no attention of that number"));
        }
        if (name.startsWith("trace.")) {
            return trace.output(name.substring("trace.".length()))
                    .map(ours -> inputs.compareRows(name, expected, ours, tolerance))
                    .orElseGet(() -> missing(name, expected, "our trace has no module of that name"));
        }
        return switch (name) {
            case "last_hidden_state" -> inputs.compareRows(name, expected, outputs.lastHiddenState(), tolerance);
            case "pooler_output" -> outputs.poolerOutput().map(ours -> inputs.compareRows(name, expected, ours, tolerance))
                    .orElseGet(() -> missing(name, expected, "the checkpoint has no pooler"));
            default -> missing(name, expected, "not computed: we have nothing of that name");
        };
    }

    private static boolean isLogits(String name) {
        return name.equals("logits") || name.equals("start_logits") || name.equals("end_logits");
    }

    private static Result compareLogits(String name, Tensor expected, GoldenInputs inputs, EncoderModel model,
            Tolerance tolerance) {
        Heads heads = model.encoder().heads();
        Optional<HeadKind> kind = heads.main().filter(t -> name.equals("logits") != (t == HeadKind.QUESTION_ANSWERING));
        if (kind.isEmpty()) {
            return missing(name, expected, "not computed: the checkpoint has no such head; it has "
                    + (heads.kinds().isEmpty() ? "none" : heads.kinds()));
        }
        Tensor logits = model.tensors().logits(kind.get(), inputs.batch());
        Tensor ours = name.equals("logits") ? logits : column(logits, name.equals("start_logits") ? 0 : 1);
        // One value for each token has no dimension of its own in transformers.
        return inputs.compareRows(name, kind.get().perSequence() || expected.rank() != 2 ? expected
                : expected.reshape(expected.size(0), expected.size(1), 1), ours, tolerance);
    }

    private static Tensor column(Tensor logits, int column) {
        int width = logits.size(1);
        float[] values = new float[logits.size(0)];
        for (int row = 0; row < values.length; row++) {
            values[row] = logits.values()[row * width + column];
        }
        return Tensor.of(values, values.length, 1);
    }

    private static Result missing(String name, Tensor expected, String why) {
        return Comparison.failed(name, expected, Tolerance.MODEL, why);
    }

    private static Optional<List<Tensor>> probs(Trace trace, String name) {
        List<String> attentions = List.copyOf(trace.probs().keySet());
        int layer = attentionIndex(attentions, name);
        return layer < 0 ? Optional.empty() : Optional.ofNullable(trace.probs().get(attentions.get(layer)));
    }

    // Transformers numbers the attentions in the order they are computed.
    private static int attentionIndex(List<String> attentions, String name) {
        return IntStream.range(0, attentions.size()).filter(i -> name.equals("attentions." + i)).findFirst().orElse(-1);
    }

    /// The golden's results in the order in which our pass computed them, so that the first that differs is the cause of
    /// the others.
    private static List<String> inOrderComputed(Checkpoint golden, Trace trace) {
        List<String> computed = List.copyOf(trace.outputs().keySet());
        List<String> attentions = List.copyOf(trace.probs().keySet());
        Map<String, Integer> rank = new TreeMap<>();
        for (String name : golden.names()) {
            if (GoldenInputs.NAMES.contains(name)) {
                continue;
            }
            int layer = attentionIndex(attentions, name);
            rank.put(name, name.startsWith("trace.") ? rankOfModule(computed, name.substring("trace.".length()))
                    // A softmax comes before the context it gives.
                    : layer >= 0 ? rankOfModule(computed, attentions.get(layer)) - 1
                    : name.equals("last_hidden_state") || name.equals("pooler_output") ? 2 * computed.size() : UNKNOWN);
        }
        // A module that only passes on what its last child gave comes after it.
        return rank.keySet().stream().sorted(Comparator.comparingInt((String name) -> rank.get(name))
                .thenComparing(Comparator.comparingInt(String::length).reversed())).toList();
    }

    private static int rankOfModule(List<String> computed, String module) {
        for (int i = computed.size() - 1; i >= 0; i--) {
            if (computed.get(i).equals(module) || computed.get(i).startsWith(module + ".")) {
                return 2 * i + 1;
            }
        }
        return UNKNOWN;
    }
}
