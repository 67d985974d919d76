// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.FileNotWritableException;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.models.ClassPath.Resource;
import io.encoder4j.onnx.ImportOptions;
import io.encoder4j.onnx.OnnxImport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// Models on the class path: those of [known artifacts][KnownArtifact], ONNX files and folders. What is in a jar is made a folder of
/// the cache, whose name has a key of the content: of two versions each has its own.
///
/// @param cache  where the folders are kept
/// @param notice told what takes its time
record ClassPathModels(ModelCache cache, Consumer<String> notice) {

    /// How a name begins that means a model on the class path.
    static final String PREFIX = "classpath:";
    /// One of them is in the folder of every model.
    private static final List<String> MARKS = List.of("config.json", "modules.json", "adapter_config.json");

    /// The folder of the model that a name means.
    ///
    /// @param asked the whole name, `classpath:` included
    /// @throws ModelNotFoundException if there is none
    Path folder(String asked) throws IOException {
        String name = asked.substring(PREFIX.length()).replaceAll("^/+|/+$", "");
        Optional<KnownArtifact> known = KnownArtifact.named(name);
        if (known.isPresent()) {
            return artifact(known.get());
        }
        if (name.endsWith(".onnx")) {
            return converted(asked, ClassPath.find(name).orElseThrow(() ->
                    new ModelNotFoundException(asked, asked + ": there is no such file on the class path")));
        }
        for (String mark : MARKS) {
            Optional<Resource> found = ClassPath.find(name + "/" + mark);
            if (found.isPresent()) {
                return copied(name, found.get());
            }
        }
        throw new ModelNotFoundException(asked, asked + ": there is no " + name + "/config.json on the class path; expected a model's"
                + " folder, an .onnx file or one of " + KnownArtifact.names());
    }

    /// Whether an artifact is on the class path.
    static boolean has(KnownArtifact known) throws IOException {
        return ClassPath.find(known.onnx()).isPresent();
    }

    /// The folder made of an artifact.
    ///
    /// @throws ModelNotFoundException if it is not on the class path
    Path artifact(KnownArtifact known) throws IOException {
        Resource onnx = ClassPath.find(known.onnx()).orElseThrow(() ->
                new ModelNotFoundException(known.name(), known.missing()));
        Resource tokenizer = onnx.beside(known.tokenizer()).orElseThrow(() -> new ModelNotFoundException(known.name(), onnx.url()
                + ": has no " + known.tokenizer() + " beside it; is it " + known.artifact() + "?"));
        return made(known.name(), List.of(onnx, tokenizer), (staging, folder) -> {
            notice.accept("preparing " + known.name() + " (first use, a few seconds)…");
            onnx.copyTo(staging.resolve(onnx.name()));
            tokenizer.copyTo(staging.resolve(tokenizer.name()));
            OnnxImport.toFolder(staging.resolve(onnx.name()), null, folder, ImportOptions.defaults());
        });
    }

    /// The folder made of an ONNX file and what belongs to it.
    private Path converted(String asked, Resource onnx) throws IOException {
        // The names of what belongs to it, as if the class path were a folder.
        Path root = Path.of("classpath").toAbsolutePath();
        Map<Path, Resource> files = new LinkedHashMap<>();
        for (Path source : OnnxImport.sources(root.resolve(onnx.name()))) {
            Path file = root.relativize(source);
            onnx.beside(file.toString().replace('\\', '/')).ifPresent(found -> files.put(file, found));
        }
        return made(stem(onnx.name()), new ArrayList<>(files.values()), (staging, folder) -> {
            notice.accept("converting " + asked + " (once)…");
            for (Map.Entry<Path, Resource> file : files.entrySet()) {
                file.getValue().copyTo(staging.resolve(file.getKey()));
            }
            try {
                OnnxImport.toFolder(staging.resolve(onnx.name()), null, folder, ImportOptions.defaults());
            } catch (FileNotWritableException e) {
                throw e;
            } catch (CheckpointException e) {
                throw new CheckpointException(e.getMessage().replace(staging + staging.getFileSystem().getSeparator(), PREFIX), e);
            }
        });
    }

    /// A folder of the class path: itself where it is a folder, a copy of what a jar has.
    private Path copied(String name, Resource mark) throws IOException {
        Optional<Path> there = mark.path();
        if (there.isPresent()) {
            return there.get().getParent();
        }
        List<Resource> files = mark.folder();
        return made(stem(name), files, (_, folder) -> {
            notice.accept("copying " + PREFIX + name + " (once)…");
            for (Resource file : files) {
                Path target = folder.resolve(file.name().substring(name.length() + 1)).normalize();
                if (!target.startsWith(folder)) {
                    throw new CheckpointException(file.url() + ": leads out of the model's folder");
                }
                file.copyTo(target);
            }
        });
    }

    private Path made(String name, List<Resource> sources, ModelCache.Maker maker) throws IOException {
        StringBuilder source = new StringBuilder("class path");
        for (Resource file : sources) {
            source.append(' ').append(file.key());
        }
        UUID key = UUID.nameUUIDFromBytes(source.toString().getBytes(StandardCharsets.UTF_8));
        return cache.folder(name + "-" + key.toString().substring(0, 8), source.toString(), maker);
    }

    private static String stem(String name) {
        return name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\.onnx$", "").replaceAll("[^\\w.-]", "_");
    }
}
