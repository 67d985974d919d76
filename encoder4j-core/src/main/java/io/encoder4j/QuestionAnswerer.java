// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.task.AnswerOptions;
import io.encoder4j.task.Counted;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.task.TextPair;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The part of a text that answers a question, as transformers' `question-answering` pipeline (until version 4) found it. A long
/// text is read in windows that overlap. May be shared among threads.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="questionAnswerer"}
public final class QuestionAnswerer {

    /// The task, for [EncoderModel#task].
    public static final Task<QuestionAnswerer> TASK = new Task<>("answer", "the part of a text that answers a question",
            HeadKind.QUESTION_ANSWERING, facts -> facts.needs(HeadKind.QUESTION_ANSWERING, "the start and the end of a passage"),
            parts -> new QuestionAnswerer(parts.runner()));

    /// An answer, or with an empty text that there is none.
    ///
    /// @param text  the words of the answer, empty for no answer
    /// @param score probability of its first token as a start times that of its last as an end; added up over the windows and
    ///              places in which the same words were found, so that it may pass 1
    /// @param start where it begins in the text, in UTF-16 units
    /// @param end   where it ends, exclusive
    public record Answer(String text, double score, int start, int end) { }

    /// The answers in a text.
    ///
    /// @param answers   the best first
    /// @param tokens    tokens that were read
    /// @param truncated never: a long text is read in windows
    public record Answers(List<Answer> answers, int tokens, boolean truncated) implements Counted { }

    private final Runner runner;
    private final Head head;

    QuestionAnswerer(Runner runner) {
        this.runner = runner;
        head = runner.heads().get(HeadKind.QUESTION_ANSWERING);
    }

    /// {@return the best answer to a question in a text}
    ///
    /// @param question the question
    /// @param text     the text that holds the answer
    public Answer answer(String question, String text) {
        return runner.runOne(steps(question, AnswerOptions.defaults()), text).answers().getFirst();
    }

    /// {@return for each text the best answers to a question, the best first} Answers of the same words, capitals aside, are
    /// one, at the place found first.
    ///
    /// @param question the question
    /// @param texts    the texts that hold the answers
    /// @param options  how many answers, and of what length
    /// @throws IllegalArgumentException if the question leaves no room for a text
    /// @throws InputException           naming every text that has no answer
    /// @throws ModelClosedException     if the model is closed
    /// @throws CancelledException       if the thread is interrupted, between two batches
    public List<Answers> answer(String question, List<String> texts, AnswerOptions options) {
        return runner.run(steps(question, options), texts);
    }

    /// {@return forward passes that several callers share: each input is a question and the text that holds its answer} An input
    /// whose question leaves no room for the text is an [IllegalArgumentException].
    ///
    /// @param options how many answers, and of what length
    public SharedBatches<TextPair, Answers> shared(AnswerOptions options) {
        return SharedBatches.of(runner, steps(pair -> new TextPair(pair.text(), pair.pair() == null ? "" : pair.pair()), options));
    }

    private Steps<String, float[][], Answers> steps(String question, AnswerOptions options) {
        Objects.requireNonNull(question, "the question is null");
        return steps(text -> new TextPair(question, text), options);
    }

    private <I> Steps<I, float[][], Answers> steps(Function<I, TextPair> pairOf, AnswerOptions options) {
        return HeadSteps.perToken(head, input -> windows(pairOf.apply(input), options), (input, windows, logits) ->
                new Answers(answers(text(pairOf.apply(input)), windows, logits, options), HeadSteps.tokens(windows), false));
    }

    private static String text(TextPair pair) {
        return Objects.requireNonNull(pair.pair());
    }

    private static List<Answer> answers(String text, List<Encoding> windows, List<float[][]> logits, AnswerOptions options) {
        List<Answer> answers = new ArrayList<>();
        double none = Double.POSITIVE_INFINITY;
        for (int w = 0; w < windows.size(); w++) {
            double[] starts = probs(windows.get(w), logits.get(w), 0);
            double[] ends = probs(windows.get(w), logits.get(w), 1);
            none = Math.min(none, starts[0] * ends[0]);
            best(windows.get(w), text, starts, ends, options).forEach(answer -> merge(answers, answer));
        }
        if (options.noAnswer()) {
            answers.add(new Answer("", none, 0, 0));
        }
        return answers.stream().sorted(Comparator.comparingDouble(Answer::score).reversed()).limit(options.topK()).toList();
    }

