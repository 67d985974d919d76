// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.Normalizer;
import io.encoder4j.tokenizer.pipeline.PreTokenizer;
import io.encoder4j.tokenizer.pipeline.SplitBehavior;
import io.encoder4j.tokenizer.text.BoundedRegex;
import io.encoder4j.tokenizer.text.PrecompiledCharsmap;
import io.encoder4j.tokenizer.text.Scanner;
import io.encoder4j.tokenizer.text.TextPattern;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import io.encoder4j.tokenizer.unicode.CodePoints;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;

/// Reads the normalizers and pre-tokenizers of `tokenizer.json`, each by the name of its type.
final class ComponentJson {
    private ComponentJson() {}

    static Normalizer normalizer(JsonValue json) {
        return switch (type(json)) {
            case "BertNormalizer" -> bertNormalizer(json);
            case "ByteLevel" -> plain(json, new Normalizer.ByteLevel());
            case "Lowercase" -> plain(json, new Normalizer.Lowercase());
            case "NFC" -> plain(json, new Normalizer.Form(false, true));
            case "NFD" -> plain(json, new Normalizer.Form(false, false));
            case "NFKC" -> plain(json, new Normalizer.Form(true, true));
            case "NFKD" -> plain(json, new Normalizer.Form(true, false));
            case "Nmt" -> plain(json, new Normalizer.Nmt());
            case "Precompiled" -> precompiled(json);
            case "Prepend" -> {
                json.expectOnly("type", "prepend");
                yield new Normalizer.Prepend(json.get("prepend").string());
            }
            case "Replace" -> {
                json.expectOnly("type", "pattern", "content");
                yield new Normalizer.Replace(pattern(json.get("pattern")), json.get("content").string());
            }
            case "Sequence" -> new Normalizer.Sequence(sequence(json, "normalizers", ComponentJson::normalizer));
            case "Strip" -> {
                json.expectOnly("type", "strip_left", "strip_right");
                yield new Normalizer.Strip(json.get("strip_left", JsonValue::bool, true),
                        json.get("strip_right", JsonValue::bool, true));
            }
            case "StripAccents" -> plain(json, new Normalizer.StripAccents());
            default -> throw unsupported(json, "BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt,"
                    + " Precompiled, Prepend, Replace, Sequence, Strip, StripAccents");
        };
    }

