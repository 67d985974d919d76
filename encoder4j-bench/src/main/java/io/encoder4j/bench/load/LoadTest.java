// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The measurements of one server. Each is printed when it is there.
///
/// @param target  the server
/// @param seconds for each measurement
/// @param out     where to print
public record LoadTest(Target target, double seconds, PrintWriter out) {

    private static final int ROUNDS = 3;
    private static final int SINGLES = 200;
    private static final long SEED = 7;

    /// Measures the capacity, then each rate.
    ///
    /// @throws IOException if the server answers no request
    public List<LoadFigure> steps(int clients, List<Double> multiples) throws IOException {
        // A run that does not count, for the JIT of both sides.
        requireAnswers(new ClosedLoop(clients).run(target, seconds / 2));
        List<LoadFigure> figures = new ArrayList<>();
        out.println(LoadFigure.header());
        LoadFigure most = requireAnswers(new ClosedLoop(clients).run(target, seconds));
        print(most, figures);
        for (double multiple : multiples) {
            print(new OpenLoop(multiple * most.goodput(), SEED).run(target, seconds, multiple), figures);
        }
        long silent = figures.stream().mapToLong(LoadFigure::withoutRetryAfter).sum();
        if (silent > 0) {
            out.println(silent + " answers 429 had no Retry-After");
        }
        return figures;
    }

    private void print(LoadFigure figure, List<LoadFigure> figures) {
        figures.add(figure);
        out.println(figure);
        out.flush();
    }

    private static LoadFigure requireAnswers(LoadFigure figure) throws IOException {
        if (figure.accepted() == 0) {
            throw new IOException("the server answered no request with 200: " + figure.rejected() + " with 429, " + figure.failed()
                    + " with another status or not at all; is it there, and is the key right?");
        }
        return figure;
    }

    /// What the server costs. Compares the tokens a second of many clients with one call for all texts, and the time of a single
    /// request with a single call. The two sides take turns. The client needs processor time, too, which counts against the server;
    /// so the tokens for a second of processor time are compared as well, where the server's process is known.
    ///
    /// @param server the server's process, or null
    /// @throws IOException if the server answers no request, or the model cannot be opened
    public void compare(List<String> texts, int textsPerRequest, int clients, int threads, @Nullable ProcessHandle server)
            throws IOException {
        try (InProcess direct = new InProcess(texts, threads)) {
            requireAnswers(new ClosedLoop(clients).run(target, seconds / 2));
            direct.tokensPerSecond(seconds / 2);
            ProcessorTime ofServer = new ProcessorTime(server);
            ProcessorTime ofClient = new ProcessorTime(ProcessHandle.current());
            ProcessorTime ofCalls = new ProcessorTime(ProcessHandle.current());
            List<Double> served = new ArrayList<>();
            List<Double> called = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                ofServer.begin();
                ofClient.begin();
                LoadFigure figure = requireAnswers(new ClosedLoop(clients).run(target, seconds / ROUNDS));
                ofServer.end(figure.tokens());
                ofClient.end(figure.tokens());
                served.add(figure.tokensPerSecond());
                ofCalls.begin();
                long begin = System.nanoTime();
                double rate = direct.tokensPerSecond(seconds / ROUNDS);
                ofCalls.end(rate * (System.nanoTime() - begin) / 1e9);
                called.add(rate);
            }
            out.printf(Locale.ROOT, "%d clients: %.0f tokens/s, in process %.0f tokens/s, ratio %.2f%n", clients, median(served),
                    median(called), median(served) / median(called));
            out.printf(Locale.ROOT, "tokens for a second of processor time: server %.0f, in process %.0f, ratio %.2f; client %.0f%n",
                    ofServer.tokensPerSecond(), ofCalls.tokensPerSecond(), ofServer.tokensPerSecond() / ofCalls.tokensPerSecond(),
                    ofClient.tokensPerSecond());
            double request = millis(target::send);
            double call = millis(index -> {
                for (int i = 0; i < textsPerRequest; i++) {
                    direct.single(index * textsPerRequest + i);
                }
            });
            out.printf(Locale.ROOT, "one request at a time: %.2f ms, in process %.2f ms, difference %.2f ms%n", request, call,
                    request - call);
        }
    }

    private static double millis(IntConsumer single) {
        for (int i = 0; i < SINGLES; i++) {
            single.accept(i);
        }
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < SINGLES; i++) {
            long begin = System.nanoTime();
            single.accept(i);
            millis.add((System.nanoTime() - begin) / 1e6);
        }
        return median(millis);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted(Comparator.naturalOrder()).skip(values.size() / 2).findFirst().orElseThrow();
    }
}
