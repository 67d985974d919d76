// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import java.util.ArrayList;
import java.util.List;

/// Tiles: every register in every place, every base and index. These bytes cannot be tried on most machines.
final class TileCases {

    private static final int TILES = 8;

    private TileCases() { }

    static void add(AssemblerCases cases) {
        cases.everywhere("", "ldtilecfg %s", Assembler::loadTileConfig);
        cases.add("tilerelease", Assembler::tileRelease);
        List<Mem> strided = new ArrayList<>(AssemblerCases.ADDRESSES.stream().filter(m -> m.index() != null).toList());
        for (Gpr register : Gpr.values()) {
            strided.add(Mem.at(register, Gpr.R10, 1, 0));
            strided.add(Mem.at(register, Gpr.RBX, 1, 64));
            if (register != Gpr.RSP) {
                strided.add(Mem.at(Gpr.RAX, register, 1, 0));
                strided.add(Mem.at(Gpr.R14, register, 1, 2048));
            }
        }
        for (int tile = 0; tile < TILES; tile++) {
            int t = tile;
            List<Mem> some = tile % (TILES - 1) == 0 ? strided : strided.subList(0, 8);
            cases.add("tilezero tmm" + t, a -> a.tileZero(t));
            cases.addresses(some, "", "tileloadd tmm" + t + ", %s", (a, mem) -> a.tileLoad(t, mem));
            cases.addresses(some, "", "tilestored %s, tmm" + t, (a, mem) -> a.tileStore(mem, t));
            for (int other = 1; other < TILES; other++) {
                int left = (t + other) % TILES;
                int right = (t + other % (TILES - 1) + 1) % TILES;
                if (left != right && right != t) {
                    cases.add("tdpbf16ps tmm" + t + ", tmm" + left + ", tmm" + right,
                            a -> a.tileMultiplyBfloat16(t, left, right));
                }
            }
        }
    }
}
