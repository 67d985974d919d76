// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.hub.Hub;
import io.encoder4j.hub.HubException;
import io.encoder4j.hub.HubId;
import io.encoder4j.hub.HubListener;
import io.encoder4j.hub.HubSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Models by their name on the hub, for a command: says on standard error what takes its time.
final class HubModels implements HubListener {

    private final Streams streams;
    private @Nullable Progress progress;
    private long received;

    HubModels(Streams streams) {
        this.streams = streams;
    }

    /// The folder of a model, downloaded if the cache does not have it. A single word may be a folder that was misspelled,
    /// so for one nobody is asked but the cache.
    Path model(HubId id) throws IOException {
        try (Hub hub = new Hub(HubSettings.ofEnvironment(), this)) {
            if (!id.hasOrganization() && !hub.has(id)) {
                throw CommandFailed.input(id + ": there is no such folder, and no such model in the Hugging Face cache; models of "
                        + "the hub are called org/name" + (id.toString().contains("@") ? "" : " (the oldest have one word: encoder4j"
                        + " models download " + id + ")"));
            }
            return hub.model(id);
        } catch (HubException e) {
            throw new HubException(e.getMessage() + " (nor is there a folder of that name here)", e);
        }
    }

    /// Fetches what is new of a model, and other files that are asked for.
    Path download(HubId id, Predicate<String> also) throws IOException {
        try (Hub hub = new Hub(HubSettings.ofEnvironment(), this)) {
            return hub.download(id, also);
        }
    }

    /// A size for people.
    static String size(long bytes) {
        double size = bytes;
        String[] units = {"bytes", "kB", "MB", "GB", "TB"};
        int unit = 0;
        while (size >= 999.95 && unit < units.length - 1) {
            size /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }

    @Override
    public void begins(HubId id, int files, long bytes) {
        notice("downloading " + id + ": " + files + (files == 1 ? " file, " : " files, ") + size(bytes));
        received = 0;
        progress = Progress.ofDownload(streams, OptionalLong.of(bytes));
    }

    @Override
    public void received(long bytes) {
        received += bytes;
        if (progress != null) {
            progress.to(received);
        }
    }

    @Override
    public void notice(String line) {
        if (progress != null) {
            progress.line("encoder4j: " + line);
        } else {
            new PrintStream(streams.err(), true, StandardCharsets.UTF_8).println("encoder4j: " + line);
        }
    }

    @Override
    public void ended() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
