// SPDX-License-Identifier: Apache-2.0
/// Reading JSON within limits, and writing numbers without detours.
package io.encoder4j.server.json;
