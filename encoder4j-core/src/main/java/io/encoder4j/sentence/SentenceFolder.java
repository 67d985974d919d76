// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads a sentence-transformers folder: `modules.json`, `config_sentence_transformers.json`, the pooling's and the dense
/// layers' folders, `sentence_bert_config.json`. A folder without `modules.json` is a plain encoder: mean pooling, not
/// normalised, as sentence-transformers itself assumes. A folder with one that has no Pooling module does not say how a text's
/// vector is made, and has none unless a pooling is chosen.
///
/// A module's class, key or setting that changes the result is obeyed or refused by name.
public final class SentenceFolder {

    private static final String CONFIG = "config.json";
    private static final String SETTINGS = "config_sentence_transformers.json";
    private static final String COLBERT_SETTINGS = "artifact.metadata";
    private static final String RERANKER = "CrossEncoder";

    private final Path folder;
    private final Path transformer;
    private final List<ModuleEntry> entries;
    private final ModelConfig settings;
    private final TransformerSettings transformerSettings;
    private final @Nullable StaticSettings staticSettings;
    private final @Nullable Routes routes;
    private final @Nullable String route;

    private SentenceFolder(Path folder, List<ModuleEntry> entries, @Nullable Routes routes, @Nullable String route)
            throws IOException {
        this.folder = folder;
        this.routes = routes;
        this.route = route;
        transformer = entries.isEmpty() ? folder : entries.getFirst().path();
        this.entries = entries;
        settings = ConfigFiles.optional(folder, SETTINGS);
        boolean written = new ModelFolder(folder).find(ModuleEntry.FILE).isPresent();
        staticSettings = has(ModuleKind.STATIC_EMBEDDING) ? StaticSettings.read(transformer, written) : null;
        transformerSettings = staticSettings == null ? TransformerSettings.read(transformer)
                : TransformerSettings.ofStatic(transformer, staticSettings.maxTokens());
        if (routes != null && (isSparse() || isMultiVector() || settings.text("model_type", "").equals(RERANKER))) {
            throw new CheckpointException(routes.location() + ": a Router is supported for dense vectors only, not for sparse"
                    + " or token vectors and not for a reranker");
        }
    }

    /// Reads `modules.json`, if there is one, and the settings beside it.
    ///
    /// @param folder the model's folder
    /// @return what the folder says, as far as it is read
    /// @throws CheckpointException if one is malformed or names what we do not have
    /// @throws IOException if a file cannot be read
    public static SentenceFolder read(Path folder) throws IOException {
        return read(folder, null);
    }

    /// Reads the same for a route of the folder's Router: its modules stand in the Router's place.
    ///
    /// @param folder the model's folder
    /// @param route  one of [Routes#names]; null for the default, or else that of documents, or else the first
    /// @return what the folder says
    /// @throws CheckpointException if a file is malformed or names what we do not have
    /// @throws IOException if a file cannot be read
    public static SentenceFolder read(Path folder, @Nullable String route) throws IOException {
        List<ModuleEntry> entries = ModuleEntry.read(folder);
        @Nullable Routes routes = ModuleEntry.routes(folder, entries).orElse(null);
        @Nullable String taken = routes == null ? null : route == null ? routes.first() : route;
        return new SentenceFolder(folder, ModuleEntry.chain(folder, entries,
                routes == null ? null : routes.chains().get(taken)), routes, taken);
    }

    /// {@return the routes of its Router; empty if it has none}
    public Optional<Routes> routes() {
        return Optional.ofNullable(routes);
    }

    /// {@return the names of the Router's routes other than the one this was read for}
    public List<String> otherRoutes() {
        return routes == null ? List.of() : routes.names().stream().filter(name -> !name.equals(route)).toList();
    }

    /// {@return the folder that was read: the one of modules.json}
    public Path folder() {
        return folder;
    }

    /// {@return the folder that holds the encoder's config.json, weights and tokenizer}
    public Path transformer() {
        return transformer;
    }

    /// {@return how its static embeddings are to be read, if it has such instead of an encoder}
    public Optional<StaticSettings> staticEmbedding() {
        return Optional.ofNullable(staticSettings);
    }

    /// {@return what config.json says of the encoder} Static embeddings need none.
    ///
    /// @param base has it where this folder does not: an adapter's
    /// @throws CheckpointException if it is missing or cannot be used
    /// @throws IOException if a file cannot be read
    public ModelConfig config(Path base) throws IOException {
        Optional<ModelConfig> own = staticSettings != null ? Optional.of(staticSettings.config())
                : ConfigFiles.find(transformer, CONFIG);
        return own.isPresent() ? own.get() : ConfigFiles.require(base, CONFIG);
    }

