// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// The instructions that turn vectors of floats into whole numbers, and back. Names are as in [Assembler].
class WholeNumberAssembler extends GeneralAssembler {

    private static final int ZMM_BYTES = 64;
    /// Bytes of a register's lanes, when each has become a byte.
    private static final int BYTES_IN_LANES = 16;

    /// VCVTDQ2PS: whole numbers to floats.
    void zmmToFloat(int to, int from) {
        evex(MAP_0F, PP_NONE, 0, 0x5B, to, 0, from, null, 0, false, false, ZMM_BYTES, 0);
    }

    void ymmToFloat(int to, int from) {
        vex(MAP_0F, PP_NONE, 0, 1, 0x5B, to, 0, from, null, 0);
    }

    /// VCVTPS2DQ: floats to whole numbers, nearest even.
    public void zmmToInt(int to, int from) {
        evex(MAP_0F, PP_66, 0, 0x5B, to, 0, from, null, 0, false, false, ZMM_BYTES, 0);
    }

    /// VPMOVUSDB: the lanes, taken as unsigned, to sixteen bytes; what is above 255 becomes 255.
    public void zmmStoreBytes(Mem to, int from) {
        evex(MAP_0F38, PP_F3, 0, 0x11, from, 0, -1, to, 0, false, false, BYTES_IN_LANES, 0);
    }
}
