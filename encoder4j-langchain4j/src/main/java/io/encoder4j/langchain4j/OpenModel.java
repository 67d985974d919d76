// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// A model and who closes it.
///
/// @param name  as it was given, or the folder of a model that was given open
/// @param model the open model
/// @param owned whether it was opened here, and so is closed here
record OpenModel(String name, EncoderModel model, boolean owned) implements AutoCloseable {

    /// What a builder was given.
    ///
    /// @throws IllegalStateException if that is not a name, nor an open model alone
    /// @throws UncheckedIOException if the model of that name cannot be opened
    static OpenModel of(@Nullable String name, @Nullable EncoderModel model, @Nullable ModelOptions options) {
        if ((name == null) == (model == null)) {
            throw new IllegalStateException(name == null ? "no model is given; call model(\"org/name\") or model(FOLDER)"
                    : "both a name and an open model are given; call model() once");
        }
        if (model != null && options != null) {
            throw new IllegalStateException("the model is open already; give modelOptions to EncoderModel.open");
        }
        return model != null ? new OpenModel(model.info().location(), model, false) : named(name, options);
    }

    /// @param options how to open it; null for the default
    /// @throws UncheckedIOException with the same words, because LangChain4j's builders throw nothing checked
    private static OpenModel named(String name, @Nullable ModelOptions options) {
        try {
            return new OpenModel(name, EncoderModel.open(name, options == null ? ModelOptions.defaults() : options), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (owned) {
            model.close();
        }
    }
}
