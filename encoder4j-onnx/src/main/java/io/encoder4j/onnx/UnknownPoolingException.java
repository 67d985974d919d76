// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import java.util.List;
import java.util.stream.Stream;

/// An ONNX file that does not show how a text's vector is made of its tokens' vectors. Nothing was written. Import it again
/// with [ImportOptions#withPooling].
public final class UnknownPoolingException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /// @param where  the file
    /// @param reason what it shows instead
    UnknownPoolingException(String where, String reason) {
        super(where + ": the graph does not show how a text's vector is made of its tokens' vectors (" + reason
                + "); give the option pooling: " + String.join(", ", choices()));
        this.reason = reason;
    }

    /// {@return what the file shows instead: `its outputs are last_hidden_state`}
    public String reason() {
        return reason;
    }

    /// {@return what [ImportOptions#withPooling] takes}
    public static List<String> choices() {
        return Stream.concat(TextPooling.modes().stream(), Stream.of(TextPooling.NONE)).toList();
    }
}
