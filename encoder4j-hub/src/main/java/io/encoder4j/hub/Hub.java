// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import io.encoder4j.checkpoint.MappedFile;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Finds models in the cache and downloads them from the hub if they are not there.
public final class Hub implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long MOST_JSON = 64 << 20;

    private final HubSettings settings;
    private final HubListener listener;
    private final HubCache cache;
    private final FreeSpace freeSpace;
    private @Nullable HubClient client;

    /// The free bytes of the disk that a folder is on.
    interface FreeSpace {
        long in(Path folder) throws IOException;
    }

    /// A hub and its cache.
    ///
    /// @param settings say where the cache and the hub are
    /// @param listener is told how downloads go
    public Hub(HubSettings settings, HubListener listener) {
        this(settings, listener, folder -> Files.getFileStore(folder).getUsableSpace());
    }

    Hub(HubSettings settings, HubListener listener, FreeSpace freeSpace) {
        this.settings = settings;
        this.listener = listener;
        this.freeSpace = freeSpace;
        cache = new HubCache(settings.cache(), settings.symlinks());
    }

    /// {@return the folder of a model} If the cache has all files it needs, no server is asked, not even whether there is a
    /// newer one; [#download] does that.
    ///
    /// @param id the model
    /// @throws HubException saying what is missing, where it was looked for and what to do
    public Path model(HubId id) throws IOException {
        Cached cached = cached(id);
        if (cached.complete()) {
            return cached.folder;
        }
        if (settings.offline()) {
            if (cached.usable()) {
                return cached.folder;
            }
            throw new HubException(id + ": " + cached.problem + ", and HF_HUB_OFFLINE forbids downloading it. Download it "
                    + "where there is a network and copy " + cache.folder(id) + " from there, or name a model folder");
        }
        if (cached.usable()) {
            try {
                // That revision, not a newer one.
                return download(id.at(String.valueOf(cached.folder.getFileName())), name -> false, cached.problem);
            } catch (HubException e) {
                throw new HubException(e.getMessage() + ". To use what the cache has, set HF_HUB_OFFLINE=1; if the model has a "
                        + RequiredFiles.MODULES + ", its vectors are others then", e);
            }
        }
        return download(id, name -> false, cached.problem);
    }

    /// {@return whether [#model] would find it without a network}
    ///
    /// @param id the model
    /// @throws IOException if a file cannot be read
    public boolean has(HubId id) throws IOException {
        Cached cached = cached(id);
        return cached.complete() || cached.usable();
    }

    /// Fetches what the hub has of a model now, as far as the cache does not have it.
    ///
    /// @param id   the model
    /// @param also files wanted besides those a model needs
    /// @return the folder
    /// @throws HubException saying what is missing and what to do
    public Path download(HubId id, Predicate<String> also) throws IOException {
        if (settings.offline()) {
            throw new HubException(id + ": HF_HUB_OFFLINE is set, so nothing is downloaded; unset it");
        }
        return download(id, also, "");
    }

    /// @param folder  the snapshot; null if there is none
    /// @param lacks   needed files that it does not have, in words; empty if it can be used
    /// @param problem why it should not be used without asking the hub; empty if there is no reason
    private record Cached(@Nullable Path folder, String lacks, String problem) {
        boolean complete() {
            return folder != null && problem.isEmpty();
        }

        boolean usable() {
            return folder != null && lacks.isEmpty();
        }
    }

    private Cached cached(HubId id) throws IOException {
        String commit = cache.commit(id).orElse(null);
        if (commit == null) {
            return new Cached(null, "all", "is not in the Hugging Face cache (" + cache.lookedIn(id) + ")");
        }
        Path snapshot = cache.snapshot(id, commit);
        cache.checkLinks(id, snapshot);
        Set<String> names = HubCache.names(snapshot);
        RequiredFiles required = RequiredFiles.of(names, name -> json(snapshot.resolve(name)));
        String lacks = required.missingText(id);
        // Programs that need an encoder only leave this file out; without it a model's vectors are others.
        boolean unknown = !names.contains(RequiredFiles.MODULES) && !cache.isKnownAbsent(id, commit, RequiredFiles.MODULES);
        String missing = lacks.isEmpty() && unknown ? RequiredFiles.MODULES : lacks;
        return new Cached(snapshot, lacks, missing.isEmpty() ? "" : "in the cache, " + snapshot + " has no " + missing);
    }

    /// @param problem what the cache lacks, for a message if the hub cannot be reached
    private Path download(HubId id, Predicate<String> also, String problem) throws IOException {
        HubClient.Info info;
        try {
            info = RetryPolicy.untilReached(settings, listener, id.toString(), () -> client().info(id));
        } catch (HubException e) {
            if (problem.isEmpty() || e.getCause() == null || e.getCause() instanceof ServerError.Temporary) {
                // It was asked.
                throw e;
            }
            throw new HubException(id + ": " + problem + ", and " + settings.endpoint() + " cannot be asked: "
                    + RetryPolicy.reason(e.getCause()) + ". Without a network, copy the model's folder into the cache, or "
                    + "name a model folder", e);
        }
        return new Download(settings, listener, cache, freeSpace, client(), id, info, also).run();
    }

    private HubClient client() {
        HubClient current = client;
        if (current == null) {
            current = new HubClient(settings);
            client = current;
        }
        return current;
    }

    static JsonNode json(Path file) throws IOException {
        if (Files.size(file) > MOST_JSON) {
            throw new HubException(file + ": larger than any such file should be");
        }
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new HubException(file + ": is not JSON: " + e.getOriginalMessage() + hint(file), e);
        }
    }

    /// What the file is instead, such as a Git LFS pointer.
    private static String hint(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            byte first = mapped.size() == 0 ? 0 : mapped.data().get(ValueLayout.JAVA_BYTE, 0);
            return first == '{' || first == '[' ? "" : mapped.hint();
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
