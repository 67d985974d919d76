// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The tiny models of `goldens/`, also under names of the hub, in a cache of this module's own.
final class Fixtures {

    static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
    /// Has the prompts `query: ` for queries and none for documents; 20 dimensions.
    static final String EMBEDDER = ROOT.resolve("goldens/sentence/v6").toString();
    static final String RERANKER = ROOT.resolve("goldens/tasks/reranker").toString();
    private static final String COMMIT = "0".repeat(40);
    private static final Path TARGET = Path.of(System.getProperty("basedir", "."), "target").toAbsolutePath();

    private Fixtures() { }

    /// Names that the documentation uses mean tiny models from now on, and nothing asks the network.
    static void useNames() throws IOException {
        System.setProperty("encoder4j.cache", TARGET.resolve("encoder4j-cache").toString());
        System.setProperty("HF_HUB_CACHE", TARGET.resolve("hub").toString());
        System.setProperty("HF_HUB_OFFLINE", "1");
        putIntoHub("cross-encoder/ms-marco-MiniLM-L6-v2", Path.of(RERANKER));
        putIntoHub("intfloat/e5-small-v2", Path.of(EMBEDDER));
    }

    private static void putIntoHub(String id, Path model) throws IOException {
        Path folder = TARGET.resolve("hub/models--" + id.replace("/", "--"));
        Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve(COMMIT));
        Files.writeString(Files.createDirectories(folder.resolve("refs")).resolve("main"), COMMIT);
        try (var files = Files.walk(model)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path copy = snapshot.resolve(model.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.write(copy, Files.readAllBytes(file));
            }
        }
    }

    /// The code blocks of a page in docs/ that name that language.
    static List<String> blocks(String page, String language) throws IOException {
        return Pattern.compile("^```(\\w*)\n(.*?)\n```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve("docs").resolve(page))).results()
                .filter(block -> block.group(1).equals(language)).map(block -> block.group(2)).toList();
    }
}
