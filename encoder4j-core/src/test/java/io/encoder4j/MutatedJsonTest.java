// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Batch;
import io.encoder4j.tokenizer.TokenizerException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every value of every JSON file of the goldens' models is replaced by values of other types, signs and sizes. A model is opened,
/// inspected and used, or refused by one of the library's own exceptions, soon and cheaply; nothing else.
///
/// A sample of 600 by default, of another number with `-Dencoder4j.mutations`, another one for each
/// `-Dencoder4j.mutations.seed`.
class MutatedJsonTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SAMPLE = Integer.getInteger("encoder4j.mutations", 600);
    private static final long MOST_BYTES = 64 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    /// Of a tokenizer only the places are mutated, not each of thousands of words.
    private static final int MOST_ELEMENTS = 6;

    private static final List<String> VALUES = List.of("null", "true", "false", "0", "-1", "1", "3", "1.5", "-0.0", "1e300",
            "1e-300", "1048576", "16777216", "16777217", "2147483647", "2147483648", "-2147483648", "9223372036854775807",
            "9223372036854775808", "-9223372036854775809", "1" + "0".repeat(400), "1e400", "-1e400", "\"\"", "\"x\"",
            "\"gelu\"", "\"\\u001b[31m\\n\"", "\"\\u0000\"", "[]", "[0]", "[[]]", "{}", "{\"0\": 1}",
            "[".repeat(60) + "]".repeat(60), "[".repeat(2_000) + "]".repeat(2_000));

    @TempDir
    private Path temp;

    /// A value of a file of a model, by the keys and indices that lead to it, and what is to stand there as JSON.
    private record Mutant(Path golden, String file, List<Object> place, String value) {

        String text() throws IOException {
            JsonNode root = JSON.readTree(Files.readAllBytes(golden.resolve(file)));
            if (place.isEmpty()) {
                return value;
            }
            JsonNode parent = root;
            for (Object key : place.subList(0, place.size() - 1)) {
                parent = child(parent, key);
            }
            JsonNode marker = JSON.getNodeFactory().stringNode("the mutated value");
            if (parent instanceof ObjectNode object) {
                object.set((String) place.getLast(), marker);
            } else if (parent instanceof ArrayNode array) {
                array.set((int) place.getLast(), marker);
            }
            return root.toString().replace("\"the mutated value\"", value);
        }

        @Override
        public String toString() {
            return golden + " " + file + " " + place + " = " + (value.length() > 40 ? value.substring(0, 40) + "…" : value);
        }
    }

    private static JsonNode child(JsonNode parent, Object key) {
        return key instanceof String name ? parent.get(name) : parent.get((int) key);
    }

    @Test
    void onlyTheLibrarysOwnExceptionsComeOut() throws IOException {
        List<Mutant> mutants = new ArrayList<>();
        for (Path golden : goldens()) {
            for (String file : jsonFiles(golden)) {
                JsonNode root = JSON.readTree(Files.readAllBytes(golden.resolve(file)));
                mutate(golden, file, root, List.of(), mutants);
            }
        }
        assertThat(mutants).hasSizeGreaterThan(12_000);
        Collections.shuffle(mutants, new Random(Long.getLong("encoder4j.mutations.seed", 9)));
        List<String> failures = new ArrayList<>();
        int opened = 0;
        for (Mutant mutant : mutants.subList(0, Math.min(SAMPLE, mutants.size()))) {
            opened += isOpened(mutant, failures) ? 1 : 0;
        }
        assertThat(failures).isEmpty();
        assertThat(opened).as("a sample in which some do no harm").isGreaterThan(SAMPLE / 10);
    }

    private static List<Path> goldens() throws IOException {
        List<Path> goldens = new ArrayList<>();
        for (String part : List.of("families", "tasks", "sentence")) {
            try (Stream<Path> all = Files.walk(Goldens.path(part), 2)) {
                goldens.addAll(all.filter(folder -> Files.exists(folder.resolve("model.safetensors"))).sorted().toList());
            }
        }
        assertThat(goldens).hasSizeGreaterThan(30);
        return goldens;
    }

    private static List<String> jsonFiles(Path golden) throws IOException {
        try (Stream<Path> all = Files.walk(golden)) {
            return all.map(file -> golden.relativize(file).toString())
                    .filter(name -> name.endsWith(".json") && !name.endsWith("golden.json")).sorted().toList();
        }
    }

    /// Adds mutants for `node` and for every value below it.
    private static void mutate(Path golden, String file, JsonNode node, List<Object> place, List<Mutant> mutants) {
        VALUES.forEach(value -> mutants.add(new Mutant(golden, file, place, value)));
        List<Object> keys = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            keys.addAll(object.propertyNames());
        }
        for (int i = 0; node instanceof ArrayNode array && i < array.size(); i++) {
            keys.add(i);
        }
        for (Object key : keys.subList(0, node.size() > 100 ? MOST_ELEMENTS : keys.size())) {
            List<Object> below = new ArrayList<>(place);
            below.add(key);
            mutate(golden, file, child(node, key), List.copyOf(below), mutants);
        }
    }

    private boolean isOpened(Mutant mutant, List<String> failures) throws IOException {
        Path folder = temp.resolve(mutant.golden.getParent().getFileName() + "-" + mutant.golden.getFileName());
        if (!Files.exists(folder)) {
            Files.move(Goldens.copy(temp, mutant.golden.toAbsolutePath().toString()), folder);
        }
        Path file = folder.resolve(mutant.file);
        byte[] good = Files.readAllBytes(file);
        Files.write(file, mutant.text().getBytes(StandardCharsets.UTF_8));
        long start = System.nanoTime();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        String problem = null;
        boolean opened = false;
        try {
            opened = use(folder);
        } catch (Throwable e) {
            problem = e + " at " + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
        }
        Files.write(file, good);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        if (problem == null && (bytes > MOST_BYTES || time.compareTo(LONGEST) > 0)) {
            problem = "took " + time + " and " + bytes + " bytes";
        }
        if (problem != null) {
            failures.add(mutant + ": " + problem);
        }
        return opened;
    }

    /// Opens, inspects and uses a model; false if it is refused as it should be.
    private static boolean use(Path folder) throws IOException {
        ModelOptions options = ModelOptions.defaults().withKernels("plain").withThreads(1).withScratchMiB(64);
        boolean[] opened = new boolean[1];
        refused(true, () -> Inspection.of(folder, options));
        refused(true, () -> {
            try (EncoderModel model = EncoderModel.open(folder, options)) {
                opened[0] = true;
                refused(false, () -> model.tensors().hiddenStates(Batch.of(new int[] {1, 2, 3})));
                refused(false, () -> model.embedder().embed("a b"));
                for (HeadKind kind : model.encoder().heads().kinds()) {
                    refused(false, () -> model.tensors().logits(kind, Batch.of(new int[] {1, 2, 3})));
                }
                refused(false, () -> model.classifier().classify("a"));
                refused(false, () -> model.reranker());
                refused(false, () -> model.sparseEmbedder());
                refused(false, () -> model.multiVectorEmbedder());
                refused(false, () -> model.maskFiller());
            }
        });
        return opened[0];
    }

    private interface Step {
        void run() throws IOException;
    }

    /// @param opening whether only a fault of a file is an answer; in use, numbers may leave float32
    private static void refused(boolean opening, Step step) throws IOException {
        try {
            step.run();
        } catch (CheckpointException | TokenizerException e) {
            assertThat(e.getMessage()).doesNotContain("\u001b", "\0");
        } catch (IllegalStateException | IllegalArgumentException e) {
            if (opening || e.getStackTrace().length == 0 || !e.getStackTrace()[0].getClassName().startsWith("io.encoder4j.")) {
                throw e;
            }
        }
    }
}
