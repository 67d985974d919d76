// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.util.Locale;
import java.util.OptionalLong;

/// How far some work has come, in as many columns as there are:
/// `embed  45% [=====>      ] 450/1,000 texts, 4,512 tokens/s, 12 s left`.
final class ProgressLine {

    private static final int WIDEST = 100;
    private static final int LEAST_BAR = 8;
    private static final int MOST_BAR = 40;

    private final String task;
    private final OptionalLong total;
    private final long size;
    private final String unit;
    private final long begun = System.nanoTime();
    private long done;
    private long tokens;

    /// @param size how many make one unit
    ProgressLine(String task, OptionalLong total, long size, String unit) {
        this.task = task;
        this.total = total;
        this.size = size;
        this.unit = unit;
    }

    void to(long count, long moreTokens) {
        done = count;
        tokens += moreTokens;
    }

    /// The line, now.
    String text(int columns) {
        return text(columns, (System.nanoTime() - begun) / 1e9);
    }

    /// The line after so many seconds. What does not fit is left out: first the bar, then the task, the unit, the speed, the time.
    String text(int columns, double seconds) {
        int width = Math.min(columns, WIDEST);
        String percent = total.isEmpty() ? "" : String.format(Locale.ROOT, "%3.0f%% ", 100 * part());
        String count = number(done / size) + (total.isEmpty() ? "" : "/" + number(total.getAsLong() / size));
        String speed = done == 0 ? "" : tokens > 0 ? ", " + number(Math.round(tokens / seconds)) + " tokens/s"
                : String.format(Locale.ROOT, ", %.1f %s/s", done / seconds / size, unit);
        String time = ", " + (total.isEmpty() || done == 0 ? time(seconds)
                : done >= total.getAsLong() ? "in " + time(seconds) : time(seconds / done * (total.getAsLong() - done)) + " left");
        String end = count + " " + unit + speed + time;
        int bar = Math.min(MOST_BAR, width - task.length() - 1 - percent.length() - 3 - end.length());
        if (bar >= LEAST_BAR && total.isPresent()) {
            return task + " " + percent + "[" + bar(bar) + "] " + end;
        }
        for (String shorter : new String[] {task + " " + percent + end, percent + end, percent + count + speed + time,
            percent + count + time, percent + count}) {
            if (shorter.length() <= width) {
                return shorter;
            }
        }
        return percent.strip();
    }

    private double part() {
        return total.getAsLong() == 0 ? 1 : Math.min(1, (double) done / total.getAsLong());
    }

    private String bar(int width) {
        int full = (int) (part() * width);
        return "=".repeat(full) + (full < width ? ">" + " ".repeat(width - full - 1) : "");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 120 ? whole + " s" : whole < 7200 ? whole / 60 + " min" : whole / 3600 + " h";
    }
}
