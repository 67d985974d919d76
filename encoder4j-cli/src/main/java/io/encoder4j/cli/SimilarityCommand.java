// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EncoderModel;
import io.encoder4j.cli.option.Choice;
import io.encoder4j.cli.option.EmbedOptionsMixin;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.cli.task.Answering;
import io.encoder4j.files.Printable;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// How much texts mean the same.
@Command(name = "similarity", description = "Compare the first text with each of the others: the cosine of their vectors.")
final class SimilarityCommand implements Callable<Integer> {

    enum Format {
        TABLE, JSON;

        static final class ByName implements ITypeConverter<Format> {
            @Override
            public Format convert(String name) {
                return Choice.of(name, Format.values());
            }
        }
    }

    @Parameters(paramLabel = "TEXT", arity = "0..*", description = "Two texts or more.")
    private List<String> texts = List.of();

    @Mixin
    private ModelOption model;

    @Mixin
    private EmbedOptionsMixin embedding;

    @Option(names = {"-f", "--format"}, paramLabel = "table|json", order = 30, converter = Format.ByName.class,
            description = "table (the default): the cosine and the text; json: one object with every digit.")
    private Format format = Format.TABLE;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (texts.size() < 2) {
            throw new ParameterException(spec.commandLine(), "there is nothing to compare: give two texts or more");
        }
        EmbedOptions options = embedding.options();
        List<TextEmbedding> vectors;
        String precision;
        try (EncoderModel opened = model.open()) {
            embedding.check(spec, opened);
            vectors = opened.embedder(options).embed(texts);
            precision = opened.precision();
        }
        long cut = vectors.stream().filter(TextEmbedding::truncated).count();
        if (cut > 0) {
            Streams.of(spec).say(Answering.cut(cut, texts.size()));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            out.println(JsonOutput.line(json(vectors, precision)));
            return 0;
        }
        for (int i = 1; i < texts.size(); i++) {
            out.printf(Locale.ROOT, "%7.4f  %s%n", vectors.getFirst().cosine(vectors.get(i)),
                    Printable.line(Failure.oneLine(texts.get(i))));
        }
        return 0;
    }

    private ObjectNode json(List<TextEmbedding> vectors, String precision) {
        ObjectNode result = JsonOutput.object();
        result.put("text", texts.getFirst()).put("tokens", vectors.getFirst().tokens())
                .put("truncated", vectors.getFirst().truncated()).put("precision", precision);
        var others = result.putArray("similarities");
        for (int i = 1; i < texts.size(); i++) {
            others.addObject().put("text", texts.get(i)).put("cosine", vectors.getFirst().cosine(vectors.get(i)))
                    .put("tokens", vectors.get(i).tokens()).put("truncated", vectors.get(i).truncated());
        }
        return result;
    }
}
