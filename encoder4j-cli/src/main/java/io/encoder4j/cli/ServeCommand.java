// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.ModelOptions;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.models.Models;
import io.encoder4j.server.EncoderServer;
import io.encoder4j.server.config.Limits;
import io.encoder4j.server.config.Listening;
import io.encoder4j.server.config.ModelSource;
import io.encoder4j.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// A server, until it is told to stop. Options have the names and the environment variables of text-embeddings-inference, where
/// that has them; only `HOSTNAME` is not taken, since containers set it to something else.
@Command(name = "serve", description = "Serve models over HTTP: OpenAI's embeddings, text-embeddings-inference's routes, rerankers,"
        + " and every other task.", footer = {"", "Every option may also be given as the environment variable in brackets."})
final class ServeCommand implements Callable<Integer> {

    @Option(names = {"-m", "--model", "--model-id"}, paramLabel = "[NAME=]MODEL", converter = AsSource.class,
            defaultValue = "${env:MODEL_ID:-" + Option.NULL_VALUE + "}",
            description = "A folder, an ONNX file, org/name or classpath:PATH, and what clients call it; may be given several times"
                    + " (all-MiniLM-L6-v2). [MODEL_ID]")
    private @Nullable List<ModelSource> models;

    @Option(names = {"-p", "--port"}, paramLabel = "N", converter = Numbers.Index.class, defaultValue = "${env:PORT:-8080}",
            description = "The port; 0 for any that is free (8080). [PORT]")
    private int port;

    @Option(names = {"--host", "--hostname"}, paramLabel = "ADDRESS", defaultValue = "${env:HOST:-127.0.0.1}",
            description = "The address; one that others reach needs --api-key or --insecure (127.0.0.1). [HOST]")
    private String host = "";

    @Option(names = "--api-key", paramLabel = "KEY", defaultValue = "${env:API_KEY:-" + Option.NULL_VALUE + "}",
            description = "What clients have to send as Authorization: Bearer. [API_KEY]")
    private @Nullable String apiKey;

    @Option(names = "--insecure", defaultValue = "${env:INSECURE:-false}",
            description = "Everybody who reaches the address may use the server. [INSECURE]")
    private boolean insecure;

    @Option(names = "--cors-allow-origin", paramLabel = "ORIGIN", split = ",",
            defaultValue = "${env:CORS_ALLOW_ORIGIN:-" + Option.NULL_VALUE + "}",
            description = "Web pages of this origin may call the server; * for all (none). [CORS_ALLOW_ORIGIN]")
    private @Nullable List<String> corsOrigins;

    @Option(names = "--tls-cert", paramLabel = "FILE", defaultValue = "${env:TLS_CERT:-" + Option.NULL_VALUE + "}",
            description = "A certificate chain in PEM, for HTTPS. [TLS_CERT]")
    private @Nullable Path tlsCert;

    @Option(names = "--tls-key", paramLabel = "FILE", defaultValue = "${env:TLS_KEY:-" + Option.NULL_VALUE + "}",
            description = "Its private key in PEM. [TLS_KEY]")
    private @Nullable Path tlsKey;

    @Option(names = "--max-concurrent-requests", paramLabel = "N", converter = Numbers.Positive.class,
            defaultValue = "${env:MAX_CONCURRENT_REQUESTS:-512}",
            description = "The most inputs that wait or are computed at one time; more get 429 (512). [MAX_CONCURRENT_REQUESTS]")
    private int concurrent;

    @Option(names = "--max-batch-tokens", paramLabel = "N", converter = Numbers.Positive.class,
            defaultValue = "${env:MAX_BATCH_TOKENS:-256}",
            description = "Tokens that a thread computes together (256). [MAX_BATCH_TOKENS]")
    private int batchTokens;

    @Option(names = "--max-client-batch-size", paramLabel = "N", converter = Numbers.Positive.class,
            defaultValue = "${env:MAX_CLIENT_BATCH_SIZE:-32}",
            description = "The most inputs of one request (32). [MAX_CLIENT_BATCH_SIZE]")
    private int clientBatch;

    @Option(names = "--split-client-batches", defaultValue = "${env:SPLIT_CLIENT_BATCHES:-false}",
            description = "Compute larger requests in pieces instead of refusing them. [SPLIT_CLIENT_BATCHES]")
    private boolean splitClientBatches;

    @Option(names = "--max-input-length", paramLabel = "N", converter = Numbers.Positive.class,
            defaultValue = "${env:MAX_INPUT_LENGTH:-" + Option.NULL_VALUE + "}",
            description = "The most tokens of an input (the model's limit). [MAX_INPUT_LENGTH]")
    private @Nullable Integer inputTokens;

