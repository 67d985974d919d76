// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.FileNotWritableException;
import io.encoder4j.files.Folders;
import io.encoder4j.files.LockFile;
import io.encoder4j.onnx.ImportOptions;
import io.encoder4j.onnx.OnnxImport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Model folders made of ONNX files, or of what jars have, each once. A folder has a stamp that says what it was made of and
/// how large its files are; if the stamp is not right, the folder is made again. Threads and processes that want the same
/// folder wait for one another.
///
/// A model is written into `models/NAME.staging` and then moved; what a killed process left there is deleted by the next one
/// that uses the cache. The lock is on the file that marks the folder as a cache, which backups leave out
/// ([Cache Directory Tagging](https://bford.info/cachedir/)).
final class ModelCache {

    private static final String STAMP = "encoder4j.stamp";
    private static final String STAGING = ".staging";
    private static final String TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Models that encoder4j has converted.\n";
    /// Changed when an import would give another folder than before.
    private static final int FORMAT = 3;

    private final Path root;
    private final Path models;
    private final Path tag;
    private final Consumer<String> notice;

    /// @param notice told what takes its time
    ModelCache(Path root, Consumer<String> notice) {
        this.root = root;
        models = root.resolve("models");
        tag = root.resolve("CACHEDIR.TAG");
        this.notice = notice;
    }

    /// The folder made of an ONNX file and the tokenizer and configuration beside it.
    Path converted(Path onnx) throws IOException {
        Path file = onnx.toRealPath();
        String stem = file.getFileName().toString().replaceFirst("\\.onnx$", "");
        StringBuilder source = new StringBuilder(file.toString());
        for (Path part : OnnxImport.sources(file)) {
            source.append(Files.exists(part) ? " " + Files.size(part) + " " + Files.getLastModifiedTime(part) : " -");
        }
        UUID key = UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8));
        return folder(stem + "-" + key, source.toString(), (_, folder) -> {
            notice.accept("converting " + onnx + " (once)…");
            try {
                OnnxImport.toFolder(file, null, folder, ImportOptions.defaults());
            } catch (FileNotWritableException e) {
                throw e;
            } catch (CheckpointException e) {
                throw new ConversionException(onnx, e);
            }
        });
    }

    /// Makes a folder.
    interface Maker {
        /// @param staging an existing folder for what is needed meanwhile
        /// @param folder  the folder to make
        void make(Path staging, Path folder) throws IOException;
    }

    /// The folder of that name, made first unless its stamp is right.
    ///
    /// @param source what it is made of: if that changes, it is made again
    Path folder(String name, String source, Maker maker) throws IOException {
        Path folder = models.resolve(name);
        deleteAbandoned();
        if (hasStamp(folder, source)) {
            return folder;
        }
        Path staging = models.resolve(name + STAGING);
        try (LockFile lock = LockFile.acquire(tag, staging, () -> notice.accept("waiting for another process that prepares a"
                + " model…"))) {
            lock.writeOnce(TAG);
            if (!hasStamp(folder, source)) {
                make(staging, folder, source, maker);
            }
            return folder;
        } catch (FileNotWritableException e) {
            throw new ModelCacheException(root, e.reason());
        } catch (IOException e) {
            throw new ModelCacheException(root, e);
        }
    }

    /// Deletes what killed processes left: whoever is at work holds the lock.
    private void deleteAbandoned() {
        String[] names = models.toFile().list((_, name) -> name.endsWith(STAGING));
        if (names == null || names.length == 0) {
            return;
        }
        try {
            Optional<LockFile> lock = LockFile.tryAcquire(tag);
            if (lock.isPresent()) {
                try (LockFile _ = lock.get()) {
                    for (String name : names) {
                        Folders.delete(models.resolve(name));
                    }
                }
            }
        } catch (IOException e) {
            // A cache that this process may only read: the model that was asked for may be there all the same.
        }
    }

    private static void make(Path staging, Path folder, String source, Maker maker) throws IOException {
        Folders.delete(staging);
        try {
            Files.createDirectories(staging);
            Path made = staging.resolve("model");
            maker.make(staging, made);
            Files.writeString(made.resolve(STAMP), stamp(made, source));
            Folders.delete(folder);
            Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(staging);
        }
    }

    /// Whether the folder is what its stamp says. Sizes only: reading it all would take longer than opening the model.
    private static boolean hasStamp(Path folder, String source) {
        try {
            return Files.readString(folder.resolve(STAMP)).equals(stamp(folder, source));
        } catch (IOException e) {
            return false;
        }
    }

    private static String stamp(Path folder, String source) throws IOException {
        StringBuilder stamp = new StringBuilder("format ").append(FORMAT).append("\nsource ").append(source).append('\n');
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!file.endsWith(STAMP)) {
                    stamp.append(Files.size(file)).append(' ').append(folder.relativize(file)).append('\n');
                }
            }
        }
        return stamp.toString();
    }
}
