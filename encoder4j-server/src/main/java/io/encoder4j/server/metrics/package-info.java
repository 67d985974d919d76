// SPDX-License-Identifier: Apache-2.0
/// Counters and times, as Prometheus reads them.
package io.encoder4j.server.metrics;
