// SPDX-License-Identifier: Apache-2.0
/// How a matrix product becomes fast: the same product in nine versions, each with one idea more. Read the files in the
/// order of [Ladder#rungs][io.encoder4j.bench.ladder.Ladder#rungs]; `./bench ladder` times them.
///
/// All compute `C = A · B`. A is `[rows, inner]`, the tokens. B is `[inner, cols]`, the weight. B may be put into another layout
/// before the time is measured, because a model does that once.
@NullMarked
package io.encoder4j.bench.ladder;

import org.jspecify.annotations.NullMarked;
