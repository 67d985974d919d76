// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.WeightSource;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.kernel.Kernels;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// From config.json's `model_type` to the file that implements it.
public final class Architectures {

    /// What one architecture file offers.
    ///
    /// @param prefixes what checkpoints may put before its names
    /// @param probe    start of a name it surely has
    private record Architecture(List<String> prefixes, String probe, Loader loader) { }

    private interface Loader {
        Encoder load(ModelConfig config, Weights weights);
    }

    private static final String JINA_BERT = "jina-bert-v2";
    private static final String JINA_V3 = "jina_embeddings_v3";

    private static final Map<String, Architecture> BY_MODEL_TYPE = new LinkedHashMap<>();

    static {
        BY_MODEL_TYPE.put("bert", new Architecture(List.of("bert.", "model.", ""), "embeddings.",
                (config, weights) -> Bert.load(Bert.Config.read(config), weights)));
        for (String modelType : List.of("roberta", "xlm-roberta", "camembert")) {
            BY_MODEL_TYPE.put(modelType, new Architecture(List.of("roberta.", ""), "embeddings.", Roberta::load));
        }
        BY_MODEL_TYPE.put("xlm-roberta-xl",
                new Architecture(List.of("roberta.", ""), "embeddings.", XlmRobertaXl::load));
        BY_MODEL_TYPE.put("distilbert", new Architecture(List.of("distilbert.", ""), "embeddings.", DistilBert::load));
        BY_MODEL_TYPE.put("electra", new Architecture(List.of("electra.", ""), "embeddings.", Electra::load));
        BY_MODEL_TYPE.put("albert", new Architecture(List.of("albert.", ""), "embeddings.", Albert::load));
        BY_MODEL_TYPE.put("ernie", new Architecture(List.of("ernie.", ""), "embeddings.", Ernie::load));
        BY_MODEL_TYPE.put("mobilebert", new Architecture(List.of("mobilebert.", ""), "embeddings.", MobileBert::load));
        BY_MODEL_TYPE.put("mpnet", new Architecture(List.of("mpnet.", ""), "embeddings.", MPNet::load));
        BY_MODEL_TYPE.put("roformer", new Architecture(List.of("roformer.", ""), "embeddings.", RoFormer::load));
        BY_MODEL_TYPE.put("esm", new Architecture(List.of("esm.", ""), "embeddings.", Esm::load));
        BY_MODEL_TYPE.put("megatron-bert", new Architecture(List.of("bert.", ""), "embeddings.", MegatronBert::load));
        BY_MODEL_TYPE.put("modernbert", new Architecture(List.of("model.", ""), "embeddings.", ModernBert::load));
        BY_MODEL_TYPE.put("nomic_bert",
                new Architecture(List.of("nomic_bert.", "bert.", ""), "embeddings.", NomicBert::load));
        for (String modelType : List.of("gte", "new")) {
            BY_MODEL_TYPE.put(modelType, new Architecture(List.of("gte.", "new.", ""), "embeddings.", Gte::load));
        }
        BY_MODEL_TYPE.put(JINA_V3,
                new Architecture(List.of("roberta.", ""), "embeddings.", JinaEmbeddingsV3::load));
        BY_MODEL_TYPE.put(JINA_BERT, new Architecture(List.of("bert.", ""), "embeddings.", JinaBert::load));
        BY_MODEL_TYPE.put("eurobert", new Architecture(List.of("model.", ""), "embed_tokens.", EuroBert::load));
        for (String modelType : List.of("t5", "mt5")) {
            BY_MODEL_TYPE.put(modelType,
                    new Architecture(List.of("transformer.", ""), "encoder.block.", T5Encoder::load));
        }
        BY_MODEL_TYPE.put("deberta", new Architecture(List.of("deberta.", ""), "embeddings.", Deberta::load));
        BY_MODEL_TYPE.put("deberta-v2", new Architecture(List.of("deberta.", ""), "embeddings.", DebertaV2::load));
        for (String modelType : List.of("static-embedding", "model2vec")) {
            BY_MODEL_TYPE.put(modelType, new Architecture(List.of(""), "embedding", StaticEmbedding::load));
        }
    }

    private Architectures() { }

    /// An encoder and which of the checkpoint's tensors it was built from.
    ///
    /// @param encoder     the model, built
    /// @param usedTensors names of the tensors it is made of
    public record Loaded(Encoder encoder, SequencedSet<String> usedTensors) { }

