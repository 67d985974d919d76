// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** A server for encoders: OpenAI's embeddings, text-embeddings-inference's routes, rerankers, and every other task. */
@NullMarked
@SuppressWarnings({"module", "requires-automatic"}) // Micrometer has no module descriptor
module io.encoder4j.server {
    requires transitive io.encoder4j;
    requires transitive io.encoder4j.models;
    requires io.encoder4j.explain;
    requires static transitive org.jspecify;
    requires java.logging;
    requires tools.jackson.core;
    requires io.helidon.common.buffers;
    requires io.helidon.common.concurrency.limits;
    requires io.helidon.common.socket;
    requires io.helidon.common.tls;
    requires io.helidon.common.pki;
    requires io.helidon.common.configurable;
    requires io.helidon.http;
    requires io.helidon.http.encoding;
    requires io.helidon.http.media;
    requires io.helidon.webserver;
    requires io.helidon.webserver.http2;
    requires micrometer.core;
    requires micrometer.registry.prometheus;

    exports io.encoder4j.server;
    exports io.encoder4j.server.config;
}
