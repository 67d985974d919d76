// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The folders of the Hugging Face cache. A model has
///
/// - `models--org--name/blobs/<etag>`: contents, each once;
/// - `models--org--name/snapshots/<commit>/…`: the files of a revision, as links to blobs;
/// - `models--org--name/refs/<revision>`: the commit that a branch or tag was at, as text;
/// - `.locks/models--org--name/<etag>.lock`: held while a blob is written.
///
/// Everything appears by a rename, so that a reader never sees half of it.
final class HubCache {

    private final Path root;
    private final boolean symlinks;

    HubCache(Path root, boolean symlinks) {
        this.root = root;
        this.symlinks = symlinks;
    }

    static boolean isCommit(String text) {
        return text.matches("[0-9a-f]{40}");
    }

    static boolean isBlobName(String text) {
        return text.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");
    }

    Path root() {
        return root;
    }

    /// Folder of a model, whether it exists or not.
    Path folder(HubId id) {
        return root.resolve(id.folder());
    }

    Path snapshot(HubId id, String commit) {
        return folder(id).resolve("snapshots").resolve(commit);
    }

    Path blob(HubId id, String etag) {
        return folder(id).resolve("blobs").resolve(etag);
    }

    Path lock(HubId id, String etag) {
        return root.resolve(".locks").resolve(id.folder()).resolve(etag + ".lock");
    }

    /// The commit that the cache knows for a revision, if it has its snapshot.
    Optional<String> commit(HubId id) throws IOException {
        String commit = id.revision();
        if (!isCommit(commit)) {
            Path ref = folder(id).resolve("refs").resolve(id.revision());
            if (!Files.isRegularFile(ref) || Files.size(ref) > 1000) {
                return Optional.empty();
            }
            commit = new String(Files.readAllBytes(ref), StandardCharsets.UTF_8).strip();
        }
        return isCommit(commit) && Files.isDirectory(snapshot(id, commit)) ? Optional.of(commit) : Optional.empty();
    }

    /// Names of the files of a snapshot, with forward slashes; links without a target are none.
    static Set<String> names(Path snapshot) throws IOException {
        try (Stream<Path> files = Files.walk(snapshot, 4)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> snapshot.relativize(file).toString().replace(snapshot.getFileSystem().getSeparator(), "/"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /// Notes which commit a branch or tag is at.
    void writeRef(HubId id, String commit) throws IOException {
        if (id.revision().equals(commit)) {
            return;
        }
        Path ref = folder(id).resolve("refs").resolve(id.revision());
        if (Files.isRegularFile(ref) && Files.readString(ref).equals(commit)) {
            return;
        }
        Files.createDirectories(ref.getParent());
        Path fresh = temporary(ref);
        try {
            Files.writeString(fresh, commit);
            Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /// Makes a file of a snapshot out of a blob: a relative link where there are links, else a hard link, else a copy.
    void place(HubId id, String commit, String name, String etag) throws IOException {
        Path file = snapshot(id, commit).resolve(SafeFileNames.check(name, id.toString()));
        Path blob = blob(id, etag);
        if (Files.exists(file) && Files.isSameFile(file, blob)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Path fresh = temporary(file);
        try {
            link(fresh, blob);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private void link(Path link, Path blob) throws IOException {
        if (symlinks) {
            try {
                Files.createSymbolicLink(link, link.getParent().relativize(blob));
                return;
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (UnsupportedOperationException | FileSystemException e) {
                // Windows allows them to few; what follows does as well.
            }
        }
        try {
            Files.createLink(link, blob.toRealPath());
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(blob, link);
        }
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID().toString().substring(0, 8) + ".tmp");
    }

    /// Why the cache cannot be used to read, or an empty text: for messages.
    String lookedIn(HubId id) {
        Path folder = folder(id);
        if (!Files.isDirectory(folder)) {
            return "looked in " + folder + ": there is no such folder";
        }
        Path ref = folder.resolve("refs").resolve(id.revision());
        Path missing = isCommit(id.revision()) ? snapshot(id, id.revision()) : ref;
        return "looked in " + folder + ": there is no " + folder.relativize(missing).toString().toLowerCase(Locale.ROOT)
                + (Files.exists(missing, LinkOption.NOFOLLOW_LINKS) ? " that can be used" : "");
    }
}
