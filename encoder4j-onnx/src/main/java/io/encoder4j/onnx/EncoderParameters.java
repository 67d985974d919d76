// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.files.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An encoder's parameters, wherever in the exported module they are, with shapes checked against one another.
///
/// @param family     which architecture
/// @param prefix     what stands before `embeddings.…` in the file: empty, `bert.`, `0.auto_model.`
/// @param sizes      by the letters of [Family]; L is the number of layers
/// @param parameters names in the file by the names in Hugging Face's bare model
/// @param heads      names in the file, by their own, of what belongs to a head: `classifier.weight`
record EncoderParameters(Family family, String prefix, Map<String, Long> sizes, Map<String, String> parameters,
        Map<String, String> heads) {

    private static final Pattern PARAMETER = Pattern.compile("[\\w.]+\\.(weight|bias)");
    private static final Pattern HEAD = Pattern.compile("(classifier|pre_classifier|qa_outputs|cls|head|lm_head)\\..*");

    /// @throws CheckpointException if the tensors are not those of a supported architecture; the message lists all that
    ///                             are missing, unexpected or of another shape
    static EncoderParameters of(OnnxCheckpoint checkpoint) {
        Family family = family(checkpoint);
        List<String> words = named(checkpoint, family.words());
        if (words.size() != 1) {
            throw new CheckpointException(checkpoint.location() + ": " + (words.isEmpty() ? "no" : "more than one") + " "
                    + family.words() + "; only " + Family.supported() + " are imported. Tensors found: "
                    + OnnxValidator.some(checkpoint.names().stream().map(Printable::name).toList()));
        }
        String prefix = words.getFirst().substring(0, words.getFirst().length() - family.words().length());
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
        return new Check(checkpoint, family, parameters).run(prefix, heads, strange);
    }

    private static List<String> named(OnnxCheckpoint checkpoint, String name) {
        return checkpoint.names().stream().filter(n -> n.equals(name) || n.endsWith("." + name)).toList();
    }

    /// BERT, if no name says otherwise.
    private static Family family(OnnxCheckpoint checkpoint) {
        Family family = Family.BY_MARKER.stream().filter(f -> !named(checkpoint, f.marker()).isEmpty()).findFirst()
                .or(() -> Family.BY_MARKER.stream().filter(f -> !named(checkpoint, f.words()).isEmpty()
                        && checkpoint.names().stream().anyMatch(n -> n.contains(f.layer() + "0."))).findFirst())
                .orElse(Family.BERT);
        boolean counts = checkpoint.file().graph().nodes().stream().anyMatch(node -> node.opType().equals("CumSum"));
        return family == Family.BERT && counts ? Family.ROBERTA : family;
    }

    int layers() {
        return Math.toIntExact(sizes.get("L"));
    }

    /// Name in the file of a parameter, or an empty string.
    String inFile(String name) {
        return parameters.getOrDefault(name, "");
    }

    /// Name in the file of the first layer's parameter, or an empty string.
    String inFirstLayer(String name) {
        return inFile(family.inLayer(0, name));
    }

    /// Names of a head's modules.
    Set<String> headModules() {
        Set<String> modules = new TreeSet<>();
        heads.keySet().forEach(name -> modules.add(name.replaceFirst("\\.(weight|bias)$", "")));
        return modules;
    }

    /// Compares what was found with what the architecture has.
    private record Check(OnnxCheckpoint checkpoint, Family family, Map<String, String> found) {

        EncoderParameters run(String prefix, Map<String, String> heads, List<String> strange) {
            dropZeroBiases();
            Pattern layer = Pattern.compile(Pattern.quote(family.layer()) + "(\\d{1,4})\\..*");
            int layers = found.keySet().stream().map(layer::matcher).filter(Matcher::matches)
                    .mapToInt(m -> Integer.parseInt(m.group(1)) + 1).max().orElse(0);
            String kind = family.classes().firstEntry().getValue();
            if (layers == 0 || layers > found.size()) {
                throw new CheckpointException(checkpoint.location() + ": not a " + kind + ": "
                        + (layers == 0 ? "no" : "gaps in") + " " + family.layer() + "0, " + family.layer() + "1 …");
            }
            Map<String, Long> sizes = sizes(layers);
            Map<String, List<Long>> expected = expected(layers, sizes);
            List<String> problems = new ArrayList<>();
            strange.forEach(name -> problems.add("unexpected " + Printable.name(name)));
            problems.addAll(problems(expected));
            if (!problems.isEmpty()) {
                throw new CheckpointException(
                        checkpoint.location() + ": not a " + kind + ": " + OnnxValidator.some(problems));
            }
            Map<String, String> parameters = new LinkedHashMap<>(found);
            parameters.keySet().retainAll(expected.keySet());
            return new EncoderParameters(family, prefix, sizes, parameters, heads);
        }

        /// For a norm without a bias, exporters write one of zeros. If every optional bias is zero, there is none.
        private void dropZeroBiases() {
            Set<String> optional = new TreeSet<>();
            for (String entry : family.layerEntries()) {
                optional.add(entry.endsWith("bias H ?") ? "." + entry.split(" ")[0] : "");
            }
            for (String entry : family.whole()) {
                optional.add(entry.endsWith("bias H ?") ? entry.split(" ")[0] : "");
            }
            optional.remove("");
            Predicate<String> isOptional = name -> optional.stream().anyMatch(end -> name.equals(end)
                    || end.startsWith(".") && name.endsWith(end));
            if (found.keySet().stream().filter(isOptional).allMatch(name -> isZero(found.get(name)))) {
                found.keySet().removeIf(isOptional);
            }
        }

        private boolean isZero(String inFile) {
            StoredTensor tensor = checkpoint.find(inFile).orElseThrow();
            for (long i = 0; i < tensor.elements(); i++) {
                if (tensor.get(i) != 0) {
                    return false;
                }
            }
            return true;
        }

        /// The free sizes, from the tables and the first layer.
        private Map<String, Long> sizes(int layers) {
            Map<String, Long> sizes = new HashMap<>(Map.of("L", (long) layers));
            long hidden = rank2(family.words())[1];
            sizes.put("H", hidden);
            sizes.put("Q", 3 * hidden);
            for (String entry : family.whole()) {
                String[] parts = entry.split(" ");
                if (parts[1].matches("[VPTB]H|BA")) {
                    sizes.put(parts[1].substring(0, 1), rank2(parts[0])[0]);
                    sizes.putIfAbsent(parts[1].substring(1), rank2(parts[0])[1]);
                }
            }
            long inner = rank2(family.inLayer(0, family.intermediate()))[0];
            boolean gated = family.layerEntries().contains(family.intermediate() + " GH");
            sizes.put("I", gated ? inner / 2 : inner);
            sizes.put("G", 2 * sizes.get("I"));
            return sizes;
        }

        private Map<String, List<Long>> expected(int layers, Map<String, Long> sizes) {
            Map<String, List<Long>> expected = new LinkedHashMap<>();
            family.whole().forEach(entry -> expect(expected, "", entry, sizes));
            for (int layer = 0; layer < layers; layer++) {
                for (String entry : family.layerEntries()) {
                    expect(expected, family.inLayer(layer, ""), entry, sizes);
                }
            }
            return expected;
        }

        private void expect(Map<String, List<Long>> expected, String prefix, String entry, Map<String, Long> sizes) {
            String[] parts = entry.split(" ");
            String name = prefix + parts[0];
            boolean single = name.endsWith(".weight") || name.endsWith(".bias");
            if (entry.endsWith("?") && !found.containsKey(single ? name : name + ".weight")) {
                return;
            }
            List<Long> shape = parts[1].chars().mapToObj(c -> sizes.get(Character.toString(c))).toList();
            expected.put(single ? name : name + ".weight", shape);
            if (!single) {
                expected.put(name + ".bias", shape.subList(0, 1));
            }
        }

        private List<String> problems(Map<String, List<Long>> expected) {
            List<String> problems = new ArrayList<>();
            // A tensor that has a parameter's name but no place here belongs to another architecture.
            found.forEach((name, inFile) -> {
                if (!expected.containsKey(name)
                        && (PARAMETER.matcher(name).matches() || checkpoint.linears().contains(inFile))) {
                    problems.add("unexpected " + Printable.name(name));
                }
            });
            expected.forEach((name, shape) -> {
                long[] actual = checkpoint.shape(found.getOrDefault(name, ""));
                List<Long> sizes = actual == null ? List.of() : Arrays.stream(actual).boxed().toList();
                if (actual == null) {
                    problems.add("missing " + name + (name.contains("position_embeddings")
                            ? " (an export for one fixed length cuts it; export with a dynamic length)" : ""));
                } else if (!sizes.equals(shape)) {
                    problems.add(name + " is " + sizes + ", expected " + shape);
                } else if (sizes.stream().anyMatch(size -> size < 1 || size > Integer.MAX_VALUE)) {
                    problems.add(name + " is " + sizes + ", expected sizes from 1 to " + Integer.MAX_VALUE);
                }
            });
            return problems;
        }

        private long[] rank2(String name) {
            long[] shape = checkpoint.shape(found.getOrDefault(name, ""));
            return shape != null && shape.length == 2 ? shape : new long[2];
        }
    }
}
