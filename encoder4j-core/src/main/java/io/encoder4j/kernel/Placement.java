// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.LinearWeights;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A linear layer's parameters in the layout of some kernels. The layout is made once, and again after a parameter's values
/// were replaced or when other kernels ask for it. May be shared among threads.
public final class Placement {

    private record Placed(Kernels kernels, int version, PackedWeight packed) { }

    private final LinearWeights weights;
    private volatile @Nullable Placed placed;

    /// Weights that no kernels have laid out yet.
    ///
    /// @param weights the parameters
    public Placement(LinearWeights weights) {
        this.weights = weights;
    }

    /// {@return the layout of these kernels} If there is none or it is out of date, it is made now, in memory that the garbage
    /// collector owns.
    ///
    /// @param kernels whose layout is wanted
    public PackedWeight on(Kernels kernels) {
        Placed known = placed;
        return known != null && known.kernels == kernels && known.version == weights.version() ? known.packed
                : place(kernels, Arena.ofAuto(), _ -> { });
    }

    /// Makes the layout now.
    ///
    /// @param kernels lay it out
    /// @param arena   owns the layout's memory
    /// @param check   sees the weight `[out, in]` before it is laid out
    /// @return the layout
    public synchronized PackedWeight place(Kernels kernels, Arena arena, Consumer<Matrix> check) {
        int version = weights.version();
        PackedWeight packed = kernels.place(weights, arena, check);
        placed = new Placed(kernels, version, packed);
        return packed;
    }
}
