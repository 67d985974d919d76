// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import static io.encoder4j.kernel.x86.assembler.AssemblerCases.ALL;
import static io.encoder4j.kernel.x86.assembler.AssemblerCases.LOW;

import java.util.Locale;
import java.util.function.BiConsumer;

/// Vectors of 256 and 512 bits, scalars, mask registers.
final class VectorCases {

    private static final int[] PREDICATES = {0, Assembler.LESS, Assembler.NOT_LESS, 30};
    private static final int[] ORDERS = {0, 0b10_11_00_01, 0b11_01_11_01, 255};

    private final AssemblerCases cases;

    private VectorCases(AssemblerCases cases) {
        this.cases = cases;
    }

    static void add(AssemblerCases cases) {
        VectorCases vectors = new VectorCases(cases);
        vectors.operations();
        vectors.narrow();
        vectors.scalars();
        vectors.wide();
        vectors.wideMoves();
    }

    /// An instruction of registers alone.
    private interface Registers {
        void emit(Assembler a, int to, int left, int right);
    }

    /// Texts with `%d` for each register.
    private void registers(int[][] some, String text, Registers emit) {
        for (int[] r : some) {
            cases.add(text.formatted(r[0], r[1], r[2]), a -> emit.emit(a, r[0], r[1], r[2]));
        }
    }

    private void operations() {
        for (Op op : Op.values()) {
            String name = "v" + op.name().toLowerCase(Locale.ROOT);
            // Bitwise instructions of 512 bits say how wide the lanes are that a mask would choose.
            String wide = op == Op.PAND || op == Op.PXOR ? name + "d" : name;
            boolean first = op == Op.ADDPS || op == Op.FMADD231PS;
            if (op != Op.DPBF16PS) {
                registers(LOW, "{vex3} " + name + " ymm%d, ymm%d, ymm%d", (a, to, l, r) -> a.ymm(op, to, l, r));
                memory(first, "ymmword", "{vex3} " + name + " ymm1, ymm15, %s", (a, mem) -> a.ymm(op, 1, 15, mem));
                memory(first, "ymmword", "{vex3} " + name + " ymm9, ymm2, %s", (a, mem) -> a.ymm(op, 9, 2, mem));
            }
            registers(ALL, wide + " zmm%d, zmm%d, zmm%d", (a, to, l, r) -> a.zmm(op, to, l, r));
            memory(first, "zmmword", wide + " zmm1, zmm30, %s", (a, mem) -> a.zmm(op, 1, 30, mem));
            memory(first, "zmmword", wide + " zmm25, zmm2, %s", (a, mem) -> a.zmm(op, 25, 2, mem));
            memory(first, "dword", wide + " zmm18, zmm9, %s{1to16}", (a, mem) -> a.zmmBroadcasting(op, 18, 9, mem));
        }
    }

    /// All forms of addresses for some instructions: the rest share the code that writes them.
    private void memory(boolean all, String size, String text, BiConsumer<Assembler, Mem> emit) {
        if (all) {
            cases.everywhere(size, text, emit);
        } else {
            cases.somewhere(size, text, emit);
        }
    }

