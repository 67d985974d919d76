// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.Random;

/// Texts that are likely to go wrong: mixtures of scripts, marks, controls, spaces and the tokenizer's own tokens.
final class RandomTexts {
    private static final String[] WORDS = {"the", "Hello", "encoder", "don't", "l'été", "Straße", "ΣΊΣΥΦΟΣ", "İstanbul",
            "ısı",
        "naïve", "编码器", "東京タワー", "한국어", "हिन्दी", "ภาษาไทย", "مرحبا", "שָׁלוֹם", "Tiếng", "ﬁne", "ǅ", "ﷺ", "①", "½"};
    private static final String[] TOKENS = {"[CLS]", "[SEP]", "[MASK]", "[UNK]", "[PAD]", "[mask]", "[MASK", "MASK]",
            "##ing",
        "##", "<m>", "<M>", "ÉTÉ", "été", "word", "wor", "WORDS", "words", "中<", "İx", "i̇x", "<mask>",
        "<s>", "</s>", "<unk>", "<pad>", "<0x41>", "|||IP|||", "    ", "``", "''", "▁", "▁▁the", "'s", "'LL", "'ſ", "'re"};
    private static final String[] EMOJI = {"👨‍👩‍👧‍👦", "👍🏽", "🇨🇭", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🙂"};
    private static final String SPACES =
            "  \t\n\r\u000B\f\u0085\u00A0\u1680\u2003\u2028\u2029\u202F\u205F\u3000\u200B\uFEFF";
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡§«¶·»¿‐—…‽、。「」！？₿€";
    /// Where one draw in eight comes from: marks, letters with marks, and blocks with odd categories.
    private static final int[][] BLOCKS = {{0x300, 0x36F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20F0},
        {0xC0, 0x24F}, {0x370, 0x52F}, {0x591, 0x6FF}, {0x900, 0xDFF}, {0xE00, 0xFFF}, {0x1E00, 0x1FFF},
        {0x2000, 0x2BFF},
        {0x3000, 0x30FF}, {0x4E00, 0x9FFF}, {0xAC00, 0xD7A3}, {0x1100, 0x11FF}, {0xF900, 0xFAFF}, {0xFB00, 0xFFFF},
        {0x10000, 0x16FFF}, {0x1B000, 0x1BFFF}, {0x1D100, 0x1D7FF}, {0x1E000, 0x1FAFF}, {0x20000, 0x2FA1F},
        {0xE0000, 0xE01EF}};

    private final Random random;

    RandomTexts(Random random) {
        this.random = random;
    }

    /// A text of up to some hundred code points, without lone surrogates.
    String next() {
        StringBuilder text = new StringBuilder();
        int parts = random.nextInt(12);
        for (int i = 0; i < parts; i++) {
            part(text);
            if (random.nextInt(3) > 0) {
                text.append(pick(SPACES.substring(0, random.nextBoolean() ? 1 : SPACES.length())));
            }
        }
        return text.toString();
    }

    private void part(StringBuilder text) {
        switch (random.nextInt(12)) {
            case 0, 1 -> text.append(WORDS[random.nextInt(WORDS.length)]);
            case 2 -> letters(text, 'a', 'z', 1 + random.nextInt(10));
            case 3 -> letters(text, 'A', 'z', 1 + random.nextInt(10));
            case 4 -> text.append(TOKENS[random.nextInt(TOKENS.length)]);
            case 5 -> text.append(EMOJI[random.nextInt(EMOJI.length)]);
            case 6 -> text.append(pick(PUNCTUATION));
            case 7 -> letters(text, 0, 0x9F, 1 + random.nextInt(3));
            case 8 -> anywhere(text);
            case 9 -> letters(text, 0x300, 0x345, random.nextInt(random.nextInt(20) == 0 ? 40 : 4));
            case 10 -> {
                int[] block = BLOCKS[random.nextInt(BLOCKS.length)];
                letters(text, block[0], block[1], 1 + random.nextInt(5));
            }
            default -> {
                if (random.nextInt(10) == 0) {
                    text.append(WORDS[random.nextInt(WORDS.length)].repeat(10 + random.nextInt(20)));
                } else {
                    letters(text, '0', '9', 1 + random.nextInt(6));
                }
            }
        }
    }

    private void letters(StringBuilder text, int first, int last, int count) {
        for (int i = 0; i < count; i++) {
            append(text, first + random.nextInt(last - first + 1));
        }
    }

    private void anywhere(StringBuilder text) {
        append(text, random.nextInt(random.nextBoolean() ? 0x10000 : 0x110000));
    }

    private static void append(StringBuilder text, int point) {
        if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
            text.appendCodePoint(point);
        }
    }

    private char pick(String chars) {
        return chars.charAt(random.nextInt(chars.length()));
    }
}
