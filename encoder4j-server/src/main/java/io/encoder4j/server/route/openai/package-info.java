// SPDX-License-Identifier: Apache-2.0
/// The interface of OpenAI's embeddings.
package io.encoder4j.server.route.openai;
