// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.files.ModelFiles;
import io.encoder4j.tokenizer.pipeline.AddedToken;
import io.encoder4j.tokenizer.pipeline.Decoder;
import io.encoder4j.tokenizer.pipeline.Normalizer;
import io.encoder4j.tokenizer.pipeline.Pipeline;
import io.encoder4j.tokenizer.pipeline.PostProcessor;
import io.encoder4j.tokenizer.pipeline.PreTokenizer;
import io.encoder4j.tokenizer.pipeline.SplitBehavior;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.text.PrecompiledCharsmap;
import io.encoder4j.tokenizer.text.Scanner;
import io.encoder4j.tokenizer.text.TextPattern;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import io.encoder4j.tokenizer.unicode.CodePoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Builds the pipeline of a folder that has a SentencePiece model and no `tokenizer.json`, like the converters of
/// transformers (`convert_slow_tokenizer.py`).
public final class SentencePieceFiles {
    private static final List<String> NAMES = List.of("sentencepiece.bpe.model", "spiece.model", "spm.model",
            "tokenizer.model");
    private static final TextPattern SPACES = new TextPattern.Scanned(new Scanner.Spaces());
    private static final String META = "\u2581";

    private final SentencePieceModel model;
    private final TokenizerConfig config;

    private SentencePieceFiles(SentencePieceModel model, TokenizerConfig config) {
        this.model = model;
        this.config = config;
    }

    /// The model file of a folder, or null.
    public static @Nullable Path find(Path folder) throws IOException {
        for (String name : NAMES) {
            Optional<Path> file = ModelFiles.find(folder, name);
            if (file.isPresent()) {
                return file.get();
            }
        }
        return null;
    }

