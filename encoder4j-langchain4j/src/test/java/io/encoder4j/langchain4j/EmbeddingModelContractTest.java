// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/// What LangChain4j expects of every embedding model: its own tests.
class EmbeddingModelContractTest extends AbstractEmbeddingModelIT {

    private final List<EncoderEmbeddingModel> opened = new ArrayList<>();

    private EncoderEmbeddingModel open(EmbeddingModelListener... listeners) {
        opened.add(EncoderEmbeddingModel.builder().model(Fixtures.EMBEDDER).listeners(List.of(listeners)).build());
        return opened.getLast();
    }

    @AfterAll
    void close() {
        opened.forEach(EncoderEmbeddingModel::close);
    }

    @Override
    protected List<EmbeddingModel> models() {
        return List.of(open());
    }

    @Override
    protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
        return open(listener);
    }

    @Override
    protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
        EncoderEmbeddingModel model = open(listener);
        model.close();
        return model;
    }

    @Override
    protected int dimensionsParameter() {
        return 8;
    }

    @Override
    protected boolean supportsImageInput() {
        return false;
    }
}
