// SPDX-License-Identifier: Apache-2.0
/// Threads, passes and batches behind a model. Not exported: nothing here is for users.
package io.encoder4j.engine;
