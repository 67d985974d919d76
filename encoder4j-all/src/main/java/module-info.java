// SPDX-License-Identifier: Apache-2.0

/** Everything a program needs to open and use models, as one module without code. */
module io.encoder4j.all {
    requires transitive io.encoder4j;
    requires transitive io.encoder4j.hub;
    requires transitive io.encoder4j.models;
    requires transitive io.encoder4j.onnx;
}
