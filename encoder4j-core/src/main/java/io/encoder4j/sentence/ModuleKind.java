// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The modules of `modules.json` that are implemented. A class is known by its whole name: `custom_pooling.Pooling` is code of its
/// own and may do anything.
enum ModuleKind {

    TRANSFORMER("Transformer"),
    MLM_TRANSFORMER("MLMTransformer"),
    STATIC_EMBEDDING("StaticEmbedding"),
    WEIGHTED_LAYER_POOLING("WeightedLayerPooling"),
    POOLING("Pooling"),
    SPLADE_POOLING("SpladePooling"),
    DENSE("Dense"),
    LAYER_NORM("LayerNorm"),
    NORMALIZE("Normalize"),
    DROPOUT("Dropout"),
    MULTI_VECTOR_MASK("MultiVectorMask"),
    ROUTER("Router");

    /// Versions write `sentence_transformers.models.Pooling`, `sentence_transformers.models.Pooling.Pooling` or
    /// `sentence_transformers.sentence_transformer.modules.pooling.Pooling`: the package is theirs in all of them.
    private static final String PACKAGE = "sentence_transformers.";
    /// What a Router was called before.
    private static final String ASYM = "Asym";
    /// PyLate's is the same as sentence-transformers'.
    private static final String PYLATE_DENSE = "pylate.models.Dense.Dense";

    private final String className;

    ModuleKind(String className) {
        this.className = className;
    }

    /// The module's class, without its package.
    String className() {
        return className;
    }

    /// Whether texts go into it.
    boolean takesTexts() {
        return this == TRANSFORMER || this == MLM_TRANSFORMER || this == STATIC_EMBEDDING;
    }

    /// The kind of a class in `modules.json`.
    static Optional<ModuleKind> of(String type) {
        if (type.equals(PYLATE_DENSE)) {
            return Optional.of(DENSE);
        }
        String last = type.substring(type.lastIndexOf('.') + 1);
        String name = last.equals(ASYM) ? ROUTER.className : last;
        return !type.startsWith(PACKAGE) ? Optional.empty()
                : Arrays.stream(values()).filter(kind -> kind.className.equals(name)).findFirst();
    }

    /// Whether a class is one of PyLate's, which makes the folder an encoder of token vectors.
    static boolean isPylate(String type) {
        return type.startsWith("pylate.");
    }

    /// Every class, for messages.
    static List<String> names() {
        return Arrays.stream(values()).map(ModuleKind::className).toList();
    }
}
