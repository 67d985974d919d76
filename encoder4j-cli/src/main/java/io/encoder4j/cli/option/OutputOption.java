// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.option;

import io.encoder4j.cli.Output;
import io.encoder4j.cli.Streams;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command's results go: a mixin.
public final class OutputOption {

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", order = 31,
            description = "Write there instead of standard output. The file appears when it is complete.")
    private @Nullable Path output;

    /// Whether results go to standard output.
    public boolean isStandard() {
        return output == null || output.toString().equals("-");
    }

    /// Opens it.
    ///
    /// @param patching whether [Output#patch] will be needed
    public Output open(Streams streams, boolean patching) throws IOException {
        return Output.open(isStandard() ? null : output, patching, streams);
    }
}
