// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the cache has, and taking it out again. Nothing outside the cache's own folders is touched: links are removed, not
/// followed.
public final class CachedModels {

    private final Path root;

    /// The models of a cache.
    ///
    /// @param settings say where the cache is
    public CachedModels(HubSettings settings) {
        root = settings.cache();
    }

    /// {@return every model, by name}
    ///
    /// @throws IOException if a file cannot be read
    public List<CachedModel> list() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<CachedModel> models = new ArrayList<>();
        for (Path folder : children(root)) {
            Optional<HubId> id = HubId.ofFolder(folder.getFileName().toString());
            if (id.isPresent() && Files.isDirectory(folder)) {
                models.add(new CachedModel(id.get().repo(), folder, bytes(folder), revisions(id.get(), folder)));
            }
        }
        models.sort(Comparator.comparing(CachedModel::repo));
        return models;
    }

    private static List<CachedModel.Revision> revisions(HubId id, Path folder) throws IOException {
        Map<String, List<String>> refs = refs(folder);
        List<CachedModel.Revision> revisions = new ArrayList<>();
        for (Path snapshot : children(folder.resolve("snapshots"))) {
            String commit = snapshot.getFileName().toString();
            Set<String> names = HubCache.names(snapshot);
            String missing;
            try {
                new HubCache(folder.getParent(), true).checkLinks(id, snapshot);
                missing = RequiredFiles.of(names, name -> Hub.json(snapshot.resolve(name))).missingText(id);
            } catch (HubException e) {
                missing = String.valueOf(e.getMessage());
            }
            revisions.add(new CachedModel.Revision(commit, refs.getOrDefault(commit, List.of()), snapshot, names.size(),
                    missing));
        }
        return revisions;
    }

    /// Commit → branches and tags.
    private static Map<String, List<String>> refs(Path folder) throws IOException {
        Map<String, List<String>> refs = new TreeMap<>();
        Path root = folder.resolve("refs");
        if (Files.isDirectory(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).sorted().toList()) {
                    String ref = root.relativize(file).toString().replace('\\', '/');
                    refs.computeIfAbsent(Files.readString(file).strip(), _ -> new ArrayList<>()).add(ref);
                }
            }
        }
        return refs;
    }

    /// Compares every content of a model with the hash that is its name, and looks for links out of its folder.
    ///
    /// @param repo    `org/name`
    /// @param checked told each content's size in bytes as soon as it was compared
    /// @return what is wrong, a line each; empty if nothing is
    /// @throws HubException if the cache does not have it
    public List<String> verify(String repo, LongConsumer checked) throws IOException {
        Path folder = own(repo);
        HubId id = new HubId(repo, "main");
        List<String> problems = new ArrayList<>();
        for (Path snapshot : children(folder.resolve("snapshots"))) {
            try {
                new HubCache(root, true).checkLinks(id, snapshot);
            } catch (HubException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            return problems; // Without looking at what others want looked at.
        }
        Map<Path, List<Path>> users = users(folder);
        for (Path blob : children(folder.resolve("blobs"))) {
            boolean whole = !blob.toString().endsWith(".incomplete") && Files.isRegularFile(blob);
            if (whole && !Checksum.matches(blob, blob.getFileName().toString())) {
                problems.add(blob + ": its bytes do not have the hash that is its name" + usedAs(
                        users.getOrDefault(blob.normalize(), List.of())));
            }
            checked.accept(whole ? Files.size(blob) : 0);
        }
        users.forEach((blob, links) -> {
            if (!Files.exists(blob)) {
                links.forEach(link -> problems.add(link + ": its content " + blob.getFileName() + " is missing"));
            }
        });
        return problems;
    }

    private static String usedAs(List<Path> links) {
        return links.isEmpty() ? "" : links.stream().map(Path::toString).collect(Collectors.joining(", ", "; used as ", ""));
    }

    /// The links of all snapshots, by the content they lead to.
    private static Map<Path, List<Path>> users(Path folder) throws IOException {
        Map<Path, List<Path>> users = new TreeMap<>();
        if (Files.isDirectory(folder.resolve("snapshots"))) {
            try (Stream<Path> files = Files.walk(folder.resolve("snapshots"))) {
                for (Path file : files.filter(Files::isSymbolicLink).sorted().toList()) {
                    Path blob = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
                    users.computeIfAbsent(blob, _ -> new ArrayList<>()).add(file);
                }
            }
        }
        return users;
    }

    /// Removes a whole model.
    ///
    /// @param repo `org/name`
    /// @return bytes that became free
    /// @throws HubException if the cache does not have it
    public long remove(String repo) throws IOException {
        Path folder = own(repo);
        long bytes = bytes(folder);
        // References first: what is half removed must not be taken for a model.
        delete(folder.resolve("refs"));
        delete(folder.resolve("snapshots"));
        delete(folder);
        delete(root.resolve(".locks").resolve(folder.getFileName()));
        return bytes;
    }

    /// Removes one revision, and the contents that no other one has.
    ///
    /// @param id its revision may be a branch, a tag, a commit or a commit's beginning
    /// @return bytes that became free
    /// @throws HubException if the cache does not have it
    public long removeRevision(HubId id) throws IOException {
        Path folder = own(id.repo());
        long before = bytes(folder);
        List<CachedModel.Revision> all = revisions(id, folder);
        List<CachedModel.Revision> meant = all.stream().filter(r -> r.refs().contains(id.revision())
                || r.commit().startsWith(id.revision()) && id.revision().length() >= 7).toList();
        if (meant.size() != 1) {
            throw new HubException(id + ": the cache has " + (meant.isEmpty() ? "no" : meant.size()) + " such revision; it has "
                    + String.join(", ", all.stream().map(r -> r.commit().substring(0, Math.min(12, r.commit().length()))
                            + (r.refs().isEmpty() ? "" : " " + r.refs())).toList()));
        }
        if (all.size() == 1) {
            return remove(id.repo());
        }
        for (String ref : meant.getFirst().refs()) {
            Files.deleteIfExists(folder.resolve("refs").resolve(ref));
        }
        delete(meant.getFirst().folder());
        removeUnusedBlobs(folder);
        return before - bytes(folder);
    }

    private static void removeUnusedBlobs(Path folder) throws IOException {
        Set<Path> used = users(folder).keySet();
        for (Path blob : children(folder.resolve("blobs"))) {
            // Another process may be at work on an incomplete one.
            if (!used.contains(blob.normalize()) && !blob.toString().endsWith(".incomplete")) {
                Files.delete(blob);
            }
        }
    }

    /// The folder of a model that is there, and is the cache's own.
    private Path own(String repo) throws IOException {
        Path folder = root.resolve(new HubId(repo, "main").folder());
        if (!Files.isDirectory(folder)) {
            throw new HubException(repo + ": is not in the Hugging Face cache (" + folder + ": there is no such folder)");
        }
        if (Files.isSymbolicLink(folder)) {
            throw new HubException(folder + ": is a link to " + folder.toRealPath() + ", outside the cache; nothing was removed");
        }
        return folder;
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    private static long bytes(Path folder) throws IOException {
        // Hard links are one file.
        Map<Object, Long> sizes = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).toList()) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                Object key = attributes.fileKey();
                sizes.put(key == null ? file : key, attributes.size());
            }
        }
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(path)) {
            all = new ArrayList<>(files.toList());
        }
        Collections.reverse(all);
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
