// SPDX-License-Identifier: Apache-2.0
/// From token vectors to one vector of a text: what sentence-transformers keeps in `modules.json` and the small files
/// around it. [SentenceFolder][io.encoder4j.sentence.SentenceFolder] reads a folder, in the spelling of version 6 or in the
/// older ones; [SentencePipeline][io.encoder4j.sentence.SentencePipeline] is what it says; and
/// [TextPooler][io.encoder4j.sentence.TextPooler] computes it, through the same [Pass][io.encoder4j.nn.Pass] as the encoder.
package io.encoder4j.sentence;