    @Option(names = "--payload-limit", paramLabel = "BYTES", converter = Numbers.Positive.class,
            defaultValue = "${env:PAYLOAD_LIMIT:-2000000}", description = "The most bytes of a request's body (2000000). [PAYLOAD_LIMIT]")
    private int payloadBytes;

    @Option(names = "--queue-timeout", paramLabel = "SECONDS", converter = Numbers.Positive.class,
            defaultValue = "${env:QUEUE_TIMEOUT:-10}", description = "Seconds a request may wait in the queue (10). [QUEUE_TIMEOUT]")
    private int queueTimeout;

    @Option(names = "--client-timeout", paramLabel = "SECONDS", converter = Numbers.Positive.class,
            defaultValue = "${env:CLIENT_TIMEOUT:-20}", description = "How long a client may take to send a request, or to take a"
                    + " piece of an answer (20). [CLIENT_TIMEOUT]")
    private int clientTimeout;

    @Option(names = "--auto-truncate", paramLabel = "true|false", arity = "0..1", fallbackValue = "true", defaultValue = "${env:AUTO_TRUNCATE:-true}",
            description = "Cut inputs that are too long, unless the request says otherwise (true). [AUTO_TRUNCATE]")
    private boolean autoTruncate;

    @Option(names = "--threads", paramLabel = "N", converter = Numbers.Positive.class,
            defaultValue = "${env:THREADS:-" + Option.NULL_VALUE + "}",
            description = "Threads that compute (every processor). [THREADS]")
    private @Nullable Integer threads;

    @Option(names = {"--precision", "--dtype"}, paramLabel = "float32|bfloat16|int8|auto", defaultValue = "${env:DTYPE:-auto}",
            description = "The precision of matrix products (auto). [DTYPE]")
    private String precision = "";

    @Option(names = "--json-output", defaultValue = "${env:JSON_OUTPUT:-false}",
            description = "Write the log as JSON, an object for each request. [JSON_OUTPUT]")
    private boolean jsonOutput;

    private static final Duration LOOK = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec;

    static final class AsSource implements ITypeConverter<ModelSource> {
        @Override
        public ModelSource convert(String option) {
            try {
                return ModelSource.of(option);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /// Lets another thread load what a server needs, while this one reads the command line.
    static void warmUp() {
        Thread.ofPlatform().daemon().name("encoder4j-warm-up").start(EncoderServer::warmUp);
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        ServerConfig config = config();
        List<String> problems = config.problems();
        if (!problems.isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join("; ", problems));
        }
        Streams streams = Streams.of(spec);
        try (EncoderServer server = start(config, streams)) {
            Thread hook = new Thread(() -> Stop.gracefully(server), "encoder4j-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            Timings.mark("server ready");
            if (TrainingRequests.wanted()) {
                new TrainingRequests(URI.create(server.url())).send();
                return 0;
            }
            streams.say("serving " + String.join(", ", server.modelNames()) + " at " + server.url() + "; Ctrl-C stops it");
            String problem = awaitProblem(server);
            Runtime.getRuntime().removeShutdownHook(hook);
            throw CommandFailed.check("the server ends: " + problem);
        }
    }

    /// Waits until the server is of no use any more. A process that is half dead would be kept by whoever runs it.
    private static String awaitProblem(EncoderServer server) throws InterruptedException {
        while (true) {
            Thread.sleep(LOOK);
            Optional<String> problem = server.failure();
            if (problem.isPresent()) {
                return problem.get();
            }
            if (server.isDeserted()) {
                return "it cannot accept connections any more; if it ran out of files, allow more (ulimit -n)";
            }
        }
    }

    private static EncoderServer start(ServerConfig config, Streams streams) {
        try {
            return EncoderServer.start(config, Models.ofUser(new DownloadProgress(streams)), streams.out());
        } catch (IllegalStateException e) {
            throw CommandFailed.input(e.getMessage(), e);
        }
    }

    private ServerConfig config() {
        if (port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port " + port + " is more than 65535");
        }
        ModelOptions options;
        try {
            options = ModelOptions.defaults().withPrecision(precision);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        return new ServerConfig(models == null ? List.of() : models, threads == null ? options : options.withThreads(threads),
                new Listening(host, port, apiKey, insecure, corsOrigins == null ? List.of() : corsOrigins, tlsCert, tlsKey),
                new Limits(concurrent, batchTokens, clientBatch, splitClientBatches, inputTokens == null ? 0 : inputTokens,
                        payloadBytes, Duration.ofSeconds(queueTimeout), Duration.ofSeconds(clientTimeout), autoTruncate),
                jsonOutput ? ServerConfig.AccessLogStyle.JSON : ServerConfig.AccessLogStyle.TEXT);
    }
}
