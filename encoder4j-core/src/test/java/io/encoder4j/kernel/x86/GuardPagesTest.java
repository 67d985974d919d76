// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.x86.Place.everyPlace;

import io.encoder4j.kernel.PlainKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.Epilogue;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.kernel.machine.RowCopy;
import io.encoder4j.kernel.machine.Softmax;
import io.encoder4j.kernel.machine.Transpose;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every routine with each of its operands against memory that cannot be touched, before it and behind it: a byte read too
/// far ends the JVM that runs the tests. The results are those of operands somewhere else.
class GuardPagesTest {

    private static final int[] STEPS = {1, 4, 7};

    private static Routines routines(Routines.Isa isa) {
        Machine.kernels(isa);
        return Routines.of(isa);
    }

    @ParameterizedTest
    @EnumSource(Routines.Isa.class)
    void products(Routines.Isa isa) {
        Routines routines = routines(isa);
        List<Epilogue> epilogues = new ArrayList<>(List.of(new Epilogue.Factors()));
        for (StandardActivation f : List.of(StandardActivation.LINEAR, StandardActivation.RELU, StandardActivation.GELU)) {
            epilogues.add(new Epilogue.Finish(false, f));
            epilogues.add(new Epilogue.Finish(true, f));
        }
        for (Epilogue epilogue : epilogues) {
            // One tile of each height; two heights; two of one.
            for (int rows = 1; rows <= 2 * routines.tallest(); rows++) {
                for (int vectors = 1; vectors <= 3; vectors++) {
                    product(routines, false, epilogue, rows, STEPS[rows % STEPS.length], vectors);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Routines.Isa.class, names = "AVX512")
    void productsOfBfloat16(Routines.Isa isa) {
        Routines routines = routines(isa);
        Machine.bfloat16();
        for (int rows = 1; rows <= 2 * routines.tallest(); rows++) {
            for (int vectors = 1; vectors <= 3; vectors++) {
                product(routines, true, new Epilogue.Finish(true, StandardActivation.GELU), rows,
                        STEPS[rows % STEPS.length], vectors);
            }
        }
    }

    private static void product(Routines routines, boolean pairs, Epilogue epilogue, int rows, int steps,
            int vectors) {
        int width = vectors * routines.lanes();
        int panels = (vectors + 1) / 2;
        boolean factors = epilogue instanceof Epilogue.Factors;
        boolean extra = factors || epilogue instanceof Epilogue.Finish(boolean bias, var _) && bias;
        everyPlace(rows + " rows, " + steps + " steps, " + vectors + " vectors, " + epilogue, (place, arena) -> {
            SplittableRandom random = new SplittableRandom(rows);
            MemorySegment a = place.floats(arena, random, (long) rows * steps);
            MemorySegment b = place.floats(arena, random, (long) panels * steps * routines.panel());
            MemorySegment c = place.bytes(arena, (long) rows * width * Float.BYTES);
            MemorySegment e = extra ? place.floats(arena, random, factors ? rows : width) : MemorySegment.NULL;
            new Gemm(routines, place.arguments(arena), pairs, epilogue).multiply(rows, steps, vectors,
                    new Gemm.Operand(a, 0, (long) steps * Float.BYTES),
                    new Gemm.Right(b, 0, (long) steps * routines.panel() * Float.BYTES, e, 0),
                    new Gemm.Operand(c, 0, (long) width * Float.BYTES));
            return c;
        });
    }

    @ParameterizedTest
    @EnumSource(Routines.Isa.class)
    void softmax(Routines.Isa isa) {
        Routines routines = routines(isa);
        for (int vectors = 1; vectors <= 4; vectors++) {
            int last = vectors - 1;
            long rowBytes = (long) vectors * isa.lanes * Float.BYTES;
            for (boolean bias : new boolean[] {false, true}) {
                for (int rows : new int[] {1, 5}) {
                    everyPlace("softmax", (place, arena) -> {
                        SplittableRandom random = new SplittableRandom(rows);
                        MemorySegment arguments = place.arguments(arena);
                        long count = (long) rows * (last + 1) * isa.lanes;
                        MemorySegment scores = place.floats(arena, random, count);
                        CallArguments.set(arguments, Softmax.SCORES_STRIDE, rowBytes);
                        CallArguments.set(arguments, Softmax.BIAS_STRIDE, rowBytes);
                        CallArguments.set(arguments, Softmax.ROWS, (long) rows);
                        CallArguments.set(arguments, Softmax.VECTORS, (long) last);
                        CallArguments.set(arguments, Softmax.SCALE, 0.3f);
                        routines.softmax(bias).call(arguments, scores,
                                bias ? place.floats(arena, random, count) : MemorySegment.NULL,
                                place.bytes(arena, (long) rows * Float.BYTES), place.floats(arena, random, isa.lanes));
                        return scores;
                    });
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Routines.Isa.class)
    void rows(Routines.Isa isa) {
        Elementwise elementwise = new Elementwise(routines(isa));
        for (int cols : new int[] {1, isa.lanes - 1, isa.lanes, isa.lanes + 3, 3 * isa.lanes}) {
            for (int rows : new int[] {1, 3, 65}) {
                rows(elementwise, isa, rows, cols);
            }
        }
    }

    private static void rows(Elementwise elementwise, Routines.Isa isa, int rows, int cols) {
        float[] row = new float[cols];
        Arrays.fill(row, 0.7f);
        everyPlace("binary", (place, arena) -> {
            SplittableRandom random = new SplittableRandom(cols);
            Matrix x = place.matrix(arena, random, rows, cols);
            Matrix y = place.matrix(arena, random, rows, cols);
            Matrix out = place.matrix(arena, random, rows, cols);
            elementwise.binary(Op.ADDPS, x, y, out, place.arguments(arena));
            elementwise.binary(Op.MULPS, out, y, out, place.arguments(arena));
            return out.data();
        });
        everyPlace("broadcast", (place, arena) -> {
            Matrix x = place.matrix(arena, new SplittableRandom(cols), rows, cols);
            Matrix out = place.matrix(arena, new SplittableRandom(cols), rows, cols);
            elementwise.broadcast(Op.MULPS, x, row, out, place.bytes(arena, Elementwise.broadcastBytes(cols)));
            elementwise.broadcast(Op.ADDPS, out, row, out, place.bytes(arena, Elementwise.broadcastBytes(cols)));
            return out.data();
        });
        for (StandardActivation f : StandardActivation.values()) {
            everyPlace(f.toString(), (place, arena) -> {
                SplittableRandom random = new SplittableRandom(cols);
                Matrix x = place.matrix(arena, random, rows, cols);
                Matrix out = place.matrix(arena, random, rows, cols);
                elementwise.activation(f, x, out, place.arguments(arena), new PlainKernels(isa.lanes));
                return out.data();
            });
        }
        norms(elementwise, row, rows);
    }

    private static void norms(Elementwise elementwise, float[] row, int rows) {
        int cols = row.length;
        for (int norm = 0; norm < 8; norm++) {
            boolean root = (norm & 1) != 0;
            float[] weight = (norm & 2) != 0 ? row : null;
            float[] bias = (norm & 4) != 0 ? row : null;
            everyPlace("norm", (place, arena) -> {
                SplittableRandom random = new SplittableRandom(cols);
                Matrix x = place.matrix(arena, random, rows, cols);
                Matrix out = place.matrix(arena, random, rows, cols);
                elementwise.norm(root, x, weight, bias, 1e-5f, out, place.bytes(arena, Elementwise.normBytes(cols)));
                return out.data();
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Routines.Isa.class)
    void copies(Routines.Isa isa) {
        Routines routines = routines(isa);
        for (int vectors = 1; vectors <= 3; vectors++) {
            int v = vectors;
            long bytes = (long) v * isa.lanes * Float.BYTES;
            everyPlace("copy", (place, arena) -> {
                MemorySegment from = place.floats(arena, new SplittableRandom(v), 5L * v * isa.lanes);
                MemorySegment to = place.bytes(arena, 5 * bytes);
                new RowCopy(routines, place.arguments(arena)).copy(from, 0, bytes, 5, v, to, 0, bytes);
                return to;
            });
            everyPlace("transpose", (place, arena) -> {
                MemorySegment from = place.floats(arena, new SplittableRandom(v), (long) isa.lanes * v * isa.lanes);
                MemorySegment to = place.bytes(arena, isa.lanes * bytes);
                new Transpose(routines, place.arguments(arena)).lanes(from, 0, bytes, v, to, 0,
                        (long) isa.lanes * Float.BYTES);
                return to;
            });
        }
    }

    @ParameterizedTest
    @EnumSource(value = Routines.Isa.class, names = "AVX512")
    void roundings(Routines.Isa isa) {
        Routines routines = routines(isa);
        Machine.bfloat16();
        for (int cols : new int[] {1, 15, 16, 17, 32, 47, 100}) {
            for (int parts = 1; parts <= 2; parts++) {
                boolean split = parts == 2;
                int padded = Rounding.padded(cols, 2 * RoundCode.LANES);
                long bytes = 65L * padded * Short.BYTES;
                everyPlace("round " + cols, (place, arena) -> {
                    Matrix x = place.matrix(arena, new SplittableRandom(cols), 65, cols);
                    MemorySegment to = place.bytes(arena, split ? 2 * bytes : bytes);
                    new Rounding(routines.round(new RoundCode(split)), split, place.arguments(arena)).round(x,
                            new Rounding.Target(to, 0, padded * 2L, split ? bytes : 0), padded);
                    return to;
                });
                PairPanels panels = new PairPanels(routines.round(new RoundCode(split)), routines.transpose(), parts,
                        (cols + 1) / 2);
                everyPlace("pack " + cols, (place, arena) -> {
                    MemorySegment data = place.bytes(arena, 2 * panels.parts() * panels.partBytes());
                    panels.fill(place.matrix(arena, new SplittableRandom(cols), 61, cols), data);
                    return data;
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Routines.Isa.class)
    void rotations(Routines.Isa isa) {
        Routines routines = routines(isa);
        for (int vectors = 1; vectors <= 2; vectors++) {
            int pairs = vectors * isa.lanes;
            int width = 3 * 2 * pairs;
            long halfBytes = (long) pairs * Float.BYTES;
            long count = vectors;
            everyPlace("rotate", (place, arena) -> {
                SplittableRandom random = new SplittableRandom(pairs);
                MemorySegment arguments = place.arguments(arena);
                CallArguments.set(arguments, RotateCode.X_STRIDE, (long) width * Float.BYTES);
                CallArguments.set(arguments, RotateCode.OUT_STRIDE, (long) width * Float.BYTES);
                CallArguments.set(arguments, RotateCode.ROWS, 5L);
                CallArguments.set(arguments, RotateCode.VECTORS, count);
                CallArguments.set(arguments, RotateCode.HEADS, 3L);
                CallArguments.set(arguments, RotateCode.HEAD_BYTES, 2 * halfBytes);
                CallArguments.set(arguments, RotateCode.HALF_BYTES, halfBytes);
                MemorySegment out = place.bytes(arena, 5L * width * Float.BYTES);
                routines.rotate().call(arguments, place.floats(arena, random, 5L * width),
                        place.floats(arena, random, 5L * pairs), out, place.floats(arena, random, 5L * pairs));
                return out;
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Routines.Isa.class)
    void attention(Routines.Isa isa) {
        X86Kernels kernels = Machine.kernels(isa);
        for (int length : new int[] {1, isa.lanes - 1, isa.lanes, 3 * isa.lanes + 1, 70}) {
            for (int headSize : new int[] {isa.lanes, 2 * isa.lanes, 3 * isa.lanes, 20}) {
                Sequences sequences = Sequences.ofLengths(length, 2);
                everyPlace("attention " + length + " " + headSize, (place, arena) -> {
                    SplittableRandom random = new SplittableRandom(length);
                    Matrix q = place.matrix(arena, random, length + 2, 2 * headSize);
                    Matrix k = place.matrix(arena, random, length + 2, 2 * headSize);
                    Matrix v = place.matrix(arena, random, length + 2, 2 * headSize);
                    Matrix out = place.matrix(arena, random, length + 2, 2 * headSize);
                    kernels.attention(q, k, v, 2, 0.3f, sequences, AttentionBias.NONE, out, Workers.single());
                    return out.data();
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Routines.Isa.class)
    void linearLayers(Routines.Isa isa) {
        X86Kernels kernels = Machine.kernels(isa);
        for (int rows : new int[] {1, 29}) {
            for (int in : new int[] {1, 33}) {
                for (int out : new int[] {1, 17, 70}) {
                    everyPlace("linear " + rows + " " + in + " " + out, (place, arena) -> {
                        SplittableRandom random = new SplittableRandom(rows);
                        Matrix x = place.matrix(arena, random, rows, in);
                        var weight = kernels.pack(arena, place.matrix(arena, random, out, in), new float[out]);
                        Matrix y = place.matrix(arena, random, rows, out);
                        kernels.linear(x, weight, StandardActivation.SILU, y, Workers.single());
                        return y.data();
                    });
                }
            }
        }
    }
}
