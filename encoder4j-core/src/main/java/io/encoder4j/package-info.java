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
package io.encoder4j;
