// SPDX-License-Identifier: Apache-2.0
/// Transformer encoders for the JVM: the same numbers as PyTorch, no native library.
///
/// ```java
/// try (EncoderModel model = EncoderModel.open("sentence-transformers/all-MiniLM-L6-v2")) {
///     Embedder embedder = model.embedder();
///     float[] vector = embedder.embed("A sentence to encode").vector();
/// }
/// ```
///
/// A name such as this one needs `io.encoder4j:encoder4j-models`, which `io.encoder4j:encoder4j` brings; the path of a folder
/// needs nothing else.
///
/// An [EncoderModel][io.encoder4j.EncoderModel] is a folder as Hugging Face keeps it: `config.json`,
/// `model.safetensors`, `tokenizer.json` and, for sentence-transformers, `modules.json`. An
/// [Embedder][io.encoder4j.Embedder] turns texts into vectors. Both may be shared among threads.
///
/// What a caller can act on has a type:
///
/// | exception | when | what to do |
/// |---|---|---|
/// | [ModelNotFoundException][io.encoder4j.error.ModelNotFoundException] | a name leads to no model | ask for another name |
/// | [CheckpointException][io.encoder4j.checkpoint.CheckpointException] | a folder cannot be used, or not for a task | see its problems |
/// | [InputException][io.encoder4j.error.InputException] | inputs have no answer: null, too long, … | leave out those it names, ask again |
/// | [CancelledException][io.encoder4j.error.CancelledException] | the thread was interrupted | nothing: the rest was not computed |
/// | [ModelClosedException][io.encoder4j.error.ModelClosedException] | the model was closed | open it again |
/// | [FilesChangedException][io.encoder4j.error.FilesChangedException] | a file was cut while the model was open | open it again |
/// | [OutOfMemoryError] | a batch needs more scratch memory than allowed | see [ModelOptions][io.encoder4j.ModelOptions] |
package io.encoder4j;
