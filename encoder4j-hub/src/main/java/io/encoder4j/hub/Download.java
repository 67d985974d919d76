// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import io.encoder4j.files.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The download of one model.
final class Download {

    private final HubSettings settings;
    private final HubListener listener;
    private final HubCache cache;
    private final Hub.FreeSpace freeSpace;
    private final HubClient client;
    private final HubId id;
    private final HubClient.Info info;
    private final Predicate<String> also;
    private final Map<String, HubClient.Metadata> known = new LinkedHashMap<>();
    /// Contents whose checksum was compared.
    private final Set<String> intact = new HashSet<>();
    private final Set<String> damaged = new HashSet<>();

    Download(HubSettings settings, HubListener listener, HubCache cache, Hub.FreeSpace freeSpace, HubClient client, HubId id,
            HubClient.Info info, Predicate<String> also) {
        this.settings = settings;
        this.listener = listener;
        this.cache = cache;
        this.freeSpace = freeSpace;
        this.client = client;
        this.id = id;
        this.info = info;
        this.also = also;
    }

    /// Fetches small files first, then the weights, and writes the reference last, so that an interrupted download is
    /// never taken for a complete model.
    Path run() throws IOException {
        Path snapshot = cache.snapshot(id, info.commit());
        cache.checkLinks(id, snapshot);
        RequiredFiles required = RequiredFiles.of(info.files().keySet(), name -> {
            fetch(name);
            return Hub.json(snapshot.resolve(name));
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
        note(snapshot);
        return snapshot;
    }

    /// Notes what was found, for the next time. A cache that cannot be written has its files all the same.
    private void note(Path snapshot) {
        try {
            if (!info.files().containsKey(RequiredFiles.MODULES)) {
                cache.markAbsent(id, info.commit(), RequiredFiles.MODULES);
            }
            cache.writeRef(id, info.commit());
            cache.deleteAbandoned(id);
        } catch (IOException e) {
            listener.notice(id + ": all files are in " + snapshot + ", but the cache cannot be written: "
                    + RetryPolicy.reason(e));
        }
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
                    () -> client.metadata(id, info.commit(), name));
            OptionalLong listed = info.files().get(name);
            found = new HubClient.Metadata(told.etag(), told.size().isPresent() ? told.size() : listed);
            known.put(name, found);
        }
        return found;
    }

    /// Whether the file's bytes are in the cache, and are those that its name promises.
    private boolean isThere(String name) throws IOException {
        HubClient.Metadata meta = metadata(name);
        Path blob = cache.blob(id, meta.etag());
        if (!Files.isRegularFile(blob) || meta.size().isPresent() && Files.size(blob) != meta.size().getAsLong()) {
            return false;
        }
        if (intact.contains(meta.etag())) {
            return true;
        }
        if (!Checksum.matches(blob, meta.etag())) {
            if (damaged.add(meta.etag())) {
                listener.notice(name + ": its bytes in the cache are damaged; downloading it again");
            }
            return false;
        }
        return intact.add(meta.etag());
    }

    private void fetch(String name) throws IOException {
        String etag = metadata(name).etag();
        Path blob = cache.blob(id, etag);
        if (!isThere(name) || !cache.isPlaced(id, info.commit(), name, etag)) {
            Files.createDirectories(blob.getParent());
            Path partial = cache.partial(id, etag);
            try (LockFile _ = LockFile.acquire(cache.lock(id, etag), partial,
                    () -> listener.notice("waiting for another process that downloads " + id + "…"))) {
                if (!isThere(name)) {
                    new Transfer(client, settings, listener, id, info.commit(), name, metadata(name)).to(partial);
                    Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    intact.add(etag);
                }
                cache.place(id, info.commit(), name, etag);
            }
        }
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
