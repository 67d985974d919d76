// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Folders that appear whole or not at all, and disappear.
public final class Folders {

    private static final String LOCK = "lock";
    /// How long after it was made a folder without a lock may still be getting one.
    private static final Duration NEWBORN = Duration.ofMinutes(1);

    private Folders() { }

    /// Writes the files of a folder.
    public interface Writer {
        /// @param folder an empty folder
        void write(Path folder) throws IOException;
    }

    /// Makes a folder: writes it under another name beside, then renames it. What processes that were killed while they made
    /// the same folder left is deleted first. A process that is at work holds a lock inside what it writes.
    ///
    /// @param folder does not exist, or is empty
    public static void make(Path folder, Writer writer) throws IOException {
        String prefix = "." + folder.getFileName() + ".";
        Path parent = Files.createDirectories(folder.toAbsolutePath().getParent());
        deleteAbandoned(parent, prefix);
        Path temporary = Files.createDirectory(parent.resolve(prefix + UUID.randomUUID().toString().substring(0, 8) + ".tmp"));
        try (LockFile _ = LockFile.tryAcquire(temporary.resolve(LOCK)).orElseThrow()) {
            Path made = Files.createDirectory(temporary.resolve("folder"));
            writer.write(made);
            Files.deleteIfExists(folder); // an empty folder, which not every system renames over
            Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(temporary);
        }
    }

    private static void deleteAbandoned(Path parent, String prefix) throws IOException {
        try (Stream<Path> siblings = Files.list(parent)) {
            for (Path sibling : siblings.filter(s -> isTemporary(s, prefix)).toList()) {
                if (isAbandoned(sibling)) {
                    delete(sibling);
                }
            }
        }
    }

    private static boolean isTemporary(Path sibling, String prefix) {
        String name = sibling.getFileName().toString();
        return name.startsWith(prefix) && name.endsWith(".tmp") && name.length() == prefix.length() + 8 + ".tmp".length();
    }

    private static boolean isAbandoned(Path temporary) throws IOException {
        if (!Files.exists(temporary.resolve(LOCK))) {
            return Files.getLastModifiedTime(temporary).toInstant().plus(NEWBORN).isBefore(Instant.now());
        }
        Optional<LockFile> lock = LockFile.tryAcquire(temporary.resolve(LOCK));
        if (lock.isPresent()) {
            lock.get().close();
        }
        return lock.isPresent();
    }

    /// Deletes a file, or a folder with all that is in it; links are deleted and not followed. What another process deletes
    /// meanwhile is no error, nor is a path that does not exist.
    public static void delete(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(path)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
