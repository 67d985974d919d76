// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import static io.encoder4j.torch.MultiheadAttentionTest.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MaskTest {

    private static final float NO = Float.NEGATIVE_INFINITY;
    private static final MergedMask.Sizes SIZES = new MergedMask.Sizes(2, 3, 4, 4, true);

    private static void refused(Masks masks, MergedMask.Sizes sizes, String message) {
        assertThatThrownBy(() -> MergedMask.of(masks, sizes)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void masksOfAWrongShapeAreRefusedWithBothShapes() {
        refused(Masks.NONE.withMask(Mask.causal(3)), SIZES,
                "the shape of the 2D attn_mask is [3, 3], but should be [4, 4]");
        refused(Masks.NONE.withMask(Mask.add(Tensor.zeros(3, 4, 4))), SIZES,
                "the shape of the 3D attn_mask is [3, 4, 4], but should be [6, 4, 4]");
        refused(Masks.NONE.withMask(Mask.add(Tensor.zeros(4))), SIZES,
                "attn_mask has shape [4]; it must have 2 dimensions [L, S] or 3 [N * num_heads, L, S]");
        refused(Masks.NONE.withKeyPadding(Mask.padding(3, 1, 2)), SIZES,
                "the shape of the key_padding_mask is [2, 3], but should be [2, 4] for batched input");
        refused(Masks.NONE.withKeyPadding(Mask.padding(4, 1)), new MergedMask.Sizes(1, 3, 4, 4, false),
                "the shape of the key_padding_mask is [1, 4], but should be [4] for unbatched input");
    }

    @Test
    void wrongValuesAreRefused() {
        assertThatThrownBy(() -> Mask.add(Tensor.of(new float[] {0, Float.NaN}, 1, 2))).hasMessage(
                "mask of shape [1, 2] holds NaN at position 1; a mask adds finite numbers, or -Infinity to forbid");
        assertThatThrownBy(() -> Mask.add(Tensor.of(new float[] {Float.POSITIVE_INFINITY}, 1)))
                .hasMessageContaining("holds Infinity at position 0");
        assertThatThrownBy(() -> Mask.forbid(new boolean[3], 2, 2))
                .hasMessage("a mask of shape [2, 2] needs 4 values, got 3");
        assertThatThrownBy(() -> Mask.forbid(new boolean[][] {{true}, {true, false}}))
                .hasMessage("mask row 1 has 2 values, row 0 has 1");
        assertThatThrownBy(() -> Mask.padding(4, 2, 5)).hasMessage("sequence 1 has 5 tokens of 4");
    }

    @Test
    void causalAloneIsTheCausalMask() {
        assertThat(MergedMask.of(Masks.CAUSAL, SIZES)).usingRecursiveComparison()
                .isEqualTo(MergedMask.of(Masks.NONE.withMask(Mask.causal(4)), SIZES));
    }

    @Test
    void aMaskWronglySaidToBeCausalIsRefused() {
        MergedMask.of(Masks.CAUSAL.withMask(Mask.causal(4)), SIZES);
        Tensor values = Tensor.zeros(4, 4);
        for (int i = 0; i < 16; i++) {
            values.values()[i] = i % 4 > i / 4 ? NO : 0;
        }
        MergedMask.of(Masks.CAUSAL.withMask(Mask.add(values)), SIZES);
        values.set(0.5f, 1, 3);
        refused(Masks.CAUSAL.withMask(Mask.add(values)), SIZES, "is_causal says that attn_mask is causal, but it adds "
                + "0.5 at query 1, key 3 where a causal mask adds -Infinity; leave is_causal false for any other mask");
        boolean[] all = new boolean[6 * 16];
        Arrays.fill(all, true);
        assertThatThrownBy(() -> MergedMask.of(Masks.CAUSAL.withMask(Mask.forbid(all, 6, 4, 4)), SIZES))
                .hasMessageContaining("it adds -Infinity at query 0, key 0");
    }

    @Test
    void masksAreAdded() {
        assertThat(MergedMask.of(Masks.NONE, SIZES).bias()).isEqualTo(AttentionBias.NONE);
        Tensor mask = random(1, 6, 4, 4);
        Tensor padding = random(2, 2, 4);
        padding.set(NO, 1, 3);
        for (boolean perHead : new boolean[] {false, true}) {
            Tensor given = perHead ? mask : Tensor.of(Arrays.copyOf(mask.values(), 16), 4, 4);
            MergedMask merged = MergedMask.of(new Masks(Mask.add(given), Mask.add(padding), false), SIZES);
            AttentionBias.Dense bias = (AttentionBias.Dense) merged.bias();
            for (int i = 0; i < 2 * 3 * 4 * 4; i++) {
                int sequence = i / 48;
                int head = i / 16 % 3;
                int query = i / 4 % 4;
                int key = i % 4;
                float expected = (perHead ? mask.get(sequence * 3 + head, query, key) : mask.get(0, query, key))
                        + padding.get(sequence, key);
                assertThat(merged.added(sequence, head, query, key)).isEqualTo(expected);
                assertThat(bias.values()[bias.row(sequence, head, query) + key]).isEqualTo(expected);
            }
        }
    }
}
