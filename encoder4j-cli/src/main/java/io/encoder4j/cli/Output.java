// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Where a result goes: to standard output, or to a file that appears complete or not at all. It is written beside under
/// another name and renamed by [#commit]; closing it before that leaves everything as it was.
public final class Output implements AutoCloseable {

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
        stream = new BufferedOutputStream(named(Channels.newOutputStream(channel), target), 1 << 16);
        // For Ctrl-C; what a kill leaves behind, the next run takes away.
        Runtime.getRuntime().addShutdownHook(cleaner);
    }

    /// Opens an output.
    ///
    /// @param file     null or `-` for standard output; otherwise a file, new or to be replaced, or something that is
    ///                 written to as it is, such as a pipe
    /// @param patching whether [#patch] will be needed: then standard output gets everything at the end
    public static Output open(@Nullable Path file, boolean patching, Streams streams) throws IOException {
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
            throw CommandFailed.input(file + ": cannot be written: there is no folder " + folder);
        }
        deleteLeftovers(folder, target.getFileName().toString());
        Path temporary = folder.resolve("." + target.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + SUFFIX);
        try {
            return new Output(target, temporary, create(temporary), null);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /// Names the file that was asked for, not the one it is written to meanwhile.
    private static CommandFailed unwritable(@Nullable Path target, IOException e) {
        String reason = e instanceof AccessDeniedException ? "permission denied"
                : e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : String.valueOf(e.getMessage());
        return CommandFailed.input((target == null ? "the output" : target) + ": cannot be written: " + reason, e);
    }

    private static OutputStream named(OutputStream stream, @Nullable Path target) {
        return new FilterOutputStream(stream) {
            @Override
            public void write(byte[] bytes, int offset, int length) {
                attempt(() -> out.write(bytes, offset, length));
            }

            @Override
            public void flush() {
                attempt(out::flush);
            }

            private void attempt(Attempt action) {
                try {
                    action.run();
                } catch (IOException e) {
                    throw unwritable(target, e);
                }
            }
        };
    }

    private interface Attempt {
        void run() throws IOException;
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
    public OutputStream stream() {
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
    public void commit() throws IOException {
        stream.flush();
        if (channel == null || temporary == null) {
            return;
        }
        if (copyTo != null) {
            Files.copy(temporary, copyTo);
            copyTo.flush();
            return;
        }
        try {
            channel.force(true);
            channel.close();
            move(temporary, target == null ? temporary : target);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    private static void move(Path temporary, Path file) throws IOException {
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
