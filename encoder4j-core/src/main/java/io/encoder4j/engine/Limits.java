// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

/// How much a model may use at once.
///
/// @param threads        that compute
/// @param passes         that exist at once; 0 for as many as threads
/// @param scratchBytes   of all passes together
/// @param tokensPerBatch at most
public record Limits(int threads, int passes, long scratchBytes, int tokensPerBatch) { }