    private void narrow() {
        for (int r : new int[] {0, 7, 8, 15}) {
            memory(r % 15 == 0, "ymmword", "{vex3} vmovups ymm" + r + ", %s", (a, mem) -> a.ymmLoad(r, mem));
            memory(r % 15 == 0, "ymmword", "{vex3} vmovups %s, ymm" + r, (a, mem) -> a.ymmStore(mem, r));
            cases.somewhere("dword", "{vex3} vbroadcastss ymm" + r + ", %s", (a, mem) -> a.ymmBroadcast(r, mem));
            cases.somewhere("ymmword", "{vex3} vmaskmovps ymm" + r + ", ymm15, %s", (a, mem) -> a.ymmLoad(r, 15, mem));
            cases.somewhere("ymmword", "{vex3} vmaskmovps %s, ymm14, ymm" + r, (a, mem) -> a.ymmStore(mem, 14, r));
        }
        registers(LOW, "{vex3} {load} vmovups ymm%d, ymm%d", (a, to, from, _) -> a.ymmMove(to, from));
        registers(LOW, "{vex3} vbroadcastss ymm%d, xmm%d", (a, to, from, _) -> a.ymmBroadcast(to, from));
        registers(LOW, "{vex3} vcvtdq2ps ymm%d, ymm%d", (a, to, from, _) -> a.ymmToFloat(to, from));
        registers(LOW, "{vex3} vpslld ymm%d, ymm%d, 23", (a, to, from, _) -> a.ymmShiftLeft(to, from, 23));
        registers(LOW, "{vex3} vblendvps ymm%d, ymm%d, ymm%d, ymm13", (a, to, l, r) -> a.ymmBlend(to, l, r, 13));
        registers(LOW, "{vex3} vblendvps ymm%d, ymm%d, ymm%d, ymm3", (a, to, l, r) -> a.ymmBlend(to, l, r, 3));
        registers(LOW, "{vex3} vunpcklpd ymm%d, ymm%d, ymm%d", (a, to, l, r) -> a.ymmUnpackPairs(false, to, l, r));
        registers(LOW, "{vex3} vunpckhpd ymm%d, ymm%d, ymm%d", (a, to, l, r) -> a.ymmUnpackPairs(true, to, l, r));
        for (int order : ORDERS) {
            registers(LOW, "{vex3} vpermilps ymm%d, ymm%d, " + order, (a, to, from, _) -> a.ymmPermute(to, from, order));
            registers(LOW, "{vex3} vperm2f128 ymm%d, ymm%d, ymm%d, " + order,
                    (a, to, l, r) -> a.ymmPermuteHalves(to, l, r, order));
        }
        for (int predicate : PREDICATES) {
            memory(predicate == 0, "ymmword", "{vex3} vcmpps ymm12, ymm5, %s, " + predicate,
                    (a, mem) -> a.ymmCompare(12, 5, mem, predicate));
        }
    }

    private void scalars() {
        registers(LOW, "{vex3} vdivss xmm%d, xmm%d, xmm%d", Assembler::divss);
        registers(LOW, "{vex3} vdivsd xmm%d, xmm%d, xmm%d", Assembler::divsd);
        registers(LOW, "{vex3} vsqrtsd xmm%1$d, xmm%1$d, xmm%2$d", (a, to, from, _) -> a.sqrtsd(to, from));
        registers(LOW, "{vex3} vcvtss2sd xmm%1$d, xmm%1$d, xmm%2$d", (a, to, from, _) -> a.floatToDouble(to, from));
        registers(LOW, "{vex3} vcvtsd2ss xmm%1$d, xmm%1$d, xmm%2$d", (a, to, from, _) -> a.doubleToFloat(to, from));
        for (int r : new int[] {0, 7, 8, 15}) {
            cases.somewhere("dword", "{vex3} vdivss xmm" + r + ", xmm3, %s", (a, mem) -> a.divss(r, 3, mem));
            cases.somewhere("qword", "{vex3} vaddsd xmm" + r + ", xmm11, %s", (a, mem) -> a.addsd(r, 11, mem));
            cases.somewhere("qword", "{vex3} vmovsd xmm" + r + ", %s", (a, mem) -> a.loadsd(r, mem));
            cases.somewhere("dword", "{vex3} vmovss xmm" + r + ", %s", (a, mem) -> a.loadss(r, mem));
            cases.somewhere("dword", "{vex3} vmovss %s, xmm" + r, (a, mem) -> a.storess(mem, r));
        }
    }

