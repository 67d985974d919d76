// SPDX-License-Identifier: Apache-2.0
/// Transformer encoders for the JVM: the same numbers as PyTorch, no native library.
///
/// ```java
/// try (EncoderModel model = EncoderModel.open(Path.of("all-MiniLM-L6-v2"))) {
///     Embedder embedder = model.embedder();
///     float[] vector = embedder.embed("A sentence to encode").vector();
/// }
/// ```
///
/// An [EncoderModel][io.encoder4j.EncoderModel] is a folder as Hugging Face keeps it: `config.json`,
/// `model.safetensors`, `tokenizer.json` and, for sentence-transformers, `modules.json`. An
/// [Embedder][io.encoder4j.Embedder] turns texts into vectors. Both may be shared among threads.
package io.encoder4j;
