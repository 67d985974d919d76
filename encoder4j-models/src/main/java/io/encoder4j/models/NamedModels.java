// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import io.encoder4j.ModelLocator;
import io.encoder4j.hub.HubId;
import io.encoder4j.hub.HubListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/// What `EncoderModel.open(String)` finds on the class path: [Models] with the user's own settings. What takes time is logged.
public final class NamedModels implements ModelLocator, HubListener {

    private static final System.Logger LOG = System.getLogger("io.encoder4j");

    /// For [java.util.ServiceLoader].
    public NamedModels() { }

    @Override
    public Path folder(String name) throws IOException {
        return Models.ofUser(this).folder(name);
    }

    @Override
    public void begins(HubId id, int files, long bytes) {
        LOG.log(Level.INFO, "downloading {0}: {1} files, {2} bytes", id, files, bytes);
    }

    @Override
    public void notice(String line) {
        LOG.log(Level.INFO, line);
    }
}
