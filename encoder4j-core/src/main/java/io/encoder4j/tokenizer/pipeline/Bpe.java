// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.NormalizedText;
import io.encoder4j.tokenizer.unicode.CodePoints;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Byte-pair encoding (Sennrich et al., 2016): a word starts as its characters, and pairs of symbols are merged in the
/// order of training. It serves characters, GPT-2's bytes and SentencePiece's pieces alike.
public final class Bpe implements Model {
    private final BpeOptions options;
    private final MergeTable merges;
    private final MergeBoundaries seams;
    /// The ids of tokens that are one UTF-16 unit, or -1.
    private final int[] units = new int[0x10000];
    private final Map<String, Integer> others = new HashMap<>();
    private final int[] bytes = new int[256];
    private final @Nullable Trie words;

    public Bpe(Map<String, Integer> ids, MergeTable merges, BpeOptions options) {
        this.options = options;
        this.merges = merges;
        // Only SentencePiece's words are long enough to gain from this.
        boolean plain = options.continuingPrefix().isEmpty() && options.endSuffix().isEmpty();
        seams = options.byteFallback() && plain ? MergeBoundaries.of(merges) : MergeBoundaries.NONE;
        Arrays.fill(units, -1);
        int longest = 2 + options.continuingPrefix().length() + options.endSuffix().length();
        ids.forEach((token, id) -> {
            if (token.length() == 1) {
                units[token.charAt(0)] = id;
            } else if (token.length() <= longest) {
                others.put(token, id);
            }
        });
        for (int b = 0; b < 256; b++) {
            bytes[b] = options.byteFallback() ? ids.getOrDefault("<0x%02X>".formatted(b), -1) : -1;
        }
        words = options.ignoreMerges() ? new Trie() : null;
        if (words != null) {
            ids.forEach(words::add);
        }
    }

    @Override
    public int unknownId() {
        return options.unknownId();
    }

    @Override
    public void tokenize(NormalizedText text, int from, int to, TokenBuffer out) {
        int whole = words == null ? -1 : words.find(text.chars(), from, to);
        if (whole >= 0) {
            out.addWord(whole, text.originalStart(from), text.originalEnd(to - 1));
            return;
        }
        Symbols symbols = out.symbols();
        symbols.clear();
        spell(text, from, to, symbols);
        symbols.merge(merges, seams);
        emit(text, from, to, symbols, out);
    }

    private void spell(NormalizedText text, int from, int to, Symbols symbols) {
        int unknownLength = 0;
        for (int i = from; i < to;) {
            int point = text.codePointAt(i);
            int next = i + Character.charCount(point);
            int length = CodePoints.utf8Length(point);
            int id = id(point, i > from, next == to);
            if (id >= 0) {
                if (unknownLength > 0) {
                    symbols.add(options.unknownId(), unknownLength);
                    unknownLength = 0;
                }
                symbols.add(id, length);
            } else if (!(options.byteFallback() && addBytes(symbol(point, i > from, next == to), symbols))
                    && options.unknownId() >= 0) {
                // As in the reference, bytes are put before unknown characters that precede them.
                if (unknownLength > 0 && !options.fuseUnknown()) {
                    symbols.add(options.unknownId(), unknownLength);
                    unknownLength = 0;
                }
                unknownLength += length;
            }
            i = next;
        }
        if (unknownLength > 0) {
            symbols.add(options.unknownId(), unknownLength);
        }
    }

    private int id(int point, boolean inside, boolean last) {
        if (point < 0x10000 && !(inside && !options.continuingPrefix().isEmpty())
                && !(last && !options.endSuffix().isEmpty())) {
            return units[point];
        }
        String symbol = symbol(point, inside, last);
        return symbol.length() == 1 ? units[point] : others.getOrDefault(symbol, -1);
    }

    private String symbol(int point, boolean inside, boolean last) {
        return (inside ? options.continuingPrefix() : "") + Character.toString(point)
                + (last ? options.endSuffix() : "");
    }

    private boolean addBytes(String symbol, Symbols symbols) {
        byte[] utf8 = symbol.getBytes(StandardCharsets.UTF_8);
        for (byte b : utf8) {
            if (bytes[b & 0xFF] < 0) {
                return false;
            }
        }
        for (byte b : utf8) {
            symbols.add(bytes[b & 0xFF], 1);
        }
        return true;
    }

    /// Lengths are counted in bytes from the word's start. As in the reference, dropped characters do not count, and the
    /// bytes of affixes do.
    private static void emit(NormalizedText text, int from, int to, Symbols symbols, TokenBuffer out) {
        ByteCursor word = new ByteCursor(text.chars(), from, to);
        ByteCursor original = null;
        int bytes = 0;
        for (int i = 0; i < symbols.size(); i++) {
            int end = bytes + symbols.length(i);
            int first = word.find(bytes);
            int last = word.find(end - 1);
            if (last >= 0) {
                out.add(symbols.id(i), text.originalStart(first), text.originalEnd(last), i == 0);
            } else {
                original = original == null ? new ByteCursor(out.source(), 0, out.source().length) : original;
                addPastEnd(symbols.id(i), bytes, end, i == 0, original, out);
            }
            bytes = end;
        }
    }

    /// Adds a token whose bytes end after the word. The reference then takes the bytes for bytes of the whole text. If
    /// they are not in the text either, the token is put at the text's end.
    private static void addPastEnd(int id, int from, int to, boolean first, ByteCursor original, TokenBuffer out) {
        char[] source = out.source();
        int start = original.find(from);
        int last = original.find(to - 1);
        int end = original.find(to);
        if (start < 0) {
            start = source.length;
        }
        if (end < 0) {
            // As in the reference: where the last byte is not in the text, two characters are taken.
            end = last >= 0 ? source.length : after(source, after(source, start));
        }
        out.add(id, start, end, first);
    }

    private static int after(char[] source, int at) {
        return at == source.length ? at : at + Character.charCount(Character.codePointAt(source, at, source.length));
    }
}
