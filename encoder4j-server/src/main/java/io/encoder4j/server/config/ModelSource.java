// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.config;

import org.jspecify.annotations.Nullable;

/// A model to serve.
///
/// @param name  what clients call it
/// @param place a folder, an `.onnx` file or a name on the hub; null for the default model
public record ModelSource(String name, @Nullable String place) {

    /// {@return the model of an option: `NAME=PLACE`, or a place whose last part is the name}
    ///
    /// @param option as a user writes it
    /// @throws IllegalArgumentException if the name or the place is missing
    public static ModelSource of(String option) {
        int equals = option.indexOf('=');
        String place = option.substring(equals + 1);
        String name = equals < 0 ? lastPart(place) : option.substring(0, equals);
        if (name.isBlank() || place.isBlank()) {
            throw new IllegalArgumentException("'" + option + "' is not NAME=PLACE and not the place of a model");
        }
        return new ModelSource(name, place);
    }

    /// A name on the hub is a name as it stands; of a path the last part is enough.
    private static String lastPart(String place) {
        String path = place.replace('\\', '/').replaceAll("/+$", "");
        boolean hub = path.matches("[\\w.-]+/[\\w.@-]+") && !path.endsWith(".onnx") && !path.startsWith(".");
        String name = hub ? path : path.substring(path.lastIndexOf('/') + 1);
        return name.endsWith(".onnx") ? name.substring(0, name.length() - 5) : name;
    }
}