    /// {@return whether the tokenizer must lower-case texts first: `do_lower_case` of sentence_bert_config.json}
    public boolean lowerCases() {
        return transformerSettings.lowerCase();
    }

    private boolean has(ModuleKind kind) {
        return entries.stream().anyMatch(entry -> entry.kind() == kind);
    }

    /// {@return whether texts become weights over the vocabulary here, and no dense vectors}
    public boolean isSparse() {
        return has(ModuleKind.SPLADE_POOLING);
    }

    /// Whether texts become a vector for each token: the settings name a model of that kind, as PyLate's older folders do only by
    /// a module's class, the similarity or the prefixes.
    private boolean isMultiVector() {
        return !entries.isEmpty() && (MultiVector.MODEL_TYPES.contains(settings.text("model_type", ""))
                || entries.stream().anyMatch(ModuleEntry::pylate)
                || settings.text("similarity_fn_name", "").toLowerCase(Locale.ROOT).equals("maxsim")
                || settings.has("query_prefix") || settings.has("document_prefix"));
    }

    /// {@return how pairs are scored, where the folder is a reranker's of sentence-transformers 6; the older ones keep that in
    /// config.json}
    ///
    /// @throws CheckpointException if the activation is not supported
    public Optional<RerankerSettings> reranker() {
        return !settings.text("model_type", "").equals(RERANKER) ? Optional.empty()
                : Optional.of(RerankerSettings.of(settings, prompts(), entries.size() > 1));
    }

    /// {@return why texts become no dense vectors here, in words; empty if they do}
    ///
    /// @param poolingChosen whether a pooling is chosen, whatever the folder says
    public Optional<String> noDenseVectors(boolean poolingChosen) {
        if (isSparse()) {
            return Optional.of("the folder is a sparse encoder's; it gives weights over the vocabulary (the task sparse), no"
                    + " dense vectors");
        }
        if (isMultiVector()) {
            return Optional.of("the folder is an encoder's of token vectors (the task multi-vector); it gives no dense vectors");
        }
        if (!poolingChosen && settings.text("model_type", "").equals(RERANKER)) {
            return Optional.of("the folder is a reranker's (the task rerank); it gives no dense vectors unless a pooling is"
                    + " chosen");
        }
        return poolingChosen || entries.isEmpty() || has(ModuleKind.POOLING) || staticSettings != null
                || transformerSettings.output() == TransformerSettings.Output.POOLER ? Optional.empty()
                : Optional.of(ModuleEntry.FILE + " has no Pooling module, so nothing says how tokens' vectors become a text's;"
                        + " choose a pooling: " + String.join(", ", Pooling.names()));
    }

    /// {@return what the folder's SpladePooling says}
    ///
    /// @throws CheckpointException if it names what we do not have
    /// @throws IOException if a file cannot be read
    public Optional<Splade> splade() throws IOException {
        for (ModuleEntry entry : entries) {
            if (entry.kind() == ModuleKind.SPLADE_POOLING) {
                return Optional.of(Splade.read(entry.path()));
            }
        }
        return Optional.empty();
    }

    /// {@return what the folder says of vectors for each token, in any of three spellings; empty if it says nothing}
    ///
    /// @param hiddenSize features of the encoder's token vectors; checked against the modules
    /// @throws CheckpointException naming the file and what is wrong in it
    /// @throws IOException if a file cannot be read
    public Optional<MultiVector> multiVector(int hiddenSize) throws IOException {
        if (isMultiVector()) {
            List<SentenceModule.Dense> projection = new ArrayList<>();
            Optional<Path> mask = Optional.empty();
            for (ModuleEntry entry : entries.subList(1, entries.size())) {
                switch (entry.kind()) {
                    case DENSE -> projection.add(ModuleFiles.dense(entry.name(), entry.path(),
                            projection.isEmpty() ? hiddenSize : projection.getLast().out(), ModuleFiles.TOKENS));
                    case MULTI_VECTOR_MASK -> mask = Optional.of(entry.path());
                    case NORMALIZE -> ModuleFiles.normalize(entry.name(), entry.path(), ModuleFiles.TOKENS);
                    case DROPOUT -> { }
                    default -> throw new CheckpointException(folder.resolve(ModuleEntry.FILE) + ": a "
                            + entry.kind().className() + " module in an encoder of token vectors is not supported; supported:"
                            + " Dense, MultiVectorMask, Normalize");
                }
            }
            return Optional.of(MultiVector.ofModules(ConfigFiles.optional(folder, SETTINGS),
                    TransformerSettings.read(transformer).json(), mask, projection));
        }
        Optional<ModelConfig> colbert = ConfigFiles.find(transformer, COLBERT_SETTINGS);
        return colbert.isPresent() ? Optional.of(MultiVector.ofMetadata(colbert.get())) : Optional.empty();
    }

