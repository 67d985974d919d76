// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A word that is merged between its seams is the word that is merged as a whole, whatever the merges.
class SymbolsTest {

    /// Trained ones make a new token of two earlier ones; wild ones pair any tokens in any order.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void seamsChangeNothing(boolean trained) {
        int seams = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int letters = 3 + random.nextInt(20);
            int made = random.nextInt(40);
            MergeTable merges = new MergeTable(8);
            for (int i = 0; i < made; i++) {
                int tokens = trained ? letters + i : letters + made;
                merges.put(random.nextInt(tokens), random.nextInt(tokens), i,
                        trained ? letters + i : letters + random.nextInt(made));
            }
            MergeBoundaries between = MergeBoundaries.of(merges);
            for (int word = 0; word < 20; word++) {
                List<Integer> symbols = new ArrayList<>();
                random.ints(1 + random.nextInt(300), 0, letters).forEach(symbols::add);
                for (int i = 1; i < symbols.size(); i++) {
                    seams += between.between(symbols.get(i - 1), symbols.get(i)) ? 1 : 0;
                }
                assertThat(merged(symbols, merges, between)).as("seed %d", seed).isEqualTo(merged(symbols, merges, MergeBoundaries.NONE));
            }
        }
        assertThat(seams).as("seams, without which nothing was tested").isPositive();
    }

    private static List<Integer> merged(List<Integer> word, MergeTable merges, MergeBoundaries seams) {
        Symbols symbols = new Symbols();
        word.forEach(id -> symbols.add(id, 1));
        symbols.merge(merges, seams);
        List<Integer> result = new ArrayList<>();
        for (int i = 0; i < symbols.size(); i++) {
            result.add(symbols.id(i));
            result.add(symbols.length(i));
        }
        return result;
    }
}
