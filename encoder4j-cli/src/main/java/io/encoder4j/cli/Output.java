// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Where a result goes: to standard output, or to a file that appears complete or not at all. It is written beside under
/// another name and renamed by [#commit]; closing it before that leaves everything as it was.
final class Output implements AutoCloseable {

    private static final String SUFFIX = ".encoder4j.tmp";

    private final OutputStream stream;
    private final @Nullable OutputStream copyTo;
    private final @Nullable Path target;
    private final @Nullable Path temporary;
    private final @Nullable FileChannel channel;
    private final Thread cleaner = new Thread(this::deleteTemporary, "encoder4j-cleaner");

    private Output(OutputStream stream) {
        this.stream = stream;
        copyTo = null;
        target = null;
        temporary = null;
        channel = null;
    }

    private Output(@Nullable Path target, Path temporary, FileChannel channel, @Nullable OutputStream copyTo) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
        this.copyTo = copyTo;
        stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        // For Ctrl-C; what a kill leaves behind, the next run takes away.
        Runtime.getRuntime().addShutdownHook(cleaner);
    }

    /// Opens an output.
    ///
    /// @param file     null or `-` for standard output; otherwise a file, new or to be replaced, or something that is
    ///                 written to as it is, such as a pipe
    /// @param patching whether [#patch] will be needed: then standard output gets everything at the end
    static Output open(@Nullable Path file, boolean patching, Streams streams) throws IOException {
        if (file == null || file.toString().equals("-")) {
            return patching ? viaTemporary(streams.out()) : new Output(streams.out());
        }
        if (Files.isDirectory(file)) {
            throw CommandFailed.input(file + ": is a folder; expected a file to write");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A rename would replace the device or the pipe by a file.
            OutputStream device = Files.newOutputStream(file, StandardOpenOption.WRITE);
            return patching ? viaTemporary(device) : new Output(device);
        }
        // A link stays a link; what it points to is replaced.
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(String.valueOf(folder));
        }
        deleteLeftovers(folder, target.getFileName().toString());
        Path temporary = folder.resolve("." + target.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + SUFFIX);
        return new Output(target, temporary, create(temporary), null);
    }

    private static Output viaTemporary(OutputStream copyTo) throws IOException {
        Path temporary = Files.createTempFile("encoder4j", SUFFIX);
        return new Output(null, temporary, FileChannel.open(temporary, StandardOpenOption.READ, StandardOpenOption.WRITE),
                copyTo);
    }

    private static FileChannel create(Path temporary) throws IOException {
        FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            // Held while it is written: how another run knows this file from a leftover.
            @Nullable FileLock _ = channel.tryLock();
        } catch (IOException e) {
            // A file system without locks only loses the tidying.
        }
        return channel;
    }

    private static void deleteLeftovers(Path folder, String name) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, path -> {
            String file = path.getFileName().toString();
            return file.startsWith("." + name + ".") && file.endsWith(SUFFIX);
        })) {
            for (Path file : files) {
                boolean left;
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    left = channel.tryLock() != null;
                }
                if (left) {
                    Files.delete(file);
                }
            }
        } catch (IOException | RuntimeException e) {
            // Tidying may fail; the output itself will say if the folder cannot be written.
        }
    }

    /// What to write to.
    OutputStream stream() {
        return stream;
    }

    /// Writes over the beginning, once everything else has been written.
    void patch(byte[] beginning) throws IOException {
        stream.flush();
        if (channel == null) {
            throw new IllegalStateException("an output that cannot be patched");
        }
        ByteBuffer buffer = ByteBuffer.wrap(beginning);
        while (buffer.hasRemaining()) {
            channel.write(buffer, buffer.position());
        }
    }

    /// Makes the output complete: the file appears under its name.
    void commit() throws IOException {
        stream.flush();
        if (channel == null || temporary == null) {
            return;
        }
        if (copyTo != null) {
            Files.copy(temporary, copyTo);
            copyTo.flush();
            return;
        }
        channel.force(true);
        channel.close();
        Path file = target == null ? temporary : target;
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Takes away what was not completed.
    @Override
    public void close() throws IOException {
        if (channel == null || temporary == null) {
            return;
        }
        channel.close();
        Files.deleteIfExists(temporary);
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            // The JVM is going down, and the cleaner with it.
        }
    }

    private void deleteTemporary() {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            // The process is ending; the next run tries again.
        }
    }
}
