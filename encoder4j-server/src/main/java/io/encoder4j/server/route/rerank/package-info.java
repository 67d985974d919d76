// SPDX-License-Identifier: Apache-2.0
/// Rerankers, in the forms of TEI, Cohere and Jina: one handler, by the names of the fields.
package io.encoder4j.server.route.rerank;
