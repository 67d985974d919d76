// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import io.encoder4j.models.Models;
import io.encoder4j.server.batching.Admission;
import io.encoder4j.server.batching.BatchListener;
import io.encoder4j.server.batching.ModelQueue;
import io.encoder4j.server.config.Listening;
import io.encoder4j.server.config.ServerConfig;
import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.http.HttpServer;
import io.encoder4j.server.log.AccessLog;
import io.encoder4j.server.metrics.ServerMetrics;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.model.ServedModels;
import io.encoder4j.server.model.StartFailure;
import io.encoder4j.server.route.Routes;
import io.encoder4j.server.route.Services;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A server of encoders. It listens while models are opened, and says then that it is not ready; it stops when what it took on is
/// done.
///
/// ```java
/// try (EncoderServer server = EncoderServer.start(ServerConfig.defaults(), models, System.err)) {
///     … server.url() …
/// }
/// ```
public final class EncoderServer implements AutoCloseable {

    /// For requests in progress when the server is closed.
    private static final Duration GRACE = Duration.ofSeconds(30);
    /// For connections that have no request any more, after that.
    private static final Duration LAST = Duration.ofSeconds(2);
    /// For requests that were sent before their clients could know that the server stops, and are not read yet.
    private static final Duration ON_THE_WAY = Duration.ofMillis(500);

    private enum State { LOADING, READY, STOPPING }

    private final ServerConfig config;
    private final AccessLog log;
    private final ServerMetrics metrics = new ServerMetrics();
    private final Admission admission;
    private final Dispatcher dispatcher;
    private final HttpServer http;
    private volatile State state = State.LOADING;
    private volatile @Nullable ServedModels models;

    private EncoderServer(ServerConfig config, OutputStream log) {
        this.config = config;
        this.log = new AccessLog(config.log(), log);
        admission = new Admission(config.limits().concurrentInputs());
        dispatcher = new Dispatcher(Routes.all(), new Shared(), this.log);
        try {
            http = new HttpServer(config.listening(), config.limits(), LAST, dispatcher);
        } catch (UncheckedIOException e) {
            throw new StartFailure(List.of(String.valueOf(e.getCause().getMessage())));
        }
    }

    /// Starts a server, and returns when it is ready.
    ///
    /// @param config what it is told
    /// @param names  finds its models
    /// @param log    where a line goes for each request
    /// @return the server, which the caller closes
    /// @throws StartFailure naming everything that speaks against the start: options, and every model that cannot be opened
    public static EncoderServer start(ServerConfig config, Models names, OutputStream log) {
        List<String> problems = config.problems();
        if (!problems.isEmpty()) {
            throw new StartFailure(problems);
        }
        EncoderServer server = new EncoderServer(config, log);
        try {
            server.open(names);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    /// Does what does not depend on what a server is told: classes of libraries are loaded and initialised. Called by another thread,
    /// while the command line is read, it makes the start shorter.
    public static void warmUp() {
        new ServerMetrics().close();
        HttpServer.warmUp();
    }

    private void open(Models names) {
        // Opening models takes longest. Meanwhile the server begins to listen.
        CompletableFuture<ServedModels> opening = CompletableFuture.supplyAsync(() -> ServedModels.open(config, names, new Listener()),
                Thread.ofPlatform().daemon().name("encoder4j-opening")::start);
        try {
            http.start();
        } catch (UncheckedIOException e) {
            opening.thenAccept(ServedModels::close);
            throw new StartFailure(List.of("it cannot listen at " + config.listening().host() + ":" + config.listening().port()
                    + ": " + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage())));
        }
        ServedModels opened = result(opening);
        models = opened;
        metrics.gauge("te_queue_size", () -> opened.all().stream().map(ServedModel::queue).mapToInt(ModelQueue::waiting).sum());
        metrics.gauge("te_inputs_in_progress", admission::taken);
        metrics.gauge("te_requests_in_progress", dispatcher::inProgress);
        state = State.READY;
    }

    private static ServedModels result(CompletableFuture<ServedModels> opening) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                default -> throw e;
            }
        }
    }

    private final class Listener implements BatchListener {

        @Override
        public void batch(int inputs, int tokens) {
            metrics.batch(inputs, tokens);
        }

        @Override
        public void failed(Throwable thrown) {
            log.fault("of a batch", thrown);
        }
    }

    private final class Shared implements Services {

        @Override
        public ServerConfig config() {
            return config;
        }

        @Override
        public ServedModels models() {
            ServedModels opened = models;
            if (opened == null) {
                throw RequestFailure.of(FailureKind.UNAVAILABLE, "the models are being loaded");
            }
            return opened;
        }

        @Override
        public Admission admission() {
            return admission;
        }

        @Override
        public ServerMetrics metrics() {
            return metrics;
        }

        @Override
        public boolean isReady() {
            return state == State.READY && failure().isEmpty();
        }

        @Override
        public boolean isStopping() {
            return state == State.STOPPING;
        }
    }

    /// {@return the port it listens at}
    public int port() {
        return http.port();
    }

    /// {@return where clients of this machine find it: `http://127.0.0.1:8080`}
    public String url() {
        Listening listening = config.listening();
        String host = listening.host().contains(":") ? "[" + listening.host() + "]" : listening.host();
        return (listening.tlsCert() == null ? "http://" : "https://") + host + ":" + port();
    }

    /// {@return the names of its models}
    public List<String> modelNames() {
        ServedModels opened = models;
        return opened == null ? List.of() : opened.all().stream().map(ServedModel::name).toList();
    }

    /// What makes it useless for good, if anything: then `/health` does not answer 200 any more, and whoever runs it should end the
    /// process. Ask now and then.
    ///
    /// @return a sentence for people; empty while it serves
    public Optional<String> failure() {
        ServedModels opened = models;
        if (opened == null || state != State.READY) {
            return Optional.empty();
        }
        return opened.all().stream().filter(model -> model.queue().dead() != null).map(model -> "a thread that computes for "
                + model.name() + " has died: " + model.queue().dead()).findFirst();
    }

    /// {@return whether nobody can connect any more, although it was not closed; takes a look at the system's list of sockets}
    public boolean isDeserted() {
        return state == State.READY && http.isDeserted();
    }

    /// Says that it is not ready, finishes the requests it has taken, and frees everything.
    @Override
    public void close() {
        state = State.STOPPING;
        await(ON_THE_WAY, () -> !http.isConnected());
        await(GRACE, () -> dispatcher.inProgress() == 0);
        http.close();
        ServedModels opened = models;
        if (opened != null) {
            opened.close();
        }
        metrics.close();
    }

    private static void await(Duration most, BooleanSupplier done) {
        long end = System.nanoTime() + most.toNanos();
        while (!done.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(5_000_000);
        }
    }
}
