// SPDX-License-Identifier: Apache-2.0
/// Parameters in files. A [Checkpoint][io.encoder4j.checkpoint.Checkpoint] is a set of named, memory-mapped
/// [tensors][io.encoder4j.checkpoint.StoredTensor]; safetensors files, one or sharded, are read here, ONNX files by the
/// module encoder4j-onnx. `Weights` is a cursor in the tree of names that layers are built
/// from; it checks every shape and reports all problems of a checkpoint together.
///
/// A file is never trusted: sizes are checked against the file's length before anything is allocated, and no name in a
/// file can lead out of its folder.
package io.encoder4j.checkpoint;
