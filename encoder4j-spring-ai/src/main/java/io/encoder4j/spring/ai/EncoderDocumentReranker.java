// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.ai;

import io.encoder4j.Ability;
import io.encoder4j.EncoderModel;
import io.encoder4j.Reranker;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.InputException;
import io.encoder4j.task.TextReranker;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;

/// Puts retrieved documents in the order in which they answer the query, by a cross-encoder, which reads query and text together.
/// May be shared among threads.
///
/// A document's score is replaced by the cross-encoder's: what the folder's activation makes of the logit, mostly a sigmoid, so from
/// 0 to 1. Every call is an observation `encoder4j.rerank` with the model's name.
public final class EncoderDocumentReranker implements DocumentPostProcessor {

    private final TextReranker reranker;
    private final String name;
    private final int top;
    private final ObservationRegistry observations;

    /// Of an open model, which stays the caller's to close.
    ///
    /// @param model        a cross-encoder with one label
    /// @param name         the model's name in messages and observations; null for its folder
    /// @param top          how many documents are kept; 0 for all
    /// @param observations gets an observation for each call
    /// @throws CheckpointException if the model cannot rerank
    /// @throws IllegalArgumentException if `top` is negative
    public EncoderDocumentReranker(EncoderModel model, @Nullable String name, int top, ObservationRegistry observations) {
        if (top < 0) {
            throw new IllegalArgumentException("the number of documents to keep must not be negative, got " + top);
        }
        this.name = name == null ? model.info().location() : name;
        this.top = top;
        this.observations = observations;
        Ability ability = model.abilities().stream().filter(one -> one.task().equals(Reranker.TASK)).findFirst().orElseThrow();
        if (!ability.possible()) {
            throw new CheckpointException(this.name + " cannot rerank: " + ability.detail()
                    + "; reranking needs a cross-encoder with one label");
        }
        reranker = model.reranker();
    }

    /// {@return the documents, the best first, as many as are kept}
    ///
    /// @param query     what they answer
    /// @param documents any number of texts
    /// @throws IllegalArgumentException if a document has no text
    /// @throws InputException naming every document that has no score
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    @Override
    public List<Document> process(Query query, List<Document> documents) {
        List<String> texts = documents.stream().map(EncoderDocumentReranker::text).toList();
        return Objects.requireNonNull(Observation.createNotStarted("encoder4j.rerank", observations)
                .contextualName("rerank " + name).lowCardinalityKeyValue("gen_ai.request.model", name)
                .observe(() -> reranker.rank(query.text(), texts).stream().limit(top == 0 ? Long.MAX_VALUE : top)
                        .map(ranked -> documents.get(ranked.index()).mutate().score(ranked.score()).build()).toList()));
    }

    private static String text(Document document) {
        String text = document.getText();
        if (text == null) {
            throw new IllegalArgumentException("the document " + document.getId() + " has no text; this model ranks texts only");
        }
        return text;
    }
}
