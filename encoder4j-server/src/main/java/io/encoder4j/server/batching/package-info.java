// SPDX-License-Identifier: Apache-2.0
/// Requests of many clients become batches: one queue for each model, with admission and deadlines.
package io.encoder4j.server.batching;
