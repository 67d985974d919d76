// SPDX-License-Identifier: Apache-2.0
/// encoder4j for Spring AI: [EmbeddingModel][io.encoder4j.spring.ai.EncoderEmbeddingModel] and
/// [DocumentPostProcessor][io.encoder4j.spring.ai.EncoderDocumentReranker].
@NullMarked
package io.encoder4j.spring.ai;

import org.jspecify.annotations.NullMarked;
