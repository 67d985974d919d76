// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(30)
class OpenConnectionsTest {

    private final OpenConnections connections = new OpenConnections();

    private interface Ending {
        void of(Socket client) throws IOException;
    }

    private void endsBy(Ending ending) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()); Socket accepted = server.accept()) {
            int remote = client.getLocalPort();
            for (int i = 0; i < 5; i++) {
                assertThat(connections.isClosed(accepted.getLocalPort(), remote)).as("a client that says nothing waits").isFalse();
                TimeUnit.MILLISECONDS.sleep(80);
            }
            ending.of(client);
            TimeUnit.MILLISECONDS.sleep(200);
            assertThat(connections.isClosed(accepted.getLocalPort(), remote)).isTrue();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aClientThatCloses() throws Exception {
        endsBy(Socket::close);
        endsBy(Socket::shutdownOutput);
        endsBy(client -> {
            client.setSoLinger(true, 0);
            client.close();
        });
    }

    @Test
    void withoutAListEveryClientWaits() {
        assertThat(new OpenConnections(List.of(Path.of("/none"))).isClosed(1, 2)).isFalse();
    }
}
