// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.engine.Engine;
import io.encoder4j.engine.Events;
import io.encoder4j.engine.MappedFiles;
import io.encoder4j.engine.Texts;
import io.encoder4j.error.FilesChangedException;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.model.Architectures;
import io.encoder4j.model.Encoder;
import io.encoder4j.platform.Jackson;
import io.encoder4j.platform.JavaRuntime;
import io.encoder4j.sentence.Routes;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.sentence.SentencePipeline;
import io.encoder4j.sentence.TextPooler;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An encoder opened from a folder: weights, tokenizer and pipeline. May be shared among threads; close it when done, for
/// the weights are mapped and packed outside the heap.
public final class EncoderModel implements ModelTasks, AutoCloseable {

    private final ModelConfig config;
    private final Checkpoint checkpoint;
    private final Architectures.Loaded loaded;
    private final @Nullable Tokenizer tokenizer;
    private final TextPooler pooler;
    private final ModelOptions options;
    private final Kernels kernels;
    private final Engine engine;
    private final EncoderTensors tensors;
    private final SentenceFolder files;
    private final Arena arena;
    /// The other routes of the folder's Router, by name; complete when the model is opened.
    private final Map<String, Supplier<ModelParts>> routes = new LinkedHashMap<>();
    private final List<EncoderModel> closing = new ArrayList<>();

    private EncoderModel(OpenedFolder folder, OpenedFolder.Loaded contents, ModelOptions options, Kernels kernels)
            throws IOException {
        config = folder.config();
        files = folder.sentence();
        checkpoint = contents.weights();
        loaded = contents.model();
        tokenizer = contents.tokenizer().orElse(null);
        arena = contents.arena();
        pooler = TextPooler.build(files.pipeline(loaded.encoder().hiddenSize()), loaded.encoder()::pooler, kernels, arena);
        this.options = options;
        this.kernels = kernels;
        engine = new Engine(config.location(), kernels, options.limits(), contents::close);
        tensors = new EncoderTensors(config.location(), loaded.encoder(), LayerMeanEncoder.of(loaded.encoder(), pooler),
                files.noDenseVectors(false).isEmpty() ? Optional.of(pooler) : Optional.empty(), engine);
    }

    /// Opens the model of that name with the default options.
    ///
    /// @param name as [#open(String, ModelOptions)] takes it
    /// @return the model, which must be closed
    /// @throws IOException if a file cannot be read or written, or the hub cannot be asked
    /// @see #open(String, ModelOptions)
    public static EncoderModel open(String name) throws IOException {
        return open(name, ModelOptions.defaults());
    }

    /// Opens a model by name: the path of a folder; with `io.encoder4j:encoder4j-models` on the class path also the path of an
    /// `.onnx` file, `org/name` or `org/name@revision` on the Hugging Face hub, `classpath:` and the path of a folder or an `.onnx`
    /// file on the class path, or `all-MiniLM-L6-v2`, the default model.
    ///
    /// @param name    path, file or name of a model
    /// @param options how to open it
    /// @return the model, which must be closed
    /// @throws ModelNotFoundException if the name leads nowhere, or nothing on the class path can resolve it
    /// @throws IOException if a file cannot be read or written, or the hub cannot be asked
    /// @see #open(Path, ModelOptions)
    /// @see ModelLocator
    public static EncoderModel open(String name, ModelOptions options) throws IOException {
        return checked(() -> open(ModelLocator.find(name), options));
    }

    /// Opens a folder with the default options.
    ///
    /// @param folder as [#open(Path, ModelOptions)] takes it
    /// @return the model, which must be closed
    /// @throws IOException if a file cannot be read
    /// @see #open(Path, ModelOptions)
    public static EncoderModel open(Path folder) throws IOException {
        return open(folder, ModelOptions.defaults());
    }

    /// Opens a folder as Hugging Face or sentence-transformers keeps it: `config.json`, `model.safetensors` or its shards,
    /// `tokenizer.json` or `vocab.txt`, and where there is one `modules.json` with what it names.
    ///
    /// Tables of words stay in the file, mapped, as long as the model is open, and heads are read when they are first used. So do
    /// not write into the files of an open model: other numbers in the same place change its vectors, and nothing can notice. To
    /// replace a model, rename new files over the old ones or make a new folder; what is open keeps the old ones. Where others
    /// write into the files, open with [ModelOptions#withCopiedWeights].
    ///
    /// @param folder  that has `config.json`
    /// @param options how to open it
    /// @return the model, which must be closed
    /// @throws ModelNotFoundException if there is no such folder
    /// @throws CheckpointException naming every problem of configuration and weights together
    /// @throws io.encoder4j.tokenizer.TokenizerException if the tokenizer's file is malformed
    /// @throws FilesChangedException if a file of the weights is cut meanwhile
    /// @throws IllegalStateException if the JVM is older than 25.0.3, or Jackson on the class path does not fit
    /// @throws IOException if a file cannot be read
    public static EncoderModel open(Path folder, ModelOptions options) throws IOException {
        return checked(() -> opened(folder, options));
    }

    private interface Opening {
        EncoderModel open() throws IOException;
    }

    /// Opens on a JVM and with libraries that will do, or says in one line why not.
    private static EncoderModel checked(Opening opening) throws IOException {
        JavaRuntime.require();
        try {
            return opening.open();
        } catch (LinkageError e) {
            throw Jackson.explained(e).orElseThrow(() -> e);
        }
    }

