// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.hub.HubException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// One line in place of a stack trace, for a model that cannot be had.
public final class EncoderStartFailureAnalyzer extends AbstractFailureAnalyzer<EncoderStartException> {

    /// For Spring.
    public EncoderStartFailureAnalyzer() { }

    @Override
    protected FailureAnalysis analyze(Throwable root, EncoderStartException failure) {
        String property = failure.getMessage().replaceFirst("=.*", "");
        return new FailureAnalysis(failure.getMessage(), action(property, failure.getCause()), failure);
    }

    /// What to do, where the message does not say it.
    private static @Nullable String action(String property, @Nullable Throwable cause) {
        return switch (cause) {
            case ModelNotFoundException _ -> "Set " + property + " to the path of a folder or an .onnx file, to org/name on the Hugging"
                    + " Face hub, or to a model whose artifact is on the class path.";
            case HubException _ -> "Without a network, set " + property + " to a folder, or bring the model into the Hugging Face cache.";
            case CheckpointException _ -> "Set " + property + " to a model that has what is needed.";
            case null, default -> null;
        };
    }
}
