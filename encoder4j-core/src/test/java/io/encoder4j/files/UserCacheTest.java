// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class UserCacheTest {

    @TempDir
    private Path temp;

    private Path folder(Map<String, String> env, String userHome) {
        return UserCache.folder(env, userHome, temp);
    }

    @Test
    void theEnvironmentDecides() {
        assertThat(folder(Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h"), "/u")).isEqualTo(Path.of("/x"));
        assertThat(folder(Map.of("XDG_CACHE_HOME", " ", "HOME", "/h"), "/u")).isEqualTo(Path.of("/h/.cache"));
        assertThat(folder(Map.of(), "/u")).isEqualTo(Path.of("/u/.cache"));
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void withoutAHomeItIsATemporaryFolderOfThisUserAlone() throws IOException {
        Path made = folder(Map.of(), "?");
        assertThat(made).isDirectory().hasParent(temp).isEqualTo(folder(Map.of("HOME", ""), "?"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made))).isEqualTo("rwx------");
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> folder(Map.of(), "?")).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(made + ": is not a folder that only this user can write; set XDG_CACHE_HOME");
        Files.delete(made);
        Files.createSymbolicLink(made, Files.createDirectory(temp.resolve("elsewhere")));
        assertThatThrownBy(() -> folder(Map.of(), "?")).isInstanceOf(UncheckedIOException.class);
    }
}
