// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import static io.encoder4j.torch.MultiheadAttentionTest.random;
import static io.encoder4j.torch.MultiheadAttentionTest.swapped;
import static io.encoder4j.torch.TorchGoldenTest.compute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.nn.InferencePass;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The small steps: look-up, positions, norm.
class StepsTest {

    @Test
    void anEmbeddingLooksUp() {
        Embedding embedding = Embedding.load(Map.of("weight", random(1, 4, 3)));
        Tensor out = embedding.forward(new int[][] {{3, 0}, {1, 3}});
        assertThat(out.shape()).containsExactly(2, 2, 3);
        assertThat(out.get(1, 0, 2)).isEqualTo(embedding.weight().get(1, 2));
        assertThat(out.get(1, 1, 0)).isEqualTo(out.get(0, 0, 0)).isEqualTo(embedding.weight().get(3, 0));
        assertThat(embedding.forward(new int[] {2}).shape()).containsExactly(1, 3);
        assertThat(embedding.forward(new int[0][]).shape()).containsExactly(0, 0, 3);
    }

    @Test
    void anEmbeddingRefuses() {
        Embedding embedding = Embedding.init(4, 3, null, 1);
        assertThatThrownBy(() -> embedding.forward(new int[][] {{0, 1}, {2, 4}}))
                .hasMessage("id 4 at token 1 of sequence 1 is outside the table of 4 rows");
        assertThatThrownBy(() -> embedding.forward(new int[] {-1})).hasMessageContaining("id -1 at token 0");
        assertThatThrownBy(() -> embedding.forward(new int[][] {{0, 1}, {2}}))
                .hasMessage("sequence 1 has 1 ids, sequence 0 has 2");
        assertThatThrownBy(() -> Embedding.init(4, 0, null, 1)).hasMessageContaining("got 4 and 0");
        assertThatThrownBy(() -> Embedding.init(4, 3, 4, 1))
                .hasMessage("padding_idx must be within num_embeddings, got 4 of 4");
        assertThatThrownBy(() -> Embedding.load(Map.of("table", random(1, 4, 3))))
                .hasMessageContaining("missing key(s) in state_dict: weight")
                .hasMessageContaining("unexpected key(s) in state_dict: table");
        assertThatThrownBy(() -> Embedding.load(Map.of("weight", random(1, 4)))).hasMessageContaining("size mismatch");
    }

    @Test
    void positionsAreSinesAndCosines() {
        for (int d : new int[] {1, 6, 7}) {
            Tensor table = PositionalEncoding.table(600, d);
            for (int position : new int[] {0, 1, 17, 599}) {
                for (int i = 0; 2 * i < d; i++) {
                    double angle = position / Math.pow(10000, 2.0 * i / d);
                    assertThat((double) table.get(position, 2 * i)).isCloseTo(Math.sin(angle), within(6e-8));
                    if (2 * i + 1 < d) {
                        assertThat((double) table.get(position, 2 * i + 1)).isCloseTo(Math.cos(angle), within(6e-8));
                    }
                }
            }
        }
    }

    @Test
    void positionsAreAddedInEveryLayoutAndInAPass() {
        PositionalEncoding batchFirst = PositionalEncoding.of(9, 7, true);
        PositionalEncoding sequenceFirst = PositionalEncoding.of(9, 7, false);
        Tensor x = random(1, 2, 5, 7);
        Tensor out = batchFirst.forward(x);
        assertThat(out.get(1, 4, 6)).isEqualTo(x.get(1, 4, 6) + batchFirst.table().get(4, 6));
        assertThat(swapped(sequenceFirst.forward(swapped(x)))).isEqualTo(out);
        Tensor one = random(2, 5, 7);
        assertThat(sequenceFirst.forward(one)).isEqualTo(batchFirst.forward(one.reshape(1, 5, 7)).reshape(5, 7));
        try (InferencePass pass = compute("vector").pass()) {
            assertThat(batchFirst.forward(x.toMatrix(), Sequences.equal(2, 5), pass).toArray()).isEqualTo(out.values());
        }
    }

