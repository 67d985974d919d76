// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.hub.FakeHub.Fault;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that is slow, busy, or refuses.
@Timeout(30)
class HubRefusalsTest extends WithFakeHub {

    @Test
    void aStallIsNotWaitedFor() throws IOException {
        server.fail("GET " + WEIGHTS, server.stallAfter(100_000));
        server.fail("HEAD config.json", (_, _, _) -> server.await());
        assertWhole(model());
        assertThat(notices).contains("no answer in time; trying again",
                "stalled: less than 1024 bytes in 400 ms; trying again");
    }

    @Test
    void aServerThatOnlyStallsIsGivenUp() {
        Fault stall = server.stallAfter(0);
        server.fail("GET " + WEIGHTS, stall, stall, stall, stall);
        refused("acme/tiny: model.safetensors: stalled: less than 1024 bytes in 400 ms; given up after 4 tries");
        assertThat(folder().resolve("refs")).doesNotExist();
    }

    @Test
    void dropsCountAsAStall() {
        Fault drops = (exchange, content, _) -> {
            exchange.sendResponseHeaders(200, content.length);
            for (int i = 0; i < 1000; i++) {
                exchange.getResponseBody().write(content, i, 1);
                exchange.getResponseBody().flush();
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    return;
                }
            }
        };
        // Each brings a little more than the one before it, but from the start; that is no progress.
        server.fail("GET " + WEIGHTS, drops, FakeHub.status(404));
        assertThatThrownBy(this::model).hasMessageContaining("the file is not there any more (404)");
        assertThat(notices).containsExactly("stalled: less than 1024 bytes in 400 ms; trying again");
    }

    @Test
    void busyServersAreAskedAgain() throws IOException {
        server.fail("GET ", FakeHub.status(500), FakeHub.status(503));
        server.fail("HEAD " + WEIGHTS, FakeHub.status(429, "Retry-After", "1"));
        server.fail("GET " + WEIGHTS, FakeHub.status(502));
        long start = System.nanoTime();
        assertWhole(model());
        assertThat(System.nanoTime() - start).as("Retry-After is kept").isGreaterThan(1_000_000_000L);
        assertThat(notices).containsExactly(
                "acme/tiny: 127.0.0.1 answers 500 (it has a problem of its own); trying again",
                "acme/tiny: 127.0.0.1 answers 503 (it has a problem of its own); trying again",
                "acme/tiny: model.safetensors: 127.0.0.1 answers 429 (too many requests); trying again in 1 s",
                "acme/tiny: model.safetensors: 127.0.0.1 answers 502 (it has a problem of its own); trying again");
    }

    @Test
    void noServerMayMakeUsWaitForHours() {
        server.fail("GET ", FakeHub.status(429, "Retry-After", "7200"));
        refused("acme/tiny: 127.0.0.1 answers 429 (too many requests) and asks to come back in 7200 s; try again then");
    }

    @Test
    void alwaysBusyIsGivenUp() {
        Fault busy = FakeHub.status(500);
        server.fail("GET ", busy, busy, busy, busy);
        assertThatThrownBy(this::model).hasMessageContaining("answers 500 (it has a problem of its own); given up after 4 "
                + "tries");
        assertThat(server.requests).hasSize(4);
    }

    @Test
    void refusalsSayWhatToDo() {
        server.fail("GET ", FakeHub.status(401, "X-Error-Code", "RepoNotFound"));
        refused("acme/tiny: there is no such model at " + host() + ", or it is private (401): check the name, and that the "
                + "token in HF_TOKEN or HF_HOME is valid and may read it");
        server.fail("GET ", FakeHub.status(403));
        refused("acme/tiny: is gated (403): accept its conditions at " + host() + "/acme/tiny, signed in as the owner of the "
                + "token that HF_TOKEN or HF_HOME gives");
        server.fail("GET ", FakeHub.status(404, "X-Error-Code", "RevisionNotFound"));
        refused("acme/tiny: there is no revision 'main' of " + host() + "/acme/tiny (404)");
        server.fail("GET ", FakeHub.status(404));
        refused("acme/tiny: there is no such model at " + host() + ", or it is private (404): check the name, and that the "
                + "token in HF_TOKEN or HF_HOME is valid and may read it");
        server.fail("GET ", FakeHub.status(418));
        refused("acme/tiny: 127.0.0.1 answers 418, expected 200");
        assertThat(cache().resolve("models--acme--tiny")).doesNotExist();
    }
}
