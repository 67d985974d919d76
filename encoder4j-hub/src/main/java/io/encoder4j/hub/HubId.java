// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/// A model's name on the hub and one of its revisions: `org/name@revision`.
///
/// @param repo     `org/name`, or `name` alone for the oldest models
/// @param revision a branch, a tag or a commit; `main` unless given
public record HubId(String repo, String revision) {

    private static final String MAIN = "main";
    /// The hub's rule: words of letters, digits, `_`, `-` and `.`, neither beginning nor ending in the last two.
    private static final Pattern REPO = Pattern.compile("(?:WORD/)?WORD".replace("WORD", "\\w(?:[\\w.-]{0,94}\\w)?"));
    private static final Pattern REVISION = Pattern.compile("[\\w.+#=-]+(?:/[\\w.+#=-]+)*");
    private static final String FOLDER = "models--";

    /// Checks the names.
    ///
    /// @throws IllegalArgumentException if no model or revision can have that name
    public HubId {
        if (!isRepo(repo)) {
            throw new IllegalArgumentException("'" + repo + "' is no model's name; expected org/name");
        }
        if (!isRevision(revision)) {
            throw new IllegalArgumentException("'" + revision + "' is no revision; expected a branch, tag or commit");
        }
    }

    /// {@return the model that `org/name` or `org/name@revision` means; empty if the text has another form}
    ///
    /// @param text as a user writes it
    public static Optional<HubId> parse(String text) {
        int at = text.indexOf('@');
        String repo = at < 0 ? text : text.substring(0, at);
        String revision = at < 0 ? MAIN : text.substring(at + 1);
        return isRepo(repo) && isRevision(revision) ? Optional.of(new HubId(repo, revision)) : Optional.empty();
    }

    private static boolean isRepo(String repo) {
        return REPO.matcher(repo).matches() && !repo.contains("--") && !repo.contains("..") && !repo.endsWith(".git");
    }

    private static boolean isRevision(String revision) {
        return revision.length() <= 200 && REVISION.matcher(revision).matches() && SafeFileNames.isPlain(revision);
    }

    /// The model whose folder in the cache has that name; empty if none can.
    static Optional<HubId> ofFolder(String folder) {
        return folder.startsWith(FOLDER) ? parse(folder.substring(FOLDER.length()).replace("--", "/")) : Optional.empty();
    }

    /// Name of the model's folder in the cache: `models--org--name`.
    String folder() {
        return FOLDER + repo.replace("/", "--");
    }

    /// {@return whether it has the form `org/name`}
    public boolean hasOrganization() {
        return repo.contains("/");
    }

    /// {@return the same model at another revision}
    ///
    /// @param other a branch, tag or commit
    public HubId at(String other) {
        return new HubId(repo, other);
    }

    /// As [#parse] reads it.
    @Override
    public String toString() {
        return revision.equals(MAIN) ? repo : repo + "@" + revision;
    }
}
