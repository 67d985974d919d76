// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.List;

/** The way back: from tokens to text. Each record is named after its type in the file. */
sealed interface Decoder {
    String decode(List<String> tokens);

    /**
     * Joins tokens with spaces, but those that start with the prefix without one.
     *
     * @param prefix the mark of a token inside a word
     * @param cleanup whether spaces before English punctuation and contractions go; the reference looks at one
     *     token at a time, so that {@code ' s} stays as it is
     */
    record WordPiece(String prefix, boolean cleanup) implements Decoder {
        private static final String[][] CLEANUPS = {
            {" .", "."}, {" ?", "?"}, {" !", "!"}, {" ,", ","}, {" ' ", "'"}, {" n't", "n't"}, {" 'm", "'m"},
            {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};

        @Override
        public String decode(List<String> tokens) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < tokens.size(); i++) {
                String token = tokens.get(i);
                if (i > 0) {
                    token = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
                }
                text.append(cleanup ? cleaned(token) : token);
            }
            return text.toString();
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

    /** What a file without a decoder gets. */
    record Spaces() implements Decoder {
        @Override
        public String decode(List<String> tokens) {
            return String.join(" ", tokens);
        }
    }
}
