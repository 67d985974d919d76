// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    private Path temp;

    @Test
    void aFolderAppearsWholeOrNotAtAll() throws IOException {
        Path folder = temp.resolve("a/b");
        assertThatThrownBy(() -> Folders.make(folder, empty -> {
            Files.createFile(empty.resolve("half"));
            throw new IOException("no more");
        })).hasMessage("no more");
        assertThat(temp.resolve("a")).isEmptyDirectory();
        Folders.make(folder, empty -> {
            assertThat(empty).isEmptyDirectory();
            assertThat(folder).doesNotExist();
            Files.createFile(empty.resolve("whole"));
        });
        assertThat(temp.resolve("a")).isDirectoryContaining(path -> path.equals(folder));
        assertThat(folder).isDirectoryContaining(path -> path.endsWith("whole"));
        assertThat(temp.resolve("a").toFile().list()).hasSize(1);
    }

    @Test
    void whatKilledProcessesLeftIsDeletedAndWhatLivingOnesWriteIsNot() throws IOException {
        Path killed = Files.createDirectories(temp.resolve(".a.01234567.tmp/folder")).getParent();
        Files.createFile(killed.resolve("lock"));
        Path early = Files.createDirectories(temp.resolve(".a.12345678.tmp"));
        Files.setLastModifiedTime(early, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
        Path begins = Files.createDirectories(temp.resolve(".a.23456789.tmp"));
        Path others = Files.createDirectories(temp.resolve(".ab.01234567.tmp"));
        Path living = Files.createDirectories(temp.resolve(".a.89abcdef.tmp"));
        try (LockFile _ = LockFile.tryAcquire(living.resolve("lock")).orElseThrow()) {
            Folders.make(temp.resolve("a"), _ -> { });
        }
        assertThat(temp.toFile().list()).containsExactlyInAnyOrder("a", begins.getFileName().toString(),
                others.getFileName().toString(), living.getFileName().toString());
    }

    @Test
    void linksAreDeletedAndNotFollowed() throws IOException {
        Path kept = Files.createFile(Files.createDirectory(temp.resolve("kept")).resolve("file"));
        Path folder = Files.createDirectories(temp.resolve("folder/sub")).getParent();
        Files.createSymbolicLink(folder.resolve("link"), kept.getParent());
        Folders.delete(folder);
        Folders.delete(folder);
        assertThat(folder).doesNotExist();
        assertThat(kept).exists();
    }
}
