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
/// | roberta, xlm-roberta, camembert | [Roberta][io.encoder4j.model.Roberta] | positions begin behind the padding id |
/// | xlm-roberta-xl | [XlmRobertaXl][io.encoder4j.model.XlmRobertaXl] | Roberta's positions, MegatronBert's layers |
/// | distilbert | [DistilBert][io.encoder4j.model.DistilBert] | no token types, no pooler, names of its own |
/// | electra | [Electra][io.encoder4j.model.Electra] | embeddings may be smaller; no pooler; a discriminator |
/// | albert | [Albert][io.encoder4j.model.Albert] | embeddings smaller, few layers used many times |
/// | mpnet | [MPNet][io.encoder4j.model.MPNet] | Roberta's positions, a bias by distance, no token types |
/// | ernie | [Ernie][io.encoder4j.model.Ernie] | a look-up by task |
/// | megatron-bert | [MegatronBert][io.encoder4j.model.MegatronBert] | norm before each half |
/// | roformer | [RoFormer][io.encoder4j.model.RoFormer] | rotary positions, neighbours in pairs; no pooler |
/// | mobilebert | [MobileBert][io.encoder4j.model.MobileBert] | thin layers between wide ones, no norm, words seen with neighbours |
/// | nomic_bert | [NomicBert][io.encoder4j.model.NomicBert] | [RotaryBert][io.encoder4j.model.RotaryBert] with a SiLU gate; two spellings of config.json |
/// | gte, new | [Gte][io.encoder4j.model.Gte] | RotaryBert with a GELU gate |
/// | jina_embeddings_v3 | [JinaEmbeddingsV3][io.encoder4j.model.JinaEmbeddingsV3] | RotaryBert with Roberta's heads |
/// | bert (jina-bert-v2) | [JinaBert][io.encoder4j.model.JinaBert] | linear biases instead of positions, a gate; two spellings |
/// | modernbert | [ModernBert][io.encoder4j.model.ModernBert] | norm before each half, a gate, most layers look nearby only |
/// | eurobert | [EuroBert][io.encoder4j.model.EuroBert] | Llama's layers: RMS norms, grouped heads, a gate |
/// | t5, mt5 | [T5Encoder][io.encoder4j.model.T5Encoder] | RMS norms, a bias by distance, no scale |
/// | deberta-v2 | [DebertaV2][io.encoder4j.model.DebertaV2] | scores of relative positions, in buckets |
/// | deberta | [Deberta][io.encoder4j.model.Deberta] | DebertaV2 with another self-attention |
/// | esm | [Esm][io.encoder4j.model.Esm] | proteins: MegatronBert's layers, rotary or Roberta's positions |
///
/// A model file imports the layers and the pass, never a kernel, a thread or JSON.
package io.encoder4j.model;
