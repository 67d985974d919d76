// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.hub.HubId;
import io.encoder4j.hub.HubListener;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Says on standard error what takes time while a model is found: a download, a conversion.
public final class DownloadProgress implements HubListener {

    private final Streams streams;
    private @Nullable Progress progress;
    private long received;

    /// @param streams of the command, for what is said
    public DownloadProgress(Streams streams) {
        this.streams = streams;
    }

    /// A size for people.
    public static String size(long bytes) {
        double size = bytes;
        String[] units = {"bytes", "kB", "MB", "GB", "TB"};
        int unit = 0;
        while (size >= 999.95 && unit < units.length - 1) {
            size /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }

    @Override
    public void begins(HubId id, int files, long bytes) {
        notice("downloading " + id + ": " + files + (files == 1 ? " file, " : " files, ") + size(bytes));
        received = 0;
        progress = Progress.ofDownload(streams, bytes);
    }

    @Override
    public void received(long bytes) {
        received += bytes;
        if (progress != null) {
            progress.to(received, 0);
        }
    }

    @Override
    public void notice(String line) {
        if (progress != null) {
            progress.say("encoder4j: " + line);
        } else {
            streams.say(line);
        }
    }

    @Override
    public void ended() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
