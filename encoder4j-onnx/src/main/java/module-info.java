// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** ONNX files as a source of weights. */
@NullMarked
@SuppressWarnings("requires-automatic") // protobuf-java has a stable automatic module name and no descriptor
module io.encoder4j.onnx {
    requires transitive io.encoder4j;
    requires static transitive org.jspecify;
    requires com.google.protobuf;
    requires tools.jackson.databind;

    exports io.encoder4j.onnx;
}
