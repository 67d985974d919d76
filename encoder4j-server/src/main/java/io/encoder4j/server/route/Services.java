// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.platform.Release;
import io.encoder4j.server.batching.Admission;
import io.encoder4j.server.config.ServerConfig;
import io.encoder4j.server.metrics.ServerMetrics;
import io.encoder4j.server.model.ServedModels;

/// What all routes stand on.
public interface Services {

    /// The release that runs.
    String VERSION = Release.version();

    /// What the server was told.
    ServerConfig config();

    /// The models.
    ///
    /// @throws io.encoder4j.server.failure.RequestFailure 503 while they are loaded
    ServedModels models();

    /// Room for inputs.
    Admission admission();

    /// Counters.
    ServerMetrics metrics();

    /// Whether the server is ready for work.
    boolean isReady();

    /// Whether the server finishes what it took on, and takes nothing more.
    boolean isStopping();
}
