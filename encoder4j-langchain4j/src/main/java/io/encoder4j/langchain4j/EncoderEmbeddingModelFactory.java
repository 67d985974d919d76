// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;
import io.encoder4j.models.Models;
import org.jspecify.annotations.Nullable;

/// The embedding model of LangChain4j's ingestors and retrievers that were given none. It is the model that the system property
/// `encoder4j.model` or else the environment variable `ENCODER4J_MODEL` names, or else `all-MiniLM-L6-v2`. It is opened once and
/// stays open as long as the process, for LangChain4j asks for it again and again.
public final class EncoderEmbeddingModelFactory implements EmbeddingModelFactory {

    private static final Object LOCK = new Object();
    private static @Nullable EncoderEmbeddingModel shared;

    /// For [java.util.ServiceLoader].
    public EncoderEmbeddingModelFactory() { }

    /// {@return the model, which is shared and need not be closed}
    ///
    /// @throws io.encoder4j.error.ModelNotFoundException if its name leads nowhere
    /// @throws io.encoder4j.checkpoint.CheckpointException if its texts become no dense vectors, or its files are wrong
    /// @throws java.io.UncheckedIOException if a file cannot be read or written, or the hub cannot be asked
    @Override
    public EmbeddingModel create() {
        synchronized (LOCK) {
            EncoderEmbeddingModel model = shared;
            if (model == null || !model.modelName().equals(name())) {
                model = EncoderEmbeddingModel.of(name());
                shared = model;
            }
            return model;
        }
    }

    private static String name() {
        String variable = System.getenv("ENCODER4J_MODEL");
        return System.getProperty("encoder4j.model", variable == null || variable.isEmpty() ? Models.DEFAULT : variable);
    }
}
