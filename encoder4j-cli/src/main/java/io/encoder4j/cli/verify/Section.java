// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The outcome for one golden.
///
/// @param path    its file or folder
/// @param about   what computed it, in a few words
/// @param results in the order in which they are computed, as far as there is one
/// @param notes   what was left out on purpose
/// @param error   why nothing could be compared, or null
record Section(Path path, String about, List<Result> results, List<String> notes, @Nullable String error) {

    /// A golden that could not be read or computed.
    static Section broken(Path path, String error) {
        return new Section(path, "", List.of(), List.of(), error);
    }

    boolean ok() {
        return error == null && !results.isEmpty() && failures() == 0;
    }

    long failures() {
        return results.stream().filter(r -> !r.ok()).count();
    }

    /// The earliest result that does not hold: what comes after it was computed from it.
    Optional<Result> firstDivergence() {
        return results.stream().filter(r -> !r.ok()).findFirst();
    }
}
