// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.ModelFiles;
import io.encoder4j.files.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A folder that files of a model may name other files in, and the rule that keeps them in it.
///
/// A name is a relative path with forward slashes. Refused are absolute paths, drive letters, backslashes, NUL, and the
/// parts `.`, `..` and empty, even where the whole would stay inside: no writer of models needs them, and half of the
/// known attacks hide behind one of them. What the name leads to, all symbolic links followed, must lie in the folder or where
/// the Hugging Face cache keeps its files, see [ModelFiles][io.encoder4j.files.ModelFiles].
public final class ModelFolder {

    private final Path folder;

    /// The folder, of which nothing is read yet.
    ///
    /// @param folder the folder as the user named it; the current folder if null, as `Path.getParent` says it
    public ModelFolder(@Nullable Path folder) {
        this.folder = folder == null ? Path.of("") : folder;
    }

    /// {@return a module's folder as `modules.json` may write it, in the one form that [#find] takes: `1_Pooling` for `1_Pooling/` and
    /// `./1_Pooling`, and nothing for the model's own folder}
    ///
    /// @param path as it is written
    public static String module(String path) {
        return ModelFiles.module(path);
    }

    /// {@return the folder as the user named it}
    public Path path() {
        return folder;
    }

    /// {@return whether the folder has an entry of that name, whatever it is}
    ///
    /// @param name the file's name in the folder
    public boolean has(String name) {
        return ModelFiles.has(folder, name);
    }

    /// {@return the file of that name, if there is one}
    ///
    /// @param name one that the format knows, not one that a file gives
    /// @throws CheckpointException if it is a link out of the folder, no regular file, or not readable
    public Optional<Path> find(String name) {
        try {
            return ModelFiles.find(folder, name);
        } catch (IOException e) {
            throw CheckpointException.notRead(folder.resolve(name), e);
        }
    }

    /// {@return the file that `name` means, or null if there is none}
    ///
    /// @param name  the file's name in the folder
    /// @param owner the file that gives the name, for messages
    /// @param where the place in it that gives the name, for messages
    /// @throws CheckpointException if it would lie outside the folder
    public @Nullable Path find(String name, Path owner, String where) {
        if (!isPlain(name)) {
            throw escape(name, owner, where);
        }
        try {
            Path path = folder.resolve(name);
            if (!Files.exists(path)) {
                return null;
            }
            if (ModelFiles.isInside(folder, path)) {
                return path;
            }
        } catch (IOException | InvalidPathException e) {
            throw CheckpointException.in(owner, where + ": " + Printable.name(name)
                    + ": cannot be read: " + Printable.name(String.valueOf(e.getMessage())));
        }
        throw CheckpointException.in(owner, where + ": " + Printable.name(name)
                + " is a link out of the model folder " + folder + "; copy the file into it");
    }

    private static boolean isPlain(String name) {
        if (name.indexOf('\0') >= 0 || name.indexOf('\\') >= 0 || name.matches("(?s)[A-Za-z]:.*")) {
            return false;
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    private static CheckpointException escape(String name, Path owner, String where) {
        return CheckpointException.in(owner, where + ": path leaves the model folder or is not plain: \""
                + Printable.name(name) + "\"; expected a relative path such as model-00001.safetensors");
    }
}
