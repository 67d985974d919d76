// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The classes of transformers 5 that read a folder's tokenizer. Most take only the vocabulary from `tokenizer.json` and
/// build the stages themselves, from `tokenizer_config.json` and their own defaults: see [ClassStages].
enum TokenizerClass {
    /// No file tells the class: `tokenizer.json` alone counts.
    NONE(true, "", "", "", ""),
    /// `TokenizersBackend`, formerly `PreTrainedTokenizerFast`: the stages of `tokenizer.json`.
    BACKEND(false, "", "PreTrainedTokenizerFast PreTrained TokenizersBackend",
            "modernbert modernbert-decoder nystromformer xlm-roberta-xl umt5 camembertv2-base", ""),
    BERT(true, "WordPiece", "Bert ConvBert DPRContextEncoder DPRQuestionEncoder Electra LayoutLM Lxmert MobileBert"
            + " SqueezeBert", "bert bros convbert distilbert electra ernie layoutlm lxmert megatron-bert mobilebert nezha"
            + " nomic_bert qdqbert realm retribert squeezebert visual_bert", "- - [UNK] [SEP] [PAD] [CLS] [MASK]"),
    DISTILBERT(false, "WordPiece", "DistilBert DPRReader", "", "- - [UNK] [SEP] [PAD] [CLS] [MASK]"),
    MPNET(false, "WordPiece", "MPNet", "mpnet", "<s> </s> [UNK] </s> <pad> <s> <mask>"),
    ROBERTA(false, "BPE", "Bart LED Longformer Mvp Roberta", "bart bridgetower clap data2vec-text ibert led lilt longformer"
            + " mega mra mvp roberta roberta-prelayernorm", "<s> </s> <unk> </s> <pad> <s> <mask>"),
    DEBERTA(true, "BPE", "Deberta", "deberta", "[CLS] [SEP] [UNK] [SEP] [PAD] [CLS] [MASK]"),
    XLM_ROBERTA(false, "Unigram", "XLMRoberta", "gte jina_embeddings_v3 xlm-roberta xmod",
            "<s> </s> <unk> </s> <pad> <s> <mask>"),
    CAMEMBERT(false, "Unigram", "Camembert", "camembert", "<s> </s> <unk> </s> <pad> <s> <mask>"),
    ALBERT(false, "Unigram", "Albert", "albert yoso", "[CLS] [SEP] <unk> [SEP] <pad> [CLS] [MASK]"),
    T5(false, "Unigram", "T5", "mt5 t5", "- </s> <unk> - <pad> - -"),
    DEBERTA_V2(true, "", "DebertaV2", "deberta-v2", "[CLS] [SEP] [UNK] [SEP] [PAD] [CLS] [MASK]"),
    /// Python code, or a word splitter of another library.
    UNSUPPORTED(false, "", "Bartpho BertGeneration BertJapanese Bertweet BioGpt BlenderbotSmall ByT5 CTRL Canine Cpm CpmAnt"
            + " Esm FSMT Flaubert GPTNeoXJapanese GPTSw3 M2M100 Marian MyT5 PLBart Perceiver Phobert ProphetNet RoCBert"
            + " RoFormer Tapas XLM", "bert-japanese bertweet canine esm flaubert phobert roformer roc_bert tapas xlm", "");

    /// The keys of special tokens, in the order in which transformers adds them.
    static final List<String> SPECIAL_KEYS = List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token",
            "cls_token", "mask_token");
    /// Model types for which transformers ignores the class that a folder names.
    private static final Set<String> ALWAYS_BACKEND = BACKEND.modelTypes;
    private static final Map<String, TokenizerClass> BY_NAME = new HashMap<>();
    private static final Map<String, TokenizerClass> BY_MODEL_TYPE = new HashMap<>();

    static {
        for (TokenizerClass type : values()) {
            type.names.forEach(name -> BY_NAME.put(name, type));
            type.modelTypes.forEach(name -> BY_MODEL_TYPE.put(name, type));
        }
    }

    /// Whether the second text of a pair has another token type.
    private final boolean tokenTypes;
    private final String model;
    private final Set<String> names;
    private final Set<String> modelTypes;
    private final List<String> specials;

    TokenizerClass(boolean tokenTypes, String model, String names, String modelTypes, String specials) {
        this.tokenTypes = tokenTypes;
        this.model = model;
        this.names = Set.of(names.split(" "));
        this.modelTypes = Set.of(modelTypes.split(" "));
        this.specials = Arrays.asList(specials.split(" "));
    }

    /// The class of a folder.
    ///
    /// @param name `tokenizer_class` of `tokenizer_config.json` or else of `config.json`, or null
    /// @param modelType `model_type` of `config.json`, or null
    static TokenizerClass of(@Nullable String name, @Nullable String modelType) {
        if (name == null && modelType == null) {
            return NONE;
        }
        if (modelType != null && ALWAYS_BACKEND.contains(modelType)) {
            return BACKEND;
        }
        return name != null ? BY_NAME.getOrDefault(shortName(name), BACKEND)
                : BY_MODEL_TYPE.getOrDefault(modelType, BACKEND);
    }

    /// Whether transformers has a class of this name that is implemented here.
    static boolean isKnown(String name) {
        return BY_NAME.containsKey(shortName(name));
    }

    /// What an unsupported class is instead of a `tokenizer.json`.
    ///
    /// @param name the name of a class or a model type
    static String code(String name) {
        return switch (shortName(name)) {
            case "BertJapanese", "bert-japanese" -> "MeCab, a splitter of Japanese words";
            case "RoFormer", "roformer" -> "jieba, a splitter of Chinese words";
            default -> "Python code of transformers";
        };
    }

    /// A class name without `Tokenizer` and `Fast`.
    static String shortName(String name) {
        return name.equals("PreTrainedTokenizerFast") ? name : name.replaceFirst("Tokenizer(Fast)?$", "");
    }

    /// Whether encodings have token types if `model_input_names` does not say so.
    boolean hasTokenTypes() {
        return tokenTypes;
    }

    /// Whether the class builds the stages itself from a model of this type.
    boolean buildsFrom(String modelType) {
        return model.equals(modelType);
    }

    /// The default of a special token, or null.
    @Nullable String special(String key) {
        int index = SPECIAL_KEYS.indexOf(key);
        return index < 0 || index >= specials.size() || specials.get(index).equals("-") ? null : specials.get(index);
    }
}
