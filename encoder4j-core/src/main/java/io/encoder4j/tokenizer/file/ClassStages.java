// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.Decoder;
import io.encoder4j.tokenizer.pipeline.Normalizer;
import io.encoder4j.tokenizer.pipeline.OffsetTrimming;
import io.encoder4j.tokenizer.pipeline.Pipeline;
import io.encoder4j.tokenizer.pipeline.PostProcessor.Piece;
import io.encoder4j.tokenizer.pipeline.PostProcessor;
import io.encoder4j.tokenizer.pipeline.PreTokenizer;
import io.encoder4j.tokenizer.pipeline.SplitBehavior;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.text.TextPattern;
import io.encoder4j.tokenizer.unicode.CodePoints;
import java.util.ArrayList;
import java.util.List;

/// The stages that a tokenizer class of transformers 5 builds itself, whatever `tokenizer.json` says of them.
///
/// Two classes keep the stages of the file, as transformers 4 does and the models were trained: of DeBERTa-v2 all,
/// with `do_lower_case`; of DeBERTa the post-processor, since transformers 5 puts two `[SEP]` between the texts of a pair.
final class ClassStages {
    private static final String META = "\u2581";

    private final TokenizerClass type;
    private final TokenizerConfig config;
    private final Vocabulary vocabulary;

    ClassStages(TokenizerClass type, TokenizerConfig config, Vocabulary vocabulary) {
        this.type = type;
        this.config = config;
        this.vocabulary = vocabulary;
    }

    /// The pipeline of the class.
    ///
    /// @param file the pipeline of `tokenizer.json`
    /// @param hasPostProcessor whether the file has a post-processor
    Pipeline pipeline(Pipeline file, boolean hasPostProcessor) {
        return new Pipeline(file.vocabulary(), file.addedTokens(), normalizer(file.normalizer()),
                preTokenizer(file.preTokenizer()), file.model(), postProcessor(file.postProcessor(), hasPostProcessor),
                decoder(file.decoder()));
    }

    private Normalizer normalizer(Normalizer file) {
        return switch (type) {
            case NONE, BACKEND, UNSUPPORTED -> file;
            case BERT, DISTILBERT, MPNET -> bertNormalizer(config);
            case ROBERTA, DEBERTA -> new Normalizer.Sequence(List.of());
            case XLM_ROBERTA, CAMEMBERT, T5 -> new Normalizer.Sequence(charsmap(file));
            case ALBERT -> albertNormalizer(file);
            case DEBERTA_V2 -> lowerCased(file);
        };
    }

    /// BERT's normalizer with the options of `tokenizer_config.json`.
    static Normalizer bertNormalizer(TokenizerConfig config) {
        boolean lowercase = config.flag("do_lower_case", true);
        return new Normalizer.BertNormalizer(true, config.flag("tokenize_chinese_chars", true),
                config.flag("strip_accents", lowercase), lowercase);
    }

    private Normalizer albertNormalizer(Normalizer file) {
        List<Normalizer> normalizers = new ArrayList<>();
        normalizers.add(new Normalizer.Replace(new TextPattern.Literal("``"), "\""));
        normalizers.add(new Normalizer.Replace(new TextPattern.Literal("''"), "\""));
        if (!config.flag("keep_accents", false)) {
            normalizers.add(new Normalizer.Form(true, false));
            normalizers.add(new Normalizer.StripAccents());
        }
        if (config.flag("do_lower_case", true)) {
            normalizers.add(new Normalizer.Lowercase());
        }
        normalizers.addAll(charsmap(file));
        return new Normalizer.Sequence(normalizers);
    }

    private Normalizer lowerCased(Normalizer file) {
        List<Normalizer> normalizers = new ArrayList<>(parts(file));
        boolean lowercase = normalizers.removeIf(part -> part instanceof Normalizer.Lowercase);
        if (config.flag("do_lower_case", lowercase)) {
            normalizers.addFirst(new Normalizer.Lowercase());
        }
        return lowercase == config.flag("do_lower_case", lowercase) ? file : new Normalizer.Sequence(normalizers);
    }

