// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.encoder4j.server.config.Limits;
import io.encoder4j.server.config.Listening;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Listens, by Helidon: HTTP/1.1 and HTTP/2, a virtual thread for each connection.
public final class HttpServer implements AutoCloseable {

    /// How long a connection is kept between two requests.
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final int HEADER_BYTES = 16_384;
    private static final int PROLOGUE_BYTES = 8_192;
    private static final int CONNECTIONS = 4_096;

    /// Kept, since java.util.logging forgets loggers that nobody holds.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private final Deadlines deadlines;
    private final OpenConnections connections = new OpenConnections();
    private final WebServer server;

    /// @param limits of bodies and of patience with clients
    /// @param grace  for connections that end when it is closed
    public HttpServer(Listening listening, Limits limits, Duration grace, HttpHandler handler) {
        // What clients do wrong is no event for a log; what the server does wrong is logged by the handler.
        HELIDON.setLevel(Level.OFF);
        deadlines = new Deadlines(limits.clientTimeout());
        BodyRoom room = BodyRoom.of(limits.payloadBytes());
        WebServerConfig.Builder builder = WebServer.builder()
                .host(listening.host()).port(listening.port())
                .shutdownHook(false).shutdownGracePeriod(grace)
                .featuresDiscoverServices(false)
                .maxTcpConnections(connections())
                .idleConnectionTimeout(IDLE).idleConnectionPeriod(Duration.ofSeconds(5))
                .connectionOptions(new TimedSockets(SocketOptions.builder().readTimeout(IDLE).tcpNoDelay(true).buildPrototype()))
                .useNio(false) // whose sockets know no timeouts
                .writeBufferSize(HelidonExchange.BUFFER)
                .contentEncoding(ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build())
                .errorHandling(errors -> errors.includeEntity(true))
                .directHandlers(refusals(handler))
                // What is a little too large is refused by us, since Helidon would reset the connection.
                .maxPayloadSize(limits.payloadBytes() + HelidonExchange.MOST_LINGERING)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new OtherProtocols())
                .addProtocol(Http1Config.builder().maxHeadersSize(HEADER_BYTES).maxPrologueLength(PROLOGUE_BYTES)
                        .addReceiveListener(deadlines).build())
                .addProtocol(Http2Config.builder().maxHeaderListSize(HEADER_BYTES).build())
                .routing(HttpRouting.builder().any((request, response) ->
                        new HelidonExchange(request, response, deadlines, connections, new RequestBody(request,
                                limits.payloadBytes(), room)).answer(handler)));
        Path cert = listening.tlsCert();
        Path key = listening.tlsKey();
        if (cert != null && key != null) {
            builder.tls(tls(cert, key));
        }
        server = builder.build();
    }

    private static int connections() {
        try {
            return FileLimit.connections(CONNECTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Has Helidon load and initialise what every server of it needs.
    public static void warmUp() {
        HELIDON.setLevel(Level.OFF);
        WebServer.builder().shutdownHook(false).featuresDiscoverServices(false).protocolsDiscoverServices(false)
                .contentEncoding(ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build())
                .addProtocol(Http1Config.create()).addProtocol(Http2Config.create()).routing(HttpRouting.builder()).build();
    }

    private static Tls tls(Path cert, Path key) {
        try {
            Keys keys = Keys.builder().pem(pem -> pem.certChain(Resource.create(cert)).key(Resource.create(key))).build();
            return Tls.builder().privateKey(keys).privateKeyCertChain(keys).build();
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new IOException("HTTPS needs a certificate chain and its PKCS#8 key in PEM, which "
                    + cert + " and " + key + " are not: " + e.getMessage(), e));
        }
    }

    private static DirectHandlers refusals(HttpHandler handler) {
        DirectHandler all = (request, _, status, headers, message) -> refusal(handler, request, status.code(), message)
                .headers(headers).header(HeaderNames.CONTENT_TYPE, Response.JSON).build(); // headers() replaces what was there
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, all);
        }
        return handlers.build();
    }

    private static DirectHandler.TransportResponse.Builder refusal(HttpHandler handler, DirectHandler.TransportRequest request,
            int status, @Nullable String message) {
        // A coded body is refused by Helidon as malformed; it is only unsupported.
        boolean coded = request.headers().contains(HeaderNames.CONTENT_ENCODING);
        int code = coded && status == 400 ? 415 : status;
        Response response = handler.refusal(request.path(), code, coded && status == 400 ? "Content-Encoding is not supported;"
                + " send the body as it is" : message == null ? "" : message);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            response.body().writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return DirectHandler.TransportResponse.builder().status(Status.create(response.status())).keepAlive(false)
                .header(HeaderNames.CONTENT_TYPE, response.type()).entity(bytes.toByteArray());
    }

    /// Begins to listen.
    ///
    /// @throws UncheckedIOException if the address is taken
    public void start() {
        server.start();
        if (!server.isRunning() || server.port() < 1) {
            // Helidon logs why, and goes on as if it listened.
            throw new UncheckedIOException(new BindException("the port is in use, or the address is none of this machine"));
        }
        deadlines.start();
    }

    /// Whether it has stopped to listen although nobody closed it: Helidon does so when it cannot accept a connection, and says nothing.
    public boolean isDeserted() {
        return server.isRunning() && connections.isDeserted(port());
    }

    /// Whether a client is connected, as far as the system tells; where it does not, nobody is.
    public boolean isConnected() {
        return server.isRunning() && connections.isConnected(port());
    }

    /// The port it listens at.
    public int port() {
        return server.port();
    }

    /// Stops listening, and lets requests in progress end.
    @Override
    public void close() {
        server.stop();
        deadlines.close();
    }
}
