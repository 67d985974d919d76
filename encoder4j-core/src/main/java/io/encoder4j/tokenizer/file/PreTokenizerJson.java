// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.PreTokenizer;
import io.encoder4j.tokenizer.pipeline.SplitBehavior;
import io.encoder4j.tokenizer.text.TextPattern;
import io.encoder4j.tokenizer.unicode.CodePoints;
import java.util.Locale;

/// Reads the pre-tokenizers of `tokenizer.json`, each by the name of its type.
final class PreTokenizerJson {
    private PreTokenizerJson() {}

    static PreTokenizer read(JsonValue json) {
        return switch (ComponentJson.type(json)) {
            case "BertPreTokenizer" -> ComponentJson.plain(json, new PreTokenizer.BertPreTokenizer());
            case "ByteLevel" -> {
                json.expectOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                yield new PreTokenizer.ByteLevel(json.get("add_prefix_space", JsonValue::bool, true),
                        json.get("use_regex", JsonValue::bool, true));
            }
            case "CharDelimiterSplit" -> {
                json.expectOnly("type", "delimiter");
                yield new PreTokenizer.Split(new TextPattern.Literal(ComponentJson.character(json.get("delimiter"))),
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
                        json.get("behavior", PreTokenizerJson::behavior, SplitBehavior.ISOLATED));
            }
            case "Sequence" -> new PreTokenizer.Sequence(ComponentJson.sequence(json, "pretokenizers", PreTokenizerJson::read));
            case "Split" -> {
                json.expectOnly("type", "pattern", "behavior", "invert");
                yield new PreTokenizer.Split(ComponentJson.pattern(json.get("pattern")), behavior(json.get("behavior")),
                        json.get("invert", JsonValue::bool, false));
            }
            case "Whitespace" -> ComponentJson.plain(json, new PreTokenizer.Whitespace());
            case "WhitespaceSplit" -> ComponentJson.plain(json, new PreTokenizer.WhitespaceSplit());
            default -> throw ComponentJson.unsupported(json, "BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, Metaspace,"
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
        // Files written before 2024 have add_prefix_space instead of prepend_scheme, and the replacement twice.
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
}
