// SPDX-License-Identifier: Apache-2.0
/// encoder4j for LangChain4j: [EmbeddingModel][io.encoder4j.langchain4j.EncoderEmbeddingModel],
/// [ScoringModel][io.encoder4j.langchain4j.EncoderScoringModel],
/// [TokenCountEstimator][io.encoder4j.langchain4j.EncoderTokenCountEstimator] and
/// [DocumentSplitter][io.encoder4j.langchain4j.EncoderDocumentSplitter].
@NullMarked
package io.encoder4j.langchain4j;

import org.jspecify.annotations.NullMarked;
