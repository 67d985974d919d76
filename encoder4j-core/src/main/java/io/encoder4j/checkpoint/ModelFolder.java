// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A folder that files of a model may name other files in, and the rule that keeps them in it.
///
/// A name is a relative path with forward slashes. Refused are absolute paths, drive letters, backslashes, NUL, and the
/// parts `.`, `..` and empty, even where the whole would stay inside: no writer of models needs them, and half of the
/// known attacks hide behind one of them. What the name leads to, all symbolic links followed, must lie
///
/// - in the folder itself, or
/// - where the folder is a snapshot of the Hugging Face cache (`…/snapshots/<revision>`) or in one, in its `…/blobs`,
///   because the cache's snapshots are made of such links; or in the `blobs` that all models of a cache share, if there is
///   such a store, because the model's own blobs may then be links in turn.
///
/// The folder is the one the caller named: it may itself be a link to anywhere. Hard links look like files and are
/// allowed.
public final class ModelFolder {

    /// What huggingface_hub puts into a store that several models share.
    private static final String SHARED = ".huggingface-shared-blobs";
    private static final int DEEPEST = 4;

    private final Path folder;

    /// @param folder the folder as the user named it; the current folder if null, as `Path.getParent` says it
    public ModelFolder(@Nullable Path folder) {
        this.folder = folder == null ? Path.of("") : folder;
    }

    /// The folder as the user named it.
    public Path path() {
        return folder;
    }

    /// Whether the folder has an entry of that name, whatever it is.
    public boolean has(String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /// The file that `name` means, or null if there is none.
    ///
    /// @param owner the file that gives the name, for messages
    /// @param where the place in it that gives the name, for messages
    /// @throws CheckpointException if it would lie outside the folder
    public @Nullable Path find(String name, Path owner, String where) {
        if (!isPlain(name)) {
            throw escape(name, owner, where);
        }
        try {
            Path path = folder.resolve(name);
            if (!Files.exists(path)) {
                return null;
            }
            Path real = path.toRealPath();
            for (Path root : roots()) {
                if (real.startsWith(root)) {
                    return path;
                }
            }
        } catch (IOException | InvalidPathException e) {
            throw CheckpointException.in(owner, where + ": " + CheckpointException.printable(name)
                    + ": cannot be read: " + CheckpointException.printable(String.valueOf(e.getMessage())));
        }
        throw CheckpointException.in(owner, where + ": " + CheckpointException.printable(name)
                + " is a link out of the model folder " + folder + "; copy the file into it");
    }

    private List<Path> roots() throws IOException {
        Path real = folder.toRealPath();
        List<Path> roots = new ArrayList<>(List.of(real));
        // A module's folder lies in the snapshot, a few levels down.
        Path inside = real;
        for (int depth = 0; depth < DEEPEST && inside.getParent() != null; depth++, inside = inside.getParent()) {
            if (inside.getParent().endsWith("snapshots") && inside.getParent().getParent() != null) {
                addBlobs(inside.getParent().resolveSibling("blobs"), roots);
                Path cache = inside.getParent().getParent().getParent();
                if (cache != null && Files.exists(cache.resolve("blobs").resolve(SHARED))) {
                    addBlobs(cache.resolve("blobs"), roots);
                }
                break;
            }
        }
        return roots;
    }

    private static void addBlobs(Path blobs, List<Path> roots) throws IOException {
        // A link would make any folder of this computer, such as /, part of the model's.
        if (Files.isDirectory(blobs, LinkOption.NOFOLLOW_LINKS)) {
            roots.add(blobs.toRealPath());
        }
    }

    private static boolean isPlain(String name) {
        if (name.indexOf('\0') >= 0 || name.indexOf('\\') >= 0 || name.matches("(?s)[A-Za-z]:.*")) {
            return false;
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    private static CheckpointException escape(String name, Path owner, String where) {
        return CheckpointException.in(owner, where + ": path leaves the model folder or is not plain: \""
                + CheckpointException.printable(name) + "\"; expected a relative path such as model-00001.safetensors");
    }
}
