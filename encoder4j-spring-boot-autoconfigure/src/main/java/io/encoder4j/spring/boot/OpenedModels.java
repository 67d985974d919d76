// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import java.io.IOException;
import java.util.function.Supplier;

/// Opens what properties name. What goes wrong is said with the property's name.
final class OpenedModels {

    private interface Opening<T> {
        T open() throws IOException;
    }

    private OpenedModels() { }

    static EncoderModel open(String property, String name, Supplier<ModelOptions> options) {
        return explained(property, name, () -> EncoderModel.open(name, options.get()));
    }

    /// Makes something of an open model, such as what its options do not fit.
    static <T> T use(String property, String name, Supplier<T> made) {
        return explained(property, name, made::get);
    }

    private static <T> T explained(String property, String name, Opening<T> opening) {
        try {
            return opening.open();
        } catch (IOException | RuntimeException e) {
            throw new EncoderStartException(property + "=" + name + " cannot be used: " + e.getMessage(), e);
        }
    }
}
