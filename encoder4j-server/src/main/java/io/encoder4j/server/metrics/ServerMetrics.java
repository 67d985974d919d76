// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Counters and times, under TEI's names.
public final class ServerMetrics implements AutoCloseable {

    private static final Duration[] TIMES = {Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10),
        Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(500),
        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10)};
    private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Counter> failures = new ConcurrentHashMap<>();
    private final Map<String, Counter> requests = new ConcurrentHashMap<>();
    private final Counter successes = registry.counter("te_request_success");
    private final Timer duration = timer("te_request_duration");
    private final Timer tokenization = timer("te_request_tokenization_duration");
    private final Timer queue = timer("te_request_queue_duration");
    private final Timer inference = timer("te_request_inference_duration");
    private final DistributionSummary inputLength = summary("te_request_input_length");
    private final DistributionSummary batchSize = summary("te_batch_next_size");
    private final DistributionSummary batchTokens = summary("te_batch_next_tokens");
    private final Counter cut = registry.counter("te_input_truncated");

    private Timer timer(String name) {
        return Timer.builder(name).serviceLevelObjectives(TIMES).register(registry);
    }

    private DistributionSummary summary(String name) {
        return DistributionSummary.builder(name).serviceLevelObjectives(SIZES).register(registry);
    }

    /// Shows a number that is asked for when the metrics are.
    public void gauge(String name, Supplier<Number> number) {
        Gauge.builder(name, number).register(registry);
    }

    /// A request was begun.
    ///
    /// @param kind of work, as TEI's label `method` has it: `single`, `batch`
    public void begun(String kind) {
        requests.computeIfAbsent(kind, name -> registry.counter("te_request_count", "method", name)).increment();
    }

    /// A request ended.
    ///
    /// @param failure its code; empty for success
    public void ended(String failure, Usage usage, long nanos) {
        if (!failure.isEmpty()) {
            failures.computeIfAbsent(failure, code -> registry.counter("te_request_failure", "err", code)).increment();
            return;
        }
        successes.increment();
        duration.record(Duration.ofNanos(nanos));
        if (usage.inputs() > 0) {
            tokenization.record(Duration.ofNanos(usage.tokenizationNanos()));
            queue.record(Duration.ofNanos(usage.queueNanos()));
            inference.record(Duration.ofNanos(usage.inferenceNanos()));
            inputLength.record(usage.tokens());
            cut.increment(usage.inputsCut());
        }
    }

    /// A batch is computed.
    public void batch(int inputs, int tokens) {
        batchSize.record(inputs);
        batchTokens.record(tokens);
    }

    /// All of it, as Prometheus reads it. Its library ends names of counters with `_total`; TEI does not, and dashboards know
    /// TEI's names.
    public String scrape() {
        StringBuilder text = new StringBuilder();
        registry.scrape().lines().forEach(line -> text.append(line.contains("te_") ? line.replaceFirst(
                "^((?:# (?:HELP|TYPE) )?te_\\w+?)_total(?=[ {])", "$1") : line).append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        registry.close();
    }
}
