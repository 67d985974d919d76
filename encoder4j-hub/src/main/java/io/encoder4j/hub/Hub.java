// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import io.encoder4j.files.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
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

    /// The folder of a model. If the cache has all files it needs, no server is asked, not even whether there is a newer
    /// one; [#download] does that.
    ///
    /// @throws HubException saying what is missing, where it was looked for and what to do
    public Path model(HubId id) throws IOException {
        Cached cached = cached(id);
        if (cached.complete()) {
            return cached.folder;
        }
        if (settings.offline()) {
            throw new HubException(id + ": " + cached.problem + ", and HF_HUB_OFFLINE forbids downloading it. Download it "
                    + "where there is a network and copy " + cache.folder(id) + " from there, or name a model folder");
        }
        return download(id, name -> false, cached.problem);
    }

    /// Whether [#model] would find it without a network.
    public boolean has(HubId id) throws IOException {
        return cached(id).complete();
    }

    /// Fetches what the hub has of a model now, as far as the cache does not have it.
    ///
    /// @param also files wanted besides those a model needs
    /// @return the folder
    /// @throws HubException saying what is missing and what to do
    public Path download(HubId id, Predicate<String> also) throws IOException {
        if (settings.offline()) {
            throw new HubException(id + ": HF_HUB_OFFLINE is set, so nothing is downloaded; unset it");
        }
        return download(id, also, "");
    }

    /// @param problem why it cannot be used; empty if it can
    private record Cached(@Nullable Path folder, String problem) {
        boolean complete() {
            return folder != null && problem.isEmpty();
        }
    }

    private Cached cached(HubId id) throws IOException {
        String commit = cache.commit(id).orElse(null);
        if (commit == null) {
            return new Cached(null, "is not in the Hugging Face cache (" + cache.lookedIn(id) + ")");
        }
        Path snapshot = cache.snapshot(id, commit);
        RequiredFiles required = RequiredFiles.of(HubCache.names(snapshot), name -> json(snapshot.resolve(name)));
        return new Cached(snapshot, required.missing().isEmpty() ? "" : "in the cache, " + snapshot + " has no "
                + required.missingText(id));
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
        return new Download(id, info, also).run();
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
            throw new HubException(file + ": is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// The download of one model.
    private final class Download {

        private final HubId id;
        private final HubClient.Info info;
        private final Predicate<String> also;
        private final Map<String, HubClient.Metadata> known = new LinkedHashMap<>();

        Download(HubId id, HubClient.Info info, Predicate<String> also) {
            this.id = id;
            this.info = info;
            this.also = also;
        }

        /// Fetches small files first, then the weights, and writes the reference last, so that an interrupted download is
        /// never taken for a complete model.
        Path run() throws IOException {
            Path snapshot = cache.snapshot(id, info.commit());
            RequiredFiles required = RequiredFiles.of(info.files().keySet(), name -> {
                fetch(name);
                return json(snapshot.resolve(name));
            });
            Set<String> extra = new TreeSet<>(info.files().keySet());
            extra.removeIf(name -> !also.test(name));
            if (!required.missing().isEmpty() && extra.isEmpty()) {
                throw new HubException(id + ": " + settings.endpoint() + "/" + id.repo() + " has no " + required.missingText(id));
            }
            Set<String> all = new LinkedHashSet<>(required.small());
            all.addAll(extra);
            all.removeAll(required.weights());
            all.addAll(required.missing().isEmpty() ? required.weights() : List.of());
            fetchAll(all);
            cache.writeRef(id, info.commit());
            return snapshot;
        }

        private void fetchAll(Set<String> names) throws IOException {
            List<String> needed = new ArrayList<>();
            long bytes = 0;
            for (String name : names) {
                OptionalLong size = metadata(name).size();
                if (!isThere(name)) {
                    needed.add(name);
                    bytes += size.orElse(0);
                }
            }
            checkRoom(bytes);
            if (!needed.isEmpty()) {
                listener.begins(id, needed.size(), bytes);
            }
            try {
                for (String name : names) {
                    fetch(name);
                }
            } finally {
                listener.ended();
            }
        }

        private HubClient.Metadata metadata(String name) throws IOException {
            HubClient.Metadata found = known.get(name);
            if (found == null) {
                SafeFileNames.check(name, id.toString());
                HubClient.Metadata told = RetryPolicy.until(settings, listener, id + ": " + name,
                        () -> client().metadata(id, info.commit(), name));
                OptionalLong listed = info.files().get(name);
                found = new HubClient.Metadata(told.etag(), told.size().isPresent() ? told.size() : listed);
                known.put(name, found);
            }
            return found;
        }

        private boolean isThere(String name) throws IOException {
            HubClient.Metadata meta = metadata(name);
            Path blob = cache.blob(id, meta.etag());
            return Files.isRegularFile(blob) && (meta.size().isEmpty() || Files.size(blob) == meta.size().getAsLong());
        }

        private void fetch(String name) throws IOException {
            String etag = metadata(name).etag();
            Path blob = cache.blob(id, etag);
            if (!isThere(name)) {
                Files.createDirectories(blob.getParent());
                // A name of our own: what huggingface_hub may be writing beside is not ours to continue.
                Path partial = blob.resolveSibling(etag + ".encoder4j.incomplete");
                try (LockFile _ = LockFile.acquire(cache.lock(id, etag), partial,
                        () -> listener.notice("waiting for another process that downloads " + id + "…"))) {
                    if (!isThere(name)) {
                        new Transfer(client(), settings, listener, id, info.commit(), name, metadata(name)).to(partial);
                        Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
            cache.place(id, info.commit(), name, etag);
        }

        private void checkRoom(long bytes) throws IOException {
            Path folder = settings.cache();
            Files.createDirectories(folder);
            long left = freeSpace.in(folder);
            if (left < bytes) {
                throw new HubException(id + ": needs " + bytes + " bytes, and the disk of " + folder + " has " + left
                        + " left; make room, or set HF_HUB_CACHE to a folder elsewhere");
            }
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
