// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import static io.encoder4j.torch.TorchGoldenTest.compute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.nn.InferencePass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.MultiheadAttention.Arguments;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiheadAttentionTest {

    private static final MultiheadAttentionOptions OPTIONS = MultiheadAttentionOptions.of(12, 3).withBatchFirst(true);

    static Tensor random(long seed, int... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor tensor = Tensor.zeros(shape);
        for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = (float) random.nextGaussian();
        }
        return tensor;
    }

    static void assertClose(Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (int i = 0; i < expected.values().length; i++) {
            assertThat((double) actual.values()[i]).as("at %d", i).isCloseTo(expected.values()[i], within(tolerance));
        }
    }

    private static MultiheadAttention attention(MultiheadAttentionOptions options, String kernels) {
        return MultiheadAttention.load(options, StateDict.init(options.parameters(), 5), compute(kernels));
    }

    @Test
    void torchDefaults() {
        assertThat(MultiheadAttentionOptions.of(12, 3)).isEqualTo(new MultiheadAttentionOptions(12, 3, 0, true, false, false, 12, 12, false));
        assertThat(MultiheadAttentionOptions.of(12, 3).withDropout(0.5f).withBias(false).withAddBiasKv(true).withAddZeroAttn(true)
                .withKdim(4).withVdim(5).withBatchFirst(true))
                .isEqualTo(new MultiheadAttentionOptions(12, 3, 0.5f, false, true, true, 4, 5, true));
        assertThat(Arguments.DEFAULTS).isEqualTo(new Arguments(Masks.NONE, true, true));
    }

    @Test
    void wrongOptionsAreRefusedWithTheirNumbers() {
        assertThatThrownBy(() -> MultiheadAttentionOptions.of(7, 2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("embed_dim must be divisible by num_heads, got embed_dim=7 and num_heads=2");
        assertThatThrownBy(() -> MultiheadAttentionOptions.of(0, 2))
                .hasMessage("embed_dim and num_heads must be greater than 0, got embed_dim=0 and num_heads=2");
        assertThatThrownBy(() -> OPTIONS.withDropout(1.5f))
                .hasMessage("dropout probability has to be between 0 and 1, but got 1.5");
        assertThatThrownBy(() -> OPTIONS.withDropout(Float.NaN)).hasMessageContaining("but got NaN");
        assertThatThrownBy(() -> OPTIONS.withKdim(0))
                .hasMessage("kdim and vdim must be greater than 0, got kdim=0 and vdim=12");
    }

    @Test
    void stateDictNamesAndShapesAreTorchs() {
        assertThat(attention(OPTIONS, "scalar").stateDict().toString()).isEqualTo("{in_proj_weight=Tensor[36, 12], "
                + "in_proj_bias=Tensor[36], out_proj.weight=Tensor[12, 12], out_proj.bias=Tensor[12]}");
        assertThat(attention(OPTIONS.withKdim(4).withVdim(5).withAddBiasKv(true), "scalar").stateDict().toString())
                .isEqualTo("{q_proj_weight=Tensor[12, 12], k_proj_weight=Tensor[12, 4], v_proj_weight=Tensor[12, 5], "
                        + "in_proj_bias=Tensor[36], bias_k=Tensor[1, 1, 12], bias_v=Tensor[1, 1, 12], "
                        + "out_proj.weight=Tensor[12, 12], out_proj.bias=Tensor[12]}");
        assertThat(attention(OPTIONS.withBias(false), "scalar").stateDict().keySet())
                .containsExactly("in_proj_weight", "out_proj.weight");
    }

    static Stream<Masks> masks() {
        Mask padding = Mask.padding(5, 5, 3);
        return Stream.of(Masks.NONE, Masks.CAUSAL, Masks.NONE.withKeyPadding(padding),
                Masks.CAUSAL.withKeyPadding(padding), Masks.NONE.withMask(Mask.add(random(1, 5, 5))),
                Masks.NONE.withMask(Mask.add(random(2, 6, 5, 5))).withKeyPadding(padding));
    }

    /// Two ways to the same numbers: the kernels, and plain loops step by step.
    @ParameterizedTest
    @MethodSource("masks")
    void kernelsAgreeWithTheSteps(Masks masks) {
        Tensor q = random(3, 2, 5, 12);
        Tensor kv = random(4, 2, 5, 12);
        for (String kernels : new String[] {"scalar", "vector"}) {
            MultiheadAttention attention = attention(OPTIONS, kernels);
            var steps = attention.steps(q, kv, kv, masks);
            var out = attention.forward(q, kv, kv, Arguments.DEFAULTS.withMasks(masks).withAverageAttnWeights(false));
            assertClose(out.output(), steps.output(), 1e-6);
            assertClose(out.weights().orElseThrow(), steps.probs(), 1e-6);
            assertThat(steps.q().shape()).containsExactly(2, 3, 5, 4);
            assertThat(steps.scores().shape()).containsExactly(2, 3, 5, 5);
            assertThat(steps.context().shape()).containsExactly(2, 5, 12);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 7})
    void averagedWeightsAreTheMeanOfTheHeads(int keys) {
        Tensor q = random(3, 2, 5, 12);
        Tensor kv = random(4, 2, keys, 12);
        MultiheadAttention attention = attention(OPTIONS, "vector");
        Tensor heads = attention.forward(q, kv, kv, Arguments.DEFAULTS.withAverageAttnWeights(false)).weights()
                .orElseThrow();
        Tensor mean = attention.forward(q, kv, kv).weights().orElseThrow();
        assertThat(mean.shape()).containsExactly(2, 5, keys);
        for (int n = 0; n < 2; n++) {
            for (int l = 0; l < 5; l++) {
                double row = 0;
                for (int s = 0; s < keys; s++) {
                    float expected = (heads.get(n, 0, l, s) + heads.get(n, 1, l, s) + heads.get(n, 2, l, s)) / 3;
                    assertThat(mean.get(n, l, s)).isCloseTo(expected, within(1e-7f));
                    row += mean.get(n, l, s);
                }
                assertThat(row).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void weightsOnlyIfAskedFor() {
        Tensor x = random(3, 2, 5, 12);
        Tensor longer = random(3, 2, 6, 12);
        MultiheadAttention attention = attention(OPTIONS, "vector");
        Arguments without = Arguments.DEFAULTS.withNeedWeights(false);
        assertThat(attention.forward(x, x, x, without).weights()).isEmpty();
        assertThat(attention.forward(x, longer, longer, without).weights()).isEmpty();
        assertThat(attention.forward(x, x, x, without).output()).isEqualTo(attention.forward(x, x, x).output());
    }

    /// With every key forbidden the context is zero, so what is left is the bias of the output projection.
    @ParameterizedTest
    @ValueSource(ints = {5, 7})
    void aRowMaskedEverywhereGivesZerosAndNeverNaN(int keys) {
        Tensor q = random(3, 2, 5, 12);
        Tensor kv = random(4, 2, keys, 12);
        boolean[][] blocked = new boolean[5][keys];
        java.util.Arrays.fill(blocked[2], true);
        for (String kernels : new String[] {"scalar", "vector"}) {
            Map<String, Tensor> state = StateDict.init(OPTIONS.parameters(), 5);
            state.put("out_proj.bias", random(6, 12));
            MultiheadAttention attention = MultiheadAttention.load(OPTIONS, state, compute(kernels));
            var out = attention.forward(q, kv, kv, Arguments.DEFAULTS.withMasks(
                    Masks.NONE.withMask(Mask.forbid(blocked))).withAverageAttnWeights(false));
            for (int n = 0; n < 2; n++) {
                for (int e = 0; e < 12; e++) {
                    assertThat(out.output().get(n, 2, e)).isEqualTo(state.get("out_proj.bias").get(e));
                    assertThat(out.output().get(n, 1, e)).isNotEqualTo(state.get("out_proj.bias").get(e));
                }
                for (int s = 0; s < keys; s++) {
                    assertThat(out.weights().orElseThrow().get(n, 1, 2, s)).isZero();
                }
            }
            for (float value : out.output().values()) {
                assertThat(value).isFinite();
            }
        }
    }

    @Test
    void sequenceFirstIsBatchFirstTransposed() {
        MultiheadAttention batchFirst = attention(OPTIONS, "vector");
        MultiheadAttention sequenceFirst = attention(OPTIONS.withBatchFirst(false), "vector");
        Tensor q = random(3, 2, 5, 12);
        Tensor kv = random(4, 2, 7, 12);
        var expected = batchFirst.forward(q, kv, kv);
        var actual = sequenceFirst.forward(swapped(q), swapped(kv), swapped(kv));
        assertThat(swapped(actual.output())).isEqualTo(expected.output());
        assertThat(actual.weights()).isEqualTo(expected.weights());
    }

    static Tensor swapped(Tensor x) {
        Tensor out = Tensor.zeros(x.size(1), x.size(0), x.size(2));
        for (int i = 0; i < x.size(0); i++) {
            for (int j = 0; j < x.size(1); j++) {
                for (int e = 0; e < x.size(2); e++) {
                    out.set(x.get(i, j, e), j, i, e);
                }
            }
        }
        return out;
    }

    @Test
    void unbatchedIsABatchOfOne() {
        MultiheadAttention attention = attention(OPTIONS, "vector");
        Tensor x = random(3, 5, 12);
        Masks masks = Masks.NONE.withKeyPadding(Mask.forbid(new boolean[] {false, false, false, true, true}, 5));
        Masks batchMasks = Masks.NONE.withKeyPadding(Mask.padding(5, 3));
        var one = attention.forward(x, x, x, Arguments.DEFAULTS.withMasks(masks));
        Tensor batch = x.reshape(1, 5, 12);
        var expected = attention.forward(batch, batch, batch, Arguments.DEFAULTS.withMasks(batchMasks));
        assertThat(one.output()).isEqualTo(expected.output().reshape(5, 12));
        assertThat(one.weights().orElseThrow()).isEqualTo(expected.weights().orElseThrow().reshape(5, 5));
    }

    @Test
    void inputsThatDoNotFitAreRefused() {
        MultiheadAttention attention = attention(OPTIONS, "scalar");
        Tensor x = random(3, 2, 5, 12);
        assertThatThrownBy(() -> attention.forward(random(1, 2, 5, 11), x, x))
                .hasMessage("query: was expecting 12 features, but got 11 in shape [2, 5, 11]");
        assertThatThrownBy(() -> attention.forward(random(1, 2, 2, 5, 12), x, x))
                .hasMessage("query should be unbatched with 2 dimensions or batched with 3, got [2, 2, 5, 12]");
        assertThatThrownBy(() -> attention.forward(x, x, random(1, 2, 4, 12)))
                .hasMessageContaining("do not fit together: [2, 5, 12], [2, 5, 12], [2, 4, 12]");
        assertThatThrownBy(() -> attention.forward(x, random(1, 3, 5, 12), random(1, 3, 5, 12)))
                .hasMessageContaining("do not fit together: [2, 5, 12], [3, 5, 12], [3, 5, 12] with batch_first=true");
        assertThatThrownBy(() -> attention.forward(x, random(1, 5, 12), random(1, 5, 12)))
                .hasMessageContaining("do not fit together");
    }

    @Test
    void appendedKeysHaveNoPlaceInAPass() {
        MultiheadAttention attention = attention(OPTIONS.withAddZeroAttn(true), "scalar");
        try (InferencePass pass = compute("scalar").pass()) {
            assertThatThrownBy(() -> attention.forward(random(1, 5, 12).toMatrix(), Sequences.ofLengths(5),
                    AttentionBias.NONE, pass)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("add_bias_kv and add_zero_attn");
        }
    }

    @Test
    void emptyInputGivesEmptyOutput() {
        MultiheadAttention attention = attention(OPTIONS, "vector");
        for (int[] shape : new int[][] {{0, 5, 12}, {2, 0, 12}, {0, 12}}) {
            Tensor x = Tensor.zeros(shape);
            assertThat(attention.forward(x, x, x).output().shape()).isEqualTo(shape);
        }
    }
}
