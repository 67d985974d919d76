// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import io.encoder4j.tokenizer.unicode.CodePoints;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The named sets of code points: `\s`, `\p{Lu}`, `\p{Han}`, `[:alpha:]`.
final class CharSets {
    private static final Map<String, String> LONG_NAMES = Map.ofEntries(
            Map.entry("letter", "l"), Map.entry("mark", "m"), Map.entry("number", "n"), Map.entry("punctuation", "p"),
            Map.entry("symbol", "s"), Map.entry("separator", "z"), Map.entry("other", "c"),
            Map.entry("uppercaseletter", "lu"), Map.entry("lowercaseletter", "ll"), Map.entry("titlecaseletter", "lt"),
            Map.entry("modifierletter", "lm"), Map.entry("otherletter", "lo"), Map.entry("nonspacingmark", "mn"),
            Map.entry("decimalnumber", "nd"), Map.entry("letternumber", "nl"), Map.entry("othernumber", "no"));
    /// The categories by the numbers that Java gives them.
    private static final String[] CATEGORIES = {"cn", "lu", "ll", "lt", "lm", "lo", "mn", "me", "mc", "nd", "nl", "no",
        "zs", "zl", "zp", "cc", "cf", "", "co", "cs", "pd", "ps", "pe", "pc", "po", "sm", "sc", "sk", "so", "pi", "pf"};
    private static final String MAJOR = "lmnpszc";
    private static final Set<String> SCRIPTS = Set.of("han", "hiragana", "katakana", "hangul", "latin", "greek", "cyrillic",
            "arabic", "hebrew", "thai", "devanagari", "bengali", "tamil", "telugu", "georgian", "armenian", "lao", "khmer",
            "myanmar", "tibetan", "bopomofo", "ethiopic", "mongolian", "sinhala", "common", "inherited");

    static final CharSet SPACE = flags(CodePoints.SPACE);
    /// `\w` inside of brackets: UTS 18 without the joiners.
    static final CharSet WORD_IN_SET = new CharSet(point -> point != 0x200C && point != 0x200D && CodePoints.isWord(point));
    /// `\w` outside of brackets. Oniguruma's table for Latin-1 counts superscripts and fractions, too.
    static final CharSet WORD = new CharSet(point -> WORD_IN_SET.has(point) || point == 0xB2 || point == 0xB3 || point == 0xB9
            || point >= 0xBC && point <= 0xBE);
    static final CharSet DIGIT = category("nd");
    static final CharSet HEX = new CharSet(point -> point < 128 && Character.digit(point, 16) >= 0);
    static final CharSet ANY = new CharSet(_ -> true);

    private CharSets() {}

    /// The set of `\p{name}`, or null if it is not known here.
    static @Nullable CharSet property(String name) {
        String key = name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
        key = LONG_NAMES.getOrDefault(key, key);
        if (key.equals("l")) {
            return flags(CodePoints.LETTER);
        }
        if (key.equals("n")) {
            return flags(CodePoints.NUMBER);
        }
        if (SCRIPTS.contains(key)) {
            Character.UnicodeScript script = Character.UnicodeScript.forName(key);
            return new CharSet(point -> Character.UnicodeScript.of(point) == script);
        }
        return isCategory(key) ? category(key) : switch (key) {
            case "any" -> ANY;
            case "space" -> SPACE;
            case "digit" -> DIGIT;
            case "alpha", "alphabetic" -> new CharSet(Character::isAlphabetic);
            case "upper", "uppercase" -> new CharSet(Character::isUpperCase);
            case "lower", "lowercase" -> new CharSet(Character::isLowerCase);
            case "alnum" -> new CharSet(point -> Character.isAlphabetic(point) || DIGIT.has(point));
            default -> null;
        };
    }

    /// The set of `[:name:]`, or null if it is not known here.
    static @Nullable CharSet bracket(String name) {
        return switch (name) {
            case "alpha", "digit", "alnum", "upper", "lower", "space" -> property(name);
            case "word" -> WORD_IN_SET;
            case "xdigit" -> HEX;
            default -> null;
        };
    }

    private static boolean isCategory(String key) {
        return key.length() == 1 ? MAJOR.contains(key) : key.length() == 2 && Arrays.asList(CATEGORIES).contains(key);
    }

    private static CharSet category(String key) {
        boolean[] types = new boolean[CATEGORIES.length];
        for (int type = 0; type < types.length; type++) {
            types[type] = !CATEGORIES[type].isEmpty() && CATEGORIES[type].startsWith(key);
        }
        return new CharSet(point -> types[Character.getType(point)]);
    }

    private static CharSet flags(int flag) {
        return new CharSet(point -> (CodePoints.flags(point) & flag) != 0);
    }}
