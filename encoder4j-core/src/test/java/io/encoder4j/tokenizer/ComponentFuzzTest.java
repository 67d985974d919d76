// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.encoder4j.tokenizer.file.SentencePieceFiles;
import io.encoder4j.tokenizer.file.SentencePieceModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// ComponentJson one by one against Hugging Face's own code: before a model of the 256 bytes, which shows every difference.
class ComponentFuzzTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String NONE = "null";
    private static final int TEXTS = 400;
    private static final long SEED = 77;

    @TempDir
    private Path folder;

    static Stream<Arguments> components() {
        return Stream.of(
                normalizer("{'type': 'NFC'}"), normalizer("{'type': 'NFD'}"), normalizer("{'type': 'NFKC'}"),
                normalizer("{'type': 'NFKD'}"), normalizer("{'type': 'Nmt'}"), normalizer("{'type': 'Lowercase'}"),
                normalizer("{'type': 'Prepend', 'prepend': 'éx'}"), normalizer("{'type': 'StripAccents'}"),
                normalizer("{'type': 'Replace', 'pattern': {'Regex': ' {2,}'}, 'content': ' '}"),
                normalizer("{'type': 'Replace', 'pattern': {'Regex': '\\\\s+'}, 'content': ''}"),
                normalizer("{'type': 'Replace', 'pattern': {'String': 'e'}, 'content': 'é'}"),
                normalizer("{'type': 'Sequence', 'normalizers': [{'type': 'NFKD'}, {'type': 'StripAccents'},"
                        + " {'type': 'NFKC'}, {'type': 'Strip', 'strip_left': true, 'strip_right': true}]}"),
                preTokenizer("{'type': 'Digits', 'individual_digits': true}"),
                preTokenizer("{'type': 'Digits', 'individual_digits': false}"),
                preTokenizer("{'type': 'CharDelimiterSplit', 'delimiter': ' '}"),
                preTokenizer("{'type': 'Punctuation', 'behavior': 'Removed'}"),
                preTokenizer("{'type': 'Punctuation', 'behavior': 'Contiguous'}"),
                preTokenizer("{'type': 'Punctuation', 'behavior': 'MergedWithPrevious'}"),
                preTokenizer("{'type': 'Punctuation', 'behavior': 'MergedWithNext'}"),
                preTokenizer(split("{'Regex': '\\\\d+|\\\\p{P}'}", "MergedWithPrevious", true)),
                preTokenizer(split("{'Regex': '\\\\w+'}", "MergedWithNext", true)),
                preTokenizer(split("{'Regex': '\\\\b'}", "Isolated", false)),
                preTokenizer(split("{'Regex': '\\\\b|o'}", "MergedWithPrevious", false)),
                preTokenizer(split("{'Regex': '\\\\b|o'}", "MergedWithNext", false)),
                preTokenizer(split("{'Regex': 'o*'}", "Contiguous", false)),
                preTokenizer(split("{'Regex': '(?<=o)'}", "Removed", false)),
                preTokenizer(split("{'Regex': 'o*'}", "Removed", true)),
                preTokenizer(split("{'String': ' '}", "Removed", true)),
                preTokenizer(split("{'String': 'o'}", "Isolated", false)),
                preTokenizer("{'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': 'first', 'split': true}"),
                preTokenizer("{'type': 'Metaspace', 'replacement': '_', 'prepend_scheme': 'never', 'split': true}"),
                preTokenizer("{'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': 'always', 'split': false}"),
                Arguments.of(NONE, "{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': true,"
                        + " 'use_regex': true}"));
    }

    private static Arguments normalizer(String json) {
        return Arguments.of(json, bytes(null));
    }

    private static Arguments preTokenizer(String json) {
        return Arguments.of(NONE, bytes(json));
    }

    private static String split(String pattern, String behavior, boolean invert) {
        return "{'type': 'Split', 'pattern': %s, 'behavior': '%s', 'invert': %s}".formatted(pattern, behavior, invert);
    }

    private static String bytes(String before) {
        String bytes = "{'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true, 'use_regex': false}";
        return before == null ? bytes : "{'type': 'Sequence', 'pretokenizers': [" + before + ", " + bytes + "]}";
    }

    @ParameterizedTest
    @MethodSource("components")
    void aComponentIsTheReferences(String normalizer, String preTokenizer) throws IOException {
        compare(normalizer, preTokenizer, "{'type': 'RobertaProcessing', 'sep': ['</s>', 2], 'cls': ['<s>', 0],"
                + " 'trim_offsets': %s, 'add_prefix_space': %s}".formatted(!normalizer.contains("Nmt"),
                preTokenizer.contains("true, 'trim_offsets'")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"XLMRoberta", "Camembert", "T5", "DebertaV2"})
    void characterMapsAreTheReferences(String name) throws IOException {
        Path model = SentencePieceFiles.find(Goldens.file("minilm").resolve("../../../tokenizer_folders/" + name)
                .normalize());
        String map = Base64.getEncoder().encodeToString(SentencePieceModel.read(model).charsmap());
        compare("{'type': 'Precompiled', 'precompiled_charsmap': '" + map + "'}", bytes(null), NONE);
    }

    private void compare(String normalizer, String preTokenizer, String postProcessor) throws IOException {
        ObjectNode root = (ObjectNode) MAPPER.readTree(Goldens.file("bytelevel_bpe_roberta"));
        root.set("normalizer", parse(normalizer));
        root.set("pre_tokenizer", parse(preTokenizer));
        root.set("post_processor", parse(postProcessor));
        root.withArray("/model/merges").removeAll();
        Path file = Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        Tokenizer ours = Tokenizer.load(file);
        try (HuggingFaceTokenizer theirs = TokenizerFuzzTest.reference(file)) {
            TokenizerFuzzTest.compareRandom(ours, theirs, SEED, TEXTS);
            List<String> differences = new ArrayList<>();
            for (int first = 0; first < 0x32000; first += 64) {
                StringBuilder text = new StringBuilder();
                for (int point = first; point < first + 64; point++) {
                    if (KNOWN.get(point)) {
                        text.append("a\u0334\u0345").appendCodePoint(point).append("\u0334o ").appendCodePoint(point)
                                .appendCodePoint(point).append("\u0308 A\u00A9\u200D").appendCodePoint(point)
                                .append("\u0308").appendCodePoint(point).append('x');
                    }
                }
                TokenizerFuzzTest.compare(ours, theirs, text.toString(), null, differences);
            }
            assertThat(differences).as("every code point").isEmpty();
        }
    }

    /// DJL carries the library as of 2025, whose tables end with Unicode 15.
    private static boolean isKnown(int point) {
        return Character.getType(point) != Character.UNASSIGNED && Character.getType(point) != Character.SURROGATE
                && !Character.toString(point).matches(NEW);
    }

    /// Blocks with letters, digits or marks of Unicode 16.
    private static final String NEW = "[\u0897\u1C89\u1C8A\uA7CB-\uA7CD\uA7DA-\uA7DC"
            + "\\x{105C0}-\\x{105F3}\\x{10D40}-\\x{10D8F}\\x{10EC2}-\\x{10EC4}\\x{10EFC}\\x{11380}-\\x{113E2}"
            + "\\x{116D0}-\\x{116E3}\\x{11BC0}-\\x{11BF9}\\x{11F5A}\\x{13460}-\\x{143FA}\\x{16100}-\\x{16139}"
            + "\\x{16D40}-\\x{16D79}\\x{1CC00}-\\x{1CEB3}\\x{1E5D0}-\\x{1E5FF}\\x{1F8B2}-\\x{1F8C1}\\x{1FA89}-\\x{1FAE9}"
            + "\\x{1FBCB}-\\x{1FBEF}]";

    private static final BitSet KNOWN = IntStream.range(0, 0x32000).filter(ComponentFuzzTest::isKnown)
            .collect(BitSet::new, BitSet::set, BitSet::or);

    private static JsonNode parse(String json) {
        return MAPPER.readTree(json.replace('\'', '"'));
    }

    /// Random ids, most of which spell no text, become the reference's text.
    @Test
    void randomIdsDecodeAsTheReferenceDecodesThem() throws IOException {
        Random random = new Random(SEED);
        for (String kind : Goldens.KINDS) {
            Tokenizer ours = Goldens.tokenizer(kind);
            try (HuggingFaceTokenizer theirs = TokenizerFuzzTest.reference(Goldens.file(kind))) {
                for (int i = 0; i < 2_000; i++) {
                    long[] ids = random.longs(random.nextInt(12), 0, random.nextBoolean() ? 300 : ours.vocabSize())
                            .toArray();
                    boolean skip = random.nextBoolean();
                    int[] same = Arrays.stream(ids).mapToInt(Math::toIntExact)
                            .toArray();
                    assertThat(ours.decode(same, skip)).as("%s %s", kind, Arrays.toString(ids))
                            .isEqualTo(theirs.decode(ids, skip));
                }
            }
        }
    }

    /// Every window, of real pieces and offsets, is what the reference of before 0.23 calls overflowing.
    @ParameterizedTest
    @ValueSource(strings = {"bytelevel_bpe_roberta", "unigram_xlmr", "wordpiece_uncased"})
    void windowsOfRandomTextsAreTheReferences(String kind) throws IOException {
        Tokenizer ours = Goldens.tokenizer(kind);
        RandomTexts texts = new RandomTexts(new Random(SEED));
        for (int stride = 0; stride < 3; stride++) {
            try (HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(Goldens.file(kind), Map.of(
                    "padding", "false", "truncation", "longest_first", "maxLength", "12", "stride",
                    String.valueOf(stride), "withOverflowingTokens", "true"))) {
                EncodeOptions options = EncodeOptions.defaults().withTruncation(new Truncation(12).withStride(stride));
                for (int i = 0; i < 500; i++) {
                    String text = texts.next();
                    String pair = i % 3 == 0 ? texts.next() : null;
                    ai.djl.huggingface.tokenizers.Encoding first = pair == null ? theirs.encode(text, true, true)
                            : theirs.encode(text, pair, true, true);
                    List<List<Long>> expected = Stream.concat(Stream.of(first), Stream.of(first.getOverflowing()))
                            .map(window -> Arrays.stream(window.getIds()).boxed().toList()).toList();
                    assertThat(ours.encodeWindows(text, pair, options).stream().map(window ->
                            Arrays.stream(window.ids()).asLongStream().boxed().toList()).toList())
                            .as("%s | %s", text, pair).isEqualTo(expected);
                }
            }
        }
    }
}
