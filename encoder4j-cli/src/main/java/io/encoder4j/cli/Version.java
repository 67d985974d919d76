// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.platform.Release;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints.
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"encoder4j " + Release.version()};
    }
}
