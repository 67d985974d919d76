// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TokenizerTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Tokenizer MINILM = Goldens.tokenizer("minilm");

    @TempDir
    private Path folder;

    /// A golden file with something changed.
    static Tokenizer edited(String kind, Consumer<ObjectNode> edit) throws IOException {
        Path file = Files.createTempFile("tokenizer", ".json");
        try {
            ObjectNode root = (ObjectNode) MAPPER.readTree(Files.readAllBytes(Goldens.file(kind)));
            edit.accept(root);
            Files.write(file, MAPPER.writeValueAsBytes(root));
            return Tokenizer.load(file);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void theChaptersExampleHolds() {
        Encoding encoding = MINILM.encode("Encoders don't pad.");
        assertThat(encoding.tokens())
                .containsExactly("[CLS]", "en", "##code", "##rs", "don", "'", "t", "pad", ".", "[SEP]");
        assertThat(MINILM.decode(encoding.ids(), true)).isEqualTo("encoders don ' t pad.");
    }

    @Test
    void offsetsCutTheTokensOutOfTheText() {
        String text = "🙂 Ünïcödé İstanbul 中文";
        Encoding encoding = MINILM.encode(text);
        List<String> pieces = new ArrayList<>();
        for (int i = 1; i < encoding.length() - 1; i++) {
            pieces.add(text.substring(encoding.starts()[i], encoding.ends()[i]));
        }
        assertThat(String.join("|", pieces)).isEqualTo("🙂|Ünïcödé|İstanbul|中|文");
        assertThat(encoding.starts()).containsExactly(0, 0, 3, 11, 20, 21, 0);
        assertThat(encoding.codePointOffsets(text, null)[0]).containsExactly(0, 0, 2, 10, 19, 20, 0);
    }

    @Test
    void pairsSayWhichTextATokenCameFrom() {
        Encoding encoding = MINILM.encode("a [SEP]", "b");
        assertThat(encoding.tokens()).containsExactly("[CLS]", "a", "[SEP]", "[SEP]", "b", "[SEP]");
        assertThat(encoding.sequenceIds()).containsExactly(-1, 0, 0, -1, 1, -1);
        assertThat(encoding.typeIds()).containsExactly(0, 0, 0, 0, 1, 1);
        assertThat(encoding.specialTokensMask()).containsExactly(true, false, false, true, false, true);
        assertThat(MINILM.specialTokenCount(false)).isEqualTo(2);
        assertThat(MINILM.specialTokenCount(true)).isEqualTo(3);
        assertThat(MINILM.encode("", "").tokens()).containsExactly("[CLS]", "[SEP]", "[SEP]");
    }

    @Test
    void tokensAndIdsAreEachOthersInverse() {
        assertThat(MINILM.vocabSize()).isEqualTo(30_522);
        assertThat(MINILM.tokenId("[MASK]")).hasValue(103);
        assertThat(MINILM.tokenId("no such token")).isEmpty();
        assertThat(MINILM.token(103)).isEqualTo("[MASK]");
        assertThat(MINILM.token(-1)).isNull();
        assertThat(MINILM.token(30_522)).isNull();
        assertThat(MINILM.specialIds()).containsExactlyInAnyOrder(0, 100, 101, 102, 103);
        assertThat(MINILM.decode(new int[] {101, 7592, -5, 99_999, 102}, true)).isEqualTo("hello");
        assertThat(MINILM.decode(new int[] {101, 7592, 102}, false)).isEqualTo("[CLS] hello [SEP]");
    }

    @Test
    void loneSurrogatesCountAsReplacementCharacters() {
        for (String lone : List.of("\uD83D", "\uDE42", "a\uD83Db", "a\uDE42\uD83Db \uD83D", "\uD83D[MASK]\uDE42")) {
            Encoding replaced = MINILM.encode(lone.replaceAll("[\uD83D\uDE42]", "\uFFFD"));
            Encoding encoding = MINILM.encode(lone);
            assertThat(encoding.ids()).as("%s", Arrays.toString(lone.toCharArray())).isEqualTo(replaced.ids());
            assertThat(encoding.starts()).isEqualTo(replaced.starts());
        }
    }

    @Test
    void theDefaultLocaleChangesNothing() throws IOException {
        Locale before = Locale.getDefault();
        String text = "TITLE ISTANBUL İIıi Iğdır STRASSE ΣΑΣ";
        int[] ids = MINILM.encode(text).ids();
        try {
            for (String tag : new String[] {"tr-TR", "lt-LT", "az-AZ", "th-TH-u-nu-thai"}) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertThat(Goldens.tokenizer("minilm").encode(text).ids()).as(tag).isEqualTo(ids);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void oneTokenizerServesManyThreads() throws Exception {
        RandomTexts random = new RandomTexts(new Random(5));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            texts.add(random.next());
        }
        Callable<List<String>> work = () ->
                texts.stream().map(text -> Arrays.toString(MINILM.encode(text).ids())).toList();
        List<String> expected = work.call();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<String>>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                results.add(threads.submit(work));
            }
            for (Future<List<String>> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        }
    }

    /// The files of before tokenizer.json give the same ids as tokenizer.json, whatever ends their lines.
    @Test
    void vocabTxtIsTheSameTokenizer() throws IOException {
        for (String kind : new String[] {"wordpiece_uncased", "wordpiece_cased"}) {
            for (String end : new String[] {"\n", "\r\n"}) {
                Tokenizer json = Goldens.tokenizer(kind);
                StringBuilder lines = new StringBuilder();
                for (int id = 0; id < json.vocabSize(); id++) {
                    lines.append(json.token(id)).append(end);
                }
                Files.writeString(folder.resolve("vocab.txt"), lines);
                Files.writeString(folder.resolve("tokenizer_config.json"),
                        """
                        {"do_lower_case": %s, "tokenizer_class": "BertTokenizer", "pad_token": {"content": "[PAD]"}}"""
                                .formatted(kind.contains("uncased")));
                Tokenizer txt = Tokenizer.fromFolder(folder);
                RandomTexts random = new RandomTexts(new Random(7));
                for (int i = 0; i < 500; i++) {
                    String text = random.next();
                    assertThat(txt.encode(text, "b").ids()).as(text).isEqualTo(json.encode(text, "b").ids());
                    assertThat(txt.encode(text, "b").typeIds()).as(text).isEqualTo(json.encode(text, "b").typeIds());
                }
                assertThat(txt.specialIds()).isEqualTo(json.specialIds());
            }
        }
    }

    @Test
    void tokenizerJsonWinsOverVocabTxt() throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), "not\na\nvocabulary\n");
        Files.copy(Goldens.file("wordpiece_cased"), folder.resolve("tokenizer.json"));
        assertThat(Tokenizer.fromFolder(folder).vocabSize()).isEqualTo(3000);
    }

    @Test
    void addedTokensJsonExtendsVocabTxt() throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
        Files.writeString(folder.resolve("added_tokens.json"), "{\"<new>\": 6}");
        Tokenizer tokenizer = Tokenizer.fromFolder(folder);
        assertThat(tokenizer.encode("a<NEW>a").tokens()).containsExactly("[CLS]", "a", "<new>", "a", "[SEP]");
        assertThat(tokenizer.specialIds()).doesNotContain(6);
        // As in transformers, the tokens of tokenizer_config.json replace those of added_tokens.json.
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"added_tokens_decoder": {"6": {"content": "<dec>", "lstrip": true, "special": true}}}""");
        tokenizer = Tokenizer.fromFolder(folder);
        assertThat(tokenizer.encode("a <dec>").tokens()).containsExactly("[CLS]", "a", " <dec>", "[SEP]");
        assertThat(tokenizer.vocabSize()).isEqualTo(7);
        assertThat(tokenizer.specialIds()).contains(6);
    }

    @Test
    void aHundredThousandAddedTokensAndAnEmptyOneCostNothing() throws IOException {
        Tokenizer many = edited("wordpiece_uncased", root -> {
            for (int i = 0; i < 100_000; i++) {
                root.withArray("added_tokens").addObject().put("id", 3000 + i)
                        .put("content", "<" + "x".repeat(i % 3) + i + ">")
                        .put("normalized", i % 2 == 0);
            }
            root.withArray("added_tokens").addObject().put("id", 2).put("content", "");
        });
        String text = "<0><x1> plain <xx2> <xx99998>".repeat(2_000);
        long start = System.nanoTime();
        Encoding encoding = many.encode(text);
        assertThat(System.nanoTime() - start).as("nanoseconds").isLessThan(1_000_000_000L);
        assertThat(encoding.tokens().subList(1, 4)).containsExactly("<0>", "<x1>", many.token(encoding.ids()[3]));
        assertThat(Arrays.stream(encoding.ids()).filter(id -> id >= 3000).count()).isEqualTo(8_000);
    }

    @Test
    void aFolderWithoutATokenizerSaysWhatIsMissing() {
        assertThatThrownBy(() -> Tokenizer.fromFolder(folder)).isInstanceOf(TokenizerException.class).hasMessage(
                folder + " has none of tokenizer.json, vocab.txt, vocab.json with merges.txt,"
                        + " sentencepiece.bpe.model, spiece.model and spm.model; copy them from the checkpoint");
    }
}
