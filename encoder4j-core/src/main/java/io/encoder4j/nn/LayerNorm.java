// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Layer normalisation (Ba et al. 2016), torch's `nn.LayerNorm`: `(x - mean) / √(variance + eps) · weight + bias` over
/// the last dimensions, with the biased variance and eps inside the root.
///
/// @param name            its name in the checkpoint, relative to the encoder; empty by itself
/// @param normalizedShape sizes of the dimensions normalised together, the last ones of the input
/// @param weight          one value per feature, or null for ones
/// @param bias            one value per feature, or null for zeros
/// @param eps             added to the variance
public record LayerNorm(String name, int[] normalizedShape, float @Nullable [] weight, float @Nullable [] bias,
        float eps) {

    /// Torch's default eps.
    public static final float DEFAULT_EPS = 1e-5f;

    /// @throws IllegalArgumentException if weight or bias has another size, or eps is negative or not a number
    public LayerNorm {
        int size = product(normalizedShape);
        if (size < 1 || weight != null && weight.length != size || bias != null && bias.length != size) {
            throw new IllegalArgumentException(name + ": " + size + " features, but weight "
                    + (weight == null ? "none" : weight.length) + " and bias " + (bias == null ? "none" : bias.length));
        }
        if (!(eps >= 0)) {
            throw new IllegalArgumentException(name + ": eps must not be negative, got " + eps);
        }
    }

    /// A norm over the last dimension of `size` features.
    public LayerNorm(String name, int size, float @Nullable [] weight, float @Nullable [] bias, float eps) {
        this(name, new int[] {size}, weight, bias, eps);
    }

    /// A norm as torch makes it, with weights of one and biases of zero.
    ///
    /// @param elementwiseAffine whether there are a weight and, if `bias`, a bias
    public static LayerNorm of(int[] normalizedShape, float eps, boolean elementwiseAffine, boolean bias) {
        int size = product(normalizedShape);
        float[] weight = null;
        if (elementwiseAffine) {
            weight = new float[Math.max(size, 0)];
            Arrays.fill(weight, 1);
        }
        return new LayerNorm("", normalizedShape.clone(), weight,
                elementwiseAffine && bias ? new float[Math.max(size, 0)] : null, eps);
    }

    /// A norm with torch's defaults: eps 1e-5, weights of one and biases of zero.
    public static LayerNorm of(int... normalizedShape) {
        return of(normalizedShape, DEFAULT_EPS, true, true);
    }

    /// Number of features normalised together.
    public int size() {
        return product(normalizedShape);
    }

    /// The norm with these parameters in place of its own.
    ///
    /// @param state `weight` and `bias`, as far as this norm has them, of the normalised shape
    /// @throws IllegalArgumentException listing every missing and unexpected name and every wrong shape
    public LayerNorm load(Map<String, Tensor> state) {
        Map<String, Tensor> loaded = StateDict.load("LayerNorm", parameters(), state);
        return new LayerNorm(name, normalizedShape,
                weight == null ? null : loaded.get("weight").values(),
                bias == null ? null : loaded.get("bias").values(), eps);
    }

    /// The parameters by torch's names: `weight`, `bias`.
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> state = new java.util.LinkedHashMap<>();
        if (weight != null) {
            state.put("weight", Tensor.of(weight, normalizedShape));
        }
        if (bias != null) {
            state.put("bias", Tensor.of(bias, normalizedShape));
        }
        return state;
    }

    /// Normalises with the fastest kernels.
    ///
    /// @param x `[*, normalizedShape…]`
    /// @return the same shape
    /// @throws IllegalArgumentException if the last dimensions of `x` are others
    public Tensor forward(Tensor x) {
        return forward(x, KernelChoice.choose());
    }

    /// Normalises with the given kernels.
    public Tensor forward(Tensor x, Kernels kernels) {
        int rank = x.rank();
        int dims = normalizedShape.length;
        if (rank < dims || !Arrays.equals(x.shape(), rank - dims, rank, normalizedShape, 0, dims)) {
            throw new IllegalArgumentException("given normalized_shape=" + Arrays.toString(normalizedShape)
                    + ", expected input of shape [*, " + Arrays.toString(normalizedShape).substring(1)
                    + ", but got " + Arrays.toString(x.shape()));
        }
        Matrix rows = x.reshape(x.values().length / size(), size()).toMatrix();                 // [*, H]
        kernels.layerNorm(rows, weight, bias, eps, rows);
        return Tensor.of(rows.toArray(), x.shape().clone());
    }

    LayerNorm named(String newName) {
        return new LayerNorm(newName, normalizedShape, weight, bias, eps);
    }

    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        if (weight != null) {
            parameters.add(new Parameter("weight", Parameter.ONES, normalizedShape));
        }
        if (bias != null) {
            parameters.add(new Parameter("bias", Parameter.ZEROS, normalizedShape));
        }
        return parameters;
    }

    private static int product(int[] sizes) {
        return sizes.length == 0 ? 0 : Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }
}