    private static List<Normalizer> charsmap(Normalizer file) {
        return parts(file).stream().filter(part -> part instanceof Normalizer.Precompiled).limit(1).toList();
    }

    private static List<Normalizer> parts(Normalizer file) {
        return file instanceof Normalizer.Sequence(List<Normalizer> normalizers) ? normalizers : List.of(file);
    }

    private PreTokenizer preTokenizer(PreTokenizer file) {
        return switch (type) {
            case NONE, BACKEND, UNSUPPORTED -> file;
            case BERT, DISTILBERT, MPNET -> new PreTokenizer.BertPreTokenizer();
            case ROBERTA, DEBERTA -> new PreTokenizer.ByteLevel(config.flag("add_prefix_space", false), true);
            case XLM_ROBERTA, CAMEMBERT, ALBERT, T5 -> new PreTokenizer.Sequence(List.of(new PreTokenizer.WhitespaceSplit(),
                    new PreTokenizer.Metaspace(META, scheme(), true)));
            case DEBERTA_V2 -> {
                boolean splits = file instanceof PreTokenizer.Sequence(List<PreTokenizer> all) && all.contains(
                        new PreTokenizer.FlagSplit(CodePoints.PUNCTUATION, SplitBehavior.ISOLATED));
                if (config.flag("split_by_punct", splits) != splits) {
                    throw config.error("has split_by_punct " + !splits + ", but the pre_tokenizer of tokenizer.json"
                            + (splits ? " splits" : " does not split") + " at punctuation; make them agree");
                }
                yield file;
            }
        };
    }

    private PreTokenizer.Metaspace.PrependScheme scheme() {
        return type == TokenizerClass.T5 || config.flag("add_prefix_space", true)
                ? PreTokenizer.Metaspace.PrependScheme.ALWAYS : PreTokenizer.Metaspace.PrependScheme.NEVER;
    }

    private PostProcessor postProcessor(PostProcessor file, boolean present) {
        return switch (type) {
            case NONE, BACKEND, UNSUPPORTED -> file;
            case BERT, DISTILBERT -> new PostProcessor.BertProcessing(id("cls_token"), id("sep_token"));
            case DEBERTA, DEBERTA_V2 ->
                    present ? file : new PostProcessor.BertProcessing(id("cls_token"), id("sep_token"));
            case ALBERT -> new PostProcessor.BertProcessing(id("cls_token"), id("sep_token"));
            case MPNET -> new PostProcessor.RobertaProcessing(id("cls_token"), id("sep_token"), new OffsetTrimming(false));
            case ROBERTA -> new PostProcessor.RobertaProcessing(id("cls_token"), id("sep_token"),
                    config.flag("trim_offsets", true) ? new OffsetTrimming(config.flag("add_prefix_space", false)) : null);
            case XLM_ROBERTA, CAMEMBERT -> new PostProcessor.RobertaProcessing(id("bos_token"), id("eos_token"), null);
            case T5 -> {
                Piece end = new Piece.Special(new int[] {id("eos_token")}, 0);
                Piece first = new Piece.Sequence(0, 0);
                yield new PostProcessor.TemplateProcessing(List.of(first, end),
                        List.of(first, end, new Piece.Sequence(1, 0), end));
            }
        };
    }

    private int id(String key) {
        String token = config.special(key, String.valueOf(type.special(key)), false).content();
        Integer id = vocabulary.id(token);
        if (id == null) {
            throw config.error("means the " + key + " \"" + token + "\", which the vocabulary of tokenizer.json does not have;"
                    + " is it the tokenizer_class of this checkpoint?");
        }
        return id;
    }

    private Decoder decoder(Decoder file) {
        return !(file instanceof Decoder.Spaces) ? file : switch (type) {
            case NONE, BACKEND, UNSUPPORTED, DEBERTA_V2 -> file;
            case BERT, DISTILBERT, MPNET -> new Decoder.WordPiece("##", true);
            case ROBERTA, DEBERTA -> new Decoder.ByteLevel();
            case XLM_ROBERTA, CAMEMBERT, ALBERT, T5 ->
                    new Decoder.Metaspace(META, scheme() != PreTokenizer.Metaspace.PrependScheme.NEVER);
        };
    }
}
