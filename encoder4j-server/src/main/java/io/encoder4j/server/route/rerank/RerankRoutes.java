// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.rerank;

import io.encoder4j.Reranker;
import io.encoder4j.SharedBatches;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Computing;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.PairScores;
import io.encoder4j.task.TextPair;
import io.encoder4j.tensor.StandardActivation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// `/rerank` and its relatives. Who sends `texts` gets TEI's answer, who sends `documents` Cohere's and Jina's in one.
///
/// Scores are a sigmoid of the logit, as TEI, Cohere and Jina give them, or with `raw_scores` the logit itself, whatever activation
/// the folder names: the order is the same.
public final class RerankRoutes {

    /// More results than any request has documents.
    private static final int MOST_RESULTS = 10_000;
    private static final String SUMMARY = "Puts texts in the order in which they answer a query.";

    /// Passes with a sigmoid, or without, of inputs that are cut on a side.
    private record Way(boolean raw, boolean left) { }

    private RerankRoutes() { }

    /// `/rerank`, for all.
    public static Route any() {
        return Route.work(List.of("/rerank"), SUMMARY, Reranker.TASK, Dialect.TEI, fields(true), RerankAnswer.tei().or(RerankAnswer.documents()), call ->
                call.fields().has("documents") ? documents(call, true) : texts(call));
    }

    /// `/v1/rerank`, as Jina and Cohere have it.
    public static Route v1() {
        return Route.work(List.of("/v1/rerank", "/reranking", "/v1/reranking"), SUMMARY, Reranker.TASK, Dialect.RERANK, fields(false),
                RerankAnswer.documents(), call -> documents(call, true));
    }

    /// `/v2/rerank`, as Cohere has it: without the documents' texts.
    public static Route v2() {
        return Route.work(List.of("/v2/rerank"), SUMMARY, Reranker.TASK, Dialect.RERANK, fields(false), RerankAnswer.documents(),
                call -> documents(call, false));
    }

    private static List<Field> fields(boolean tei) {
        List<Field> fields = new ArrayList<>(List.of(Field.required("query", FieldType.STRING, "What is asked.")));
        if (tei) {
            fields.add(Field.either("texts", FieldType.STRINGS, "The texts, for an answer in TEI's form."));
            fields.add(Field.optional("return_text", FieldType.BOOLEAN, "Whether TEI's answer has the texts."));
            fields.add(Field.optional("truncate", FieldType.BOOLEAN, "Whether longer texts are cut."));
            fields.add(Field.choice("truncation_direction", "Which side is cut; the model's own, if it is left out.", "right", "left"));
        }
        String documents = "The texts, for an answer in Cohere's and Jina's form.";
        fields.add(tei ? Field.either("documents", FieldType.DOCUMENTS, documents)
                : Field.required("documents", FieldType.DOCUMENTS, documents));
        fields.addAll(List.of(
                Field.optional("top_n", FieldType.INTEGER, "How many of the best are given; all, if it is left out."),
                Field.optional("return_documents", FieldType.BOOLEAN, "Whether the answer has the documents."),
                Field.optional("raw_scores", FieldType.BOOLEAN, "Give the logits, and not a sigmoid of them."),
                Field.optional("max_tokens_per_doc", FieldType.INTEGER, "Cohere's: how many of a document's tokens are read."),
                Field.optional("max_chunks_per_doc", FieldType.INTEGER, "Cohere's; ignored."),
                Field.optional("rank_fields", FieldType.STRINGS, "Cohere's; only text is ranked.").like("[\"text\"]"),
                Field.MODEL));
        return fields;
    }

    private static Response texts(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(Reranker.TASK);
        List<String> texts = fields.texts("texts");
        boolean returnText = fields.flag("return_text", false);
        List<Scored> ranked = ranked(call, model, Cutting.of(fields, call, model), "texts", texts);
        return Response.json(out -> RerankAnswer.writeTei(out, ranked, returnText));
    }

    private static Response documents(Call call, boolean returnsDocuments) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(Reranker.TASK);
        List<String> texts = documents(fields);
        boolean returned = fields.flag("return_documents", returnsDocuments);
        List<Scored> ranked = ranked(call, model, Cutting.of(fields, call, model), "documents", texts);
        return Response.json(out -> RerankAnswer.writeDocuments(out, call, ranked, returned));
    }

    /// Documents are strings, or objects with a text.
    private static List<String> documents(Fields fields) {
        if (!(fields.raw("documents") instanceof List<?> list)) {
            throw fields.invalid("documents", fields.has("documents") ? "must be a list, not " + Fields.kind(fields.raw("documents"))
                    : "is missing");
        }
        List<String> texts = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            @Nullable Object text = list.get(i) instanceof Map<?, ?> object ? object.get("text") : list.get(i);
            if (!(text instanceof String string)) {
                throw fields.invalid("documents[" + i + "]", "must be a string, or an object with a string `text`");
            }
            texts.add(string);
        }
        return texts;
    }

    /// Fields that this form of the request does not read are still what they should be.
    private static void requireTypes(Fields fields) {
        List.of("return_text", "return_documents", "truncate").forEach(name -> fields.flag(name, false));
        List.of("max_tokens_per_doc", "max_chunks_per_doc").forEach(name -> fields.integer(name, 1, Integer.MAX_VALUE));
        List.of("texts", "rank_fields").stream().filter(fields::has).forEach(fields::texts);
        fields.choice("truncation_direction", "right", "right", "left");
    }

    private static List<Scored> ranked(Call call, ServedModel model, Cutting cutting, String field, List<String> texts)
            throws InterruptedException {
        Fields fields = call.fields();
        String query = fields.requiredText("query");
        requireTypes(fields);
        int most = fields.integer("top_n", 1, MOST_RESULTS).orElse(MOST_RESULTS);
        boolean raw = fields.flag("raw_scores", false);
        SharedBatches<TextPair, PairScores> batches = Call.batches(model, "model", new Way(raw, cutting.left()), () ->
                model.model().reranker().withTruncationSide(cutting.side()).withActivation(raw ? StandardActivation.LINEAR : StandardActivation.SIGMOID).shared());
        List<PairScores> scores = new Computing(call, model, cutting, field).run(batches,
                shortened(call, model, cutting, texts).stream().map(text -> new TextPair(query, text)).toList());
        return IntStream.range(0, texts.size()).mapToObj(i -> new Scored(i, texts.get(i), scores.get(i).scores()[0]))
                .sorted(Comparator.comparingDouble(Scored::score).reversed()).limit(most).toList();
    }

    /// The texts, each with as many tokens as the request allows a document. What is cut here counts as cut.
    private static List<String> shortened(Call call, ServedModel model, Cutting cutting, List<String> texts) {
        int most = call.fields().integer("max_tokens_per_doc", 1, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE);
        // A pair is cut to the model's length in any case; too many texts are refused without a look at them.
        if (most >= model.model().maxTokens() || texts.size() > call.services().config().limits().clientBatch()) {
            return texts;
        }
        return texts.stream().map(text -> cutting.shortened(text, most, model, call.usage())).toList();
    }

    /// A text with its score.
    record Scored(int index, String text, double score) { }
}