    private void wide() {
        registers(ALL, "vmovups zmm%d, zmm%d", (a, to, from, _) -> a.zmmMove(to, from));
        registers(ALL, "vbroadcastss zmm%d, xmm%d", (a, to, from, _) -> a.zmmBroadcast(to, from));
        registers(ALL, "vpslld zmm%d, zmm%d, 16", (a, to, from, _) -> a.zmmShiftLeft(to, from, 16));
        registers(ALL, "vunpcklpd zmm%d, zmm%d, zmm%d", (a, to, l, r) -> a.zmmUnpackPairs(false, to, l, r));
        registers(ALL, "vunpckhpd zmm%d, zmm%d, zmm%d", (a, to, l, r) -> a.zmmUnpackPairs(true, to, l, r));
        registers(ALL, "vcvtneps2bf16 ymm%d, zmm%d", (a, to, from, _) -> a.zmmToBfloat16(to, from));
        registers(ALL, "vcvtdq2ps zmm%d, zmm%d", (a, to, from, _) -> a.zmmToFloat(to, from));
        registers(ALL, "vcvtps2dq zmm%d, zmm%d", (a, to, from, _) -> a.zmmToInt(to, from));
        registers(ALL, "vpmovzxwd zmm%d, ymm%d", (a, to, from, _) -> a.zmmWiden(to, from));
        for (int mask = 1; mask < 8; mask++) {
            int k = mask;
            cases.somewhere("zmmword", "vmovups zmm" + 4 * k + "{k" + k + "}{z}, %s", (a, mem) -> a.zmmLoad(4 * k, k, mem));
            cases.somewhere("zmmword", "vmovups %s{k" + k + "}, zmm" + 4 * k, (a, mem) -> a.zmmStore(mem, k, 4 * k));
            registers(ALL, "vpmovd2m k" + k + ", zmm%2$d", (a, _, from, _) -> a.zmmSigns(k, from));
            registers(ALL, "vblendmps zmm%d{k" + k + "}, zmm%d, zmm%d", (a, to, l, r) -> a.zmmBlend(to, l, r, k));
        }
        for (int order : ORDERS) {
            registers(ALL, "vpermilps zmm%d, zmm%d, " + order, (a, to, from, _) -> a.zmmPermute(to, from, order));
            registers(ALL, "vshuff32x4 zmm%d, zmm%d, zmm%d, " + order,
                    (a, to, l, r) -> a.zmmShuffleQuarters(to, l, r, order));
        }
    }

    private void wideMoves() {
        for (int r : new int[] {0, 7, 15, 16, 24, 31}) {
            boolean first = r == 0 || r == 24;
            memory(first, "zmmword", "vmovups zmm" + r + ", %s", (a, mem) -> a.zmmLoad(r, mem));
            memory(first, "zmmword", "vmovups %s, zmm" + r, (a, mem) -> a.zmmStore(mem, r));
            memory(first, "xmmword", "vpmovusdb %s, zmm" + r, (a, mem) -> a.zmmStoreBytes(mem, r));
            memory(first, "dword", "vbroadcastss zmm" + r + ", %s", (a, mem) -> a.zmmBroadcast(r, mem));
            memory(first, "zmmword", "vmovups zmm" + r + "{k1}{z}, %s", (a, mem) -> a.zmmLoad(r, 1, mem));
            cases.somewhere("zmmword", "vmovups zmm" + r + "{k7}{z}, %s", (a, mem) -> a.zmmLoad(r, 7, mem));
        }
        for (int predicate : PREDICATES) {
            memory(predicate == 0, "zmmword", "vcmpps k3, zmm26, %s, " + predicate,
                    (a, mem) -> a.zmmCompare(3, 26, mem, predicate));
            cases.somewhere("zmmword", "vcmpps k7, zmm6, %s, " + predicate,
                    (a, mem) -> a.zmmCompare(7, 6, mem, predicate));
        }
        for (int mask = 1; mask < 8; mask++) {
            int k = mask;
            memory(k == 1, "word", "{vex3} kmovw k" + k + ", %s", (a, mem) -> a.loadMask(k, mem));
        }
    }
}
