// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.nn.Pass;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The figures of ARCHITECTURE.md's tour are those of the code. `./build -pl encoder4j-core test -Dtest=TourTest
/// -Dencoder4j.writeTable=true` writes them. Every link of a page leads to a file.
class TourTest {

    private static final Path ARCHITECTURE = Sources.ROOT.resolve("ARCHITECTURE.md");
    private static final String BEGIN = "<!-- tour: written by TourTest -->\n";
    private static final String END = "<!-- /tour -->";
    private static final Pattern STOP = Pattern.compile("(?m)^\\d+\\. .*(?:\n {3}.*)*");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(#[^)]*)?\\)");
    /// Methods of [Pass] that compute nothing: they name results, end layers, and hand values out.
    private static final Set<String> NO_OPERATION = Set.of("module", "layer", "fetch", "fetchRows");
    /// Lines may come and go before "about" is wrong.
    private static final int SLACK = 150;

    @Test
    void theFiguresAreThoseOfTheCode() throws IOException {
        String page = Files.readString(ARCHITECTURE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END, from);
        assertThat(from).as("the page has the tour's marker").isGreaterThanOrEqualTo(BEGIN.length());
        String tour = figures(stops(page), page.substring(from, to));
        if (Boolean.getBoolean("encoder4j.writeTable")) {
            Files.writeString(ARCHITECTURE, page.substring(0, from) + tour + page.substring(to));
            return;
        }
        assertThat(page.substring(from, to)).isEqualTo(tour);
    }

    @Test
    void figuresThatAreOffAreNoticed() throws IOException {
        List<List<Path>> stops = stops(Files.readString(ARCHITECTURE));
        String right = figures(stops, "");
        assertThat(figures(stops, right)).isEqualTo(right);
        String off = right.replaceFirst("about [\\d,]+", "about 900");
        assertThat(off).isNotEqualTo(right);
        assertThat(figures(stops, off)).isEqualTo(right);
        assertThat(figures(stops.subList(1, stops.size()), right)).isNotEqualTo(right);
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (String link : links(Files.readString(page))) {
                if (!link.contains("://") && !Files.exists(page.resolveSibling(link))) {
                    broken.add(Sources.ROOT.relativize(page) + " → " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    /// The tour's figures, in words.
    ///
    /// @param before what the page says now: its number of lines stays while it is near enough
    private static String figures(List<List<Path>> stops, String before) throws IOException {
        int lines = 0;
        for (Path file : stops.stream().flatMap(List::stream).toList()) {
            lines += Files.readAllLines(file).size();
        }
        MatchResult said = Pattern.compile("about ([\\d,]+) lines").matcher(before).results().findFirst().orElse(null);
        int claimed = said == null ? 0 : Integer.parseInt(said.group(1).replace(",", ""));
        int about = Math.abs(claimed - lines) <= SLACK ? claimed : Math.round(lines / 100f) * 100;
        Path bert = Sources.ROOT.resolve("encoder4j-core/src/main/java/io/encoder4j/model/Bert.java");
        long forward = Sources.methods(List.of(bert)).stream().filter(m -> m.name().equals("forward"))
                .mapToLong(Sources.Method::lines).max().orElseThrow();
        long operations = Arrays.stream(Pass.class.getDeclaredMethods()).filter(m -> !m.isSynthetic())
                .map(Method::getName).filter(name -> !NO_OPERATION.contains(name)).distinct().count();
        return String.format(Locale.ROOT, "%d stops, about %,d lines. `forward` of a layer of `Bert` has %d of them; `Pass` has %d "
                + "operations.\n", stops.size(), about, forward, operations);
    }

    /// The files that each stop links to.
    private static List<List<Path>> stops(String page) {
        String tour = page.substring(page.indexOf(END), page.indexOf("\n## ", page.indexOf(END)));
        return STOP.matcher(tour).results().map(stop -> links(stop.group()).stream().map(Sources.ROOT::resolve).toList()).toList();
    }

    private static List<String> links(String text) {
        return LINK.matcher(text).results().map(link -> link.group(1)).toList();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String folder : List.of("", "docs", "goldens", "examples")) {
            try (Stream<Path> files = Files.list(Sources.ROOT.resolve(folder))) {
                files.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        assertThat(pages).hasSizeGreaterThan(5);
        return pages;
    }
}
