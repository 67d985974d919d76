// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A bad file is refused when it is read, and the message says where, what and what to do.
class TokenizerErrorsTest {
    private static final String GOOD = """
            {"version": "1.0", "truncation": null, "padding": null,
             "added_tokens": [{"id": 1, "content": "[CLS]", "special": true}],
             "normalizer": {"type": "BertNormalizer"},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 1], "sep": ["[SEP]", 2]},
             "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
             "model": {"type": "WordPiece", "unk_token": "[UNK]",
             "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "a": 3}}}""";

    @TempDir
    private Path folder;

    static Stream<Arguments> badComponents() {
        return Stream.of(
                bad("\"type\": \"BertPreTokenizer\"", "\"type\": \"UnicodeScripts\"",
                        "pre_tokenizer has type UnicodeScripts, which is not supported; supported: BertPreTokenizer,"
                        + " ByteLevel, CharDelimiterSplit, Digits, Metaspace, Punctuation, Sequence, Split, Whitespace,"
                        + " WhitespaceSplit"),
                bad("\"type\": \"BertPreTokenizer\"", "\"type\": \"Metaspace\", \"replacement\": \"__\"",
                        "pre_tokenizer.replacement should be one character, not \"__\""),
                bad("\"type\": \"BertPreTokenizer\"",
                        "\"type\": \"Split\", \"pattern\": {\"String\": \"a\"}, \"behavior\": \"Gone\"",
                        "pre_tokenizer.behavior is \"Gone\"; supported: Removed, Isolated, Contiguous,"
                        + " MergedWithPrevious, MergedWithNext"),
                bad("\"type\": \"BertPreTokenizer\"",
                        "\"type\": \"Split\", \"pattern\": {\"Regex\": \"(a\"}, \"behavior\": \"Removed\"",
                        "pre_tokenizer.pattern.Regex is a regular expression that is not supported, unclosed group: (a"),
                bad("\"type\": \"BertNormalizer\"", "\"type\": \"NFX\"",
                        "normalizer has type NFX, which is not supported; supported: BertNormalizer, ByteLevel,"
                        + " Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace, Sequence, Strip,"
                        + " StripAccents"),
                bad("{\"type\": \"BertNormalizer\"}",
                        "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Nmu\"}]}",
                        "normalizer.normalizers[0] has type Nmu, which is not supported"),
                bad("\"type\": \"BertNormalizer\"",
                        "\"type\": \"Precompiled\", \"precompiled_charsmap\": \"?\"",
                        "normalizer.precompiled_charsmap is not Base64"),
                bad("\"type\": \"BertNormalizer\"",
                        "\"type\": \"Precompiled\", \"precompiled_charsmap\": \"CAAAAAAAAAA=\"",
                        "normalizer.precompiled_charsmap is cut off or malformed: 8 bytes, of which its trie should be 8"),
                bad("\"type\": \"BertNormalizer\"",
                        "\"type\": \"Precompiled\", \"precompiled_charsmap\": \"BAAAAAAEAAA=\"",
                        "normalizer.precompiled_charsmap is malformed: its trie points past its end"),
                bad("\"type\": \"BertNormalizer\"", "\"type\": \"BertNormalizer\", \"lower\": true",
                        "normalizer has keys that are not supported: lower"),
                bad("\"type\": \"BertNormalizer\"", "\"type\": \"BertNormalizer\", \"lowercase\": \"yes\"",
                        "normalizer.lowercase should be true or false, not \"yes\""));
    }

    static Stream<Arguments> badModels() {
        return Stream.of(
                bad("\"type\": \"WordPiece\", \"unk", "\"type\": \"BPF\", \"unk",
                        "model has type BPF, which is not supported; supported: BPE, Unigram, WordLevel, WordPiece"),
                bad("\"type\": \"WordPiece\", \"unk", "\"type\": \"BPE\", \"unk", "model has no \"merges\""),
                bad("\"type\": \"WordPiece\", \"unk", "\"type\": \"BPE\", \"dropout\": 0.1, \"unk",
                        "model.dropout is 0.1; dropping merges at random is for training, set it to null"),
                bad("\"type\": \"WordPiece\", \"unk", "\"type\": \"BPE\", \"merges\": [\"a b\"], \"unk",
                        "model.merges[0] has \"b\", which is not in the vocab of 4 tokens"),
                bad("\"type\": \"WordPiece\", \"unk", "\"type\": \"BPE\", \"merges\": [[\"a\", \"a\"]], \"unk",
                        "model.merges[0] has \"aa\", which is not in the vocab of 4 tokens"),
                bad("\"type\": \"WordPiece\", \"unk", "\"type\": \"BPE\", \"merges\": [\"a\"], \"unk",
                        "model.merges[0] should be two tokens, not \"a\""),
                bad("\"type\": \"WordPiece\", \"unk_token\": \"[UNK]\",", "\"type\": \"Unigram\",",
                        "model.vocab should be an array"),
                bad("\"type\": \"WordPiece\", \"prefix\": \"##\", \"cleanup\": true", "\"type\": \"CTC\"",
                        "decoder has type CTC, which is not supported; supported: BPEDecoder, ByteFallback, ByteLevel,"
                        + " Fuse, Metaspace, Replace, Sequence, Strip, WordPiece"));
    }

