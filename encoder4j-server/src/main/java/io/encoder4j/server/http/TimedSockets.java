// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Options of a connection's socket, the time limit for silence among them: Helidon 4.5 has an option for that, and does not set it.
/// Without it a connection that never says anything stays for ever.
///
/// @param given all others
record TimedSockets(SocketOptions given) implements SocketOptions {

    @Override
    public void configureSocket(SocketChannel socket) {
        given.configureSocket(socket);
        try {
            socket.socket().setSoTimeout((int) given.readTimeout().toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return given.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
        return given.connectTimeout();
    }

    @Override
    public Duration readTimeout() {
        return given.readTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return given.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return given.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
        return given.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
        return given.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
        return given.tcpNoDelay();
    }
}
