// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.files.ModelFiles;
import io.encoder4j.tokenizer.pipeline.AddedToken;
import io.encoder4j.tokenizer.pipeline.Bpe;
import io.encoder4j.tokenizer.pipeline.BpeOptions;
import io.encoder4j.tokenizer.pipeline.Decoder;
import io.encoder4j.tokenizer.pipeline.MergeTable;
import io.encoder4j.tokenizer.pipeline.Normalizer;
import io.encoder4j.tokenizer.pipeline.OffsetTrimming;
import io.encoder4j.tokenizer.pipeline.Pipeline;
import io.encoder4j.tokenizer.pipeline.PostProcessor;
import io.encoder4j.tokenizer.pipeline.PreTokenizer;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Builds RoBERTa's pipeline from the files used before `tokenizer.json`: `vocab.json`, `merges.txt` and options.
final class RobertaFiles {
    private RobertaFiles() {}

    static Pipeline read(Path vocabFile, Path folder, TokenizerConfig config) throws IOException {
        config.tokenizerClass();
        Path mergesFile = ModelFiles.find(folder, "merges.txt").orElseThrow(() -> new TokenizerProblem(
                folder + " has vocab.json but no merges.txt; copy it from the checkpoint"));
        boolean roberta = switch (config.className("roberta").toLowerCase(Locale.ROOT)) {
            case "roberta", "longformer", "bart", "led", "mvp" -> true;
            case "deberta" -> false;
            default -> throw config.error("has a tokenizer of class " + config.className("")
                    + ", for which vocab.json and merges.txt are not enough; supported: Roberta, Longformer, Bart, LED,"
                    + " Deberta. Add its tokenizer.json");
        };
        Map<String, Integer> ids = JsonValue.read(vocabFile, "").vocabulary();
        Bpe bpe = new Bpe(ids, merges(mergesFile, ids), new BpeOptions(-1, false, false, false, "", ""));
        AddedToken cls = config.special("cls_token", roberta ? "<s>" : "[CLS]", false);
        AddedToken sep = config.special("sep_token", roberta ? "</s>" : "[SEP]", false);
        List<AddedToken> specials = new ArrayList<>(List.of(cls,
                config.special("pad_token", roberta ? "<pad>" : "[PAD]", false), sep,
                config.special("unk_token", roberta ? "<unk>" : "[UNK]", false),
                config.special("mask_token", roberta ? "<mask>" : "[MASK]", true)));
        for (AddedToken needed : List.of(cls, sep)) {
            if (!ids.containsKey(needed.content())) {
                throw new TokenizerProblem(vocabFile + " has no \"" + needed.content()
                        + "\", a special token. Is it the vocabulary of this checkpoint?");
            }
        }
        int clsId = ids.get(cls.content());
        int sepId = ids.get(sep.content());
        List<AddedToken> added = config.join(specials, ids);
        boolean prefix = config.flag("add_prefix_space", false);
        return new Pipeline(new Vocabulary(ids), added, new Normalizer.Sequence(List.of()),
                new PreTokenizer.ByteLevel(prefix, true), bpe,
                roberta ? new PostProcessor.RobertaProcessing(clsId, sepId, config.flag("trim_offsets", true)
                        ? new OffsetTrimming(prefix) : null) : new PostProcessor.BertProcessing(clsId, sepId),
                new Decoder.ByteLevel());
    }

    private static MergeTable merges(Path file, Map<String, Integer> ids) throws IOException {
        List<String> lines = TokenizerFiles.text(file).lines().toList();
        MergeTable merges = new MergeTable(lines.size());
        int rank = 0;
        for (int line = 0; line < lines.size(); line++) {
            String merge = lines.get(line);
            if (merge.startsWith("#version") || merge.isEmpty()) {
                continue;
            }
            String[] pair = merge.split(" ", -1);
            String problem = pair.length != 2 ? "should be two tokens, not \"" + merge + "\""
                    : ModelJson.addMerge(merges, pair[0], pair[1], rank++, ids, "");
            if (problem != null) {
                throw new TokenizerProblem(file + ": line " + (line + 1) + " " + problem);
            }
        }
        return merges;
    }
}
