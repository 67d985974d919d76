// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.cli.bench.Passages;
import io.encoder4j.cli.bench.Timing;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.nn.Batch;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// How fast a model is on this machine.
@Command(name = "bench", description = {"Time a model: tokens per second, texts per second, milliseconds.",
    "%nWith --passages texts are embedded, tokenizer and pooling included; with --batch and --length the encoder alone"
    + " runs over random tokens; without either, over a few shapes."})
final class BenchCommand implements Callable<Integer> {

    private static final int PASSAGES = 600;
    private static final int PASSAGE_TOKENS = 256;
    private static final int[][] GRID = {{1, 16}, {1, 128}, {8, 32}, {8, 128}, {32, 64}};

    @Option(names = "--passages", paramLabel = "FILE",
            description = "Embed the first " + PASSAGES + " texts of this file, cut at " + PASSAGE_TOKENS + " tokens: one"
                    + " on each line, or source, length and text with tabs between.")
    private @Nullable Path passages;

    @Option(names = "--batch", paramLabel = "B", converter = Numbers.Positive.class,
            description = "Sequences in a batch of random tokens (1).")
    private int batch;

    @Option(names = "--length", paramLabel = "S", converter = Numbers.Positive.class,
            description = "Tokens in each of them (128).")
    private int length;

    @Option(names = "--runs", paramLabel = "N", converter = Numbers.Positive.class,
            description = "Runs with the clock, after a warm-up (7).")
    private int runs = 7;

    @Mixin
    private ModelOption model;

    @Option(names = "--json", order = 30, description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (passages != null && batch + length > 0) {
            throw new ParameterException(spec.commandLine(), "--passages brings its own lengths; leave out --batch and"
                    + " --length");
        }
        List<String> texts = passages == null ? List.of() : Passages.read(passages, PASSAGES);
        Path folder = model.folder();
        try (EncoderModel opened = EncoderModel.open(folder, model.options())) {
            ObjectNode result = JsonOutput.object().put("model", folder.toString())
                    .put("kernels", opened.info().kernels()).put("precision", opened.precision())
                    .put("threads", opened.options().threads()).put("runs", runs);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                var rows = result.putArray("workloads");
                run(opened, texts, timing -> rows.add(node(timing)));
                out.println(JsonOutput.line(result));
            } else {
                out.printf("model %s, %s, threads %d, %d runs after warming up%n%n", folder,
                        ModelOption.used(opened), opened.options().threads(), runs);
                out.printf("%-28s %8s %12s %12s %10s %10s %10s%n", "workload", "tokens", "tokens/s", "texts/s",
                        "median ms", "min ms", "max ms");
                run(opened, texts, timing -> print(out, timing));
            }
        }
        return 0;
    }

    private void run(EncoderModel opened, List<String> texts, Consumer<Timing> each) {
        if (passages != null) {
            each.accept(embed(opened, texts));
        } else if (batch + length > 0) {
            each.accept(encode(opened, Math.max(1, batch), length == 0 ? Math.min(128, limit(opened)) : length));
        } else {
            for (int[] shape : GRID) {
                if (shape[1] <= limit(opened)) {
                    each.accept(encode(opened, shape[0], shape[1]));
                }
            }
        }
    }

    private Timing embed(EncoderModel opened, List<String> texts) {
        int cut = Math.min(PASSAGE_TOKENS, limit(opened));
        Embedder embedder = opened.embedder(EmbedOptions.defaults().withMaxLength(cut));
        long tokens = embedder.embed(texts).stream().mapToLong(TextEmbedding::tokens).sum();
        return Timing.of(texts.size() + " passages, ≤ " + cut + " tokens", texts.size(), tokens, runs,
                () -> embedder.embed(texts));
    }

    private Timing encode(EncoderModel opened, int sequences, int tokens) {
        Random random = new Random(1);
        List<int[]> ids = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            ids.add(random.ints(tokens, 0, opened.encoder().vocabSize()).toArray());
        }
        Batch input = Batch.of(ids.toArray(int[][]::new));
        return Timing.of(sequences + " × " + tokens + " random tokens", sequences, input.tokens(), runs,
                () -> opened.tensors().hiddenStates(input));
    }

    private static int limit(EncoderModel opened) {
        return opened.encoder().maxTokens();
    }

    private static void print(PrintWriter out, Timing t) {
        out.printf(Locale.ROOT, "%-28s %8d %12.0f %12.1f %10.2f %10.2f %10.2f%n", t.name(), t.tokens(),
                t.tokensPerSecond(), t.textsPerSecond(), t.medianMillis(), t.minMillis(), t.maxMillis());
        out.flush();
    }

    private static ObjectNode node(Timing t) {
        return JsonOutput.object().put("name", t.name()).put("texts", t.texts())
                .put("tokens", t.tokens()).put("tokens_per_second", t.tokensPerSecond())
                .put("texts_per_second", t.textsPerSecond()).put("median_ms", t.medianMillis())
                .put("min_ms", t.minMillis()).put("max_ms", t.maxMillis());
    }
}
