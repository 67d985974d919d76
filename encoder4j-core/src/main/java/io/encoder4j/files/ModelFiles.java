// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The one place where a model's files are found and opened. The folder may be anybody's: what is read is a regular file of a
/// plausible size in the folder itself. A pipe would block for ever, a device would never end, and a link could show any file
/// of this machine.
///
/// A link may lead
///
/// - to another file of the folder, or
/// - where the folder is a snapshot of the Hugging Face cache (`…/snapshots/<revision>`) or in one, to its `…/blobs`, because
///   the cache's snapshots are made of such links; or to the `blobs` that all models of a cache share, if there is such a
///   store, because the model's own blobs may then be links in turn.
///
/// The folder is the one the caller named: it may itself be a link to anywhere. Hard links look like files and are allowed.
public final class ModelFiles {

    /// What huggingface_hub puts into a store that several models share.
    private static final String SHARED = ".huggingface-shared-blobs";
    private static final int DEEPEST = 4;
    private static final byte[] LFS = "version https://git-lfs".getBytes(StandardCharsets.UTF_8);

    private ModelFiles() { }

    /// Whether the folder has an entry of that name, whatever it is.
    public static boolean has(Path folder, String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /// A module's folder as `modules.json` may write it, in the one form that other methods take: `1_Pooling` for `1_Pooling/` and
    /// `./1_Pooling`, and nothing for the model's own folder, `.` or `./`. What leads elsewhere stays as it is, and is refused
    /// where it is opened.
    public static String module(String path) {
        if (path.startsWith("/")) {
            return path;
        }
        String plain = path.replaceAll("^(\\./)+", "").replaceAll("/+$", "");
        return plain.equals(".") ? "" : plain;
    }

    /// The file of that name in a folder, if there is one.
    ///
    /// @throws UnusableFileException if it is no regular file, leads nowhere, or leads out of the folder
    public static Optional<Path> find(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.exists(file)) {
            throw new UnusableFileException(file, "is a link to a file that does not exist");
        }
        requireRegular(file);
        // Without a slash only the file itself can be a link.
        if ((name.indexOf('/') >= 0 || Files.isSymbolicLink(file)) && !isInside(folder, file)) {
            throw new UnusableFileException(file, "is a link out of the model folder; copy the file into it");
        }
        return Optional.of(file);
    }

    /// All bytes of a file.
    ///
    /// @param most bytes that it may have
    /// @throws NoSuchFileException   if there is none
    /// @throws UnusableFileException if it is no regular file, is larger, or is what Git LFS or a web
    ///                               server leaves in a file's place
    public static byte[] read(Path file, int most) throws IOException {
        requireRegular(file);
        requireSize(file, Files.size(file), most);
        try (InputStream in = Files.newInputStream(file)) {
            // Some files say they are empty and are not, and a file may grow.
            byte[] bytes = in.readNBytes(most);
            requireSize(file, in.read() < 0 ? bytes.length : most + 1L, most);
            if (bytes.length > LFS.length && Arrays.equals(bytes, 0, LFS.length, LFS, 0, LFS.length)) {
                throw new UnusableFileException(file, "this is a Git LFS pointer: fetch the real file with `git lfs pull`");
            }
            if (isWebPage(bytes)) {
                throw new UnusableFileException(file, "this is a web page or a server's error message, not the model's file:"
                        + " download the file again");
            }
            return bytes;
        }
    }

    /// Whether a server sent something else in the place of a file that it did not have: a web page, or a few words.
    ///
    /// @param bytes the file, or its beginning
    public static boolean isWebPage(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(64, bytes.length), StandardCharsets.ISO_8859_1).stripLeading()
                .toLowerCase(Locale.ROOT);
        return head.startsWith("<!doctype") || head.startsWith("<html") || head.strip().equals("entry not found");
    }

    /// Opens a file for reading.
    ///
    /// @throws NoSuchFileException   if there is none
    /// @throws UnusableFileException if it is no regular file
    public static FileChannel open(Path file) throws IOException {
        requireRegular(file);
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    /// Fails unless it is a regular file, links followed.
    ///
    /// @throws NoSuchFileException   if there is none
    /// @throws UnusableFileException if it is a folder, a pipe or a device
    public static void requireRegular(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(Printable.path(file));
        }
        if (!Files.isRegularFile(file)) {
            throw new UnusableFileException(file,
                    "expected a regular file, found " + (Files.isDirectory(file) ? "a folder" : "a pipe or device"));
        }
    }

    private static void requireSize(Path file, long size, long most) throws UnusableFileException {
        if (size > most) {
            throw new UnusableFileException(file, "has " + size + " bytes or more, expected at most " + most
                    + "; is it the right file?");
        }
    }

    /// Whether a file or folder lies where files of the folder may lie, all links followed.
    public static boolean isInside(Path folder, Path file) throws IOException {
        Path real = file.toRealPath();
        for (Path root : roots(folder)) {
            if (real.startsWith(root)) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> roots(Path folder) throws IOException {
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

    /// In a cache it is a folder, never a link: `blobs -> /` would allow every file there is.
    private static void addBlobs(Path blobs, List<Path> roots) {
        if (Files.isDirectory(blobs, LinkOption.NOFOLLOW_LINKS)) {
            roots.add(blobs);
        }
    }
}
