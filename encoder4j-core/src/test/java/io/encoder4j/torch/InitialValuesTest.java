// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// First values have torch's distributions: bounds, mean and deviation.
class InitialValuesTest {

    private static void uniform(Tensor tensor, double bound) {
        double deviation = bound / Math.sqrt(3);
        double largest = 0;
        for (float value : tensor.values()) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isLessThanOrEqualTo(bound * (1 + 1e-6)).isGreaterThan(bound * 0.97);
        moments(tensor, deviation);
        // A uniform distribution's kurtosis is 9/5, a normal one's 3.
        double fourth = 0;
        for (float value : tensor.values()) {
            fourth += Math.pow(value / deviation, 4) / tensor.values().length;
        }
        assertThat(fourth).isCloseTo(1.8, within(0.25));
    }

    private static void moments(Tensor tensor, double deviation) {
        double mean = 0;
        double square = 0;
        int count = tensor.values().length;
        for (float value : tensor.values()) {
            mean += value / count;
            square += (double) value * value / count;
        }
        assertThat(mean).isCloseTo(0, within(4 * deviation / Math.sqrt(count)));
        assertThat(Math.sqrt(square)).isCloseTo(deviation, within(4 * deviation / Math.sqrt(2 * count)));
    }

    @Test
    void ofALayer() {
        Map<String, Tensor> state = TransformerEncoderLayer.init(TransformerEncoderLayerOptions.of(64, 4)
                .withDimFeedforward(256), 7).stateDict();
        uniform(state.get("self_attn.in_proj_weight"), Math.sqrt(6.0 / (64 + 3 * 64)));
        uniform(state.get("self_attn.out_proj.weight"), 1 / Math.sqrt(64));
        uniform(state.get("linear1.weight"), 1 / Math.sqrt(64));
        uniform(state.get("linear1.bias"), 1 / Math.sqrt(64));
        uniform(state.get("linear2.weight"), 1 / Math.sqrt(256));
        assertThat(state.get("linear2.bias").values()).doesNotContain(0);
        for (String zero : new String[] {"self_attn.in_proj_bias", "self_attn.out_proj.bias", "norm1.bias",
                "norm2.bias"}) {
            assertThat(state.get(zero).values()).as(zero).containsOnly(0);
        }
        assertThat(state.get("norm1.weight").values()).containsOnly(1);
        assertThat(state.get("norm2.weight").values()).containsOnly(1);
    }

    @Test
    void ofAttentionWithOtherKeys() {
        Map<String, Tensor> state = MultiheadAttention.init(MultiheadAttentionOptions.of(512, 4).withKdim(10)
                .withVdim(100).withAddBiasKv(true), 7).stateDict();
        uniform(state.get("q_proj_weight"), Math.sqrt(6.0 / (512 + 512)));
        uniform(state.get("k_proj_weight"), Math.sqrt(6.0 / (512 + 10)));
        uniform(state.get("v_proj_weight"), Math.sqrt(6.0 / (512 + 100)));
        moments(state.get("bias_k"), 1 / Math.sqrt(512));
        moments(state.get("bias_v"), 1 / Math.sqrt(512));
    }

    @Test
    void ofAnEmbedding() {
        Embedding embedding = Embedding.init(200, 16, -2, 7);
        assertThat(Arrays.copyOfRange(embedding.weight().values(), 198 * 16, 199 * 16)).containsOnly(0);
        moments(Tensor.of(Arrays.copyOf(embedding.weight().values(), 198 * 16), 198, 16), 1);
    }

    @Test
    void theSeedDecides() {
        var options = TransformerEncoderLayerOptions.of(8, 2).withDimFeedforward(16);
        assertThat(TransformerEncoderLayer.init(options, 1).stateDict())
                .isEqualTo(TransformerEncoderLayer.init(options, 1).stateDict())
                .isNotEqualTo(TransformerEncoderLayer.init(options, 2).stateDict());
    }
}
