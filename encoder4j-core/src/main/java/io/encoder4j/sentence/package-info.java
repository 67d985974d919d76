// SPDX-License-Identifier: Apache-2.0
/// From token vectors to one vector of a text: what sentence-transformers keeps in `modules.json` and the small files
/// around it. [SentencePipeline][io.encoder4j.sentence.SentencePipeline] reads a folder, in the spelling of version 6 or
/// in the older ones, and applies [pooling][io.encoder4j.sentence.Pooling] and the modules after it.
///
/// A pooled vector is a few hundred numbers, so all of this is plain loops.
package io.encoder4j.sentence;
