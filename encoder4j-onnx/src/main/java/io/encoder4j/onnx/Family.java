// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// An architecture whose ONNX exports are imported: the names and shapes of its parameters and the keys of its
/// configuration, as transformers has them.
///
/// An entry is a parameter's name and its sizes. A name without `.weight` or `.bias` stands for both: the weight has the
/// sizes, the bias has the first. An entry that ends in `?` may be missing. Sizes are letters: V vocabulary, P positions,
/// T token types, B buckets of relative positions, A heads, H hidden, I intermediate, Q three times H, G twice I.
///
/// @param classes      Hugging Face's class prefix by `model_type`: `bert` → `Bert`; the first is the default
/// @param base         name of the encoder inside a model with a head: `bert`
/// @param marker       a parameter of the first layer that only this architecture has
/// @param words        the table of word embeddings
/// @param whole        entries that exist once
/// @param layer        what stands before a layer's number
/// @param layerEntries entries of every layer
/// @param query        weight in a layer whose product is cut into heads
/// @param intermediate weight in a layer that leads into the feed-forward block
/// @param lastNorm     the norm that gives the token vectors; `#` stands for the last layer's number
/// @param keys         configuration keys by the letters above, L for the number of layers
/// @param activation   configuration key of the activation
/// @param epsilon      configuration key of the norms' epsilon; empty where it is always 1e-12
/// @param heads        Hugging Face's class suffix by the names of a head's modules
record Family(SequencedMap<String, String> classes, String base, String marker, String words, List<String> whole,
        String layer, List<String> layerEntries, String query, String intermediate, String lastNorm,
        Map<String, String> keys, String activation, String epsilon, Map<Set<String>, String> heads) {

    static final String SEQUENCE_CLASSIFICATION = "ForSequenceClassification";
    static final String TOKEN_CLASSIFICATION = "ForTokenClassification";
    private static final String QUESTION_ANSWERING = "ForQuestionAnswering";
    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String NORM = "embeddings.LayerNorm H";
    private static final String POSITIONS = "embeddings.position_embeddings.weight PH";
    private static final Map<String, String> KEYS = Map.of("H", "hidden_size", "I", "intermediate_size", "P",
            "max_position_embeddings", "A", "num_attention_heads", "L", "num_hidden_layers", "V", "vocab_size");
    private static final Map<Set<String>, String> ROBERTA_HEADS =
            Map.of(Set.of("classifier.dense", "classifier.out_proj"), SEQUENCE_CLASSIFICATION, Set.of("classifier"),
                    TOKEN_CLASSIFICATION, Set.of("qa_outputs"), QUESTION_ANSWERING);

    private static final List<String> BERT_LAYER = List.of("attention.self.query HH", "attention.self.key HH",
            "attention.self.value HH", "attention.output.dense HH", "attention.output.LayerNorm H",
            "intermediate.dense IH", "output.dense HI", "output.LayerNorm H");

    static final Family BERT = bert(classes("bert", "Bert"), "bert",
            // Which of the two it is depends on the pooler, see EncoderParameters.
            Map.of(Set.of("classifier"), SEQUENCE_CLASSIFICATION, Set.of("qa_outputs"), QUESTION_ANSWERING));

    /// RoBERTa and its relatives have BERT's parameters and count positions from the padding id on.
    static final Family ROBERTA = bert(classes("xlm-roberta", "XLMRoberta", "roberta", "Roberta", "camembert", "Camembert"),
            "roberta", ROBERTA_HEADS);

    static final Family DISTILBERT = new Family(classes("distilbert", "DistilBert"), "distilbert",
            "transformer.layer.0.attention.q_lin.weight", WORDS, List.of(WORDS + " VH", POSITIONS, NORM),
            "transformer.layer.", List.of("attention.q_lin HH", "attention.k_lin HH", "attention.v_lin HH",
                    "attention.out_lin HH", "sa_layer_norm H", "ffn.lin1 IH", "ffn.lin2 HI", "output_layer_norm H"),
            "attention.q_lin.weight", "ffn.lin1.weight", "transformer.layer.#.output_layer_norm",
            Map.of("H", "dim", "I", "hidden_dim", "P", "max_position_embeddings", "A", "n_heads", "L", "n_layers", "V",
                    "vocab_size"), "activation", "",
            Map.of(Set.of("pre_classifier", "classifier"), SEQUENCE_CLASSIFICATION, Set.of("classifier"),
                    TOKEN_CLASSIFICATION, Set.of("qa_outputs"), QUESTION_ANSWERING));

    static final Family MPNET = new Family(classes("mpnet", "MPNet"), "mpnet", "encoder.layer.0.attention.attn.q.weight",
            WORDS, List.of(WORDS + " VH", POSITIONS, NORM, "encoder.relative_attention_bias.weight BA",
                    "pooler.dense HH ?"), "encoder.layer.",
            List.of("attention.attn.q HH", "attention.attn.k HH", "attention.attn.v HH", "attention.attn.o HH",
                    "attention.LayerNorm H", "intermediate.dense IH", "output.dense HI", "output.LayerNorm H"),
            "attention.attn.q.weight", "intermediate.dense.weight", "encoder.layer.#.output.LayerNorm",
            with(KEYS, "B", "relative_attention_num_buckets"), "hidden_act", "layer_norm_eps", ROBERTA_HEADS);

    static final Family MODERNBERT = new Family(classes("modernbert", "ModernBert"), "model", "layers.0.attn.Wqkv.weight",
            "embeddings.tok_embeddings.weight",
            List.of("embeddings.tok_embeddings.weight VH", "embeddings.norm.weight H", "embeddings.norm.bias H ?",
                    "final_norm.weight H", "final_norm.bias H ?"),
            "layers.", List.of("attn_norm.weight H ?", "attn_norm.bias H ?", "attn.Wqkv.weight QH", "attn.Wo.weight HH",
                    "mlp_norm.weight H", "mlp_norm.bias H ?", "mlp.Wi.weight GH", "mlp.Wo.weight HI"),
            "attn.Wqkv.weight", "mlp.Wi.weight", "final_norm", KEYS, "hidden_activation", "norm_eps", Map.of());

    /// Told apart by their markers. RoBERTa is not among them: it has BERT's parameters.
    static final List<Family> BY_MARKER = List.of(DISTILBERT, BERT, MPNET, MODERNBERT);

    private static Family bert(SequencedMap<String, String> classes, String base, Map<Set<String>, String> heads) {
        return new Family(classes, base, "encoder.layer.0.attention.self.query.weight", WORDS, List.of(WORDS + " VH",
                POSITIONS, "embeddings.token_type_embeddings.weight TH", NORM, "pooler.dense HH ?"), "encoder.layer.",
                BERT_LAYER, "attention.self.query.weight", "intermediate.dense.weight", "encoder.layer.#.output.LayerNorm",
                with(KEYS, "T", "type_vocab_size"), "hidden_act", "layer_norm_eps", heads);
    }

    private static Map<String, String> with(Map<String, String> keys, String letter, String key) {
        Map<String, String> all = new LinkedHashMap<>(keys);
        all.put(letter, key);
        return all;
    }

    private static SequencedMap<String, String> classes(String... typesAndClasses) {
        SequencedMap<String, String> classes = new LinkedHashMap<>();
        for (int i = 0; i < typesAndClasses.length; i += 2) {
            classes.put(typesAndClasses[i], typesAndClasses[i + 1]);
        }
        return classes;
    }

    /// The `model_type` written if no config.json says which.
    String modelType() {
        return classes.firstEntry().getKey();
    }

    /// Full name of a layer's parameter.
    String inLayer(int number, String name) {
        return layer + number + "." + name;
    }

    /// The norm that gives the token vectors.
    String lastNorm(int layers) {
        return lastNorm.replace("#", Integer.toString(layers - 1));
    }

    /// The key for a size, if the configuration has it.
    Optional<String> key(String letter) {
        return Optional.ofNullable(keys.get(letter));
    }

    /// The names that are imported, for messages.
    static String supported() {
        return "BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet and ModernBERT";
    }
}
