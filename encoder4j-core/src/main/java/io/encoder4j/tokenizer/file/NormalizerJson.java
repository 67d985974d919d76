// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.Normalizer;
import io.encoder4j.tokenizer.text.PrecompiledCharsmap;
import java.util.Base64;
import java.util.List;

/// Reads the normalizers of `tokenizer.json`, each by the name of its type.
final class NormalizerJson {
    private NormalizerJson() {}

    static Normalizer read(JsonValue json) {
        return switch (ComponentJson.type(json)) {
            case "BertNormalizer" -> bertNormalizer(json);
            case "ByteLevel" -> ComponentJson.plain(json, new Normalizer.ByteLevel());
            case "Lowercase" -> ComponentJson.plain(json, new Normalizer.Lowercase());
            case "NFC" -> ComponentJson.plain(json, new Normalizer.Form(false, true));
            case "NFD" -> ComponentJson.plain(json, new Normalizer.Form(false, false));
            case "NFKC" -> ComponentJson.plain(json, new Normalizer.Form(true, true));
            case "NFKD" -> ComponentJson.plain(json, new Normalizer.Form(true, false));
            case "Nmt" -> ComponentJson.plain(json, new Normalizer.Nmt());
            case "Precompiled" -> precompiled(json);
            case "Prepend" -> {
                json.expectOnly("type", "prepend");
                yield new Normalizer.Prepend(json.get("prepend").string());
            }
            case "Replace" -> {
                json.expectOnly("type", "pattern", "content");
                yield new Normalizer.Replace(ComponentJson.pattern(json.get("pattern")), json.get("content").string());
            }
            case "Sequence" -> new Normalizer.Sequence(ComponentJson.sequence(json, "normalizers", NormalizerJson::read));
            case "Strip" -> {
                json.expectOnly("type", "strip_left", "strip_right");
                yield new Normalizer.Strip(json.get("strip_left", JsonValue::bool, true),
                        json.get("strip_right", JsonValue::bool, true));
            }
            case "StripAccents" -> ComponentJson.plain(json, new Normalizer.StripAccents());
            default -> throw ComponentJson.unsupported(json, "BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt,"
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
}