    /// {@return every `model_type` we have}
    public static List<String> modelTypes() {
        return List.copyOf(BY_MODEL_TYPE.keySet());
    }

    /// Builds the encoder a configuration describes.
    ///
    /// @param config     says the family and its sizes
    /// @param checkpoint the weights
    /// @param kernels    lay out the weights
    /// @param arena      owns what is packed or converted
    /// @param threads    how many lay them out
    /// @return the encoder, and what it is made of
    /// @throws CheckpointException naming every problem of configuration and weights together
    public static Loaded load(ModelConfig config, Checkpoint checkpoint, Kernels kernels, Arena arena, int threads) {
        Architecture architecture = find(config);
        Weights weights = Weights.of(checkpoint, kernels, arena, architecture.prefixes, architecture.probe);
        Encoder encoder = build(architecture, config, weights);
        weights.finish(problems(config, weights), threads);
        return new Loaded(encoder, weights.source().used());
    }

    private static Encoder build(Architecture architecture, ModelConfig config, Weights weights) {
        Encoder encoder = architecture.loader.load(config, weights);
        // ColBERT's projection: the one head that any family can have, always under the same name.
        encoder.heads().with(HeadKind.TOKEN_VECTORS, "linear", w -> Head.of(
                Head.dense(w.at("linear").linear(encoder.hiddenSize()))));
        return encoder;
    }

    /// An encoder with sizes and heads but without values. It must not compute.
    ///
    /// @param encoder     the model, built
    /// @param usedTensors which of the checkpoint's tensors it would be built from
    /// @param problems    why it cannot be, in words; empty if it can
    /// @param quantised   for int8 kernels: its linear layers
    public record Examined(Encoder encoder, SequencedSet<String> usedTensors, List<String> problems,
            List<WeightSource.Quantised> quantised) { }

    /// Finds out what [#load] would, from the configuration and the tensors' names and shapes alone.
    ///
    /// @param config     says the family and its sizes
    /// @param checkpoint the weights, of which no value is read unless the kernels are int8
    /// @param kernels    would lay out the weights
    /// @param arena      owns what is made meanwhile
    /// @return what would be built, and what stands in the way
    /// @throws CheckpointException if the `model_type` is not supported
    public static Examined examine(ModelConfig config, Checkpoint checkpoint, Kernels kernels, Arena arena) {
        Architecture architecture = find(config);
        Weights weights = Weights.of(checkpoint, kernels, arena, architecture.prefixes, architecture.probe).trial();
        Encoder encoder = build(architecture, config, weights);
        List<String> problems = problems(config, weights);
        problems.addAll(weights.source().problems());
        return new Examined(encoder, weights.source().used(), problems, weights.source().quantised());
    }

    /// Problems of the configuration, and what explains tensors that are missing.
    private static List<String> problems(ModelConfig config, Weights weights) {
        List<String> problems = new ArrayList<>(config.problems());
        weights.source().unknownLayout().ifPresent(problems::add);
        return problems;
    }

    /// Throws unless the `model_type` is supported.
    ///
    /// @param config says the family
    /// @throws CheckpointException saying what it is instead, and listing the supported
    public static void require(ModelConfig config) {
        find(config);
    }

    private static Architecture find(ModelConfig config) {
        Architecture architecture = BY_MODEL_TYPE.get(family(config));
        if (architecture == null) {
            throw new CheckpointException(config.location() + ": " + ForeignModels.whyNot(config, modelTypes()));
        }
        return architecture;
    }

    /// {@return the family that a configuration means; one of [#modelTypes] if it is supported} Usually its `model_type`.
    /// Checkpoints with code of their own may give the name of another family.
    ///
    /// @param config says the family
    public static String family(ModelConfig config) {
        String modelType = config.text("model_type", "");
        String positions = config.text("position_embedding_type", "");
        Collection<String> code = config.at("auto_map").settings().values();
        if (modelType.equals("bert") && (positions.equals("alibi") || config.text("_name_or_path", "").contains("jina-bert")
                || code.stream().anyMatch(name -> name.contains("jina-bert")))) {
            return JINA_BERT;
        }
        boolean flash = code.stream().anyMatch(name -> name.contains("xlm-roberta-flash"));
        return modelType.startsWith("xlm-roberta") && flash && positions.equals("rotary") ? JINA_V3 : modelType;
    }
}
