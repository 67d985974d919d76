// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.InferencePass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Torch's `nn.LayerNorm` (Ba et al. 2016): `(x - mean) / √(variance + eps) · weight + bias` over the last dimensions,
/// with the biased variance and eps inside the root.
///
/// @param normalizedShape `normalized_shape`: sizes of the dimensions normalised together, the last ones of the input
/// @param weight          one value per feature, or null for ones
/// @param bias            one value per feature, or null for zeros
/// @param eps             added to the variance
public record LayerNorm(int[] normalizedShape, float @Nullable [] weight, float @Nullable [] bias, float eps) {

    /// Torch's default eps.
    public static final float DEFAULT_EPS = 1e-5f;

    /// Checks the sizes.
    ///
    /// @throws IllegalArgumentException if weight or bias has another size, or eps is negative or not a number
    public LayerNorm {
        int size = product(normalizedShape);
        if (size < 1 || weight != null && weight.length != size || bias != null && bias.length != size) {
            throw new IllegalArgumentException("normalized_shape " + Arrays.toString(normalizedShape) + " has " + size
                    + " features, but weight has " + (weight == null ? "none" : weight.length) + " and bias has "
                    + (bias == null ? "none" : bias.length));
        }
        if (!(eps >= 0)) {
            throw new IllegalArgumentException("eps must not be negative, got " + eps);
        }
    }

    /// {@return a norm with torch's first values: weights of one and biases of zero}
    ///
    /// @param normalizedShape   sizes of the last axes, over which it normalises
    /// @param eps               added to the variance before the root is taken
    /// @param elementwiseAffine whether there are a weight and, if `bias`, a bias
    /// @param bias              whether there is one, if there are affine parameters
    /// @throws IllegalArgumentException if a size is not positive, or eps is negative or not a number
    public static LayerNorm of(int[] normalizedShape, float eps, boolean elementwiseAffine, boolean bias) {
        int size = Math.max(product(normalizedShape), 0);
        return new LayerNorm(normalizedShape.clone(), elementwiseAffine ? ones(size) : null,
                elementwiseAffine && bias ? new float[size] : null, eps);
    }

    /// {@return a norm with torch's defaults: eps 1e-5, weights of one and biases of zero}
    ///
    /// @param normalizedShape sizes of the last axes, over which it normalises
    /// @throws IllegalArgumentException if a size is not positive
    public static LayerNorm of(int... normalizedShape) {
        return of(normalizedShape, DEFAULT_EPS, true, true);
    }

    /// {@return number of features normalised together}
    public int size() {
        return product(normalizedShape);
    }

    /// {@return the norm with these parameters in place of its own}
    ///
    /// @param state `weight` and `bias`, as far as this norm has them, of the normalised shape; copied
    /// @throws IllegalArgumentException listing every missing and unexpected name and every wrong shape
    public LayerNorm load(Map<String, Tensor> state) {
        Map<String, Tensor> loaded = StateDict.load("LayerNorm", parameters(), state);
        return new LayerNorm(normalizedShape, weight == null ? null : loaded.get("weight").values(),
                bias == null ? null : loaded.get("bias").values(), eps);
    }

    /// {@return the parameters by torch's names: `weight`, `bias`, as far as this norm has them}
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        if (weight != null) {
            state.put("weight", Tensor.of(weight, normalizedShape));
        }
        if (bias != null) {
            state.put("bias", Tensor.of(bias, normalizedShape));
        }
        return state;
    }

    /// The parameters torch registers, in its order.
    List<ParameterSpec> parameters() {
        List<ParameterSpec> parameters = new ArrayList<>();
        if (weight != null) {
            parameters.add(new ParameterSpec("weight", ParameterSpec.ONES, normalizedShape));
        }
        if (bias != null) {
            parameters.add(new ParameterSpec("bias", ParameterSpec.ZEROS, normalizedShape));
        }
        return parameters;
    }

    /// The same norm over rows of [#size()] features, as a pass knows it.
    io.encoder4j.nn.LayerNorm onRows(String name) {
        return new io.encoder4j.nn.LayerNorm(name,
                Parameter.of(StateDict.child(name, "weight"), weight == null ? ones(size()) : weight, size()),
                bias == null ? null : Parameter.of(StateDict.child(name, "bias"), bias, size()), eps);
    }

    /// Normalises with the kernels that [Compute#choose()] chooses.
    ///
    /// @param x `[*, normalizedShape…]`
    /// @return a new tensor of the same shape
    /// @throws IllegalArgumentException if the last dimensions of `x` are others
    public Tensor forward(Tensor x) {
        return forward(x, Compute.choose());
    }

    /// Normalises with `compute`.
    ///
    /// @param x       `[*, normalizedShape…]`
    /// @param compute the kernels and threads
    /// @return a new tensor of the same shape
    /// @throws IllegalArgumentException if the last dimensions of `x` are others
    public Tensor forward(Tensor x, Compute compute) {
        int rank = x.rank();
        int dims = normalizedShape.length;
        if (rank < dims || !Arrays.equals(x.shape(), rank - dims, rank, normalizedShape, 0, dims)) {
            throw new IllegalArgumentException("given normalized_shape=" + Arrays.toString(normalizedShape)
                    + ", expected input of shape [*, " + Arrays.toString(normalizedShape).substring(1)
                    + ", but got " + Arrays.toString(x.shape()));
        }
        try (InferencePass pass = compute.pass()) {
            Matrix rows = x.reshape(x.values().length / size(), size()).toMatrix();             // [*, size]
            return Tensor.of(pass.layerNorm(onRows("LayerNorm"), rows).toArray(), x.shape().clone());
        }
    }

    private static float[] ones(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static int product(int[] sizes) {
        return sizes.length == 0 ? 0 : Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }
}
