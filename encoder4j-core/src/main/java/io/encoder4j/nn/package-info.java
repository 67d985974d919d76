// SPDX-License-Identifier: Apache-2.0
/// The words that models are written in.
///
/// A model's forward pass is written once, as calls of a [Pass][io.encoder4j.nn.Pass]: look up, project, add,
/// normalise, attend. The pass decides what else happens: [InferencePass][io.encoder4j.nn.InferencePass] reuses
/// scratch memory, a tracing pass keeps every intermediate result by name. The layers themselves,
/// [Linear][io.encoder4j.nn.Linear], [LayerNorm][io.encoder4j.nn.LayerNorm], [Embedding][io.encoder4j.nn.Embedding],
/// [Attention][io.encoder4j.nn.Attention] and [Activation][io.encoder4j.nn.Activation], are records of parameters and
/// of the name the checkpoint gives them, so that a trace, an error and a file speak of the same thing.
///
/// Letters: T tokens of a batch, S tokens of a sequence, H hidden size, I intermediate size, N heads, D head size, V
/// vocabulary.
package io.encoder4j.nn;