    @Test
    void positionsRefuse() {
        PositionalEncoding positions = PositionalEncoding.of(4, 7, true);
        String tooLong = "a sequence of 5 tokens, but the positional encoding has only 4 positions";
        assertThatThrownBy(() -> positions.forward(random(1, 2, 5, 7))).hasMessage(tooLong);
        try (InferencePass pass = compute("scalar").pass()) {
            assertThatThrownBy(() -> positions.forward(random(1, 7, 7).toMatrix(), Sequences.ofLengths(2, 5), pass))
                    .hasMessage(tooLong);
        }
        assertThatThrownBy(() -> positions.forward(random(1, 2, 4, 6)))
                .hasMessageContaining("was expecting 7 features, but got 6");
        assertThatThrownBy(() -> PositionalEncoding.table(0, 3)).hasMessageContaining("got max_len 0 and d 3");
    }

    /// The tutorial's own formula, in double precision.
    @Test
    void aNormIsTheTutorialsFormula() {
        LayerNorm norm = LayerNorm.of(5).load(Map.of("weight", random(1, 5), "bias", random(2, 5)));
        Tensor x = random(3, 2, 3, 5);
        Tensor out = norm.forward(x);
        for (int row = 0; row < 6; row++) {
            double mean = 0;
            double variance = 0;
            for (int i = 0; i < 5; i++) {
                mean += x.values()[row * 5 + i] / 5.0;
            }
            for (int i = 0; i < 5; i++) {
                variance += Math.pow(x.values()[row * 5 + i] - mean, 2) / 5;
            }
            for (int i = 0; i < 5; i++) {
                double expected = (x.values()[row * 5 + i] - mean) / Math.sqrt(variance + 1e-5)
                        * random(1, 5).get(i) + random(2, 5).get(i);
                assertThat((double) out.values()[row * 5 + i]).isCloseTo(expected, within(2e-6));
            }
        }
    }

    @Test
    void aNormHasTorchsOptions() {
        LayerNorm norm = LayerNorm.of(3, 5);
        assertThat(norm.eps()).isEqualTo(1e-5f);
        assertThat(norm.stateDict().toString()).isEqualTo("{weight=Tensor[3, 5], bias=Tensor[3, 5]}");
        assertThat(LayerNorm.of(new int[] {5}, 1e-5f, true, false).stateDict().keySet()).containsExactly("weight");
        LayerNorm plain = LayerNorm.of(new int[] {5}, 1e-5f, false, true);
        assertThat(plain.stateDict()).isEmpty();
        Tensor x = random(3, 2, 5);
        Tensor original = Tensor.of(x.values().clone(), 2, 5);
        assertThat(plain.forward(x, compute("scalar"))).isEqualTo(LayerNorm.of(5).forward(x, compute("scalar")));
        assertThat(x).isEqualTo(original);
        assertThatThrownBy(() -> norm.forward(random(1, 2, 5))).hasMessage(
                "given normalized_shape=[3, 5], expected input of shape [*, 3, 5], but got [2, 5]");
        assertThatThrownBy(() -> LayerNorm.of(5).forward(random(1, 2, 4)))
                .hasMessageContaining("[*, 5], but got [2, 4]");
        assertThatThrownBy(() -> LayerNorm.of(new int[] {5}, -1, true, true)).hasMessageContaining("got -1.0");
        assertThatThrownBy(() -> LayerNorm.of(new int[0])).hasMessageContaining("0 features");
        assertThatThrownBy(() -> LayerNorm.of(5).load(Map.of("weight", Tensor.zeros(4))))
                .hasMessageContaining("missing key(s) in state_dict: bias")
                .hasMessageContaining("size mismatch for weight: the state_dict has [4], the module has [5]");
    }
}
