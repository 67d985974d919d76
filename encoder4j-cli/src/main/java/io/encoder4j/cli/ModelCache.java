// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.onnx.ImportOptions;
import io.encoder4j.onnx.OnnxImport;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Model folders made of ONNX files, each once. A folder has a stamp that says what it was made of and how large its files
/// are; one whose stamp does not hold is made again. Two processes that want the same folder wait for one another.
final class ModelCache {

    private static final String DEFAULT = "all-MiniLM-L6-v2";
    private static final String RESOURCE = "/all-minilm-l6-v2";
    private static final String STAMP = "encoder4j.stamp";
    /// Changed when an import would give another folder than before.
    private static final int FORMAT = 1;

    private final Path root;
    private final Consumer<String> notice;

    /// @param notice told what takes its time
    ModelCache(Path root, Consumer<String> notice) {
        this.root = root;
        this.notice = notice;
    }

    /// The cache of this user: `$ENCODER4J_CACHE`, else `$XDG_CACHE_HOME/encoder4j`, else `~/.cache/encoder4j`, on
    /// Windows `%LOCALAPPDATA%\encoder4j`. The system property `encoder4j.cache` goes before all.
    static ModelCache ofUser(Consumer<String> notice) {
        String property = System.getProperty("encoder4j.cache", env("ENCODER4J_CACHE"));
        if (!property.isEmpty()) {
            return new ModelCache(Path.of(property), notice);
        }
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        String base = env(windows ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
        Path folder = base.isEmpty() ? Path.of(home(), ".cache") : Path.of(base);
        return new ModelCache(folder.resolve("encoder4j"), notice);
    }

    private static String home() {
        String home = env("HOME").isEmpty() ? System.getProperty("user.home", "?") : env("HOME");
        if (home.equals("?")) {
            // What the JVM says of a user without an entry in /etc/passwd, as containers have them.
            throw CommandFailed.input("there is no home folder to keep models in; set ENCODER4J_CACHE to a folder");
        }
        return home;
    }

    private static String env(String name) {
        return Objects.requireNonNullElse(System.getenv(name), "");
    }

    /// The folder of all-MiniLM-L6-v2, made of what the class path has.
    Path defaultModel() throws IOException {
        String source = "class path " + RESOURCE + " " + sizeOf(".onnx") + " " + sizeOf("-tokenizer.json");
        return folder(root.resolve("models").resolve(DEFAULT), source, staging -> {
            notice.accept("preparing " + DEFAULT + " (first use, a few seconds)…");
            Path onnx = staging.resolveSibling(staging.getFileName() + RESOURCE.replace('/', '-') + ".onnx");
            Path tokenizer = staging.resolveSibling(onnx.getFileName() + "-tokenizer.json");
            try {
                copy(".onnx", onnx);
                copy("-tokenizer.json", tokenizer);
                // The file's name is that of the staging area here, so the table of known exports is asked for by hand.
                OnnxImport.toFolder(onnx, tokenizer, staging, ImportOptions.defaults().withPooling("mean")
                        .withNormalize(true).withMaxSeqLength(256));
            } finally {
                Files.deleteIfExists(onnx);
                Files.deleteIfExists(tokenizer);
            }
        });
    }

    private static long sizeOf(String suffix) throws IOException {
        URLConnection connection = resource(suffix).openConnection();
        connection.setUseCaches(false);
        try (InputStream _ = connection.getInputStream()) {
            return connection.getContentLengthLong();
        }
    }

    private static void copy(String suffix, Path target) throws IOException {
        try (InputStream in = resource(suffix).openStream()) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static URL resource(String suffix) throws FileNotFoundException {
        URL url = ModelCache.class.getResource(RESOURCE + suffix);
        if (url == null) {
            throw new FileNotFoundException("the default model is not on the class path (no " + RESOURCE + suffix
                    + "); give a model with --model");
        }
        return url;
    }

    /// The folder made of an ONNX file and the tokenizer and configuration beside it.
    Path converted(Path onnx) throws IOException {
        if (!Files.isRegularFile(onnx)) {
            throw new NoSuchFileException(onnx.toString());
        }
        Path file = onnx.toRealPath();
        String stem = file.getFileName().toString().replaceFirst("\\.onnx$", "");
        StringBuilder source = new StringBuilder(file.toString());
        for (String name : List.of(stem + ".onnx", stem + "-tokenizer.json", "tokenizer.json", "config.json")) {
            Path part = file.resolveSibling(name);
            source.append(Files.exists(part) ? " " + Files.size(part) + " " + Files.getLastModifiedTime(part) : " -");
        }
        UUID key = UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8));
        return folder(root.resolve("models").resolve(stem + "-" + key), source.toString(), staging -> {
            notice.accept("converting " + onnx + " (once)…");
            try {
                OnnxImport.toFolder(file, null, staging, ImportOptions.defaults());
            } catch (CheckpointException e) {
                throw unwritable(e) ? e : new CheckpointException(e.getMessage()
                        + " (or make the folder yourself: encoder4j import " + onnx + " --output DIR …)", e);
            }
        });
    }

