// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Optional;

/// Where a user's caches are.
public final class UserCache {

    private UserCache() { }

    /// The folder for caches: `$XDG_CACHE_HOME`, else `.cache` in the home folder, else a folder of this user among the
    /// temporary files. That such a folder is used is logged once, when it is made.
    ///
    /// @param env       the environment
    /// @param userHome  the JVM's `user.home`, used where `HOME` is not set
    /// @param temporary the folder of temporary files
    /// @throws UncheckedIOException if there is no home folder, and the temporary folder cannot be made or is another user's
    public static Path folder(Map<String, String> env, String userHome, Path temporary) {
        String xdg = env.getOrDefault("XDG_CACHE_HOME", "").strip();
        if (!xdg.isEmpty()) {
            return Path.of(xdg);
        }
        return home(env, userHome).map(home -> Path.of(home, ".cache")).orElseGet(() -> {
            try {
                return temporary(temporary);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// The home folder, if there is one. The JVM says `?` of a user who is not in `/etc/passwd`, as in many containers.
    public static Optional<String> home(Map<String, String> env, String userHome) {
        String home = env.getOrDefault("HOME", "").strip();
        String found = home.isEmpty() ? userHome : home;
        return found.isBlank() || found.equals("?") ? Optional.empty() : Optional.of(found);
    }

    private static Path temporary(Path temporary) throws IOException {
        if (!temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Files.createDirectories(temporary.resolve("encoder4j"));
        }
        // Whoever owns a file that we make: the system tells no other way who we are.
        Path probe = Files.createTempFile(temporary, "encoder4j", "");
        UserPrincipal user;
        try {
            user = Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
        Path folder = temporary.resolve("encoder4j-" + user.getName());
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            System.getLogger("io.encoder4j").log(Level.WARNING, "there is no home folder, so models are kept in " + folder
                    + "; set XDG_CACHE_HOME to keep them elsewhere");
        } catch (FileAlreadyExistsException e) {
            checkOwn(folder, user);
        }
        return folder;
    }

    /// Anybody may make a folder of that name, and put models of their own into it.
    private static void checkOwn(Path folder, UserPrincipal user) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isDirectory() || !attributes.owner().equals(user)
                || attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new FileSystemException(folder.toString(), null, "is not a folder that only this user can write; set"
                    + " XDG_CACHE_HOME to a folder for caches");
        }
    }
}