    private static Normalizer bertNormalizer(JsonValue json) {
        json.expectOnly("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
        boolean lowercase = json.get("lowercase", JsonValue::bool, true);
        return new Normalizer.BertNormalizer(json.get("clean_text", JsonValue::bool, true),
                json.get("handle_chinese_chars", JsonValue::bool, true),
                json.get("strip_accents", JsonValue::bool, lowercase), lowercase);
    }

    private static Normalizer precompiled(JsonValue json) {
        json.expectOnly("type", "precompiled_charsmap");
        JsonValue map = json.find("precompiled_charsmap");
        if (map == null || map.string().isEmpty()) {
            return new Normalizer.Sequence(List.of());
        }
        try {
            return new Normalizer.Precompiled(PrecompiledCharsmap.read(Base64.getDecoder().decode(map.string()),
                    map.file() + ": " + map.path()));
        } catch (IllegalArgumentException e) {
            throw map.error("is not Base64: " + e.getMessage());
        }
    }

    /// `{"String": …}` or `{"Regex": …}`.
    static TextPattern pattern(JsonValue json) {
        json.expectOnly("String", "Regex");
        JsonValue regex = json.find("Regex");
        if (regex == null) {
            String string = json.get("String").string();
            if (string.isEmpty()) {
                throw json.error("is empty");
            }
            return new TextPattern.Literal(string);
        }
        Scanner scanner = Scanner.of(regex.string());
        try {
            return scanner != null ? new TextPattern.Scanned(scanner)
                    : new TextPattern.Regex(BoundedRegex.of(regex.string()));
        } catch (PatternSyntaxException e) {
            throw regex.error("is a regular expression that is not supported, " + e.getDescription() + ": "
                    + regex.string());
        }
    }

    static PreTokenizer preTokenizer(JsonValue json) {
        return switch (type(json)) {
            case "BertPreTokenizer" -> plain(json, new PreTokenizer.BertPreTokenizer());
            case "ByteLevel" -> {
                json.expectOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                yield new PreTokenizer.ByteLevel(json.get("add_prefix_space", JsonValue::bool, true),
                        json.get("use_regex", JsonValue::bool, true));
            }
            case "CharDelimiterSplit" -> {
                json.expectOnly("type", "delimiter");
                yield new PreTokenizer.Split(new TextPattern.Literal(character(json.get("delimiter"))),
                        SplitBehavior.REMOVED, false);
            }
            case "Digits" -> {
                json.expectOnly("type", "individual_digits");
                yield new PreTokenizer.FlagSplit(CodePoints.NUMERIC, json.get("individual_digits", JsonValue::bool, false)
                        ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS);
            }
            case "Metaspace" -> metaspace(json);
            case "Punctuation" -> {
                json.expectOnly("type", "behavior");
                yield new PreTokenizer.FlagSplit(CodePoints.PUNCTUATION,
                        json.get("behavior", ComponentJson::behavior, SplitBehavior.ISOLATED));
            }
            case "Sequence" -> new PreTokenizer.Sequence(sequence(json, "pretokenizers", ComponentJson::preTokenizer));
            case "Split" -> {
                json.expectOnly("type", "pattern", "behavior", "invert");
                yield new PreTokenizer.Split(pattern(json.get("pattern")), behavior(json.get("behavior")),
                        json.get("invert", JsonValue::bool, false));
            }
            case "Whitespace" -> plain(json, new PreTokenizer.Whitespace());
            case "WhitespaceSplit" -> plain(json, new PreTokenizer.WhitespaceSplit());
            default -> throw unsupported(json, "BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, Metaspace,"
                    + " Punctuation, Sequence, Split, Whitespace, WhitespaceSplit");
        };
    }

    private static SplitBehavior behavior(JsonValue json) {
        return switch (json.string()) {
            case "Removed" -> SplitBehavior.REMOVED;
            case "Isolated" -> SplitBehavior.ISOLATED;
            case "Contiguous" -> SplitBehavior.CONTIGUOUS;
            case "MergedWithPrevious" -> SplitBehavior.MERGED_WITH_PREVIOUS;
            case "MergedWithNext" -> SplitBehavior.MERGED_WITH_NEXT;
            default -> throw json.error("is " + json.node()
                    + "; supported: Removed, Isolated, Contiguous, MergedWithPrevious, MergedWithNext");
        };
    }

    private static PreTokenizer metaspace(JsonValue json) {
        return new PreTokenizer.Metaspace(metaspaceReplacement(json), prependScheme(json),
                json.get("split", JsonValue::bool, true));
    }

    static String metaspaceReplacement(JsonValue json) {
        // Before 2024 files said add_prefix_space in place of prepend_scheme, and the replacement twice.
        json.expectOnly("type", "replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
        return json.get("replacement", ComponentJson::character, "\u2581");
    }

    static PreTokenizer.Metaspace.PrependScheme prependScheme(JsonValue json) {
        boolean prefix = json.get("add_prefix_space", JsonValue::bool, true);
        JsonValue scheme = json.find("prepend_scheme");
        PreTokenizer.Metaspace.PrependScheme found = scheme == null ? PreTokenizer.Metaspace.PrependScheme.ALWAYS
                : switch (scheme.string()) {
                    case "always", "first", "never" ->
                            PreTokenizer.Metaspace.PrependScheme.valueOf(scheme.string().toUpperCase(Locale.ROOT));
                    default -> throw scheme.error("is " + scheme.node() + "; supported: always, first, never");
                };
        return prefix ? found : PreTokenizer.Metaspace.PrependScheme.NEVER;
    }

    /// A string of one code point.
    static String character(JsonValue json) {
        String string = json.string();
        if (string.codePointCount(0, string.length()) != 1) {
            throw json.error("should be one character, not " + json.node());
        }
        return string;
    }

    static <T> List<T> sequence(JsonValue json, String key, Function<JsonValue, T> read) {
        json.expectOnly("type", key);
        return json.get(key).elements().stream().map(read).toList();
    }

    static String type(JsonValue json) {
        return json.get("type").string();
    }

    static <T> T plain(JsonValue json, T component) {
        json.expectOnly("type");
        return component;
    }

    static TokenizerProblem unsupported(JsonValue json, String supported) {
        return json.error("has type " + type(json) + ", which is not supported; supported: " + supported);
    }
}
