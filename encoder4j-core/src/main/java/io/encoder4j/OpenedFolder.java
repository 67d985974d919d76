// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.Adapter;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.ModelFolder;
import io.encoder4j.engine.Events;
import io.encoder4j.engine.MappedFiles;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.files.Printable;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.model.Architectures;
import io.encoder4j.model.Encoder;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.sentence.StaticSettings;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// The files of a model folder: sentence-transformers' modules, configuration, tokenizer, weights. The one place where a folder
/// is read: [EncoderModel#open] loads it, [Inspection] examines it.
///
/// A folder may have a LoRA adapter beside the weights, or in their place: then the adapter's base is found as [ModelLocator]
/// finds it, and gives what the folder lacks of weights, configuration and tokenizer.
public final class OpenedFolder {


    private final SentenceFolder sentence;
    private final Optional<Adapter> adapter;
    private final Path base;
    private final FutureTask<Optional<Tokenizer>> tokenizer;
    private final ModelConfig config;

    private OpenedFolder(SentenceFolder sentence, Optional<Adapter> adapter, Path base,
            FutureTask<Optional<Tokenizer>> tokenizer, ModelConfig config) {
        this.sentence = sentence;
        this.adapter = adapter;
        this.base = base;
        this.tokenizer = tokenizer;
        this.config = config;
    }

    /// Reads modules and configuration, and begins to read the tokenizer in a thread of its own.
    ///
    /// @param folder the model's folder
    /// @return the folder
    /// @throws CheckpointException if there is no such folder, or modules.json or config.json cannot be used
    /// @throws IOException if a file cannot be read
    public static OpenedFolder read(Path folder) throws IOException {
        return read(folder, null);
    }

    /// Reads the same for a route of sentence-transformers' Router; null for the one that [SentenceFolder#read] takes.
    static OpenedFolder read(Path folder, @Nullable String route) throws IOException {
        if (!Files.isDirectory(folder)) {
            if (Files.exists(folder)) {
                throw new CheckpointException(folder + ": is not a folder; give the folder that has config.json and"
                        + " model.safetensors");
            }
            throw new ModelNotFoundException(folder.toString(), folder + ": there is no such folder");
        }
        SentenceFolder sentence = SentenceFolder.read(folder, route);
        Path files = sentence.transformer();
        Optional<Adapter> adapter = Adapter.find(files);
        Path base = adapter.isEmpty() || Checkpoints.areIn(files) ? files : base(adapter.get());
        FutureTask<Optional<Tokenizer>> tokenizer = new FutureTask<>(() -> readTokenizer(sentence, base));
        Thread.ofPlatform().daemon().name("encoder4j-loading").start(tokenizer);
        try (var _ = Events.opening(folder.toString(), "configuration")) {
            return new OpenedFolder(sentence, adapter, base, tokenizer, sentence.config(base));
        }
    }

    /// The folder that has the weights, configuration and tokenizer of an adapter's base.
    private static Path base(Adapter adapter) throws IOException {
        if (adapter.base().isEmpty()) {
            throw new CheckpointException(adapter.location() + ": there are no weights beside it, and no base_model_name_or_path"
                    + " says whose adapter this is");
        }
        boolean isFolder = ModelLocator.isFolder(adapter.base());
        String name = adapter.base() + (isFolder ? "" : adapter.revision().map(revision -> "@" + revision).orElse(""));
        Path folder;
        try {
            folder = ModelLocator.find(name);
        } catch (CheckpointException | IOException e) {
            throw new ModelNotFoundException(name, adapter.location() + ": this is an adapter of " + Printable.name(name)
                    + ", which was not found: " + e.getMessage(), e);
        }
        return SentenceFolder.read(folder).transformer();
    }

    /// Reads the tokenizer and uses it once: the first text must wait for tables that depend on what the tokenizer does.
    private static Optional<Tokenizer> readTokenizer(SentenceFolder sentence, Path base) throws IOException {
        try (var _ = Events.opening(base.toString(), "tokenizer")) {
            Optional<StaticSettings> table = sentence.staticEmbedding();
            Optional<Tokenizer> tokenizer = table.isPresent() ? ofTable(sentence.transformer(), table.get())
                    : ofEncoder(sentence, base);
            tokenizer.ifPresent(read -> read.encode("A text.", null, EncodeOptions.defaults()));
            return tokenizer;
        }
    }

