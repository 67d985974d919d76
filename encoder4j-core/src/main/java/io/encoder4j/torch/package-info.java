// SPDX-License-Identifier: Apache-2.0
/// Torch's own encoder modules, with torch's names, options, masks, state dicts, first values and results.
///
/// [TransformerEncoder][io.encoder4j.torch.TransformerEncoder],
/// [TransformerEncoderLayer][io.encoder4j.torch.TransformerEncoderLayer],
/// [MultiheadAttention][io.encoder4j.torch.MultiheadAttention], [LayerNorm][io.encoder4j.torch.LayerNorm],
/// [Embedding][io.encoder4j.torch.Embedding] and [PositionalEncoding][io.encoder4j.torch.PositionalEncoding] take and
/// return a [Tensor][io.encoder4j.tensor.Tensor] in torch's layouts, under the masks torch knows
/// ([Masks][io.encoder4j.torch.Masks]). Inside, they call a [Pass][io.encoder4j.nn.Pass] as every model does.
/// [TorchCase][io.encoder4j.torch.TorchCase] checks a recorded call against torch's own answer.
///
/// ```java
/// var options = TransformerEncoderLayerOptions.of(512, 8).withBatchFirst(true);
/// var encoder = TransformerEncoder.of(TransformerEncoderLayer.init(options, 42), 6, null);
/// Tensor out = encoder.forward(src, Masks.NONE.withKeyPadding(Mask.padding(10, 10, 7)));
/// ```
///
/// Letters: N sequences, L queries, S keys or tokens of a sequence, T tokens of a batch, E features of a token, D features
/// of a head.
package io.encoder4j.torch;
