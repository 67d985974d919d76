// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** A model's name becomes a folder: paths, ONNX files, models on the class path, names on the hub. */
@NullMarked
module io.encoder4j.models {
    requires transitive io.encoder4j;
    requires transitive io.encoder4j.hub;
    requires io.encoder4j.onnx;
    requires static transitive org.jspecify;

    exports io.encoder4j.models;

    provides io.encoder4j.ModelLocator with io.encoder4j.models.NamedModels;
}
