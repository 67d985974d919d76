// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.files.UserCache;
import io.encoder4j.hub.Hub;
import io.encoder4j.hub.HubException;
import io.encoder4j.hub.HubId;
import io.encoder4j.hub.HubListener;
import io.encoder4j.hub.HubSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// Turns a model's name into its folder. A name is, in this order:
///
/// 1. the path of a folder;
/// 2. the path of a file that ends in `.onnx`, which is converted once into a cache of encoder4j's own;
/// 3. the path of any other file, which is left to whoever opens it to refuse;
/// 4. `classpath:` and a model on the class path, which is converted or copied into the cache likewise: the path of a folder, of an
///    `.onnx` file, or one of the models that LangChain4j's artifacts have: `all-MiniLM-L6-v2`, `bge-small-en-v1.5`,
///    `bge-small-zh-v1.5` and `e5-small-v2`. Those have their names alone, too, where their artifact is on the class path;
/// 5. `org/name` or `org/name@revision`, taken from the Hugging Face cache or else downloaded into it. A single word is looked
///    for in the cache only: it may be a misspelled folder.
///
/// May be shared among threads if the listener may. Threads and processes that want the same folder wait for one another.
public final class Models {

    /// The name of the default model.
    public static final String DEFAULT = KnownArtifact.DEFAULT.name();

    private final ModelCache cache;
    private final ClassPathModels classPath;
    private final Supplier<HubSettings> hubSettings;
    private final HubListener listener;

    /// Names are looked up with these settings.
    ///
    /// @param cache    the folder for converted models
    /// @param hub      the hub's settings, asked for when a name is one on the hub
    /// @param listener is told what takes time
    public Models(Path cache, Supplier<HubSettings> hub, HubListener listener) {
        this.cache = new ModelCache(cache, listener::notice);
        classPath = new ClassPathModels(this.cache, listener::notice);
        hubSettings = hub;
        this.listener = listener;
    }

    /// With the settings of the process's user. Converted models are kept in the folder that the system property
    /// `encoder4j.cache` names, else in `$ENCODER4J_CACHE`, else in `encoder4j` among the user's caches: on Windows
    /// `%LOCALAPPDATA%`, else `$XDG_CACHE_HOME`, else `~/.cache`, else, without a home folder, a temporary folder. The hub's
    /// settings are [HubSettings#ofEnvironment].
    ///
    /// @param listener is told how downloads go
    /// @return the models of the process's user
    /// @throws java.io.UncheckedIOException if there is no home folder and the temporary folder cannot be made
    public static Models ofUser(HubListener listener) {
        return new Models(cacheOfUser(), HubSettings::ofEnvironment, listener);
    }

    private static Path cacheOfUser() {
        String named = System.getProperty("encoder4j.cache", env("ENCODER4J_CACHE"));
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        String local = System.getProperty("os.name").startsWith("Windows") ? env("LOCALAPPDATA") : "";
        Path caches = !local.isEmpty() ? Path.of(local) : UserCache.folder(System.getenv(), System.getProperty("user.home", "?"),
                Path.of(System.getProperty("java.io.tmpdir")));
        return caches.resolve("encoder4j");
    }

    private static String env(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }

    /// {@return the folder of the default model, made first if need be}
    ///
    /// @throws ModelNotFoundException if its artifact is not on the class path
    /// @throws ModelCacheException if the cache cannot be written
    public Path defaultModel() throws IOException {
        return classPath.artifact(KnownArtifact.DEFAULT);
    }

    /// Opens the model that a name means.
    ///
    /// @param name    as a user writes it
    /// @param options how it computes
    /// @return the model, which the caller closes
    /// @throws IOException for the reasons of [#folder] and of [EncoderModel#open]
    public EncoderModel open(String name, ModelOptions options) throws IOException {
        return EncoderModel.open(folder(name), options);
    }

    /// Opens the default model, whatever folder has its name.
    ///
    /// @param options how it computes
    /// @return the model, which the caller closes
    /// @throws IOException for the reasons of [#defaultModel] and of [EncoderModel#open]
    public EncoderModel openDefault(ModelOptions options) throws IOException {
        return EncoderModel.open(defaultModel(), options);
    }

    /// {@return the folder that a name means, made or downloaded first if need be}
    ///
    /// @param name as a user writes it
    /// @throws ModelNotFoundException if the name leads nowhere
    /// @throws ConversionException if an ONNX file cannot be converted
    /// @throws ModelCacheException if the cache of converted models cannot be written
    /// @throws HubException if the model cannot be downloaded
    public Path folder(String name) throws IOException {
        if (name.isEmpty()) {
            throw new ModelNotFoundException(name, "the model's name is empty; expected a folder, an .onnx file or org/name");
        }
        if (name.startsWith(ClassPathModels.PREFIX)) {
            return classPath.folder(name);
        }
        Optional<Path> there = path(name).filter(Files::exists);
        if (there.isPresent() && Files.isDirectory(there.get())) {
            return there.get();
        }
        if (name.endsWith(".onnx")) {
            return cache.converted(there.orElseThrow(() ->
                    new ModelNotFoundException(name, "there is no such file: " + name)));
        }
        if (there.isPresent()) {
            return there.get();
        }
        Optional<KnownArtifact> known = KnownArtifact.named(name);
        if (known.isPresent() && (name.equals(DEFAULT) || ClassPathModels.has(known.get()))) {
            return classPath.artifact(known.get());
        }
        return onHub(name, HubId.parse(name).orElseThrow(() ->
                new ModelNotFoundException(name, name + ": there is no such folder")));
    }

    private static Optional<Path> path(String name) {
        try {
            return Optional.of(Path.of(name));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private Path onHub(String name, HubId id) throws IOException {
        try (Hub hub = new Hub(hubSettings.get(), listener)) {
            if (!id.hasOrganization() && !hub.has(id)) {
                throw new ModelNotFoundException(name, name + ": there is no such folder, and no such model in the Hugging Face"
                        + " cache; models of the hub are called org/name"
                        + KnownArtifact.named(name).map(known -> "; and " + known.missing()).orElse(""));
            }
            return hub.model(id);
        } catch (HubException e) {
            String message = e.getMessage() + " (nor is there a folder of that name here)";
            if (e.isNotFound()) {
                throw new ModelNotFoundException(name, message, e);
            }
            throw new HubException(message, e);
        }
    }
}
