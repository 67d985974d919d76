// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.task.Entity;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.task.TagOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// From labelled tokens to entities, step by step as transformers' `TokenClassificationPipeline`.
///
/// @param unknown id of the unknown token, or -1: its word is what the text has there
record EntityMerger(List<String> labels, Tokenizer tokenizer, int unknown) {

    /// A token or, later, a word.
    ///
    /// @param pieces    strings of its tokens
    /// @param probs     by label
    /// @param goesOn    whether it belongs to the word before it
    record Token(List<String> pieces, double[] probs, int start, int end, boolean goesOn) { }

    /// A token or word with the label it gets.
    private record Labelled(String label, double score, List<String> pieces, int start, int end) { }

    Token token(String text, Encoding encoding, int index, double[] probs) {
        int start = encoding.starts()[index];
        int end = encoding.ends()[index];
        String piece = encoding.tokens().get(index);
        String written = text.substring(start, end);
        if (encoding.ids()[index] == unknown) {
            return new Token(List.of(written), probs, start, end, false);
        }
        boolean goesOn = tokenizer.marksContinuations() ? characters(piece) != characters(written)
                // Without a mark: whatever follows no space, punctuation too.
                : start > 0 && text.substring(start - 1, Math.min(text.length(), start + 1)).indexOf(' ') < 0;
        return new Token(List.of(piece), probs, start, end, goesOn);
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    List<Entity> merge(List<Token> tokens, TagOptions.Aggregation aggregation) {
        List<Labelled> labelled = switch (aggregation) {
            case NONE, SIMPLE -> tokens.stream().map(this::best).toList();
            case FIRST, AVERAGE, MAX -> words(tokens).stream().map(word -> ofWord(word, aggregation)).toList();
        };
        if (aggregation == TagOptions.Aggregation.NONE) {
            return labelled.stream().map(l -> new Entity(l.label, l.score, l.pieces.getFirst(), l.start, l.end)).toList();
        }
        List<Entity> entities = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= labelled.size(); i++) {
            if (i == labelled.size() || !continues(labelled.get(i - 1).label, labelled.get(i).label)) {
                entities.add(entity(labelled.subList(from, i)));
                from = i;
            }
        }
        return entities;
    }

    private Labelled best(Token token) {
        int label = ScoreFunction.largest(token.probs);
        return new Labelled(labels.get(label), token.probs[label], token.pieces, token.start, token.end);
    }

    private static List<List<Token>> words(List<Token> tokens) {
        List<List<Token>> words = new ArrayList<>();
        for (Token token : tokens) {
            if (words.isEmpty() || !token.goesOn) {
                words.add(new ArrayList<>());
            }
            words.getLast().add(token);
        }
        return words;
    }

    private Labelled ofWord(List<Token> word, TagOptions.Aggregation aggregation) {
        double[] probs = switch (aggregation) {
            case AVERAGE -> average(word);
            // The first of equals, as in the reference.
            case MAX -> word.reversed().stream().max(Comparator.comparingDouble(
                    (Token t) -> t.probs[ScoreFunction.largest(t.probs)])).orElseThrow().probs;
            default -> word.getFirst().probs;
        };
        // Joined once here and once for the entity, as in the reference.
        String joined = tokenizer.join(word.stream().flatMap(token -> token.pieces.stream()).toList());
        return best(new Token(List.of(joined), probs, word.getFirst().start, word.getLast().end, false));
    }

    private static double[] average(List<Token> word) {
        double[] probs = new double[word.getFirst().probs.length];
        for (Token token : word) {
            for (int i = 0; i < probs.length; i++) {
                probs[i] += token.probs[i] / word.size();
            }
        }
        return probs;
    }

    /// Whether a label goes on with the entity of the label before it: the same kind, and no `B-`.
    private static boolean continues(String before, String label) {
        return !label.startsWith("B-") && kind(before).equals(kind(label));
    }

    private static String kind(String label) {
        return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
    }

    private Entity entity(List<Labelled> parts) {
        String first = parts.getFirst().label;
        return new Entity(first.substring(first.indexOf('-') + 1),
                parts.stream().mapToDouble(Labelled::score).average().orElseThrow(),
                tokenizer.join(parts.stream().flatMap(part -> part.pieces.stream()).toList()),
                parts.getFirst().start, parts.getLast().end);
    }
}
