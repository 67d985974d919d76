// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A server's embedding route, and the requests to send to it. The requests are made before the time is measured.
///
/// The address must be of this machine, because this program makes as much load as it can.
public final class Target implements AutoCloseable {

    private final String host;
    private final int port;
    private final List<byte[]> requests = new ArrayList<>();
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    /// @param url             the server's address, `http://127.0.0.1:8080`
    /// @param key             the server's API key, or null
    /// @param texts           the texts to send, in this order, over and over
    /// @param textsPerRequest how many texts one request has
    /// @throws IllegalArgumentException if the address is of another machine
    public Target(URI url, @Nullable String key, List<String> texts, int textsPerRequest) {
        requireLoopback(url);
        host = url.getHost();
        port = url.getPort() < 0 ? 80 : url.getPort();
        JsonMapper json = new JsonMapper();
        for (int from = 0; from < texts.size(); from += textsPerRequest) {
            List<String> some = texts.subList(from, Math.min(texts.size(), from + textsPerRequest));
            requests.add(request(json.writeValueAsBytes(Map.of("inputs", some, "truncate", true)), key));
        }
    }

    private byte[] request(byte[] body, @Nullable String key) {
        byte[] head = ("POST /embed HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length + (key == null ? "" : "\r\nAuthorization: Bearer " + key) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static void requireLoopback(URI url) {
        try {
            if (url.getHost() != null && "http".equals(url.getScheme()) && InetAddress.getByName(url.getHost()).isLoopbackAddress()) {
                return;
            }
        } catch (IOException e) {
            // No such host: reported below.
        }
        throw new IllegalArgumentException("--url must be an http address of this machine, such as http://127.0.0.1:8080; got " + url);
    }

    /// How many different requests there are.
    public int requests() {
        return requests.size();
    }

    /// Sends a request, waits for the answer and reads it to its end.
    ///
    /// @param index of the request, modulo the number of requests
    public Reply send(long index) {
        byte[] request = requests.get((int) (index % requests.size()));
        Connection kept = idle.pollFirst();
        Reply reply = kept == null ? Reply.BROKEN : reply(kept, request);
        if (reply != Reply.BROKEN || kept != null && kept.isAnswered()) {
            return reply;
        }
        // The server may have closed a connection that was kept, while nothing was on its way.
        try {
            return reply(new Connection(host, port), request);
        } catch (IOException e) {
            return Reply.BROKEN;
        }
    }

    private Reply reply(Connection connection, byte[] request) {
        try {
            Reply reply = connection.send(request);
            if (connection.isReusable()) {
                idle.addFirst(connection);
            } else {
                connection.close();
            }
            return reply;
        } catch (IOException | RuntimeException e) {
            // An answer that is not HTTP is a broken one, too.
            close(connection);
            return Reply.BROKEN;
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It is of no use either way.
        }
    }

    @Override
    public void close() {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            close(connection);
        }
    }
}
