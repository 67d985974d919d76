// SPDX-License-Identifier: Apache-2.0
/// What the numbers live in. Two shapes of data are enough for an encoder:
///
/// - [Matrix][io.encoder4j.tensor.Matrix]: what the engine computes on. Rows are tokens, columns are features; a head is a
///   range of columns and a sequence a range of rows, both views. There are no batches of padded sequences anywhere inside:
///   [Sequences][io.encoder4j.tensor.Sequences] says where each text's rows begin.
/// - [Tensor][io.encoder4j.tensor.Tensor]: what goes in and comes out, a shape and its values on the heap, as torch and the
///   checkpoint files speak of them.
///
/// This package depends on nothing.
package io.encoder4j.tensor;
