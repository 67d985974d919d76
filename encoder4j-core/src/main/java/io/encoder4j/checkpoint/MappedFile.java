// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.ModelFiles;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A regular file, mapped read-only into memory until [#close]. Mapping costs no heap and reads only the pages that are
/// touched; a file of more than 2 GiB is one segment.
///
/// A file must not be truncated while it is mapped: reading past its new end fails with `InternalError`. Replace model
/// files by renaming a new one over them, as [Safetensors#write] does; the mapping then keeps the old file.
///
/// @param path as the caller gave it, for messages
/// @param data the whole file
/// @param arena owns the mapping; more memory that should live as long may be allocated from it
/// @param owned whether [#close] closes the arena
public record MappedFile(Path path, MemorySegment data, Arena arena, boolean owned) implements AutoCloseable {

    /// Maps `path`.
    ///
    /// @param path the file
    /// @return the file, which the caller closes
    /// @throws CheckpointException if it is missing, not a regular file (a folder, a pipe or a device could block or
    ///                             never end), or not readable
    public static MappedFile open(Path path) {
        Arena arena = Arena.ofShared();
        try {
            MappedFile mapped = open(path, arena);
            return new MappedFile(path, mapped.data, arena, true);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /// Maps `path` for as long as an arena lives. [#close] does nothing then.
    ///
    /// @param path  the file
    /// @param arena owns the memory that is needed
    /// @return the file, which the caller closes
    /// @throws CheckpointException for the reasons of [#open(Path)]
    public static MappedFile open(Path path, Arena arena) {
        try (FileChannel channel = ModelFiles.open(path)) {
            return new MappedFile(path, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), arena, false);
        } catch (IOException e) {
            throw CheckpointException.notRead(path, e);
        }
    }

    /// {@return size of the file in bytes}
    public long size() {
        return data.byteSize();
    }

    /// {@return the exception that says `message` about this file}
    ///
    /// @param message what is wrong with the file
    public CheckpointException error(String message) {
        return CheckpointException.in(path, message);
    }

    /// {@return a view of `length` bytes from `offset`}
    ///
    /// @param offset its first byte
    /// @param length how many bytes
    public MemorySegment slice(long offset, long length) {
        return data.asSlice(offset, length);
    }

    /// {@return what the file probably is if it is not what its name says, by its first bytes: a sentence to append to a
    /// complaint, beginning with `; `, or an empty string}
    public String hint() {
        return WrongFormat.hint(data);
    }

    /// Reads the bytes of a segment in order, without copying it.
    ///
    /// @param segment mapped bytes
    /// @return a stream of them
    public static InputStream stream(MemorySegment segment) {
        return new InputStream() {
            private long position;

            @Override
            public int read() {
                return position < segment.byteSize() ? segment.get(ValueLayout.JAVA_BYTE, position++) & 0xff : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                int count = (int) Math.min(length, segment.byteSize() - position);
                if (count <= 0) {
                    return length == 0 ? 0 : -1;
                }
                MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, target, offset, count);
                position += count;
                return count;
            }

            @Override
            public long skip(long count) {
                long skipped = Math.clamp(count, 0, segment.byteSize() - position);
                position += skipped;
                return skipped;
            }
        };
    }

    /// Unmaps the file. Reading its memory afterwards throws `IllegalStateException`.
    @Override
    public void close() {
        if (owned && arena.scope().isAlive()) {
            arena.close();
        }
    }
}
