// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.cli.CommandFailed;
import io.encoder4j.cli.Failure;
import io.encoder4j.cli.Progress;
import io.encoder4j.cli.Streams;
import io.encoder4j.cli.input.Lines;
import io.encoder4j.cli.option.TextInput;
import io.encoder4j.error.InputException;
import io.encoder4j.task.Counted;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads texts, has many of them answered together, and hands on the answers in the input's order. A text that has no answer does
/// not keep the others from theirs.
///
/// @param <R> an answer
public final class Answering<R> {

    /// Texts computed together, for each thread: enough that all threads have work, and lengths can be sorted.
    private static final int TEXTS_PER_THREAD = 512;
    private static final int MOST_TEXTS = 8192;
    private static final int MOST_CHARACTERS = 4 << 20;
    /// Texts computed together at first, for each thread, while somebody watches a bar.
    private static final int FIRST_TEXTS = 8;
    private static final long BETWEEN_STEPS = 500_000_000;
    /// Milliseconds that one line waits for the next, in an input that may be slow.
    private static final int PATIENCE = 5;

    /// What is asked of a model.
    public interface Task<R> {

        /// The answers, in the order of the texts.
        ///
        /// @throws InputException naming the texts that have none
        List<R> answer(List<String> texts);
    }

    /// Where answers go.
    public interface Sink<R> {

        /// How much of the text was read.
        Counted counted(R answer);

        /// Why this is none, or null.
        default @Nullable String problem(R answer) {
            return null;
        }

        void answer(long index, Lines.Line line, R answer) throws IOException;

        /// @param problem goes on after the text's name: `is not UTF-8`
        void problem(long index, Lines.Line line, String problem) throws IOException;

        /// Brings everything to where it is waited for.
        void flush() throws IOException;

        /// Writes what had to wait for the last answer.
        default void finish() throws IOException { }
    }

    private final Task<R> task;
    private final Sink<R> sink;
    private final Progress progress;
    private final int largest;
    private final List<Lines.Line> waiting = new ArrayList<>();
    private int most;
    private int characters;
    private long count;
    private long bad;
    private long cut;
    private @Nullable String first;

    /// @param threads of the model: texts are gathered for all of them
    public Answering(Task<R> task, Sink<R> sink, Progress progress, int threads) {
        this.task = task;
        this.sink = sink;
        this.progress = progress;
        largest = Math.min(MOST_TEXTS, TEXTS_PER_THREAD * threads);
        most = progress.isWanted() ? Math.min(largest, FIRST_TEXTS * threads) : largest;
    }

    /// Answers everything.
    ///
    /// @throws io.encoder4j.cli.CommandFailed if there is no text
    public void all(TextInput input, Lines lines) throws IOException {
        boolean live = input.live();
        progress.to(0, 0);
        for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
            waiting.add(line);
            characters += line.text().length();
            if (waiting.size() >= most || characters >= MOST_CHARACTERS) {
                flush(input);
            } else if (live && !isNextReady(lines)) {
                flush(input);
                sink.flush();
            }
        }
        flush(input);
        if (count == 0) {
            throw CommandFailed.input("there are no texts in " + input.name());
        }
        sink.finish();
    }

    private static boolean isNextReady(Lines lines) throws IOException {
        boolean ready = lines.ready();
        for (int i = 0; i < PATIENCE && !ready; i++) {
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
            ready = lines.ready();
        }
        return ready;
    }

    /// Says on standard error what became of the texts, where that is not as usual.
    ///
    /// @throws CommandFailed if a text has no answer
    public void report(Streams streams) {
        if (cut > 0) {
            streams.say(cut(cut, count));
        }
        if (bad > 0) {
            throw CommandFailed.input(bad + " of " + count + (count == 1 ? " text" : " texts") + (bad == 1 ? " has" : " have")
                    + " no answer" + (bad == 1 ? ": " : "; the first: ") + first);
        }
    }

    /// That texts were cut.
    public static String cut(long cut, long count) {
        return cut + " of " + count + (count == 1 ? " text" : " texts") + (cut == 1 ? " was" : " were")
                + " longer than the limit of tokens, and cut";
    }

    /// Computes and writes what is waiting.
    private void flush(TextInput input) throws IOException {
        long begun = System.nanoTime();
        @Nullable String[] problems = new String[waiting.size()];
        for (int i = 0; i < problems.length; i++) {
            problems[i] = waiting.get(i).problem();
        }
        List<@Nullable R> answers = answers(problems);
        long tokens = 0;
        for (int i = 0; i < problems.length; i++) {
            R answer = answers.get(i);
            String problem = answer == null ? String.valueOf(problems[i]) : sink.problem(answer);
            if (answer == null || problem != null) {
                String why = Failure.oneLine(String.valueOf(problem));
                first = first != null ? first : input.name(count, waiting.get(i)) + " " + why;
                bad++;
                sink.problem(count, waiting.get(i), why);
            } else {
                Counted counted = sink.counted(answer);
                tokens += counted.tokens();
                cut += counted.truncated() ? 1 : 0;
                sink.answer(count, waiting.get(i), answer);
            }
            count++;
        }
        waiting.clear();
        characters = 0;
        progress.to(count, tokens);
        if (progress.isWanted()) {
            double faster = BETWEEN_STEPS / (double) Math.max(1, System.nanoTime() - begun);
            most = (int) Math.clamp(most * Math.min(4, faster), 1, largest);
        }
    }

    /// The answers of the waiting lines. All texts are asked for together; if some have none, the others once more: their answers
    /// have the same bits.
    ///
    /// @param problems those that are known; more are added
    private List<@Nullable R> answers(@Nullable String[] problems) {
        List<@Nullable R> answers = new ArrayList<>(Collections.nCopies(problems.length, null));
        while (true) {
            // Loops, not streams, which a start would have to set up.
            List<Integer> asked = new ArrayList<>(problems.length);
            List<String> texts = new ArrayList<>(problems.length);
            for (int i = 0; i < problems.length; i++) {
                if (problems[i] == null) {
                    asked.add(i);
                    texts.add(waiting.get(i).text());
                }
            }
            if (asked.isEmpty()) {
                return answers;
            }
            try {
                List<R> given = task.answer(texts);
                for (int i = 0; i < asked.size(); i++) {
                    answers.set(asked.get(i), given.get(i));
                }
                return answers;
            } catch (InputException e) {
                e.problems().forEach(problem -> problems[asked.get(problem.index())] = problem.detail());
            }
        }
    }
}
