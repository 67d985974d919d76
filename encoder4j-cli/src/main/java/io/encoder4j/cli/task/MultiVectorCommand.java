// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.EncoderModel;
import io.encoder4j.HybridEmbedder;
import io.encoder4j.MultiVectorEmbedder;
import io.encoder4j.cli.option.LengthOption;
import io.encoder4j.task.TokenVectors;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// A vector for each token.
@Command(name = "multi-vector", description = "Turn texts into a vector for each token, with a ColBERT model: a JSON object for"
        + " each text on a line.")
public final class MultiVectorCommand implements Callable<Integer> {

    @Mixin
    private TextTask task;

    @Mixin
    private LengthOption length;

    @Option(names = "--queries", order = 2, description = "The texts are queries, not documents.")
    private boolean queries;

    @Option(names = "--score", paramLabel = "QUERY", order = 3,
            description = "In place of vectors give each text's MaxSim score for a query.")
    private @Nullable String query;

    @Option(names = "--hybrid", order = 4, description = "With a model like bge-m3: dense, sparse and token vectors in one pass.")
    private boolean hybrid;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if ((queries ? 1 : 0) + (query != null ? 1 : 0) + (hybrid ? 1 : 0) > 1) {
            throw new ParameterException(spec.commandLine(), "give one of --queries, --score and --hybrid");
        }
        return task.run("a ColBERT model, or one like bge-m3", length.asked(), hybrid ? MultiVectorCommand::hybrid
                : query == null ? this::vectors : this::scores);
    }

    private Answering.Task<TextTask.Answer> vectors(EncoderModel opened) throws IOException {
        MultiVectorEmbedder embedder = opened.multiVectorEmbedder();
        return texts -> (queries ? embedder.embedQueries(texts) : embedder.embedDocuments(texts)).stream()
                .map(vectors -> TextTask.Answer.of(put(TextTask.object(), vectors), vectors)).toList();
    }

    private Answering.Task<TextTask.Answer> scores(EncoderModel opened) throws IOException {
        MultiVectorEmbedder embedder = opened.multiVectorEmbedder();
        TokenVectors asked = embedder.embedQuery(Objects.requireNonNull(query));
        return texts -> embedder.embedDocuments(texts).stream().map(document -> score(asked, document)).toList();
    }

    private static TextTask.Answer score(TokenVectors asked, TokenVectors document) {
        return document.vectors().length == 0
                ? new TextTask.Answer(TextTask.object(), document, "has no token with a vector, so that it has no score")
                : TextTask.Answer.of(TextTask.object().put("score", asked.maxSim(document)), document);
    }

    private static Answering.Task<TextTask.Answer> hybrid(EncoderModel opened) throws IOException {
        HybridEmbedder embedder = opened.hybridEmbedder();
        return texts -> embedder.embed(texts).stream().map(result -> {
            ObjectNode node = TextTask.object();
            var dense = node.putArray("dense");
            IntStream.range(0, result.dense().length).forEach(i -> dense.add(result.dense()[i]));
            ObjectNode sparse = node.putObject("sparse");
            IntStream.range(0, result.sparse().ids().length).forEach(i ->
                    sparse.put(String.valueOf(result.sparse().ids()[i]), result.sparse().weights()[i]));
            return TextTask.Answer.of(put(node, result.tokenVectors()), result);
        }).toList();
    }

    private static ObjectNode put(ObjectNode node, TokenVectors vectors) {
        var array = node.putArray("vectors");
        for (float[] vector : vectors.vectors()) {
            var row = array.addArray();
            IntStream.range(0, vector.length).forEach(i -> row.add(vector[i]));
        }
        return node;
    }
}
