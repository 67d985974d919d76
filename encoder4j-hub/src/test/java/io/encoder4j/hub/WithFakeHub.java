// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// What tests against [FakeHub] share: the server, an empty cache, and the notices a caller would see.
abstract class WithFakeHub {

    static final String WEIGHTS = "model.safetensors";

    @TempDir
    Path temp;
    final FakeHub server = new FakeHub();
    final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    final HubListener listener = new HubListener() {
        @Override
        public void notice(String line) {
            notices.add(line);
        }
    };

    @AfterEach
    void stop() {
        server.close();
    }

    Path cache() {
        return temp.resolve("hub");
    }

    Path folder() {
        return cache().resolve("models--acme--tiny");
    }

    Path snapshot() {
        return folder().resolve("snapshots").resolve(FakeHub.COMMIT);
    }

    HubSettings settings() {
        return server.settings(cache());
    }

    String host() {
        return settings().endpoint().toString();
    }

    Path model() throws IOException {
        return model(settings());
    }

    Path model(HubSettings settings) throws IOException {
        try (Hub hub = new Hub(settings, listener)) {
            return hub.model(FakeHub.ID);
        }
    }

    void refused(String message) {
        refused(settings(), message);
    }

    void refused(HubSettings settings, String message) {
        assertThatThrownBy(() -> model(settings)).isInstanceOf(HubException.class).hasMessage(message);
    }

    void assertWhole(Path snapshot) throws IOException {
        for (String name : List.of("config.json", "tokenizer.json", WEIGHTS)) {
            assertThat(Files.readAllBytes(snapshot.resolve(name))).as(name).isEqualTo(server.files.get(name));
        }
    }
}
