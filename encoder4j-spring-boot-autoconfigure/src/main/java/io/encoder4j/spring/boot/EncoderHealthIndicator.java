// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/// Up as long as every model is open. Nothing is computed: a check that waited behind requests would call a busy program sick.
public final class EncoderHealthIndicator extends AbstractHealthIndicator {

    private final Map<String, EncoderModel> models;

    /// Of some models.
    ///
    /// @param models by the names of their beans
    public EncoderHealthIndicator(Map<String, EncoderModel> models) {
        super("encoder4j's health check failed");
        this.models = Map.copyOf(models);
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        models.forEach((bean, model) -> {
            // Fails if it is closed.
            model.abilities();
            ModelInfo info = model.info();
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("folder", info.location());
            details.put("family", info.modelType());
            details.put("kernels", info.kernels());
            details.put("precision", info.precision());
            builder.withDetail(bean, details);
        });
    }
}
