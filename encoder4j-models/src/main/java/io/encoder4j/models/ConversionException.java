// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import io.encoder4j.checkpoint.CheckpointException;
import java.nio.file.Path;

/// An ONNX file that cannot be converted as it is. [io.encoder4j.onnx.OnnxImport] takes options for what the file lacks.
public final class ConversionException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    private final transient Path onnx;

    ConversionException(Path onnx, CheckpointException cause) {
        super(cause.getMessage(), cause);
        this.onnx = onnx;
    }

    /// {@return the file, as it was named}
    public Path onnx() {
        return onnx;
    }
}
