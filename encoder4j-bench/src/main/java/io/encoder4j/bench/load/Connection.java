// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A connection to a server that stays open from request to request. It does as little as a client can, because its processor time is
/// taken from the server that is measured: the request is there already, and of the answer only the headers are looked at.
final class Connection implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final byte[] buffer = new byte[32_768];
    private int from;
    private int to;
    private boolean reusable = true;
    private boolean answered;

    Connection(String host, int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MILLIS);
        socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
    }

    /// Sends a whole request, and reads its answer to the end.
    ///
    /// @throws IOException if the connection ends before, or the answer is not HTTP/1.1 with a length or in chunks
    Reply send(byte[] request) throws IOException {
        answered = false;
        socket.getOutputStream().write(request);
        int status = Integer.parseInt(line().split(" ")[1]);
        long length = 0;
        long tokens = 0;
        boolean chunked = false;
        boolean retryAfter = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Long.parseLong(value);
                case "transfer-encoding" -> chunked = value.equals("chunked");
                case "x-compute-tokens" -> tokens = Long.parseLong(value);
                case "retry-after" -> retryAfter = true;
                case "connection" -> reusable = !value.equals("close");
                default -> { }
            }
        }
        if (chunked) {
            for (long size = chunk(); size > 0; size = chunk()) {
                skip(size + 2);
            }
            line();
        } else {
            skip(length);
        }
        return new Reply(status, tokens, retryAfter);
    }

    /// Whether another request may follow.
    boolean isReusable() {
        return reusable;
    }

    /// Whether anything has come for the last request.
    boolean isAnswered() {
        return answered;
    }

    private long chunk() throws IOException {
        return Long.parseLong(line(), 16);
    }

    private void fill() throws IOException {
        InputStream in = socket.getInputStream();
        from = 0;
        to = in.read(buffer);
        if (to < 0) {
            to = 0;
            throw new EOFException("the server closed the connection");
        }
        answered = true;
    }

    /// A line without its end.
    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            for (int i = from; i < to; i++) {
                if (buffer[i] == '\n') {
                    line.append(new String(buffer, from, i - from, StandardCharsets.ISO_8859_1));
                    from = i + 1;
                    return line.toString().stripTrailing();
                }
            }
            line.append(new String(buffer, from, to - from, StandardCharsets.ISO_8859_1));
            fill();
        }
    }

    private void skip(long bytes) throws IOException {
        for (long left = bytes; left > 0;) {
            if (from == to) {
                fill();
            }
            int some = (int) Math.min(left, to - from);
            from += some;
            left -= some;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
