// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Trace;
import java.util.List;
import java.util.Optional;

/// The modules of one layer of a trace, told apart by the order in which they are computed: families name them differently,
/// but an encoder layer with its norms after the sums has these ten.
///
/// @param name    the layer's
/// @param input   what went in, `[T, H]`
/// @param modules query, key, value, attention, output projection, norm, feed-forward up, activation, down, norm
/// @param probs   attention probabilities `[N, S, S]`
/// @param output  what came out, `[T, H]`
record LayerTrace(String name, Tensor input, List<Module> modules, Tensor probs, Tensor output) {

    /// @param name  of the module, relative to the encoder
    /// @param value what it gave
    record Module(String name, Tensor value) { }

    private static final int MODULES = 10;

    /// Number of layers.
    static int count(Trace trace) {
        return trace.probs().size();
    }

    /// Layer `index`, from 0.
    ///
    /// @throws IllegalArgumentException if the layer is built in another way than the one told
    static LayerTrace of(Trace trace, int index) {
        String attention = List.copyOf(trace.probs().keySet()).get(index);
        List<String> names = List.copyOf(trace.outputs().keySet());
        // The shortest name the attention lies under; modules between the two are not kept by a trace.
        String layer = names.stream().filter(n -> attention.startsWith(n + ".")).findFirst().orElse("");
        List<Module> modules = names.stream().filter(n -> n.startsWith(layer + "."))
                .map(n -> new Module(n, trace.outputs().get(n))).toList();
        if (layer.isEmpty() || modules.size() != MODULES || !modules.get(3).name.equals(attention)) {
            throw new IllegalArgumentException("explain knows layers of ten modules with the norms after the sums, as"
                    + " BERT has them; the layer of " + attention + " has "
                    + modules.stream().map(Module::name).toList());
        }
        Tensor input = trace.outputs().get(names.get(names.indexOf(modules.getFirst().name) - 1));
        return new LayerTrace(layer, input, modules, trace.probs().get(attention).getFirst(),
                trace.outputs().get(layer));
    }

    /// The embedding modules: what comes before the first layer.
    static List<Module> embeddings(Trace trace) {
        String first = of(trace, 0).query().name;
        List<String> names = List.copyOf(trace.outputs().keySet());
        return names.subList(0, names.indexOf(first)).stream().map(n -> new Module(n, trace.outputs().get(n))).toList();
    }

    /// The embedding module with that in its name.
    static Optional<Module> embedding(Trace trace, String part) {
        return embeddings(trace).stream().filter(m -> m.name.contains(part)).findFirst();
    }

    Module query() {
        return modules.get(0);
    }

    Module key() {
        return modules.get(1);
    }

    Module value() {
        return modules.get(2);
    }

    Module attention() {
        return modules.get(3);
    }

    Module attentionOutput() {
        return modules.get(4);
    }

    Module attentionNorm() {
        return modules.get(5);
    }

    Module up() {
        return modules.get(6);
    }

    Module activation() {
        return modules.get(7);
    }

    Module down() {
        return modules.get(8);
    }

    Module norm() {
        return modules.get(9);
    }

    int heads() {
        return probs.size(0);
    }

    int headSize() {
        return query().value.size(1) / heads();
    }
}
