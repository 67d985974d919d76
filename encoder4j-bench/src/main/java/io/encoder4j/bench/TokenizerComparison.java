// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Compares our tokenizers with DJL's, which are Hugging Face's own through JNI. Both run in turns in one process on one thread.
/// Prints the medians and their ratio. Stops if a text gets different ids.
@Command(name = "tokenizers", mixinStandardHelpOptions = true,
        description = "Compares encoder4j's tokenizers with DJL's on short texts, on one thread, in one process.")
final class TokenizerComparison implements Callable<Integer> {

    private static final EncodeOptions OPTIONS = EncodeOptions.defaults();

    @Parameters(paramLabel = "FILE", description = "texts, one a line; of a TSV line the first field")
    private Path texts = Path.of("");

    @Option(names = "--tokenizers", paramLabel = "DIR", description = "folder of folders with tokenizer.json (${DEFAULT-VALUE})")
    private Path tokenizers = Path.of("goldens/tokenizers");

    @Option(names = "--count", description = "texts taken from the file (${DEFAULT-VALUE})")
    private int count = 2000;

    @Option(names = "--seconds", description = "seconds for each library and tokenizer, a fifth of it each turn (${DEFAULT-VALUE})")
    private double seconds = 1;

    @Override
    public Integer call() throws IOException {
        List<String> lines;
        try (Stream<String> all = Files.lines(texts)) {
            lines = all.map(line -> line.split("\t", 2)[0]).filter(line -> !line.isBlank()).limit(count).toList();
        }
        System.out.printf("%d texts of %.0f characters, texts per second on one thread%n", lines.size(),
                lines.stream().mapToInt(String::length).average().orElse(0));
        List<Path> files;
        try (Stream<Path> folders = Files.list(tokenizers)) {
            files = folders.map(folder -> folder.resolve("tokenizer.json")).filter(Files::exists).sorted().toList();
        }
        for (Path file : files) {
            compare(file, lines);
        }
        return 0;
    }

    private void compare(Path file, List<String> lines) throws IOException {
        Tokenizer ours = Tokenizer.load(file);
        try (HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(file,
                Map.of("padding", "false", "truncation", "false"))) {
            for (String line : lines) {
                int[] ids = ours.encode(line, null, OPTIONS).ids();
                if (!Arrays.equals(Arrays.stream(ids).asLongStream().toArray(), theirs.encode(line).getIds())) {
                    throw new IllegalStateException(file + ": other ids for: " + line);
                }
            }
            ToIntFunction<String> encoder4j = line -> ours.encode(line, null, OPTIONS).length();
            ToIntFunction<String> djl = line -> theirs.encode(line).getIds().length;
            // A run that does not count, for the JIT.
            rate(encoder4j, lines);
            rate(djl, lines);
            List<Double> rates = new ArrayList<>();
            List<Double> theirRates = new ArrayList<>();
            for (int turn = 0; turn < 5; turn++) {
                rates.add(rate(encoder4j, lines));
                theirRates.add(rate(djl, lines));
            }
            double median = median(rates);
            double theirMedian = median(theirRates);
            System.out.printf(Locale.ROOT, "%-24s encoder4j %9.0f   DJL %8.0f   ratio %5.1f%n",
                    file.getParent().getFileName(), median, theirMedian, median / theirMedian);
        }
    }

    private double rate(ToIntFunction<String> tokens, List<String> lines) {
        long begin = System.nanoTime();
        long end = begin + (long) (seconds / 5 * 1e9);
        long texts = 0;
        long checksum = 0;
        long now = begin;
        for (int i = 0; now < end; i = (i + 1) % lines.size(), texts++) {
            checksum += tokens.applyAsInt(lines.get(i));
            now = texts % 16 == 0 ? System.nanoTime() : now;
        }
        if (checksum == 0) {
            throw new IllegalStateException("no tokens");
        }
        return texts / ((System.nanoTime() - begin) * 1e-9);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted(Comparator.naturalOrder()).skip(values.size() / 2).findFirst().orElseThrow();
    }
}