    static Stream<Arguments> badValues() {
        return Stream.of(
                bad("BertProcessing", "AlbertProcessing",
                        "post_processor has type AlbertProcessing, which is not supported;"
                        + " supported: BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing"),
                bad("\"model\"", "\"modell\"", "has keys that are not supported: modell"),
                bad("\"unk_token\": \"[UNK]\"", "\"unk_token\": \"<unk>\"",
                        "model has unk_token \"<unk>\", which is not in its vocab of 4 tokens"),
                bad("\"a\": 3", "\"a\": 2", "model.vocab[\"a\"] has the id 2 of \"[SEP]\"; ids must be distinct"),
                bad("\"a\": 3", "\"a\": 3, \"a\": 4", "is not well-formed JSON: Duplicate Object property \"a\""),
                bad("\"a\": 3", "\"a\": -3", "model.vocab[\"a\"] should be an integer from 0 to 9999999, not -3"),
                bad("\"a\": 3", "\"a\": 2147483648",
                        "model.vocab[\"a\"] should be an integer from 0 to 9999999, not 2147483648"),
                bad("\"a\": 3", "\"a\": 3.5", "model.vocab[\"a\"] should be an integer"),
                bad("\"a\": 3", "\"\\ud83d\": 3", "Broken surrogate pair"),
                bad("\"id\": 1", "\"id\": 2", "added_tokens[0] gives \"[CLS]\" the id 2, but it has 1 already"),
                bad("\"content\": \"[CLS]\"", "\"content\": \"new\"",
                        "added_tokens[0] gives \"new\" the id 1 of \"[CLS]\""),
                bad("[\"[SEP]\", 2]", "[\"[SEP]\", 3]",
                        "post_processor.sep[1] says that \"[SEP]\" has id 3; the vocabulary says it has 2"),
                bad("[\"[SEP]\", 2]", "[\"</s>\", 9]",
                        "sep[1] says that \"</s>\" has id 9; the vocabulary says there is no such token"),
                bad("\"truncation\": null", "\"truncation\": {\"max_length\": 5, \"strategy\": \"Middle\"}",
                        "truncation.strategy is \"Middle\"; supported: LongestFirst, OnlyFirst, OnlySecond"),
                bad("\"truncation\": null", "\"truncation\": {\"strategy\": \"LongestFirst\"}",
                        "truncation has no \"max_length\""),
                bad("\"1.0\"", "\"2.0\"", "has version 2.0; supported: 1.0"),
                bad("\"version\": \"1.0\"", "\"version\"", "is not well-formed JSON"),
                bad("}}}", "}}} {}", "is not well-formed JSON"));
    }

    private static Arguments bad(String good, String bad, String message) {
        return Arguments.of(good, bad, message);
    }

    @ParameterizedTest
    @MethodSource({"badComponents", "badModels", "badValues"})
    void aBadFileIsRefusedByName(String good, String bad, String message) throws IOException {
        assertThat(GOOD).contains(good);
        Path file = write(GOOD.replace(good, bad));
        assertThatThrownBy(() -> Tokenizer.load(file)).isInstanceOf(TokenizerException.class)
                .hasMessageStartingWith(file.toString()).hasMessageContaining(message);
    }

    @Test
    void theGoodFileIsGood() throws IOException {
        assertThat(Tokenizer.load(write(GOOD)).encode("a b").tokens()).containsExactly("[CLS]", "a", "[UNK]", "[SEP]");
    }

