// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileSystemException;
import java.time.Duration;

/// Tries again what may work a moment later, a bounded number of times, with waits that double or that the server names.
final class Patience {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    /// Of one file, however much progress each brings: a server must not keep us for ever.
    private static final int MOST_TRIES = 100;

    private final HubSettings settings;
    private final HubListener listener;
    private final String what;
    private final int attemptsToConnect;
    private int fruitless;
    private int tries;

    /// @param what what is tried, for messages
    Patience(HubSettings settings, HubListener listener, String what) {
        this(settings, listener, what, settings.attempts());
    }

    private Patience(HubSettings settings, HubListener listener, String what, int attemptsToConnect) {
        this.settings = settings;
        this.listener = listener;
        this.what = what;
        this.attemptsToConnect = attemptsToConnect;
    }

    /// One try.
    interface Try<T> {
        T run() throws IOException;
    }

    /// The first success.
    ///
    /// @throws HubException if it cannot succeed, or did not after all tries
    static <T> T until(HubSettings settings, HubListener listener, String what, Try<T> action) throws IOException {
        return until(new Patience(settings, listener, what), action);
    }

    /// The first success of something that shows whether there is a network: where there is none, nobody likes to wait.
    static <T> T untilReached(HubSettings settings, HubListener listener, String what, Try<T> action) throws IOException {
        return until(new Patience(settings, listener, what, Math.min(2, settings.attempts())), action);
    }

    private static <T> T until(Patience patience, Try<T> action) throws IOException {
        while (true) {
            try {
                return action.run();
            } catch (IOException e) {
                patience.failed(e, false);
            }
        }
    }

    /// A try failed: waits before the next.
    ///
    /// @param progress whether it brought something all the same
    /// @throws HubException if there shall be no next
    void failed(IOException e, boolean progress) throws IOException {
        if (e instanceof HubException || e instanceof InterruptedIOException || e instanceof FileSystemException) {
            throw e;
        }
        tries++;
        fruitless = progress ? 0 : fruitless + 1;
        boolean reached = !(e instanceof ConnectException) && !(e instanceof HttpConnectTimeoutException);
        if (fruitless >= (reached ? settings.attempts() : attemptsToConnect) || tries >= MOST_TRIES) {
            throw new HubException(what + ": " + reason(e) + "; given up after " + tries + (tries == 1 ? " try" : " tries"),
                    e);
        }
        Duration wait = settings.pause().multipliedBy(1L << Math.min(Math.max(fruitless - 1, 0), 10));
        if (e instanceof Refusal.Passing passing && passing.retryAfter().isPresent()) {
            wait = passing.retryAfter().get();
            if (wait.compareTo(LONGEST_WAIT) > 0) {
                throw new HubException(reason(e) + " and asks to come back in " + wait.toSeconds() + " s; try again then", e);
            }
        }
        listener.notice(reason(e) + "; trying again" + (wait.toSeconds() > 0 ? " in " + wait.toSeconds() + " s" : ""));
        sleep(wait);
    }

    private static void sleep(Duration wait) throws InterruptedIOException {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /// What an exception of the network means. Many have no message at all.
    static String reason(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "the host is not known (no network, or no DNS)";
            }
        }
        String message = e.getMessage();
        return switch (e) {
            case HttpTimeoutException _ when message == null || !message.startsWith("stalled") -> "no answer in time";
            case ConnectException _ -> "cannot connect" + (message == null ? "" : " (" + message + ")");
            default -> message == null ? e.getClass().getSimpleName() : message;
        };
    }
}