    /// Lower-casing is the tokenizer's, as in sentence-transformers: for every task and for prompts, not for special tokens.
    private static Optional<Tokenizer> ofEncoder(SentenceFolder sentence, Path base) throws IOException {
        Optional<Tokenizer> own = Tokenizer.find(sentence.transformer());
        return (own.isPresent() ? own : Tokenizer.find(base)).map(read -> sentence.lowerCases() ? read.lowerCasing() : read);
    }

    /// The tokenizer.json alone counts, without the files beside it.
    private static Optional<Tokenizer> ofTable(Path folder, StaticSettings table) throws IOException {
        Optional<Path> file = new ModelFolder(folder).find("tokenizer.json");
        return file.isEmpty() ? Optional.empty()
                : Optional.of(Tokenizer.load(file.get()).forStaticEmbeddings(table.model2vec()));
    }

    /// {@return the folder that has config.json, the weights and the tokenizer; not always the one that was opened}
    public Path files() {
        return sentence.transformer();
    }

    /// {@return the LoRA adapter, if the folder has one}
    public Optional<Adapter> adapter() {
        return adapter;
    }

    /// {@return the folder that has the weights: the adapter's base where it is elsewhere, else [#files]}
    public Path base() {
        return base;
    }

    /// {@return what config.json says}
    public ModelConfig config() {
        return config;
    }

    /// {@return what modules.json and the files it names say}
    public SentenceFolder sentence() {
        return sentence;
    }

    /// {@return the tokenizer, if the folder has one} Waits until it is read.
    ///
    /// @throws io.encoder4j.tokenizer.TokenizerException if its file is malformed or not supported
    /// @throws IOException if its file cannot be read, or the thread is interrupted
    public Optional<Tokenizer> tokenizer() throws IOException {
        try {
            return tokenizer.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading", e);
        }
    }

    /// Maps the weights. The caller closes them.
    ///
    /// @return the weights, which the caller closes
    /// @throws CheckpointException if the weights are missing or malformed, or the family is not supported
    public Checkpoint weights() {
        return weights(false);
    }

    private Checkpoint weights(boolean copy) {
        // That the family is another's is a better reason than weights in another's format.
        Architectures.require(config);
        try (var _ = Events.opening(base.toString(), "map weights")) {
            return MappedFiles.guard(files().toString(), () -> {
                Checkpoint stored = copy ? Checkpoints.copy(base) : Checkpoints.open(base);
                return adapter.map(found -> found.applyTo(stored, files(), copy)).orElse(stored);
            });
        }
    }

    /// What computing takes.
    ///
    /// @param weights mapped, or in memory, as long as this is used
    /// @param arena   has what was packed or converted
    record Loaded(Checkpoint weights, Architectures.Loaded model, Optional<Tokenizer> tokenizer, Arena arena)
            implements AutoCloseable {

        @Override
        public void close() {
            arena.close();
            weights.close();
        }
    }

    /// Packs the weights for the kernels.
    ///
    /// @param threads how many pack
    /// @param copy    whether the weights are read into memory first, so that nothing depends on the files afterwards
    /// @throws CheckpointException naming every problem of configuration and weights together, or that the tokenizer does not fit
    Loaded load(Kernels kernels, int threads, boolean copy) throws IOException {
        Checkpoint weights = weights(copy);
        Arena arena = kernels.weightArena();
        try {
            Architectures.Loaded model;
            try (var _ = Events.opening(base.toString(), "pack weights")) {
                model = MappedFiles.guard(files().toString(), () -> Architectures.load(config, weights, kernels, arena, threads));
            }
            try (var _ = Events.opening(base.toString(), "wait for tokenizer")) {
                return new Loaded(weights, model, tokenizer(model.encoder()), arena);
            }
        } catch (Throwable t) {
            arena.close();
            weights.close();
            throw t;
        }
    }

    /// The tokenizer, if there is one and the encoder has vectors for the tokens that every text gets. It may have more tokens than
    /// the encoder: some were added and never trained. A text that has one of them is refused.
    Optional<Tokenizer> tokenizer(Encoder encoder) throws IOException {
        Optional<Tokenizer> read = tokenizer();
        if (read.isPresent() && Arrays.stream(read.get().encode("").ids()).anyMatch(id -> id >= encoder.vocabSize())) {
            throw new CheckpointException(files() + ": the tokenizer has " + read.get().vocabSize() + " tokens, config.json says"
                    + " vocab_size " + encoder.vocabSize() + ", and special tokens are beyond it: it is another model's tokenizer");
        }
        return read;
    }
}