    @Test
    void aTemplateMustUseItsTextsAndTheVocabularysIds() throws IOException {
        String template = """
                {"type": "TemplateProcessing", "single": [%s], "pair": [%s],
                 "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [%d], "tokens": ["[CLS]"]}}}""";
        String cls = "{\"SpecialToken\": {\"id\": \"[CLS]\", \"type_id\": 0}}";
        String a = "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}";
        String b = a.replace("A", "B");
        refused(template.formatted(cls, a + "," + b, 1), "post_processor.single leaves out the first text, A");
        refused(template.formatted(a, a, 1), "post_processor.pair leaves out the second text, B");
        refused(template.formatted(b, a + "," + b, 1), "post_processor.single[0].Sequence.id is \"B\"; it may be A");
        refused(template.formatted(cls + "," + a, a + "," + b, 3),
                "post_processor.special_tokens.[CLS].ids[0] says that \"[CLS]\" has id 3; the vocabulary says it"
                        + " has 1");
        refused(template.formatted(cls.replace("[CLS]", "[X]") + "," + a, a + "," + b, 1),
                "post_processor.special_tokens has no \"[X]\"");
    }

    private void refused(String postProcessor, String message) throws IOException {
        int from = GOOD.indexOf("{\"type\": \"BertProcessing\"");
        Path file = write(GOOD.substring(0, from) + postProcessor + GOOD.substring(GOOD.indexOf(",\n \"decoder\"")));
        assertThatThrownBy(() -> Tokenizer.load(file)).isInstanceOf(TokenizerException.class)
                .hasMessage(file + ": " + message);
    }

    @Test
    void deepNestingIsRefusedAndNeverOverflowsTheStack() throws IOException {
        String open = "{\"type\": \"Sequence\", \"normalizers\": [";
        String deep = open.repeat(10_000) + "{\"type\": \"Lowercase\"}" + "]}".repeat(10_000);
        Path file = write(GOOD.replace("{\"type\": \"BertNormalizer\"}", deep));
        assertThatThrownBy(() -> Tokenizer.load(file)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("nesting depth");
    }

    @Test
    void aMissingFileIsAnInputOutputError() {
        assertThatThrownBy(() -> Tokenizer.load(folder.resolve("none.json"))).isInstanceOf(NoSuchFileException.class);
    }

    /// Cut off, or with bytes changed, a file is read or refused, and nothing else happens.
    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(11);
        Path file = folder.resolve("tokenizer.json");
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = Arrays.copyOf(good, i < good.length ? i : good.length);
            for (int change = 0; i >= good.length && change <= random.nextInt(3); change++) {
                damaged[random.nextInt(damaged.length)] = (byte) "{}[]\",:019ae\\u \u0080".charAt(random.nextInt(16));
            }
            Files.write(file, damaged);
            try {
                Tokenizer.load(file).encode("a [CLS] b");
            } catch (TokenizerException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.json", "vocab.txt", "spm.model"})
    void aGitPointerIsRecognised(String name) throws IOException {
        Files.writeString(folder.resolve(name), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class)
                .hasMessage(folder.resolve(name) + ": this is a Git LFS pointer: fetch the real file with `git lfs pull`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!DOCTYPE html>\n<html>", "  <HTML><body>502 Bad Gateway", "Entry not found\n"})
    void aWebPageIsRecognised(String page) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), page);
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class)
                .hasMessage(folder.resolve("tokenizer.json") + ": this is a web page or a server's error message, not the model's"
                        + " file: download the file again");
    }

    @Test
    void vocabTxtIsCheckedToo() throws IOException {
        Path vocab = folder.resolve("vocab.txt");
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(vocab, "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\na\n");
        assertThat(Tokenizer.fromFolder(folder).encode("a").ids()).as("the last line counts, as in the reference")
                .containsExactly(2, 5, 3);
        Files.writeString(vocab, "[PAD]\n[UNK]\n[CLS]\na\n");
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder))
                .hasMessage(vocab + " has no line [SEP], the sep_token; it has 4"
                + " tokens. Is it the vocabulary of this checkpoint?");
        Files.write(vocab, new byte[] {'a', (byte) 0xFF});
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder))
                .hasMessage(vocab + " is not UTF-8; fetch the file again");
        Files.writeString(vocab, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n");
        Files.writeString(config, "{\"tokenizer_class\": \"BertJapaneseTokenizer\"}");
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder))
                .hasMessage(config + ": tokenizer_class is BertJapaneseTokenizer, whose tokenizer is not supported: it is"
                + " not a tokenizer.json but MeCab, a splitter of Japanese words");
        Files.writeString(config, "{\"tokenizer_class\": \"AcmeTokenizer\"}");
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder))
                .hasMessage(config + ": tokenizer_class is AcmeTokenizer, for which vocab.txt is not enough; add its"
                + " tokenizer.json");
        Files.writeString(config, "{\"added_tokens_decoder\": {\"x\": {\"content\": \"y\"}}}");
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder))
                .hasMessage(config + ": added_tokens_decoder has the key \"x\","
                + " which should be an id below 10000000");
    }

    private Path write(String json) throws IOException {
        return Files.writeString(folder.resolve("tokenizer.json"), json);
    }
}
