// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.tensor.ActivationFunction;
import java.io.IOException;
import java.nio.file.Path;

/// How a sparse encoder pools the logits of its masked language model: sentence-transformers' `SpladePooling`.
///
/// @param sum        whether a token's weights are added over the text, in place of taking the largest
/// @param twiceLog1p whether log1p is applied twice: `log1p_relu`
public record Splade(boolean sum, boolean twiceLog1p) {

    /// What a folder that says nothing gets: the largest weight, one log1p.
    public static final Splade DEFAULT = new Splade(false, false);

    /// `log(1 + max(0, x))`; what is not a number stays so.
    private static final ActivationFunction LOG1P_RELU = x -> x < 0 ? 0 : (float) Math.log1p(x);
    private static final ActivationFunction LOG1P_LOG1P_RELU = x -> LOG1P_RELU.apply(LOG1P_RELU.apply(x));

    /// {@return from logits to weights} It never decreases, so it may come before or after taking the largest.
    public ActivationFunction activation() {
        return twiceLog1p ? LOG1P_LOG1P_RELU : LOG1P_RELU;
    }

    static Splade read(Path folder) throws IOException {
        ModelConfig config = ConfigFiles.require(folder, "config.json");
        config.only("pooling_strategy", "max", "sum");
        config.only("activation_function", "relu", "log1p_relu");
        config.check();
        return new Splade(config.text("pooling_strategy", "max").equals("sum"),
                config.text("activation_function", "relu").equals("log1p_relu"));
    }
}
