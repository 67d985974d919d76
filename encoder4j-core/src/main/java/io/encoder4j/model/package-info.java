// SPDX-License-Identifier: Apache-2.0
/// One file for each architecture: its configuration, the names of its weights and its forward pass. Read
/// [Bert][io.encoder4j.model.Bert] first; every other file says what is different.
///
/// Letters in shape comments: T tokens of the batch, H `hiddenSize`, I `intermediateSize`, N `heads`, D `headSize`, V
/// `vocabSize`, B sequences.
///
/// | model_type | file | what is different |
/// |---|---|---|
/// | bert | [Bert][io.encoder4j.model.Bert] | the one to read first: learned positions, norm after each half |
///
/// A model file imports the layers and the pass, never a kernel, a thread or JSON.
package io.encoder4j.model;
