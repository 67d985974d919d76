// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// BERT's parameters, wherever in the exported module they sit, checked against one another.
///
/// @param prefix     what stands before `embeddings.…` in the file: empty, `bert.`, `0.auto_model.`
/// @param layers     number of encoder layers
/// @param parameters names in the file by the names of a Hugging Face `BertModel`
/// @param heads      names in the file, by their own, of what belongs to a head: `classifier.weight`
record BertParameters(String prefix, int layers, Map<String, String> parameters, Map<String, String> heads) {

    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String POSITIONS = "embeddings.position_embeddings.weight";
    private static final String TYPES = "embeddings.token_type_embeddings.weight";
    private static final Pattern PARAMETER = Pattern.compile("[\\w.]+\\.(weight|bias)");
    private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.(\\d{1,4})\\..*");
    private static final Pattern HEAD = Pattern.compile("(classifier|qa_outputs|cls)\\..*");

    /// The vectors of a layer with their sizes, and its matrices; H is the hidden and I the intermediate size.
    private static final List<String> LAYER_NAMES = List.of("attention.self.query HH", "attention.self.key HH",
            "attention.self.value HH", "attention.output.dense HH", "attention.output.LayerNorm H",
            "intermediate.dense IH", "output.dense HI", "output.LayerNorm H");

    /// @throws CheckpointException if the tensors are not those of a BERT; says all that is missing, unexpected or of
    ///                             another shape
    static BertParameters of(OnnxCheckpoint checkpoint) {
        List<String> words = checkpoint.names().stream()
                .filter(name -> name.equals(WORDS) || name.endsWith("." + WORDS)).toList();
        if (words.size() != 1) {
            throw new CheckpointException(checkpoint.location() + ": " + (words.isEmpty() ? "no" : "more than one")
                    + " " + WORDS + "; only BERT models are imported. Tensors found: "
                    + OnnxValidator.some(checkpoint.names().stream().map(CheckpointException::printable).toList()));
        }
        String prefix = words.getFirst().substring(0, words.getFirst().length() - WORDS.length());
        Map<String, String> parameters = new LinkedHashMap<>();
        Map<String, String> heads = new LinkedHashMap<>();
        List<String> strange = new ArrayList<>();
        for (String name : checkpoint.names()) {
            if (!checkpoint.isFloat(name)) {
                continue; // position_ids, and shapes
            }
            if (HEAD.matcher(name).matches()) {
                heads.put(name, name);
            } else if (name.startsWith(prefix)) {
                parameters.put(name.substring(prefix.length()).replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
                        .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias"), name);
            } else if (PARAMETER.matcher(name).matches() || checkpoint.linears().contains(name)) {
                strange.add(name);
            }
        }
        return check(checkpoint, prefix, parameters, heads, strange);
    }

    private static BertParameters check(OnnxCheckpoint checkpoint, String prefix, Map<String, String> found,
            Map<String, String> heads, List<String> strange) {
        int layers = found.keySet().stream().map(LAYER::matcher).filter(Matcher::matches)
                .mapToInt(m -> Integer.parseInt(m.group(1)) + 1).max().orElse(0);
        if (layers == 0 || layers > found.size()) {
            throw new CheckpointException(checkpoint.location() + ": not a BERT: "
                    + (layers == 0 ? "no" : "gaps in") + " encoder.layer.0, encoder.layer.1 …");
        }
        Map<String, List<Long>> expected = expected(checkpoint, found, layers);
        List<String> problems = new ArrayList<>();
        strange.forEach(name -> problems.add("unexpected " + CheckpointException.printable(name)));
        problems.addAll(problems(checkpoint, found, expected));
        if (!problems.isEmpty()) {
            throw new CheckpointException(checkpoint.location() + ": not a BERT: " + OnnxValidator.some(problems));
        }
        Map<String, String> parameters = new LinkedHashMap<>(found);
        parameters.keySet().retainAll(expected.keySet());
        return new BertParameters(prefix, layers, parameters, heads);
    }

    /// Every parameter's shape, from the sizes that the embeddings and the first layer have.
    private static Map<String, List<Long>> expected(OnnxCheckpoint checkpoint, Map<String, String> found, int layers) {
        long hidden = rank2(checkpoint, found, WORDS)[1];
        long intermediate = rank2(checkpoint, found, "encoder.layer.0.intermediate.dense.weight")[0];
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        for (String table : List.of(WORDS, POSITIONS, TYPES)) {
            expected.put(table, List.of(rank2(checkpoint, found, table)[0], hidden));
        }
        expect(expected, "embeddings.LayerNorm", "H", hidden, intermediate);
        for (int layer = 0; layer < layers; layer++) {
            for (String entry : LAYER_NAMES) {
                String[] parts = entry.split(" ");
                expect(expected, "encoder.layer." + layer + "." + parts[0], parts[1], hidden, intermediate);
            }
        }
        if (found.containsKey("pooler.dense.weight")) {
            expect(expected, "pooler.dense", "HH", hidden, intermediate);
        }
        return expected;
    }

    private static void expect(Map<String, List<Long>> expected, String module, String sizes, long hidden, long inner) {
        List<Long> shape = sizes.chars().mapToObj(c -> c == 'H' ? hidden : inner).toList();
        expected.put(module + ".weight", shape);
        expected.put(module + ".bias", shape.subList(0, 1));
    }

    private static List<String> problems(OnnxCheckpoint checkpoint, Map<String, String> found,
            Map<String, List<Long>> expected) {
        List<String> problems = new ArrayList<>();
        // A tensor that has a parameter's name but no place in BERT belongs to another architecture.
        found.forEach((name, inFile) -> {
            if (!expected.containsKey(name)
                    && (PARAMETER.matcher(name).matches() || checkpoint.linears().contains(inFile))) {
                problems.add("unexpected " + CheckpointException.printable(name));
            }
        });
        expected.forEach((name, shape) -> {
            long[] actual = checkpoint.shape(found.getOrDefault(name, ""));
            List<Long> sizes = actual == null ? List.of() : Arrays.stream(actual).boxed().toList();
            if (actual == null) {
                problems.add("missing " + name + (name.equals(POSITIONS)
                        ? " (an export for one fixed length cuts it; export with a dynamic length)" : ""));
            } else if (!sizes.equals(shape)) {
                problems.add(name + " is " + sizes + ", expected " + shape);
            } else if (sizes.stream().anyMatch(size -> size < 1 || size > Integer.MAX_VALUE)) {
                problems.add(name + " is " + sizes + ", expected sizes from 1 to " + Integer.MAX_VALUE);
            }
        });
        return problems;
    }

    private static long[] rank2(OnnxCheckpoint checkpoint, Map<String, String> found, String name) {
        long[] shape = checkpoint.shape(found.getOrDefault(name, ""));
        return shape != null && shape.length == 2 ? shape : new long[2];
    }
}
