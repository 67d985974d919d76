// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import io.encoder4j.files.LockFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The folders of the Hugging Face cache. A model has
///
/// - `models--org--name/blobs/<etag>`: contents, each once;
/// - `models--org--name/snapshots/<commit>/…`: the files of a revision, as links to blobs;
/// - `models--org--name/refs/<revision>`: the commit that a branch or tag was at, as text;
/// - `models--org--name/.no_exist/<commit>/<file>`: empty, for a file that a revision is known not to have;
/// - `.locks/models--org--name/<etag>.lock`: held while a blob is written.
///
/// Everything appears by a rename, so that a reader never sees half of it.
final class HubCache {

    private static final int DEEPEST = 4;
    private static final String ABSENT = ".no_exist";
    private static final String PARTIAL = ".encoder4j.incomplete";
    /// What huggingface_hub puts into a store of contents that several models share.
    private static final String SHARED = ".huggingface-shared-blobs";

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
        try (Stream<Path> files = Files.walk(snapshot, DEEPEST)) {
            return files.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".encoder4j.tmp"))
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
        try (LockFile _ = LockFile.acquire(lock(id, "refs"), fresh, () -> { })) {
            Files.writeString(fresh, commit);
            Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Whether it was noted that a revision has no such file, by this program or by huggingface_hub.
    boolean isKnownAbsent(HubId id, String commit, String name) {
        return Files.exists(folder(id).resolve(ABSENT).resolve(commit).resolve(name));
    }

    /// Notes that a revision has no such file.
    void markAbsent(HubId id, String commit, String name) throws IOException {
        Path mark = folder(id).resolve(ABSENT).resolve(commit).resolve(name);
        if (!Files.exists(mark)) {
            Files.createDirectories(mark.getParent());
            Files.write(mark, new byte[0]);
        }
    }

    /// Deletes beginnings of contents that nobody downloads any more.
    void deleteAbandoned(HubId id) throws IOException {
        Path blobs = folder(id).resolve("blobs");
        if (!Files.isDirectory(blobs)) {
            return;
        }
        List<Path> partial;
        try (Stream<Path> files = Files.list(blobs)) {
            partial = files.filter(file -> file.getFileName().toString().endsWith(PARTIAL)).toList();
        }
        for (Path file : partial) {
            String name = file.getFileName().toString();
            Optional<LockFile> lock = LockFile.tryAcquire(lock(id, name.substring(0, name.length() - PARTIAL.length())));
            if (lock.isPresent()) {
                try (LockFile _ = lock.get()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// A content while it arrives. The name is our own: what huggingface_hub may be writing beside is not ours to continue.
    Path partial(HubId id, String etag) {
        return folder(id).resolve("blobs").resolve(etag + PARTIAL);
    }

    /// Checks that a model's files are its own: neither its folders nor the files of a snapshot may be links out of the
    /// cache, since whoever can write the cache would give any file of this computer for a model's, or have one written.
    ///
    /// @throws HubException naming the link
    void checkLinks(HubId id, Path snapshot) throws IOException {
        Path model = folder(id);
        for (Path own : List.of(model.resolve("blobs"), model.resolve("refs"), model.resolve("snapshots"), snapshot)) {
            if (Files.isSymbolicLink(own)) {
                throw outside(id, own);
            }
        }
        if (!Files.isDirectory(snapshot)) {
            return;
        }
        List<Path> roots = new ArrayList<>(List.of(model.toRealPath()));
        if (Files.exists(root.resolve("blobs").resolve(SHARED))) {
            roots.add(root.resolve("blobs").toRealPath());
        }
        List<Path> links;
        try (Stream<Path> files = Files.walk(snapshot, DEEPEST)) {
            links = files.filter(Files::isSymbolicLink).filter(Files::exists).toList();
        }
        for (Path link : links) {
            Path real = link.toRealPath();
            if (roots.stream().noneMatch(real::startsWith)) {
                throw outside(id, link);
            }
        }
    }

    private static HubException outside(HubId id, Path link) throws IOException {
        return new HubException(id + ": " + link + " is a link out of the model's folder, to "
                + SafeFileNames.printable(Files.readSymbolicLink(link).toString()) + "; delete it");
    }

    /// Whether a file of a snapshot is that blob.
    boolean isPlaced(HubId id, String commit, String name, String etag) throws IOException {
        Path file = snapshot(id, commit).resolve(SafeFileNames.check(name, id.toString()));
        return Files.exists(file) && Files.isSameFile(file, blob(id, etag));
    }

    /// Makes a file of a snapshot out of a blob: a relative link where there are links, else a hard link, else a copy. The
    /// caller holds the blob's lock.
    void place(HubId id, String commit, String name, String etag) throws IOException {
        Path file = snapshot(id, commit).resolve(SafeFileNames.check(name, id.toString()));
        Path blob = blob(id, etag);
        if (isPlaced(id, commit, name, etag)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Path fresh = temporary(file);
        // What a killed process left.
        Files.deleteIfExists(fresh);
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

    /// Always the same, and used under a lock only: so the next process replaces what a killed one left.
    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".encoder4j.tmp");
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