    private static EncoderModel opened(Path folder, ModelOptions options) throws IOException {
        try (var _ = Events.opening(folder.toString(), "model")) {
            Kernels kernels = kernels(folder, options);
            EncoderModel model = load(OpenedFolder.read(folder), options, kernels);
            try {
                for (String route : model.files.otherRoutes()) {
                    model.addRoute(route);
                }
                return model;
            } catch (Throwable t) {
                model.close();
                throw t;
            }
        }
    }

    private static EncoderModel load(OpenedFolder opened, ModelOptions options, Kernels kernels) throws IOException {
        OpenedFolder.Loaded contents = opened.load(kernels, options.threads(), options.copyWeights());
        try {
            return MappedFiles.guard(opened.files().toString(), () -> new EncoderModel(opened, contents, options, kernels));
        } catch (Throwable t) {
            contents.close();
            throw t;
        }
    }

    /// Another route of the folder's Router: with this encoder, or with one of its own.
    private void addRoute(String route) throws IOException {
        SentenceFolder chain = SentenceFolder.read(files.folder(), route);
        if (!chain.transformer().equals(files.transformer())) {
            EncoderModel other = load(OpenedFolder.read(files.folder(), route), options, kernels);
            closing.add(other);
            routes.put(route, other::parts);
            return;
        }
        TextPooler other = MappedFiles.guard(files.folder().toString(), () -> TextPooler.build(
                chain.pipeline(loaded.encoder().hiddenSize()), loaded.encoder()::pooler, kernels, arena));
        routes.put(route, () -> new ModelParts(runner(), config, chain, other, kernels, arena, Map.of()));
    }

    private static Kernels kernels(Path folder, ModelOptions options) {
        try (var _ = Events.opening(folder.toString(), "kernels")) {
            return KernelChoice.choose(options.kernels(), options.precision());
        }
    }

    @Override
    public <T> T task(Task<T> task) {
        // Heads are read when they are first needed: the model must be open for that, and its files whole.
        return engine.whileOpen(() -> task.open(parts()));
    }

    private ModelParts parts() {
        return new ModelParts(runner(), config, files, pooler, kernels, arena, routes);
    }

    private Runner runner() {
        return new Runner(engine, loaded.encoder(), new Texts(tokenizer(), maxTokens(),
                options.maxTokens() == 0 ? loaded.encoder().maxTokens() : maxTokens()));
    }

    /// Texts to vectors, with some things done differently.
    ///
    /// @param embedOptions what is different
    /// @return the embedder; usable until the model is closed
    /// @throws IllegalArgumentException if the options do not fit the model: an unknown prompt, too many dimensions
    public Embedder embedder(EmbedOptions embedOptions) {
        return engine.whileOpen(() -> Embedder.open(parts(), embedOptions));
    }

    /// Labels that the model never saw, by entailment, where the model does not say which of its labels means that.
    ///
    /// @param entailment the label that means entailment, as [Classifier#labels] has it
    /// @return the classifier; usable until the model is closed
    /// @throws IllegalArgumentException if there is no such label
    public ZeroShotClassifier zeroShot(String entailment) {
        return engine.whileOpen(() -> ZeroShotClassifier.open(parts(), entailment));
    }

    /// {@return what the model can and cannot be used for, by task}
    ///
    /// @throws java.io.UncheckedIOException if a file beside the weights cannot be read
    public List<Ability> abilities() {
        return engine.whileOpen(() -> {
            try {
                return new ModelFacts(config, loaded.encoder().heads(), files, info()).abilities(tokenizer != null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// {@return the tokenizer}
    ///
    /// @throws CheckpointException if the folder has none
    public Tokenizer tokenizer() {
        if (tokenizer == null) {
            throw new CheckpointException(config.location() + ": there is no tokenizer.json and no vocab.txt beside it");
        }
        return tokenizer;
    }

    /// {@return whether it has a tokenizer, so that it takes texts}
    public boolean hasTokenizer() {
        return tokenizer != null;
    }

    /// {@return the encoder itself}
    public Encoder encoder() {
        return loaded.encoder();
    }

    /// {@return pooling and what follows it}
    public SentencePipeline pipeline() {
        return pooler.pipeline();
    }

    /// {@return the routes of the folder's Router; empty if it has none}
    public Optional<Routes> routes() {
        return files.routes();
    }

    /// {@return tokens of the longest text it takes unless asked otherwise: the limit of the options, else the
    /// pipeline's, else what the encoder was trained on; never beyond what the encoder can take}
    public int maxTokens() {
        return options.maxTokens() == 0 ? ModelInfo.maxTokens(loaded.encoder(), pipeline())
                : Math.min(options.maxTokens(), loaded.encoder().maxTokens());
    }

    /// {@return its tensors: hidden states, logits and traces of token ids}
    public EncoderTensors tensors() {
        return tensors;
    }

    /// {@return what this model is}
    public ModelInfo info() {
        return ModelInfo.of(config, checkpoint, new Architectures.Examined(loaded.encoder(), loaded.usedTensors(), List.of(), List.of()),
                pipeline(), kernels);
    }

    /// {@return what linear products are really computed in: `float32`, `bfloat16`, `int8`, `float32 (split bfloat16)`}
    public String precision() {
        return kernels.precision();
    }

    /// {@return the options it was opened with}
    public ModelOptions options() {
        return options;
    }

    /// Waits for calls in progress and frees everything. Later calls throw [IllegalStateException].
    @Override
    public void close() {
        engine.close();
        closing.forEach(EncoderModel::close);
    }
}
