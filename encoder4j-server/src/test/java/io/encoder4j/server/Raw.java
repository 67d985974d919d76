// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// A connection on which anything may be written.
final class Raw implements AutoCloseable {

    final Socket socket;

    Raw(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(3_000);
    }

    /// Writes bytes, and reads all that comes until the server closes the connection.
    static String exchange(int port, byte[] bytes) throws IOException {
        try (Raw raw = new Raw(port)) {
            raw.write(bytes);
            return raw.rest();
        }
    }

    static String exchange(int port, String text) throws IOException {
        return exchange(port, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A request, after which the server closes the connection.
    static String post(int port, String path, String headers, byte[] body) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n"
                + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        return exchange(port, all.toByteArray());
    }

    void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // It may have answered and closed already, which is what is looked at.
        }
    }

    void write(String text) {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    String rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            in.transferTo(all);
        } catch (SocketException e) {
            // A reset: what came before counts.
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /// Reads until what has come ends so.
    String until(String end) throws IOException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(end) < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                break;
            }
            all.append((char) b);
        }
        return all.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
