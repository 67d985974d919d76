// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.ModelNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/// Turns a model's name into a folder. The artifact `io.encoder4j:encoder4j-models` provides one, which knows `.onnx` files,
/// names on the Hugging Face hub and the default model; a program may provide its own through [ServiceLoader].
public interface ModelLocator {

    /// {@return the folder of the model of that name, made or downloaded first if need be}
    ///
    /// @param name as the user gave it
    /// @throws ModelNotFoundException if the name leads nowhere
    /// @throws IOException if files cannot be read or written, or a server cannot be asked
    Path folder(String name) throws IOException;

    /// {@return the folder that a name means} A name that is the path of a folder is that folder, and no locator is loaded; for
    /// any other the first locator that [ServiceLoader] finds is asked.
    ///
    /// @param name as the user gave it
    /// @throws ModelNotFoundException if the name leads nowhere, or is no folder and there is no locator to ask
    /// @throws IOException as the locator throws it
    static Path find(String name) throws IOException {
        if (isFolder(name)) {
            return Path.of(name);
        }
        ModelLocator locator = ServiceLoader.load(ModelLocator.class).findFirst().orElseThrow(() ->
                new ModelNotFoundException(name, name + ": there is no such folder; to open models by a name on the hub, or"
                        + " .onnx files, add the dependency io.encoder4j:encoder4j-models"));
        return locator.folder(name);
    }

    /// {@return whether a name is the path of a folder}
    ///
    /// @param name as the user gave it
    static boolean isFolder(String name) {
        try {
            return !name.isEmpty() && Files.isDirectory(Path.of(name));
        } catch (InvalidPathException e) {
            // A text that cannot be a path may still be a name.
            return false;
        }
    }
}
