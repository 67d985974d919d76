// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/// Files that jars and folders on the class path have, and on the module path the modules that are resolved.
final class ClassPath {

    private ClassPath() { }

    /// The first file of that name, if there is one: as our own loader finds it, or else the thread's, which knows more in an
    /// application server.
    ///
    /// @param name as a loader takes it: `models/tiny/config.json`
    static Optional<Resource> find(String name) throws IOException {
        return all(name).stream().findFirst();
    }

    private static List<Resource> all(String name) throws IOException {
        List<Resource> all = new ArrayList<>();
        for (ClassLoader loader : new ClassLoader[] {ClassPath.class.getClassLoader(),
            Thread.currentThread().getContextClassLoader()}) {
            if (loader != null) {
                for (URL url : Collections.list(loader.getResources(name))) {
                    all.add(new Resource(name, url));
                }
            }
        }
        return all;
    }

    /// A file of the class path.
    ///
    /// @param name as a loader takes it
    /// @param url  where it was found
    record Resource(String name, URL url) {

        /// A file of the same jar or folder.
        Optional<Resource> beside(String other) throws IOException {
            return all(other).stream().filter(resource -> resource.root().equals(root())).findFirst();
        }

        /// Where its jar or folder begins. As many steps up as the name has: it may be written otherwise in the URL.
        private String root() {
            String all = url.toString();
            int end = all.length();
            for (long step = name.chars().filter(c -> c == '/').count(); step >= 0; step--) {
                end = all.lastIndexOf('/', end - 1);
            }
            return all.substring(0, end);
        }

        /// Its path, if it is a file as others are: neither in a jar nor in a runtime image.
        Optional<Path> path() {
            return url.getProtocol().equals("file") ? Optional.of(Path.of(URI.create(url.toString()))) : Optional.empty();
        }

        /// All files of its folder and the folders in it, itself included.
        ///
        /// @throws IOException if it is in something that has no list of its files
        List<Resource> folder() throws IOException {
            String prefix = name.substring(0, name.lastIndexOf('/') + 1);
            List<Resource> files = new ArrayList<>();
            for (String file : names()) {
                if (file.startsWith(prefix)) {
                    beside(file).ifPresent(files::add);
                }
            }
            return files;
        }

        /// The names of all files beside it.
        private List<String> names() throws IOException {
            if (open() instanceof JarURLConnection connection) {
                try (JarFile jar = connection.getJarFile()) {
                    return jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).sorted().toList();
                }
            }
            if (!url.getProtocol().equals("jrt")) {
                throw new IOException(url + ": is in no jar, so that the files beside it cannot be found; put the model into a jar"
                        + " or a folder");
            }
            Path root = Path.of(URI.create(root() + "/"));
            try (Stream<Path> files = Files.walk(root)) {
                return files.filter(Files::isRegularFile).map(file -> root.relativize(file).toString()).sorted().toList();
            }
        }

        /// A text that changes when the content does: of what a jar has the checksum, of all else the time.
        String key() throws IOException {
            URLConnection connection = open();
            if (connection instanceof JarURLConnection jar) {
                try (JarFile _ = jar.getJarFile()) {
                    ZipEntry entry = Objects.requireNonNull(jar.getJarEntry());
                    return name + " " + entry.getSize() + " crc " + Long.toHexString(entry.getCrc());
                }
            }
            try (InputStream _ = connection.getInputStream()) {
                return name + " " + connection.getContentLengthLong() + " at " + connection.getLastModified();
            }
        }

        void copyTo(Path file) throws IOException {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (InputStream in = open().getInputStream()) {
                Files.copy(in, file);
            }
        }

        /// Without the cache that all connections of a process share: what they open together nobody may close.
        private URLConnection open() throws IOException {
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false);
            return connection;
        }
    }
}
