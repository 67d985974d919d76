// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// The parameters of modules as they lie in the checkpoint, whatever it puts before their names.
///
/// @param checkpoint open
/// @param eps        added to the variance by the norms
record Parameters(Checkpoint checkpoint, double eps) {

    /// Old checkpoints call a norm's weight and bias so.
    private static final List<List<String>> NAMES = List.of(List.of("weight", "gamma"), List.of("bias", "beta"));

    /// The weight of a module.
    Tensor weight(String module) {
        return stored(module).toTensor();
    }

    /// Some rows of a table, which may be too large to be copied whole.
    double[][] rows(String module, int[] ids) {
        StoredTensor table = stored(module);
        int cols = Math.toIntExact(table.shape()[1]);
        double[][] rows = new double[ids.length][cols];
        for (int row = 0; row < ids.length; row++) {
            for (int col = 0; col < cols; col++) {
                rows[row][col] = table.get((long) ids[row] * cols + col);
            }
        }
        return rows;
    }

    private StoredTensor stored(String module) {
        return find(module, NAMES.getFirst()).orElseThrow(() -> new IllegalArgumentException(
                checkpoint.location() + ": there is no weight of " + module));
    }

    /// The bias of a module; zeros if it has none.
    Tensor bias(String module) {
        return find(module, NAMES.getLast()).map(StoredTensor::toTensor)
                .orElseGet(() -> Tensor.zeros(Math.toIntExact(stored(module).shape()[0])));
    }

    private Optional<StoredTensor> find(String module, List<String> kinds) {
        for (String kind : kinds) {
            String name = module + "." + kind;
            Optional<StoredTensor> found = checkpoint.names().stream()
                    .filter(n -> n.equals(name) || n.endsWith("." + name)).findFirst().flatMap(checkpoint::find);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    double[][] linear(double[][] x, String module) {
        return ByHand.linear(x, weight(module), bias(module));
    }

    double[][] layerNorm(double[][] x, String module) {
        return ByHand.layerNorm(x, weight(module), bias(module), eps);
    }
}
