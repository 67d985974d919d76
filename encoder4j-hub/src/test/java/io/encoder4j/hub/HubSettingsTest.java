// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The environment is read as huggingface_hub reads it.
class HubSettingsTest {

    @TempDir
    private Path home;

    private HubSettings of(String... variables) {
        Map<String, String> env = new HashMap<>(Map.of("HOME", home.toString()));
        for (int i = 0; i < variables.length; i += 2) {
            env.put(variables[i], variables[i + 1]);
        }
        return HubSettings.of(env, "/nowhere", Path.of("/nowhere"));
    }

    @Test
    void theCacheIsWherePythonHasIt() {
        assertThat(of().cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(of("XDG_CACHE_HOME", "/x").cache()).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(of("XDG_CACHE_HOME", "/x", "HF_HOME", "~/hf").cache()).isEqualTo(home.resolve("hf/hub"));
        assertThat(of("HF_HOME", "/hf", "HUGGINGFACE_HUB_CACHE", "/old").cache()).isEqualTo(Path.of("/old"));
        assertThat(of("HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/new").cache()).isEqualTo(Path.of("/new"));
    }

    @Test
    void withoutAHomeFolderTheCacheIsTemporary() {
        Map<String, String> none = Map.of();
        assertThat(HubSettings.of(none, "/users/me", home).cache()).isEqualTo(Path.of("/users/me/.cache/huggingface/hub"));
        Path cache = HubSettings.of(none, "?", home).cache();
        assertThat(cache).startsWithRaw(home).endsWithRaw(Path.of("huggingface/hub"));
        assertThat(HubSettings.of(none, "?", home).cache()).as("the same at the next start").isEqualTo(cache);
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_HOME", "~/hf"), "?", home))
                .hasMessage("'~/hf' is in the home folder, and there is none; set HOME");
    }

    @Test
    void theTokenComesFromAVariableOrAFile() throws IOException {
        assertThat(of().token()).isNull();
        Path file = Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token");
        Files.writeString(file, "hf_file\n");
        assertThat(of().token()).isEqualTo("hf_file");
        assertThat(of("HF_TOKEN", " hf_variable ").token()).isEqualTo("hf_variable");
        assertThat(of("HF_TOKEN", "hf_a", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token()).isNull();
        assertThat(of("HF_TOKEN_PATH", home.resolve("none").toString()).token()).isNull();
        assertThat(of("HF_TOKEN", "hf_secret")).asString().doesNotContain("secret").contains("token=set");
        assertThatThrownBy(() -> of("HF_TOKEN", "hf_se\ncret")).hasMessageNotContaining("cret")
                .hasMessage("HF_TOKEN, or the token in HF_HOME, has characters that no token has");
    }

    @Test
    void theRestIsReadToo() {
        assertThat(of().endpoint()).hasToString("https://huggingface.co");
        assertThat(of("HF_ENDPOINT", "https://mirror.example/hf/").endpoint()).hasToString("https://mirror.example/hf");
        assertThat(of().offline()).isFalse();
        assertThat(of("HF_HUB_OFFLINE", "yes").offline()).isTrue();
        assertThat(of("HF_HUB_OFFLINE", "0").offline()).isFalse();
        assertThat(of("TRANSFORMERS_OFFLINE", "1").offline()).isTrue();
        assertThat(of("HF_HUB_DISABLE_SYMLINKS", "True").symlinks()).isFalse();
        assertThat(of("HF_HUB_DOWNLOAD_TIMEOUT", "3").timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThatThrownBy(() -> of("HF_HUB_DOWNLOAD_TIMEOUT", "soon"))
                .hasMessage("HF_HUB_DOWNLOAD_TIMEOUT 'soon' is not a number of seconds");
        assertThatThrownBy(() -> of("HF_ENDPOINT", "huggingface.co"))
                .hasMessage("HF_ENDPOINT 'huggingface.co' is not an address such as https://huggingface.co");
        assertThatThrownBy(() -> of("HF_ENDPOINT", "ftp://x y")).hasMessageContaining("is not an address");
    }

    @Test
    void passwordsAreNeverShown() {
        for (String endpoint : new String[] {"https://me:secret@hub.example", "https://me:sec ret@hub.example",
            "me:secret@hub.example", "https://secret@hub.example/x", "https://hub.example/?token=secret",
            "https://me:sec/ret@hub.example", "https://me:secret@@hub.example", "http:/me:secret@hub.example"}) {
            assertThatThrownBy(() -> of("HF_ENDPOINT", endpoint)).as(endpoint).isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause().hasMessageStartingWith("HF_ENDPOINT '").hasMessageContaining("is not an address such as")
                    .hasMessageNotContainingAny("sec", "ret@");
        }
        assertThatThrownBy(() -> of("HTTPS_PROXY", "socks5://me:secret@proxy.example")).hasMessage("HTTPS_PROXY"
                + " 'socks5://…@proxy.example' is not the address of an HTTP proxy, such as http://proxy.example.com:3128");
    }

    @Test
    void impossiblePortsAreRefused() {
        assertThatThrownBy(() -> of("HF_ENDPOINT", "https://hub.example:99999"))
                .hasMessage("HF_ENDPOINT 'https://hub.example:99999' is not an address such as https://huggingface.co");
    }

    @Test
    void proxiesAreReadAsOtherProgramsDo() {
        assertThat(proxy("https://a.example")).isEqualTo("none");
        assertThat(proxy("https://a.example", "HTTPS_PROXY", "http://p:1", "HTTP_PROXY", "http://q:2")).isEqualTo("http://p:1");
        assertThat(proxy("http://a.example", "HTTPS_PROXY", "http://p:1", "HTTP_PROXY", "q:2")).isEqualTo("http://q:2");
        assertThat(proxy("https://a.example", "HTTPS_PROXY", "http://p:1", "https_proxy", "http://r:3")).isEqualTo("http://r:3");
        assertThat(proxy("https://a.example", "ALL_PROXY", "http://p:1")).isEqualTo("http://p:1");
        for (String direct : new String[] {"*", "a.example", ".example", "*.example", "b, A.Example", "a.example:443"}) {
            assertThat(proxy("https://a.example", "HTTPS_PROXY", "http://p:1", "NO_PROXY", direct)).as(direct).isEqualTo("none");
        }
        for (String other : new String[] {"", "b.example", "xa.example", "a.example:80", "ample", "a.example.org"}) {
            assertThat(proxy("https://a.example", "HTTPS_PROXY", "http://p:1", "NO_PROXY", other)).as(other)
                    .isEqualTo("http://p:1");
        }
    }

    private String proxy(String address, String... variables) {
        return of(variables).proxies().proxyFor(URI.create(address)).map(URI::toString).orElse("none");
    }
}
