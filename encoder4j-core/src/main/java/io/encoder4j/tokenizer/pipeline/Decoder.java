// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.ByteChars;
import io.encoder4j.tokenizer.text.GrowthLimit;
import io.encoder4j.tokenizer.text.NormalizedText;
import io.encoder4j.tokenizer.text.TextPattern;
import io.encoder4j.tokenizer.unicode.LossyUtf8;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// From tokens back to text. Each record is named after its type in the file.
public sealed interface Decoder {
    /// Transforms the tokens; the text is the concatenation of the results.
    List<String> decode(List<String> tokens);

    /// Joins tokens with spaces, except for those that start with the prefix.
    ///
    /// @param prefix the mark of a token inside a word
    /// @param cleanup whether to remove spaces before English punctuation and contractions; the reference looks at one
    ///     token at a time, so `' s` stays
    record WordPiece(String prefix, boolean cleanup) implements Decoder {
        private static final String[][] CLEANUPS = {
            {" .", "."}, {" ?", "?"}, {" !", "!"}, {" ,", ","}, {" ' ", "'"}, {" n't", "n't"}, {" 'm", "'m"},
            {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};

        @Override
        public List<String> decode(List<String> tokens) {
            List<String> decoded = new ArrayList<>(tokens.size());
            for (String token : tokens) {
                String part = decoded.isEmpty() ? token
                        : token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
                decoded.add(cleanup ? cleaned(part) : part);
            }
            return decoded;
        }

        private static String cleaned(String token) {
            if (token.indexOf(' ') < 0) {
                return token;
            }
            for (String[] cleanup : CLEANUPS) {
                token = token.replace(cleanup[0], cleanup[1]);
            }
            return token;
        }
    }

    /// The decoder of a file that has none: tokens joined by spaces.
    record Spaces() implements Decoder {
        @Override
        public List<String> decode(List<String> tokens) {
            return List.of(String.join(" ", tokens));
        }
    }

    record ByteLevel() implements Decoder {
        @Override
        public List<String> decode(List<String> tokens) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            tokens.forEach(token -> ByteChars.decode(token, bytes));
            return List.of(LossyUtf8.decode(bytes.toByteArray()));
        }
    }

    /// The replacement becomes a space again, except for the one added at the start.
    record Metaspace(String replacement, boolean prepended) implements Decoder {
        @Override
        public List<String> decode(List<String> tokens) {
            List<String> decoded = new ArrayList<>(tokens.size());
            for (String token : tokens) {
                boolean dropped = decoded.isEmpty() && prepended;
                decoded.add(token.replace(replacement, dropped ? "" : " "));
            }
            return decoded;
        }
    }

    /// The suffix marks the end of a word and becomes a space.
    record BPEDecoder(String suffix) implements Decoder {
        @Override
        public List<String> decode(List<String> tokens) {
            List<String> decoded = new ArrayList<>(tokens.size());
            for (String token : tokens) {
                decoded.add(token.replace(suffix, decoded.size() + 1 == tokens.size() ? "" : " "));
            }
            return decoded;
        }
    }

    /// Replaces in each token.
    record Replace(TextPattern pattern, String content) implements Decoder {
        @Override
        public List<String> decode(List<String> tokens) {
            return tokens.stream().map(token -> {
                char[] chars = token.toCharArray();
                NormalizedText text = new NormalizedText(chars, 0, chars.length);
                text.replace(pattern, content);
                return text.string(0, text.length());
            }).toList();
        }
    }

    /// A run of tokens such as `<0xC3>` becomes the text of these bytes, or one U+FFFD per token if they are not UTF-8.
    record ByteFallback() implements Decoder {
        @Override
        public List<String> decode(List<String> tokens) {
            List<String> decoded = new ArrayList<>(tokens.size());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (String token : tokens) {
                int octet = octet(token);
                if (octet >= 0) {
                    bytes.write(octet);
                } else {
                    flush(bytes, decoded);
                    decoded.add(token);
                }
            }
            flush(bytes, decoded);
            return decoded;
        }

        private static void flush(ByteArrayOutputStream bytes, List<String> decoded) {
            try {
                if (bytes.size() > 0) {
                    decoded.add(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray()))
                            .toString());
                }
            } catch (CharacterCodingException e) {
                decoded.addAll(Collections.nCopies(bytes.size(), "\uFFFD"));
            }
            bytes.reset();
        }

        private static int octet(String token) {
            if (token.length() != 6 || !token.startsWith("<0x") || !token.endsWith(">")) {
                return -1;
            }
            int high = Character.digit(token.charAt(3), 16);
            int low = Character.digit(token.charAt(4), 16);
            boolean ascii = token.charAt(3) < 0x80 && token.charAt(4) < 0x80;
            return ascii && high >= 0 && low >= 0 ? 16 * high + low : -1;
        }
    }

    /// Joins all tokens to one.
    record Fuse() implements Decoder {
        @Override
        public List<String> decode(List<String> tokens) {
            return List.of(String.join("", tokens));
        }
    }

    /// Removes a character from each token, up to `start` times at its start and `stop` times at its end.
    record Strip(int content, int start, int stop) implements Decoder {
        @Override
        public List<String> decode(List<String> tokens) {
            return tokens.stream().map(this::strip).toList();
        }

        private String strip(String token) {
            int[] points = token.codePoints().toArray();
            int from = 0;
            while (from < start && from < points.length && points[from] == content) {
                from++;
            }
            int to = points.length;
            while (points.length - to < stop && to > from && points[to - 1] == content) {
                to--;
            }
            return new String(points, from, to - from);
        }
    }

    /// One after the other.
    record Sequence(List<Decoder> decoders) implements Decoder {
        @Override
        public List<String> decode(List<String> tokens) {
            GrowthLimit limit = new GrowthLimit(length(tokens));
            for (Decoder decoder : decoders) {
                tokens = decoder.decode(tokens);
                limit.check(length(tokens));
            }
            return tokens;
        }

        private static long length(List<String> tokens) {
            return tokens.stream().mapToLong(String::length).sum();
        }
    }
}
