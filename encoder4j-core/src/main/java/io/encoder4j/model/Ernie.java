// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.Optional;

/// ERNIE 2.0 and 3.0 (Sun et al. 2019, 2021): a [Bert] that may be told what task it is at by a fourth look-up.
///
/// @param bert  everything else
/// @param tasks vectors of the tasks; a text's task is 0, as in transformers
record Ernie(Bert bert, Optional<Embedding> tasks) implements Encoder {

    /// Builds the encoder from a checkpoint's weights.
    static Ernie load(ModelConfig json, Weights weights) {
        Bert.Config config = Bert.Config.read(json);
        Optional<Embedding> tasks = json.flag("use_task_id", false)
                ? Optional.of(weights.at("embeddings.task_type_embeddings")
                        .embedding(json.size("task_type_vocab_size", 3), config.hiddenSize()))
                : Optional.empty();
        return new Ernie(Bert.load(config, weights), tasks);
    }

    @Override
    public Sizes sizes() {
        return bert.sizes();
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = bert.embeddings().sum(batch, pass);                                          // [T, H]
        if (tasks.isPresent()) {
            x = pass.add(x, pass.embed(tasks.get(), new int[batch.tokens()]));                  // [T, H]
        }
        x = pass.layerNorm(bert.embeddings().norm(), x);                                        // [T, H]
        return bert.encode(x, batch.sequences(), pass);                                         // [T, H]
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return bert.pooler(hidden, sequences, pass);                                            // [B, H]
    }

    @Override
    public Heads heads() {
        return bert.heads();
    }
}