    static Pipeline read(Path file, TokenizerConfig config) throws IOException {
        config.tokenizerClass();
        String byFile = switch (String.valueOf(file.getFileName())) {
            case "sentencepiece.bpe.model" -> "xlmroberta";
            case "spm.model" -> "debertav2";
            default -> "";
        };
        SentencePieceModel model = SentencePieceModel.read(file);
        if (model.modelType() != SentencePieceModel.UNIGRAM) {
            throw new TokenizerProblem(file + " was trained as model type " + model.modelType()
                    + "; supported without tokenizer.json: 1, Unigram. Add its tokenizer.json");
        }
        SentencePieceFiles files = new SentencePieceFiles(model, config);
        String name = config.className(byFile);
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "xlmroberta", "xlmrobertaxl", "layoutxlm" -> files.xlmRoberta();
            case "camembert" -> files.camembert();
            case "albert", "fnet" -> files.albert();
            case "t5", "mt5", "umt5", "t5encoder" -> files.t5();
            case "debertav2" -> files.debertaV2();
            default -> throw config.error((name.isEmpty() ? "does not say of which class its tokenizer is"
                    : "has a tokenizer of class " + name) + ", for which " + file.getFileName()
                    + " is not enough; supported: XLMRoberta, Camembert, Albert, T5, DebertaV2. Add its tokenizer.json");
        };
    }

    private Pipeline xlmRoberta() {
        Specials names = new Specials("<s>", "</s>", "<unk>", "<pad>", "<mask>", true);
        Pieces vocab = new Pieces().add(names.cls(), 0).add(names.pad(), 0).add(names.sep(), 0).add(names.unk(), 0)
                .addAll(3, false).add(names.mask(), 0);
        return pipeline(vocab, 3, names, List.of(), defaultNormalizer(), metaspace(List.of()), true);
    }

    private Pipeline camembert() {
        Specials names = new Specials("<s>", "</s>", "<unk>", "<pad>", "<mask>", true);
        Pieces vocab = new Pieces().add("<s>NOTUSED", 0).add(names.pad(), 0).add("</s>NOTUSED", 0).add(names.unk(), 0)
                .add("<unk>NOTUSED", -100).addAll(1, false).add(names.mask(), 0);
        return pipeline(vocab, 3, names, List.of("<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"), defaultNormalizer(),
                metaspace(List.of()), true);
    }

    private Pipeline albert() {
        Specials names = new Specials("[CLS]", "[SEP]", "<unk>", "<pad>", "[MASK]", true);
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
        addCharsmap(normalizers);
        normalizers.add(new Normalizer.Replace(SPACES, " "));
        return pipeline(new Pieces().addAll(0, true), model.unknownId(), names, List.of(),
                new Normalizer.Sequence(normalizers), metaspace(List.of()), false);
    }

    private Pipeline t5() {
        Pieces vocab = new Pieces().addAll(0, false);
        List<String> extra = new ArrayList<>();
        for (int i = config.number("extra_ids", 100, 100_000) - 1; i >= 0; i--) {
            vocab.add("<extra_id_" + i + ">", 0);
            extra.add("<extra_id_" + i + ">");
        }
        ModelJson unigram = vocab.unigram(model.unknownId());
        AddedToken end = config.special("eos_token", "</s>", false);
        List<AddedToken> specials = new ArrayList<>(List.of(end, config.special("unk_token", "<unk>", false),
                config.special("pad_token", "<pad>", false)));
        extra.forEach(token -> specials.add(special(token)));
        List<AddedToken> added = added(unigram, specials);
        PostProcessor.Piece last = new PostProcessor.Piece.Special(new int[] {id(unigram, end.content())}, 0);
        PostProcessor.Piece first = new PostProcessor.Piece.Sequence(0, 0);
        return new Pipeline(new Vocabulary(unigram.ids(), unigram.tokens()), added, defaultNormalizer(),
                metaspace(List.of()), unigram.model(), new PostProcessor.TemplateProcessing(List.of(first, last),
                List.of(first, last, new PostProcessor.Piece.Sequence(1, 0), last)), decoder());
    }

    private Pipeline debertaV2() {
        Specials names = new Specials("[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", false);
        List<Normalizer> normalizers = new ArrayList<>();
        if (config.flag("do_lower_case", false)) {
            normalizers.add(new Normalizer.Lowercase());
        }
        normalizers.add(new Normalizer.Strip(true, true));
        addCharsmap(normalizers);
        normalizers.add(new Normalizer.Replace(SPACES, " "));
        List<PreTokenizer> first = config.flag("split_by_punct", false)
                ? List.of(new PreTokenizer.FlagSplit(CodePoints.PUNCTUATION, SplitBehavior.ISOLATED)) : List.of();
        return pipeline(new Pieces().addAll(0, false), model.unknownId(), names, List.of(),
                new Normalizer.Sequence(normalizers), metaspace(first), false);
    }

    /// The special tokens: the files' own, or else the class's defaults.
    private final class Specials {
        private final List<AddedToken> tokens;

        Specials(String cls, String sep, String unk, String pad, String mask, boolean maskStripsLeft) {
            tokens = List.of(config.special("cls_token", cls, false), config.special("sep_token", sep, false),
                    config.special("unk_token", unk, false), config.special("pad_token", pad, false),
                    config.special("mask_token", mask, maskStripsLeft));
        }

        String cls() {
            return tokens.get(0).content();
        }

        String sep() {
            return tokens.get(1).content();
        }

        String unk() {
            return tokens.get(2).content();
        }

        String pad() {
            return tokens.get(3).content();
        }

        String mask() {
            return tokens.get(4).content();
        }
    }

    /// The vocabulary while it is built.
    private final class Pieces {
        private final List<String> tokens = new ArrayList<>();
        private final List<Double> scores = new ArrayList<>();

        Pieces add(String token, double score) {
            tokens.add(token);
            scores.add(score);
            return this;
        }

        /// @param commas whether the score of pieces like `1,` is lowered by 100, as for ALBERT
        Pieces addAll(int from, boolean commas) {
            model.pieces().stream().skip(from).forEach(piece -> add(piece.piece(),
                    commas && endsInDigitAndComma(piece.piece()) ? (double) piece.score() - 100 : piece.score()));
            return this;
        }

        private static boolean endsInDigitAndComma(String piece) {
            return piece.length() >= 2 && piece.endsWith(",") && Character.isDigit(piece.codePointBefore(piece.length() - 1));
        }

        ModelJson unigram(int unknownId) {
            return ModelJson.unigram(tokens, scores.stream().mapToDouble(score -> score).toArray(), unknownId, false);
        }
    }

    private Pipeline pipeline(Pieces vocab, int unknownId, Specials names, List<String> more,
            Normalizer normalizer, PreTokenizer preTokenizer, boolean roberta) {
        ModelJson unigram = vocab.unigram(unknownId);
        List<AddedToken> specials = new ArrayList<>(names.tokens);
        more.forEach(token -> specials.add(special(token)));
        List<AddedToken> added = added(unigram, specials);
        int cls = id(unigram, names.cls());
        int sep = id(unigram, names.sep());
        return new Pipeline(new Vocabulary(unigram.ids(), unigram.tokens()), added, normalizer, preTokenizer,
                unigram.model(), roberta ? new PostProcessor.RobertaProcessing(cls, sep, null)
                : new PostProcessor.BertProcessing(cls, sep), decoder());
    }

    private List<AddedToken> added(ModelJson unigram, List<AddedToken> specials) {
        List<AddedToken> all = new ArrayList<>(specials);
        for (SentencePieceModel.Piece piece : model.pieces()) {
            if (piece.isAdded()) {
                all.add(new AddedToken(0, piece.piece(), false, false, false, false, piece.isControl()));
            }
        }
        return config.join(all, unigram.ids());
    }

    private static AddedToken special(String token) {
        return new AddedToken(0, token, false, false, false, false, true);
    }

    private int id(ModelJson unigram, String token) {
        Map<String, Integer> ids = unigram.ids();
        Integer id = ids.get(token);
        if (id == null) {
            throw new TokenizerProblem(model.file() + " has no piece \"" + token + "\", a special token");
        }
        return id;
    }

    private Normalizer defaultNormalizer() {
        List<Normalizer> normalizers = new ArrayList<>();
        addCharsmap(normalizers);
        normalizers.add(new Normalizer.Strip(false, true));
        normalizers.add(new Normalizer.Replace(SPACES, META));
        return new Normalizer.Sequence(normalizers);
    }

    private void addCharsmap(List<Normalizer> normalizers) {
        if (model.charsmap().length > 0) {
            normalizers.add(new Normalizer.Precompiled(PrecompiledCharsmap.read(model.charsmap(),
                    model.file() + ": precompiled_charsmap")));
        }
    }

    private PreTokenizer.Metaspace.PrependScheme scheme() {
        return !config.flag("add_prefix_space", true) ? PreTokenizer.Metaspace.PrependScheme.NEVER
                : config.flag("legacy", true) ? PreTokenizer.Metaspace.PrependScheme.ALWAYS
                : PreTokenizer.Metaspace.PrependScheme.FIRST;
    }

    private PreTokenizer metaspace(List<PreTokenizer> first) {
        List<PreTokenizer> all = new ArrayList<>(first);
        all.add(new PreTokenizer.Metaspace(META, scheme(), true));
        return new PreTokenizer.Sequence(all);
    }

    private Decoder decoder() {
        return new Decoder.Metaspace(META, scheme() != PreTokenizer.Metaspace.PrependScheme.NEVER);
    }
}
