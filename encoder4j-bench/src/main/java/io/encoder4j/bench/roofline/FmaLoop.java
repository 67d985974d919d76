// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.roofline;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Fused multiply-adds and nothing else: twelve independent chains in registers. A core starts two a cycle, and each takes four or
/// five cycles. So ten chains keep a core busy. Twelve still fit where there are only sixteen registers. No memory is read, so no
/// matrix product can be faster.
final class FmaLoop {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;

    private FmaLoop() { }

    /// Floating point operations of one [#run]: a multiplication and an addition for each lane.
    static long operations(int steps) {
        return 2L * CHAINS * F.length() * steps;
    }

    /// Bits of a vector.
    static int bits() {
        return F.vectorBitSize();
    }

    /// Runs the chains for `steps` steps.
    ///
    /// @param factor below 1, so that the sums stay finite; a parameter, so that the JIT cannot compute anything in advance
    static float run(int steps, float factor) {
        FloatVector m = FloatVector.broadcast(F, factor);
        FloatVector n = FloatVector.broadcast(F, 1 - factor);
        FloatVector a = n.mul(1);
        FloatVector b = n.mul(2);
        FloatVector c = n.mul(3);
        FloatVector d = n.mul(4);
        FloatVector e = n.mul(5);
        FloatVector f = n.mul(6);
        FloatVector g = n.mul(7);
        FloatVector h = n.mul(8);
        FloatVector i = n.mul(9);
        FloatVector j = n.mul(10);
        FloatVector k = n.mul(11);
        FloatVector l = n.mul(12);
        for (int step = 0; step < steps; step++) {
            a = a.fma(m, n);
            b = b.fma(m, n);
            c = c.fma(m, n);
            d = d.fma(m, n);
            e = e.fma(m, n);
            f = f.fma(m, n);
            g = g.fma(m, n);
            h = h.fma(m, n);
            i = i.fma(m, n);
            j = j.fma(m, n);
            k = k.fma(m, n);
            l = l.fma(m, n);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }
}
