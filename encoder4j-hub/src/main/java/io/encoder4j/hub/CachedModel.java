// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.nio.file.Path;
import java.util.List;

/// A model in the cache.
///
/// @param repo      `org/name`
/// @param folder    its folder
/// @param bytes     what it takes on disk, files that several revisions share counted once
/// @param revisions every snapshot
public record CachedModel(String repo, Path folder, long bytes, List<Revision> revisions) {

    /// One snapshot.
    ///
    /// @param commit  its hash
    /// @param refs    branches and tags that were at it when they were last looked up; may be empty
    /// @param folder  its folder
    /// @param files   how many
    /// @param missing what would be needed to run it, in words; empty if nothing
    public record Revision(String commit, List<String> refs, Path folder, int files, String missing) { }
}
