// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.ModelFiles;
import io.encoder4j.files.Printable;
import io.encoder4j.files.UnusableFileException;
import io.encoder4j.json.JsonTree;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The JSON files of a model's folder.
public final class ConfigFiles {

    private static final int MAX_BYTES = 16 << 20;

    private ConfigFiles() { }

    /// Reads a JSON file of a folder, if there is one.
    ///
    /// @param folder the model's folder, or one below it
    /// @param name   the file's name in it
    /// @return the configuration, or empty
    /// @throws CheckpointException if it is a link out of the folder, no regular file, too large, not JSON or not an object
    /// @throws IOException if a file cannot be read
    public static Optional<ModelConfig> find(Path folder, String name) throws IOException {
        Optional<Path> file = new ModelFolder(folder).find(name);
        return file.isPresent() ? Optional.of(ModelConfig.read(file.get())) : Optional.empty();
    }

    /// Reads a JSON file of a folder; without one, nothing is configured.
    ///
    /// @param folder the model's folder, or one below it
    /// @param name   the file's name in it
    /// @return the configuration, which may be empty
    /// @throws CheckpointException as [#find] does
    /// @throws IOException if a file cannot be read
    public static ModelConfig optional(Path folder, String name) throws IOException {
        Optional<ModelConfig> found = find(folder, name);
        return found.orElseGet(() -> new ModelConfig(folder.resolve(name).toString(), JsonNodeFactory.instance.objectNode()));
    }

    /// Reads a JSON file that a folder must have.
    ///
    /// @param folder the model's folder, or one below it
    /// @param name   the file's name in it
    /// @return the configuration
    /// @throws CheckpointException as [#find] does, and if there is none
    /// @throws IOException if a file cannot be read
    public static ModelConfig require(Path folder, String name) throws IOException {
        Optional<ModelConfig> found = find(folder, name);
        return found.orElseThrow(() -> CheckpointException.in(folder.resolve(name), "there is no such file"));
    }

    /// {@return the configuration of a model that has no config.json but whose family is known}
    ///
    /// @param location  of what says so, for messages
    /// @param modelType the family, as `model_type` says it
    public static ModelConfig ofFamily(Path location, String modelType) {
        return new ModelConfig(location.toString(), JsonNodeFactory.instance.objectNode().put("model_type", modelType));
    }

    /// Reads a JSON file of a folder that is a list of objects; there are none without the file.
    ///
    /// @param folder the model's folder, or one below it
    /// @param name   the file's name in it
    /// @return a configuration for each object
    /// @throws CheckpointException if it is a link out of the folder, no regular file, too large, not JSON, or not a list of one
    ///                             object or more
    /// @throws IOException if a file cannot be read
    public static List<ModelConfig> list(Path folder, String name) throws IOException {
        Optional<Path> file = new ModelFolder(folder).find(name);
        if (file.isEmpty()) {
            return List.of();
        }
        JsonNode root = readJson(file.get());
        if (!root.isArray() || root.isEmpty()) {
            throw new CheckpointException(file.get() + ": expected a list of objects, found " + root.getNodeType());
        }
        List<String> problems = new ArrayList<>();
        List<ModelConfig> configs = new ArrayList<>();
        for (JsonNode element : root) {
            if (!element.isObject()) {
                throw CheckpointException.in(file.get(), "[" + configs.size() + "] must be an object, found " + element);
            }
            configs.add(new ModelConfig(file.get().toString(), element, "[" + configs.size() + "].", problems));
        }
        return configs;
    }

    /// {@return all keys of an object, in file order}
    ///
    /// @param config the object
    public static List<String> names(ModelConfig config) {
        return List.copyOf(config.json().propertyNames());
    }

    /// Reads a small JSON file that must be an object.
    ///
    /// @throws CheckpointException if it is missing, too large, not JSON or not an object
    static JsonNode readObject(Path file) throws IOException {
        JsonNode root = readJson(file);
        if (!root.isObject()) {
            throw new CheckpointException(file + ": expected a JSON object, found " + root.getNodeType());
        }
        return root;
    }

    private static JsonNode readJson(Path file) throws IOException {
        try {
            return JsonTree.read(ModelFiles.read(file, MAX_BYTES));
        } catch (NoSuchFileException | UnusableFileException e) {
            throw CheckpointException.notRead(file, e);
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new CheckpointException(file + ": not JSON at line " + (at == null ? 0 : at.getLineNr())
                    + ", column " + (at == null ? 0 : at.getColumnNr()) + ": " + e.getOriginalMessage(), e);
        }
    }

    /// A value as messages show it.
    static String shown(JsonNode value) {
        return Printable.name(value.toString());
    }

    /// A value as text, without the quotes of a word.
    static String plain(JsonNode value) {
        return value.isValueNode() ? value.asString() : value.toString();
    }
}
