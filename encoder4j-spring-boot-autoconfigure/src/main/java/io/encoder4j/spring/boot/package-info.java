// SPDX-License-Identifier: Apache-2.0
/// Spring Boot's auto-configuration: an `EmbeddingModel` bean and a reranker by the properties of
/// [Encoder4jProperties][io.encoder4j.spring.boot.Encoder4jProperties], health, and messages for mistakes.
@NullMarked
package io.encoder4j.spring.boot;

import org.jspecify.annotations.NullMarked;
