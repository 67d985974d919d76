// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EncoderModel;
import io.encoder4j.cli.evaluate.Correlation;
import io.encoder4j.cli.evaluate.RatedPairs;
import io.encoder4j.cli.option.EmbedOptionsMixin;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.files.Printable;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// Semantic textual similarity: does the cosine of two sentences rise with what people say of them?
@Command(name = "sts", description = {"Correlate the cosine of sentence pairs with ratings by people.",
    "%nFILE has a header and columns, with tabs between or as CSV: sentence1, sentence2, score, and for --split a column"
    + " split. It may be compressed with gzip."})
final class EvaluateStsCommand implements Callable<Integer> {

    /// Sentences embedded between two steps of the progress bar.
    private static final int BLOCK = 64;

    @Parameters(paramLabel = "FILE", description = "Rated pairs.")
    private Path file;

    @Option(names = "--split", paramLabel = "NAME", description = "Only rows of this split, such as test (all rows).")
    private @Nullable String split;

    @Mixin
    private ModelOption model;

    @Mixin
    private EmbedOptionsMixin embedding;

    @Option(names = "--json", order = 30, description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        RatedPairs pairs = RatedPairs.read(file, split);
        Path folder = model.folder();
        double[] cosines;
        String kernels;
        String precision;
        try (EncoderModel opened = EncoderModel.open(folder, model.options())) {
            embedding.check(spec, opened);
            cosines = cosines(opened, pairs);
            kernels = opened.info().kernels();
            precision = opened.precision();
        }
        int n = pairs.scores().length;
        double spearman = Correlation.spearman(cosines, pairs.scores());
        double pearson = Correlation.pearson(cosines, pairs.scores());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = JsonOutput.object().put("file", file.toString()).put("split", split)
                    .put("model", folder.toString()).put("kernels", kernels).put("precision", precision).put("n", n)
                    .put("spearman", spearman).put("pearson", pearson);
            out.println(JsonOutput.line(node));
        } else {
            out.printf(Locale.ROOT, "file      %s, %s%nmodel     %s%nkernels   %s, %s%nn         %d%nSpearman  %.6f%n"
                    + "Pearson   %.6f%n", Printable.path(file), split == null ? "all rows" : "split " + Printable.line(split), Printable.path(folder), kernels, precision, n,
                    spearman, pearson);
        }
        return 0;
    }

    private double[] cosines(EncoderModel opened, RatedPairs pairs) {
        List<String> all = new ArrayList<>(pairs.first());
        all.addAll(pairs.second());
        List<String> texts = all.stream().distinct().toList();
        var embedder = opened.embedder(embedding.options());
        var vectors = new java.util.HashMap<String, TextEmbedding>();
        try (Progress progress = Progress.ofTexts(Streams.of(spec), "evaluate", texts.size())) {
            for (int from = 0; from < texts.size(); from += BLOCK) {
                List<String> block = texts.subList(from, Math.min(texts.size(), from + BLOCK));
                List<TextEmbedding> embedded = embedder.embed(block);
                for (int i = 0; i < block.size(); i++) {
                    vectors.put(block.get(i), embedded.get(i));
                }
                progress.to(from + block.size(), embedded.stream().mapToLong(TextEmbedding::tokens).sum());
            }
        }
        double[] cosines = new double[pairs.scores().length];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = vectors.get(pairs.first().get(i)).cosine(vectors.get(pairs.second().get(i)));
        }
        return cosines;
    }
}
