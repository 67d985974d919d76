// SPDX-License-Identifier: Apache-2.0
/// Parameters in files. A [Checkpoint][io.encoder4j.checkpoint.Checkpoint] is a set of named, memory-mapped
/// [tensors][io.encoder4j.checkpoint.StoredTensor]; safetensors files, one or sharded, are read here, ONNX files by the
/// module encoder4j-onnx. `Weights` is a cursor in the tree of names that layers are built from; it checks every shape
/// and reports all problems of a checkpoint together.
///
/// ```java
/// try (Checkpoint model = Checkpoints.open(Path.of("all-MiniLM-L6-v2"))) {
///     Tensor words = model.find("embeddings.word_embeddings.weight").orElseThrow().toTensor();   // [30522, 384]
/// }
/// Safetensors.write(Path.of("out.safetensors"), Map.of("words", words), Map.of("format", "pt"));
/// ```
///
/// In a folder, [Checkpoints][io.encoder4j.checkpoint.Checkpoints] takes `model.safetensors`, else the shards that
/// `model.safetensors.index.json` names. Pickles (`pytorch_model.bin`) are never read, because they can run code.
///
/// **A file is never trusted.** Any bytes in it give a result or one
/// [CheckpointException][io.encoder4j.checkpoint.CheckpointException] that names the file and the place in it. The
/// order of things is what makes it so:
///
/// 1. [MappedFile][io.encoder4j.checkpoint.MappedFile] opens regular files only; a pipe would block, a device never
///    end.
/// 2. A length is compared with what is left of the file before anything is allocated or mapped for it, and sizes are
///    multiplied with overflow checked.
/// 3. JSON is scanned in constant memory for depth, number and string lengths, and UTF-8, before a parser buffers a
///    token of it.
/// 4. A name in a file can only mean a file of the model's own folder:
///    [ModelFolder][io.encoder4j.checkpoint.ModelFolder] is the one place where such names become paths.
/// 5. What files say is escaped before it reaches a message: [CheckpointException][io.encoder4j.checkpoint.CheckpointException]
///    does it.
package io.encoder4j.checkpoint;
