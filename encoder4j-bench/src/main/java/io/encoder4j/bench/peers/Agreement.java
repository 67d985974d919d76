// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import java.util.Arrays;
import java.util.List;

/// Whether two peers computed the same: a fast wrong answer is worth nothing. The first peer is float32. If the other is as exact
/// as float32, every hidden state may differ by at most [#LARGEST]. For other precisions the mean hidden state of each sequence is
/// compared with the float32 one. The average cosine must be at least 0.999 for bfloat16 and for our int8; for ONNX Runtime's int8 at
/// least 0.9 on real text and 0.8 on random tokens. That limit is loose, since one scale for a tensor cannot do better: its own
/// quantiser gives 0.956 on text and 0.83 to 0.96 on random tokens.
final class Agreement {

    static final double LARGEST = 1e-3;

    private Agreement() { }

    /// @param expected `[batch][T · H]`, float32
    /// @param who      who computed `actual`
    /// @param actual   the same rows, in any batches
    /// @return the average cosine
    /// @throws IllegalStateException saying where and how much they differ
    static double require(Workload workload, float[][] expected, Contender who, float[][] actual) {
        float[] a = flat(expected);
        float[] b = flat(actual);
        if (a.length != b.length) {
            throw new IllegalStateException(workload.name() + ": " + who + " gave " + b.length + " values, expected " + a.length);
        }
        double cosine = cosine(workload, a, b);
        switch (who.precision()) {
            case "bfloat16" -> requireCosine(workload, who, cosine, 0.999);
            case "int8" -> requireCosine(workload, who, cosine, who.system().equals(Contender.ENCODER4J) ? 0.999
                    : Workload.isPassages(workload.name()) ? 0.9 : 0.8);
            default -> requireEqual(workload, a, who, b);
        }
        return cosine;
    }

    private static void requireCosine(Workload workload, Contender who, double cosine, double least) {
        if (!(cosine >= least)) {
            throw new IllegalStateException(workload.name() + ": the cosine of the sequences' vectors of " + who
                    + " to float32 is " + cosine + " on average, at least " + least + " is wanted");
        }
    }

    private static float[] flat(float[][] rows) {
        float[] all = new float[Arrays.stream(rows).mapToInt(r -> r.length).sum()];
        int at = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, all, at, row.length);
            at += row.length;
        }
        return all;
    }

    private static void requireEqual(Workload workload, float[] a, Contender who, float[] b) {
        for (int i = 0; i < a.length; i++) {
            if (!(Math.abs(a[i] - b[i]) <= LARGEST)) {
                throw new IllegalStateException(workload.name() + ": value " + i + " of " + who + " is " + b[i] + ", float32 is "
                        + a[i] + "; they may differ by " + LARGEST);
            }
        }
    }

    private static double cosine(Workload workload, float[] a, float[] b) {
        List<int[]> sequences = workload.sequences();
        int hidden = (int) (a.length / workload.tokens());
        double sum = 0;
        int at = 0;
        for (int[] sequence : sequences) {
            int values = sequence.length * hidden;
            sum += cosine(mean(a, at, values, hidden), mean(b, at, values, hidden));
            at += values;
        }
        return sum / sequences.size();
    }

    private static double[] mean(float[] values, int from, int count, int hidden) {
        double[] sums = new double[hidden];
        for (int i = 0; i < count; i++) {
            sums[i % hidden] += values[from + i];
        }
        return sums;
    }

    private static double cosine(double[] a, double[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }
}