    /// Reads everything else.
    ///
    /// @param hiddenSize features of the encoder's token vectors; checked against the modules
    /// @return poolings and modules, in order
    /// @throws CheckpointException naming the file and what is wrong in it
    /// @throws IOException if a file cannot be read
    public SentencePipeline pipeline(int hiddenSize) throws IOException {
        if (isMultiVector() || isSparse()) {
            return assemble(new SentencePipeline.Start("1.pooling", List.of(Pooling.MEAN), true, false), List.of());
        }
        boolean pooler = transformerSettings.output() == TransformerSettings.Output.POOLER;
        SentencePipeline.Start start = new SentencePipeline.Start(staticSettings != null ? "0.embedding" : "1.pooling",
                entries.isEmpty() || staticSettings != null ? List.of(Pooling.MEAN) : List.of(), true, pooler);
        List<SentenceModule> modules = new ArrayList<>();
        int dimensions = hiddenSize;
        for (ModuleEntry entry : entries.isEmpty() ? entries : entries.subList(1, entries.size())) {
            switch (entry.kind()) {
                case WEIGHTED_LAYER_POOLING -> {
                    refusePooling(modules);
                    start = start.withLayers(layers(entry, hiddenSize));
                }
                case POOLING -> {
                    refusePooling(modules);
                    start = ModuleFiles.pooling(entry.name(), entry.path(), hiddenSize).withLayers(start.layers());
                    dimensions = hiddenSize * start.poolings().size();
                }
                case DENSE -> modules.add(ModuleFiles.dense(entry.name(), entry.path(), dimensions, vectorNames()));
                case LAYER_NORM -> modules.add(ModuleFiles.norm(entry.name(), entry.path(), dimensions));
                case NORMALIZE -> modules.add(ModuleFiles.normalize(entry.name(), entry.path(), ModuleFiles.TEXTS));
                case DROPOUT -> { }
                default -> throw new CheckpointException(folder.resolve(ModuleEntry.FILE) + ": a " + entry.kind().className()
                        + " module is not supported here");
            }
            dimensions = modules.isEmpty() ? dimensions : modules.getLast().dimensions(dimensions);
        }
        return assemble(start, modules);
    }

    /// Without `output_hidden_states` in config.json, sentence-transformers hands the last hidden state on.
    private Optional<LayerMean> layers(ModuleEntry entry, int hiddenSize) throws IOException {
        ModelConfig encoder = ConfigFiles.optional(transformer, CONFIG);
        LayerMean mean = LayerMean.read(entry.name(), entry.path(), hiddenSize, encoder);
        return encoder.flag("output_hidden_states", false) ? Optional.of(mean) : Optional.empty();
    }

    /// Refuses a Pooling behind what gives a text's vector.
    private void refusePooling(List<SentenceModule> before) {
        Optional<String> by = staticSettings != null ? Optional.of("StaticEmbedding")
                : transformerSettings.output() == TransformerSettings.Output.POOLER ? Optional.of("the Transformer, by pooler_output,")
                : before.stream().findFirst().map(module -> module.getClass().getSimpleName());
        by.ifPresent(who -> {
            throw new CheckpointException(folder.resolve(ModuleEntry.FILE) + ": Pooling must come before what gives a text's"
                    + " vector, but " + who + " comes first");
        });
    }

    private List<String> vectorNames() {
        return settings.text("model_type", "").equals(RERANKER) ? ModuleFiles.SCORES : ModuleFiles.TEXTS;
    }

    private SentencePipeline assemble(SentencePipeline.Start start, List<SentenceModule> modules) {
        OptionalInt dimensions = settings.has("truncate_dim") ? OptionalInt.of(settings.size("truncate_dim")) : OptionalInt.empty();
        String similarity = settings.text("similarity_fn_name", "cosine");
        Map<String, String> prompts = prompts();
        settings.check();
        return new SentencePipeline(start, modules, prompts, settings.find("default_prompt_name"),
                transformerSettings.maxTokens(), transformerSettings.lowerCase(),
                dimensions, similarity, entries.isEmpty() ? "no modules.json: mean pooling assumed"
                        : staticSettings != null && staticSettings.model2vec() ? "model2vec" : routes == null ? ModuleEntry.FILE
                        : ModuleEntry.FILE + ", route " + route + " of " + String.join(", ", routes.names()));
    }

    private Map<String, String> prompts() {
        return settings.textsByName("prompts");
    }
}
