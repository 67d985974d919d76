// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.cli.evaluate.Correlation;
import io.encoder4j.cli.evaluate.RatedPairs;
import io.encoder4j.cli.option.EmbedOptionsMixin;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.files.Printable;
import io.encoder4j.kernel.Precision;
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
@Command(name = "sts", description = {"Correlate the cosine of sentence pairs with ratings by people. In bfloat16 and int8 also in"
    + " float32, to compare.",
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

    /// What a precision gives.
    private record Result(String kernels, String precision, double spearman, double pearson) { }

    @Override
    public Integer call() throws IOException {
        RatedPairs pairs = RatedPairs.read(file, split);
        Path folder = model.folder();
        Result result = result(folder, model.options(), pairs);
        Result float32 = model.options().precision().isFloat32Grade() ? null
                : result(folder, model.options().withPrecision(Precision.FLOAT32), pairs);
        int n = pairs.scores().length;
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = JsonOutput.object().put("file", file.toString()).put("split", split)
                    .put("model", folder.toString()).put("kernels", result.kernels).put("precision", result.precision).put("n", n)
                    .put("spearman", result.spearman).put("pearson", result.pearson);
            if (float32 != null) {
                node.putObject("float32").put("spearman", float32.spearman).put("pearson", float32.pearson);
            }
            out.println(JsonOutput.line(node));
        } else {
            out.printf(Locale.ROOT, "file      %s, %s%nmodel     %s%nkernels   %s, %s%nn         %d%n", Printable.path(file),
                    split == null ? "all rows" : "split " + Printable.line(split), Printable.path(folder), result.kernels,
                    result.precision, n);
            line(out, "Spearman", result.spearman, float32 == null ? null : float32.spearman);
            line(out, "Pearson", result.pearson, float32 == null ? null : float32.pearson);
        }
        return 0;
    }

    private static void line(PrintWriter out, String name, double value, @Nullable Double float32) {
        out.printf(Locale.ROOT, "%-9s %.6f%s%n", name, value, float32 == null ? ""
                : String.format(Locale.ROOT, "  (float32 %.6f)", float32));
    }

    private Result result(Path folder, ModelOptions options, RatedPairs pairs) throws IOException {
        try (EncoderModel opened = EncoderModel.open(folder, options)) {
            embedding.check(spec, opened);
            double[] cosines = cosines(opened, pairs);
            return new Result(opened.info().kernels(), opened.precision(), Correlation.spearman(cosines, pairs.scores()),
                    Correlation.pearson(cosines, pairs.scores()));
        }
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
