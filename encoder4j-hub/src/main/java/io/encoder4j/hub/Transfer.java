// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/// Brings one file's bytes into a file, beginning where an earlier try ended, and checks them.
///
/// @param id     the model
/// @param commit its revision
/// @param name   the file
/// @param meta   what it must be
record Transfer(HubClient client, HubSettings settings, HubListener listener, HubId id, String commit, String name,
        HubClient.Metadata meta) {

    /// Of a file whose size the hub does not tell.
    private static final long MOST_UNKNOWN = 1L << 30;

    /// Fills `target`, which may hold the file's beginning already.
    ///
    /// @throws HubException if the bytes cannot be had, or are others than announced; then nothing is left of them
    void to(Path target) throws IOException {
        boolean resumed = size(target) > 0;
        listener.received(size(target));
        receive(target);
        if (resumed && !Checksum.matches(target, meta.etag())) {
            listener.notice(name + ": the beginning kept from an earlier try was damaged; all of it again");
            discard(target);
            receive(target);
        }
        if (!Checksum.matches(target, meta.etag())) {
            discard(target);
            throw new HubException(id + ": " + name + ": the bytes received do not have the checksum the hub announced ("
                    + meta.etag() + "); nothing was kept. Try again; if it stays so, something between here and "
                    + settings.endpoint() + " alters files");
        }
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void receive(Path target) throws IOException {
        RetryPolicy policy = new RetryPolicy(settings, listener, id + ": " + name);
        while (true) {
            long before = size(target);
            if (meta.size().isPresent() && before > meta.size().getAsLong()) {
                discard(target);
                before = 0;
            }
            if (meta.size().isPresent() && before == meta.size().getAsLong() && Files.exists(target)) {
                return;
            }
            try {
                append(target, before);
                return;
            } catch (IOException e) {
                policy.failed(e, size(target) > before);
            }
        }
    }

    /// One request. The file may have grown even if it fails.
    private void append(Path target, long from) throws IOException {
        try (HubAnswer answer = client.open(id, commit, name, from)) {
            if (!continues(answer, from)) {
                discard(target);
                if (answer.status() != 200) {
                    throw new EOFException(name + ": the server does not continue at byte " + from + "; from the start");
                }
            }
            try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    StallGuard in = new StallGuard(answer, settings.timeout())) {
                copy(in, out, target);
            }
        }
        OptionalLong expected = meta.size();
        if (expected.isPresent() && size(target) < expected.getAsLong()) {
            throw new EOFException(name + ": the connection ended after " + size(target) + " of " + expected.getAsLong()
                    + " bytes");
        }
    }

    /// Whether the answer begins at that byte and is as long as it should be.
    private boolean continues(HubAnswer answer, long from) {
        String range = answer.header("Content-Range").orElse("");
        String total = meta.size().isPresent() ? String.valueOf(meta.size().getAsLong()) : "[0-9*]+";
        return from == 0 && answer.status() == 200
                || answer.status() == 206 && !answer.isEncoded() && range.matches("bytes " + from + "-[0-9]+/(?:" + total + "|\\*)");
    }

    private void copy(StallGuard in, OutputStream out, Path target) throws IOException {
        long most = meta.size().orElse(MOST_UNKNOWN);
        long total = size(target);
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            total += count;
            if (total > most) {
                out.close();
                discard(target);
                throw new HubException(id + ": " + name + ": the server sends more than the " + most + " bytes it announced; "
                        + "nothing was kept");
            }
            try {
                out.write(buffer, 0, count);
            } catch (IOException e) {
                throw new HubException(target + ": cannot be written: " + e.getMessage() + "; what has arrived is kept, and the "
                        + "same command continues it", e);
            }
            listener.received(count);
        }
    }

    private void discard(Path target) throws IOException {
        listener.received(-size(target));
        Files.deleteIfExists(target);
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
