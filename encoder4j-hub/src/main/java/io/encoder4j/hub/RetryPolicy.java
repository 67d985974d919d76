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

/// Retries a request that may succeed later. The number of tries is bounded. Each wait is twice the one before, unless
/// the server says how long to wait.
final class RetryPolicy {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    /// The limit for one file, even if every try makes progress, so that no server can keep us for ever.
    private static final int MOST_TRIES = 100;

    private final HubSettings settings;
    private final HubListener listener;
    private final String what;
    private final int attemptsToConnect;
    private int fruitless;
    private int tries;

    /// @param what what is requested, for messages
    RetryPolicy(HubSettings settings, HubListener listener, String what) {
        this(settings, listener, what, settings.attempts());
    }

    private RetryPolicy(HubSettings settings, HubListener listener, String what, int attemptsToConnect) {
        this.settings = settings;
        this.listener = listener;
        this.what = what;
        this.attemptsToConnect = attemptsToConnect;
    }

    /// One try.
    interface Try<T> {
        T run() throws IOException;
    }

    /// Runs the action until it succeeds and returns its result.
    ///
    /// @throws HubException if retrying cannot help, or all tries failed
    static <T> T until(HubSettings settings, HubListener listener, String what, Try<T> action) throws IOException {
        return until(new RetryPolicy(settings, listener, what), action);
    }

    /// The same for a first request, with fewer tries if no connection can be made: without a network, waiting is useless.
    static <T> T untilReached(HubSettings settings, HubListener listener, String what, Try<T> action) throws IOException {
        return until(new RetryPolicy(settings, listener, what, Math.min(2, settings.attempts())), action);
    }

    private static <T> T until(RetryPolicy policy, Try<T> action) throws IOException {
        while (true) {
            try {
                return action.run();
            } catch (IOException e) {
                policy.failed(e, false);
            }
        }
    }

    /// Records a failed try and waits before the next one.
    ///
    /// @param progress whether it still received some bytes
    /// @throws HubException if there is no next try
    void failed(IOException e, boolean progress) throws IOException {
        if (e instanceof HubException || e instanceof InterruptedIOException || e instanceof FileSystemException) {
            throw e;
        }
        if (String.valueOf(e.getMessage()).matches("Tunnel failed, got: 407.*")) {
            throw new HubException(what + ": the proxy asks for a name and a password (407); give them in HTTPS_PROXY, as"
                    + " http://NAME:PASSWORD@HOST:PORT, and start Java with -Djdk.http.auth.tunneling.disabledSchemes=", e);
        }
        tries++;
        fruitless = progress ? 0 : fruitless + 1;
        boolean reached = !(e instanceof ConnectException) && !(e instanceof HttpConnectTimeoutException);
        if (fruitless >= (reached ? settings.attempts() : attemptsToConnect) || tries >= MOST_TRIES) {
            throw new HubException(what + ": " + reason(e) + "; given up after " + tries + (tries == 1 ? " try" : " tries"),
                    e);
        }
        Duration wait = settings.pause().multipliedBy(1L << Math.min(Math.max(fruitless - 1, 0), 10));
        if (e instanceof ServerError.Temporary temporary && temporary.retryAfter().isPresent()) {
            wait = temporary.retryAfter().get();
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

    /// What a network exception means, in words. Many have no message.
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