    private interface Maker {
        void make(Path staging) throws IOException;
    }

    /// The folder, made first unless its stamp holds.
    private Path folder(Path folder, String source, Maker maker) throws IOException {
        if (holds(folder, source)) {
            return folder;
        }
        try {
            Files.createDirectories(folder.getParent());
            Path lock = folder.resolveSibling(folder.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                if (!holds(folder, source)) {
                    make(folder, source, maker);
                }
            }
            return folder;
        } catch (CheckpointException e) {
            throw unwritable(e) ? advised(e.getCause()) : e;
        } catch (IOException e) {
            throw advised(e);
        }
    }

    private void make(Path folder, String source, Maker maker) throws IOException {
        Path staging = folder.resolveSibling(folder.getFileName() + ".staging");
        // What a killed process left; nobody else is here while the lock is held.
        deleteStartingWith(staging);
        try {
            maker.make(staging);
            Files.writeString(staging.resolve(STAMP), stamp(staging, source));
            delete(folder);
            Files.move(staging, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            deleteStartingWith(staging);
        }
    }

    private static boolean unwritable(CheckpointException e) {
        return e.getCause() instanceof IOException && String.valueOf(e.getMessage()).contains(": cannot be written");
    }

    private CommandFailed advised(Throwable e) {
        String reason = e instanceof IOException io ? Failure.of(io).message() : String.valueOf(e.getMessage());
        return CommandFailed.input("the cache " + root + " cannot be written: " + reason
                + "; set ENCODER4J_CACHE to a folder with room");
    }

    /// Whether the folder is what its stamp says. Sizes only: reading it all would take longer than opening the model.
    private static boolean holds(Path folder, String source) {
        try {
            return Files.readString(folder.resolve(STAMP)).equals(stamp(folder, source));
        } catch (IOException e) {
            return false;
        }
    }

    private static String stamp(Path folder, String source) throws IOException {
        StringBuilder stamp = new StringBuilder("format ").append(FORMAT).append("\nsource ").append(source).append('\n');
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!file.endsWith(STAMP)) {
                    stamp.append(Files.size(file)).append(' ').append(folder.relativize(file)).append('\n');
                }
            }
        }
        return stamp.toString();
    }

    private static void deleteStartingWith(Path prefix) throws IOException {
        String name = prefix.getFileName().toString();
        try (Stream<Path> siblings = Files.list(prefix.getParent())) {
            for (Path sibling : siblings.toList()) {
                String other = sibling.getFileName().toString();
                // The importer's own temporary folders begin with a dot.
                if (other.startsWith(name) || other.startsWith("." + name)) {
                    delete(sibling);
                }
            }
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