    private static void merge(List<Answer> answers, Answer answer) {
        for (int i = 0; i < answers.size(); i++) {
            Answer other = answers.get(i);
            if (other.text.toLowerCase(Locale.ROOT).equals(answer.text.toLowerCase(Locale.ROOT))) {
                answers.set(i, new Answer(other.text, other.score + answer.score, other.start, other.end));
                return;
            }
        }
        answers.add(answer);
    }

    /// The encodings of question and text with every part of the text, cut from that of the whole.
    private List<Encoding> windows(TextPair pair, AnswerOptions options) {
        Encoding whole = runner.texts().tokenizer().encode(pair.text(), pair.pair(), EncodeOptions.defaults());
        int[] ofText = IntStream.range(0, whole.length()).filter(t -> whole.sequenceIds()[t] == 1).toArray();
        int others = whole.length() - ofText.length;
        int length = Math.min(options.maxTokens(), runner.texts().maxTokens());
        int room = length - others;
        if (room < 1) {
            throw new IllegalArgumentException("the question has " + others + " tokens with the special ones, at most "
                    + (length - 1) + " leave room for the text");
        }
        if (ofText.length == 0) {
            throw InputException.of(InputException.Reason.EMPTY, "is empty, so that it has no answer");
        }
        int stride = Math.min(Math.min(options.stride(), length / 2), room - 1);
        List<Encoding> windows = new ArrayList<>();
        int from = 0;
        do {
            int first = from;
            int end = Math.min(first + room, ofText.length);
            windows.add(whole.select(IntStream.range(0, whole.length()).filter(t -> whole.sequenceIds()[t] != 1
                    || t >= ofText[0] + first && t < ofText[0] + end).toArray()));
            from = end < ofText.length ? end - stride : ofText.length;
        } while (from < ofText.length);
        return windows;
    }

    /// Probabilities of the text's tokens and the first one, which means that there is no answer; others have none.
    private static double[] probs(Encoding window, float[][] logits, int column) {
        float[] allowed = new float[window.length()];
        for (int t = 0; t < allowed.length; t++) {
            allowed[t] = t == 0 || window.sequenceIds()[t] == 1 ? logits[t][column] : -10000;
        }
        return ScoreFunction.SOFTMAX.apply(allowed);
    }

    private record Span(int first, int last, double score) { }

    private static List<Answer> best(Encoding window, String text, double[] starts, double[] ends, AnswerOptions options) {
        List<Span> spans = new ArrayList<>();
        for (int first = 1; first < starts.length; first++) {
            for (int last = first; last < Math.min(starts.length, first + options.maxAnswerTokens()); last++) {
                if (window.sequenceIds()[first] == 1 && window.sequenceIds()[last] == 1) {
                    spans.add(new Span(first, last, starts[first] * ends[last]));
                }
            }
        }
        // Several spans may be of the same words, hence more than asked for.
        return spans.stream().sorted(Comparator.comparingDouble(Span::score).reversed()).limit(2L * options.topK() + 10)
                .map(span -> answer(window, text, span)).toList();
    }

    /// Whole words, as the reference answers.
    private static Answer answer(Encoding window, String text, Span span) {
        int start = span.first;
        int end = span.last;
        while (start > 1 && sameWord(window, start - 1, start)) {
            start--;
        }
        while (end + 1 < window.length() && sameWord(window, end, end + 1)) {
            end++;
        }
        int from = window.starts()[start];
        int to = window.ends()[end];
        return new Answer(text.substring(from, to), span.score, from, to);
    }

    private static boolean sameWord(Encoding window, int a, int b) {
        return window.sequenceIds()[a] == 1 && window.sequenceIds()[b] == 1 && window.wordIds()[a] == window.wordIds()[b];
    }
}
