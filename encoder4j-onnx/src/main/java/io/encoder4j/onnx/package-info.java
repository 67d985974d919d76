// SPDX-License-Identifier: Apache-2.0
/// ONNX files as a source of weights. Many models are published as ONNX only; this module makes of such a file what
/// encoder4j, transformers and sentence-transformers read, and does not run graphs.
///
/// ```java
/// OnnxImport.toFolder(Path.of("all-minilm-l6-v2.onnx"), null, Path.of("all-MiniLM-L6-v2"), ImportOptions.defaults());
/// ```
///
/// An ONNX file is a graph with the weights as constants in it. What an exporter loses, the graph still tells:
///
/// - **Names.** A linear layer's weight is anonymous (`onnx::MatMul_787`) and transposed in the file; the node that
///   uses it, or the bias that is added next, is called after its module.
/// - **Sizes.** Those of the tensors, all checked against one another.
/// - **Heads, epsilon, activation.** The shape the query is cut into, what is added to the variance, and the operations
///   between the two feed-forward layers. What cannot be seen can be given as an option or by a config.json beside.
/// - **Pooling and normalisation**, if an output is pooled. If none is, they have to be said: by a sentence-transformers
///   folder around the file, the table of [KnownExport][io.encoder4j.onnx.KnownExport], or the caller.
///
/// From the file up: `ProtoReader` (fields of messages, bounded) → `OnnxReader`, `OnnxTensors` (the messages of
/// onnx.proto) → `OnnxValidator` → [OnnxFile][io.encoder4j.onnx.OnnxFile] → `WeightNames` →
/// [OnnxCheckpoint][io.encoder4j.onnx.OnnxCheckpoint] → `EncoderParameters` (which `Family`), `GraphHyperparameters`,
/// `PoolingReader` → [OnnxConfig][io.encoder4j.onnx.OnnxConfig] → [OnnxImport][io.encoder4j.onnx.OnnxImport].
///
/// Imported are BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet and ModernBERT. Quantised and fused graphs are refused, with
/// all operations that are not understood in one message, as are other architectures: a tensor without a place is an error,
/// never ignored.
package io.encoder4j.onnx;
