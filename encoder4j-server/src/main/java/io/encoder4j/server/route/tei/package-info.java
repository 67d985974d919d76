// SPDX-License-Identifier: Apache-2.0
/// The interface of text-embeddings-inference (TEI).
package io.encoder4j.server.route.tei;
