// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import static io.encoder4j.torch.MultiheadAttentionTest.assertClose;
import static io.encoder4j.torch.MultiheadAttentionTest.random;
import static io.encoder4j.torch.MultiheadAttentionTest.swapped;
import static io.encoder4j.torch.TorchGoldenTest.compute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.nn.InferencePass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Trace;
import io.encoder4j.trace.TracingPass;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransformerEncoderTest {

    private static final TransformerEncoderLayerOptions OPTIONS = TransformerEncoderLayerOptions.of(12, 3).withDimFeedforward(20).withBatchFirst(true);

    private static TransformerEncoder stack(TransformerEncoderLayerOptions options, String kernels) {
        TransformerEncoder identical = TransformerEncoder.of(TransformerEncoderLayer.init(options, 3), 3,
                LayerNorm.of(12));
        // Layers that differ, so that one taken for another shows.
        Map<String, Tensor> state = new LinkedHashMap<>();
        identical.stateDict().forEach((name, tensor) -> {
            Tensor copy = random(name.hashCode(), tensor.shape());
            for (int i = 0; i < copy.values().length; i++) {
                copy.values()[i] = tensor.values()[i] + 0.1f * copy.values()[i];
            }
            state.put(name, copy);
        });
        return TransformerEncoder.load(options, 3, LayerNorm.of(12), state, compute(kernels));
    }

    @Test
    void torchDefaults() {
        assertThat(TransformerEncoderLayerOptions.of(12, 3)).isEqualTo(
                new TransformerEncoderLayerOptions(12, 3, 2048, 0.1f, StandardActivation.RELU, 1e-5f, false, false, true));
        assertThat(TransformerEncoderLayerOptions.of(12, 3).withDimFeedforward(7).withDropout(0).withActivation("gelu").withLayerNormEps(1e-6f)
                .withBatchFirst(true).withNormFirst(true).withBias(false)).isEqualTo(
                new TransformerEncoderLayerOptions(12, 3, 7, 0, StandardActivation.GELU, 1e-6f, true, true, false));
    }

    @Test
    void wrongOptionsAreRefusedWithTheirNumbers() {
        assertThatThrownBy(() -> TransformerEncoderLayerOptions.of(10, 4))
                .hasMessage("d_model must be divisible by nhead, got d_model=10 and nhead=4");
        assertThatThrownBy(() -> TransformerEncoderLayerOptions.of(12, 0)).hasMessageContaining("got d_model=12, nhead=0 and");
        assertThatThrownBy(() -> OPTIONS.withDimFeedforward(-1)).hasMessageContaining("dim_feedforward=-1");
        assertThatThrownBy(() -> OPTIONS.withActivation("tanh"))
                .hasMessageStartingWith("activation should be relu/gelu, not tanh");
        assertThatThrownBy(() -> OPTIONS.withDropout(-0.1f))
                .hasMessage("dropout probability has to be between 0 and 1, but got -0.1");
        assertThatThrownBy(() -> OPTIONS.withLayerNormEps(Float.NaN))
                .hasMessage("layer_norm_eps must not be negative, got NaN");
        TransformerEncoderLayer layer = TransformerEncoderLayer.init(OPTIONS, 1);
        assertThatThrownBy(() -> TransformerEncoder.of(layer, 0, null))
                .hasMessage("num_layers must be greater than 0, got 0");
        assertThatThrownBy(() -> TransformerEncoder.of(layer, 2, LayerNorm.of(11)))
                .hasMessage("the final norm is over [11], the layers have d_model=12");
    }

    @Test
    void inputsAndMasksThatDoNotFitAreRefused() {
        TransformerEncoder encoder = stack(OPTIONS, "scalar");
        assertThatThrownBy(() -> encoder.forward(random(1, 2, 5, 11)))
                .hasMessage("src: was expecting 12 features, but got 11 in shape [2, 5, 11]");
        assertThatThrownBy(() -> encoder.forward(random(1, 12))).hasMessageContaining("got [12]");
        assertThatThrownBy(() -> encoder.forward(random(1, 2, 5, 12), Masks.NONE.withMask(Mask.causal(4))))
                .hasMessage("the shape of the 2D attn_mask is [4, 4], but should be [5, 5]");
        assertThatThrownBy(() -> encoder.layers().getFirst().forward(random(1, 2, 5, 12),
                Masks.NONE.withKeyPadding(Mask.padding(5, 1, 2, 3))))
                .hasMessage("the shape of the key_padding_mask is [3, 5], but should be [2, 5] for batched input");
    }

    @Test
    void aStateDictIsCheckedAsAWhole() {
        Map<String, Tensor> state = new LinkedHashMap<>(TransformerEncoderLayer.init(OPTIONS, 1).stateDict());
        state.remove("self_attn.in_proj_bias");
        state.remove("norm2.weight");
        state.put("linear1.bias", Tensor.zeros(3));
        state.put("foo", Tensor.zeros(1));
        assertThatThrownBy(() -> TransformerEncoderLayer.load(OPTIONS, state)).hasMessage("""
                error(s) in loading state_dict for TransformerEncoderLayer:
                  missing key(s) in state_dict: self_attn.in_proj_bias, norm2.weight
                  unexpected key(s) in state_dict: foo
                  size mismatch for linear1.bias: the state_dict has [3], the module has [20]""");
    }

    @Test
    void stateDictNamesAndShapesAreTorchs() {
        Map<String, Tensor> state = stack(OPTIONS, "scalar").stateDict();
        assertThat(state).hasSize(38);
        assertThat(state.keySet().stream().limit(13)).containsExactly("layers.0.self_attn.in_proj_weight",
                "layers.0.self_attn.in_proj_bias", "layers.0.self_attn.out_proj.weight",
                "layers.0.self_attn.out_proj.bias", "layers.0.linear1.weight", "layers.0.linear1.bias",
                "layers.0.linear2.weight", "layers.0.linear2.bias", "layers.0.norm1.weight", "layers.0.norm1.bias",
                "layers.0.norm2.weight", "layers.0.norm2.bias", "layers.1.self_attn.in_proj_weight");
        assertThat(state.keySet().stream().skip(36)).containsExactly("norm.weight", "norm.bias");
        assertThat(state.get("layers.0.self_attn.in_proj_weight").shape()).containsExactly(36, 12);
        assertThat(state.get("layers.2.linear1.weight").shape()).containsExactly(20, 12);
        assertThat(state.get("layers.2.linear2.weight").shape()).containsExactly(12, 20);
        assertThat(TransformerEncoderLayer.init(OPTIONS.withBias(false), 1).stateDict().keySet()).containsExactly(
                "self_attn.in_proj_weight", "self_attn.out_proj.weight", "linear1.weight", "linear2.weight",
                "norm1.weight", "norm2.weight");
    }

    @Test
    void aStateDictGivesTheSameModuleBack() {
        TransformerEncoder encoder = stack(OPTIONS, "vector");
        TransformerEncoder copy = TransformerEncoder.load(OPTIONS, 3, LayerNorm.of(12), encoder.stateDict(),
                compute("vector"));
        Tensor x = random(1, 2, 5, 12);
        assertThat(copy.forward(x)).isEqualTo(encoder.forward(x));
    }

    @Test
    void theCopiesOfALayerAreDeepAndStartIdentical() {
        TransformerEncoderLayer layer = TransformerEncoderLayer.init(OPTIONS, 3);
        TransformerEncoder encoder = TransformerEncoder.of(layer, 2, null);
        Tensor first = encoder.stateDict().get("layers.0.linear1.weight");
        Tensor second = encoder.stateDict().get("layers.1.linear1.weight");
        assertThat(first).isEqualTo(second).isEqualTo(layer.stateDict().get("linear1.weight"));
        assertThat(first.values()).isNotSameAs(second.values())
                .isNotSameAs(layer.stateDict().get("linear1.weight").values());
    }

    @Test
    void anyFunctionMayBeTheActivation() {
        Tensor x = random(1, 2, 5, 12);
        for (String kernels : new String[] {"scalar", "vector"}) {
            Tensor named = stack(OPTIONS, kernels).forward(x);
            assertClose(stack(OPTIONS.withActivation(v -> Math.max(v, 0)), kernels).forward(x), named, 1e-6);
            assertThat(stack(OPTIONS.withActivation(v -> v * v), kernels).forward(x)).isNotEqualTo(named);
        }
    }

    @Test
    void sequenceFirstIsBatchFirstTransposedAndUnbatchedABatchOfOne() {
        Tensor x = random(1, 2, 5, 12);
        Masks masks = Masks.CAUSAL.withKeyPadding(Mask.padding(5, 5, 3));
        var expected = stack(OPTIONS, "vector").forwardWithWeights(x, masks, false);
        var actual = stack(OPTIONS.withBatchFirst(false), "vector").forwardWithWeights(swapped(x), masks, false);
        assertThat(swapped(actual.output())).isEqualTo(expected.output());
        assertThat(actual.weights()).isEqualTo(expected.weights());

        Tensor one = random(2, 5, 12);
        var unbatched = stack(OPTIONS, "vector").forwardWithWeights(one, Masks.NONE, true);
        var batched = stack(OPTIONS, "vector").forwardWithWeights(one.reshape(1, 5, 12), Masks.NONE, true);
        assertThat(unbatched.output()).isEqualTo(batched.output().reshape(5, 12));
        assertThat(unbatched.weights()).allSatisfy(w -> assertThat(w.shape()).containsExactly(5, 5));
        assertThat(unbatched.weights().getLast()).isEqualTo(batched.weights().getLast().reshape(5, 5));
    }

    @Test
    void theWeightsOfAStackAreThoseOfItsLayers() {
        TransformerEncoder encoder = stack(OPTIONS, "vector");
        Tensor x = random(1, 2, 5, 12);
        Masks masks = Masks.NONE.withKeyPadding(Mask.padding(5, 5, 3));
        var all = encoder.forwardWithWeights(x, masks, false);
        assertThat(all.output()).isEqualTo(encoder.forward(x, masks));
        assertThat(all.weights()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            TransformerEncoderLayer layer = encoder.layers().get(i);
            var one = layer.forwardWithWeights(x, masks, false);
            assertThat(all.weights().get(i)).isEqualTo(one.weights());
            assertThat(one.output()).isEqualTo(layer.forward(x, masks));
            var attention = layer.selfAttention().forward(x, x, x,
                    MultiheadAttention.Arguments.DEFAULTS.withMasks(masks));
            assertThat(layer.forwardWithWeights(x, masks, true).weights())
                    .isEqualTo(attention.weights().orElseThrow());
            x = one.output();
        }
    }

    /// Padding is not dropped: as in torch, a padded token gets a result, and others are as if it were not there.
    @Test
    void paddedKeysHaveNoEffectOnOthers() {
        TransformerEncoder encoder = stack(OPTIONS, "vector");
        Tensor x = random(1, 5, 12);
        Tensor shorter = Tensor.of(Arrays.copyOf(x.values(), 3 * 12), 3, 12);
        Masks masks = Masks.NONE.withKeyPadding(Mask.forbid(new boolean[] {false, false, false, true, true}, 5));
        Tensor padded = encoder.forward(x, masks);
        assertClose(Tensor.of(Arrays.copyOf(padded.values(), 3 * 12), 3, 12), encoder.forward(shorter), 2e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void aSequenceMaskedEverywhereIsNeverNaN(String kernels) {
        Masks masks = Masks.NONE.withKeyPadding(Mask.padding(5, 0, 5));
        var out = stack(OPTIONS, kernels).forwardWithWeights(random(1, 2, 5, 12), masks, false);
        for (float value : out.output().values()) {
            assertThat(value).isFinite();
        }
        for (Tensor weights : out.weights()) {
            assertThat(Arrays.copyOf(weights.values(), 75)).containsOnly(0);
            assertThat(Arrays.copyOfRange(weights.values(), 75, 150)).doesNotContain(0);
        }
    }

    /// With assertions on, a pass fills memory it takes back with NaN: the second run would show a result kept too
    /// long.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyRunOnOnePassGivesTheSame(boolean normFirst) {
        TransformerEncoder encoder = stack(OPTIONS.withNormFirst(normFirst), "vector");
        Tensor x = random(1, 10, 12);
        float[] expected = encoder.forward(x.reshape(2, 5, 12)).values();
        try (InferencePass pass = compute("vector").pass()) {
            for (int run = 0; run < 3; run++) {
                Matrix out = encoder.forward(x.toMatrix(), Sequences.equal(2, 5), AttentionBias.NONE, pass);
                assertThat(out.toArray()).isEqualTo(expected);
            }
        }
    }

    @Test
    void manyThreadsMayCallOneModule() {
        TransformerEncoder encoder = stack(OPTIONS, "vector");
        List<Tensor> inputs = IntStream.range(0, 64).mapToObj(i -> random(i, 2, 1 + i % 9, 12)).toList();
        List<Tensor> alone = inputs.stream().map(encoder::forward).toList();
        assertThat(inputs.parallelStream().map(encoder::forward).toList()).isEqualTo(alone);
    }

    @Test
    void masksServeAPassToo() {
        TransformerEncoder encoder = stack(OPTIONS, "vector");
        Masks masks = Masks.CAUSAL.withKeyPadding(Mask.padding(5, 5, 3));
        Tensor x = random(1, 2, 5, 12);
        try (InferencePass pass = compute("vector").pass()) {
            assertThat(encoder.forward(x.toMatrix(), Sequences.equal(2, 5), masks.bias(2, 3, 5), pass).toArray())
                    .isEqualTo(encoder.forward(x, masks).values());
        }
    }

    @Test
    void everyStepCanBeTraced() {
        TransformerEncoder encoder = stack(OPTIONS, "vector");
        Tensor x = random(1, 10, 12);
        Trace trace;
        try (InferencePass inference = compute("vector").pass()) {
            TracingPass pass = new TracingPass(inference);
            encoder.forward(x.toMatrix(), Sequences.equal(2, 5), AttentionBias.NONE, pass);
            trace = pass.trace();
        }
        assertThat(trace.outputs().keySet().stream().limit(11)).containsExactly("layers.0.self_attn.q_proj",
                "layers.0.self_attn.k_proj", "layers.0.self_attn.v_proj", "layers.0.self_attn.attention",
                "layers.0.self_attn.out_proj", "layers.0.norm1", "layers.0.linear1", "layers.0.activation",
                "layers.0.linear2", "layers.0.norm2", "layers.0");
        assertThat(trace.outputs()).containsKey("norm");
        assertThat(trace.outputs().get("norm").values()).isEqualTo(encoder.forward(x.reshape(2, 5, 12)).values());
        var weights = encoder.forwardWithWeights(x.reshape(2, 5, 12), Masks.NONE, false).weights();
        assertThat(trace.probs().get("layers.1.self_attn.attention").get(1).values())
                .isEqualTo(Arrays.copyOfRange(weights.get(1).values(), 75, 150));
    }

    @Test
    void emptyInputGivesEmptyOutput() {
        for (int[] shape : new int[][] {{0, 5, 12}, {2, 0, 12}, {0, 12}}) {
            assertThat(stack(OPTIONS, "vector").forward(Tensor.zeros(shape)).shape()).isEqualTo(shape);
        }
    }
}
