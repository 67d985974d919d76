// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.Decoder;
import io.encoder4j.tokenizer.pipeline.PreTokenizer;

/// Reads the decoders of `tokenizer.json`, each by the name of its type.
final class DecoderJson {
    private static final int MANY = 1_000_000;

    private DecoderJson() {}

    static Decoder decoder(JsonValue json) {
        return switch (ComponentJson.type(json)) {
            case "BPEDecoder" -> {
                json.expectOnly("type", "suffix");
                yield new Decoder.BPEDecoder(json.get("suffix", JsonValue::string, "</w>"));
            }
            case "ByteFallback" -> ComponentJson.plain(json, new Decoder.ByteFallback());
            case "ByteLevel" -> {
                json.expectOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                yield new Decoder.ByteLevel();
            }
            case "Fuse" -> ComponentJson.plain(json, new Decoder.Fuse());
            case "Metaspace" -> metaspace(json);
            case "Replace" -> {
                json.expectOnly("type", "pattern", "content");
                yield new Decoder.Replace(ComponentJson.pattern(json.get("pattern")), json.get("content").string());
            }
            case "Sequence" -> new Decoder.Sequence(ComponentJson.sequence(json, "decoders", DecoderJson::decoder));
            case "Strip" -> {
                json.expectOnly("type", "content", "start", "stop");
                yield new Decoder.Strip(ComponentJson.character(json.get("content")).codePointAt(0),
                        json.get("start").integer(MANY), json.get("stop").integer(MANY));
            }
            case "WordPiece" -> {
                json.expectOnly("type", "prefix", "cleanup");
                yield new Decoder.WordPiece(json.get("prefix", JsonValue::string, "##"),
                        json.get("cleanup", JsonValue::bool, true));
            }
            default -> throw ComponentJson.unsupported(json, "BPEDecoder, ByteFallback, ByteLevel, Fuse, Metaspace,"
                    + " Replace, Sequence, Strip, WordPiece");
        };
    }

    private static Decoder metaspace(JsonValue json) {
        return new Decoder.Metaspace(PreTokenizerJson.metaspaceReplacement(json),
                PreTokenizerJson.prependScheme(json) != PreTokenizer.Metaspace.PrependScheme.NEVER);
    }
}
