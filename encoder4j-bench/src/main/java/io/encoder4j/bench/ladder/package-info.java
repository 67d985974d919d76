// SPDX-License-Identifier: Apache-2.0
/// How a matrix product becomes fast: the same product written nine times, each time with one idea more. Read the files in the
/// order of [Ladder#rungs][io.encoder4j.bench.ladder.Ladder#rungs]; `./bench ladder` times them.
///
/// All compute `C = A · B`: A is `[rows, inner]`, the tokens; B is `[inner, cols]`, the weight, which may be laid out anew before
/// the clock starts, for a model does that once.
@NullMarked
package io.encoder4j.bench.ladder;

import org.jspecify.annotations.NullMarked;
