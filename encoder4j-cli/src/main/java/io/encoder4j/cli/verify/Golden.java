// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.ModelOptions;
import java.io.IOException;
import java.nio.file.Path;

/// Something recorded that we can compute again.
interface Golden {

    /// Its file or folder.
    Path path();

    /// Computes and compares.
    ///
    /// @throws IOException if a file cannot be read
    /// @throws io.encoder4j.checkpoint.CheckpointException if a file is malformed
    Section check(ModelOptions options) throws IOException;
}
