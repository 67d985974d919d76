// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How the vectors of well-known sentence models are made, which their ONNX files do not say and their model cards do.
///
/// @param pooling      `mean` or `cls`
/// @param normalize    whether vectors have length 1
/// @param maxSeqLength most tokens of a text
record KnownExport(String pooling, boolean normalize, int maxSeqLength) {

    private static final Map<String, KnownExport> BY_NAME = Map.of(
            "all-minilm-l6-v2", new KnownExport("mean", true, 256),
            "bge-small-en-v1.5", new KnownExport("cls", true, 512),
            "bge-small-zh-v1.5", new KnownExport("cls", true, 512),
            "e5-small-v2", new KnownExport("mean", true, 512));

    /// The entry for a file of that name, without `.onnx`.
    public static Optional<KnownExport> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }
}
