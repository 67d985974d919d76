// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Requests of a run that only shows the JVM which classes a server needs: what is loaded in it goes into an archive, by which later
/// servers start faster (docs/cold-start.md). The launchers make such runs.
record TrainingRequests(URI url) {

    /// System property; with `true` a server sends itself two requests and ends.
    private static final String PROPERTY = "encoder4j.training";

    /// Something for each part of the tokenizer.
    private static final String TEXT = "\"Hello, world: the 1st naïve 文 text!\"";

    static boolean wanted() {
        return Boolean.getBoolean(PROPERTY);
    }

    void send() throws IOException {
        post("/v1/embeddings", "{\"input\": " + TEXT + "}");
        post("/embed", "{\"inputs\": [" + TEXT + ", \"One more.\"]}");
    }

    private void post(String path, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200 ")) {
                throw new IOException("the server answered its own request with " + answer);
            }
        }
    }
}
