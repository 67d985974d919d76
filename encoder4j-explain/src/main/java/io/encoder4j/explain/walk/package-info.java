// SPDX-License-Identifier: Apache-2.0
/// From the steps of a trace to the walk: what each step is for ([Roles][io.encoder4j.explain.walk.Roles]), how it is written
/// ([Formulas][io.encoder4j.explain.walk.Formulas]), and the same by hand ([ByHand][io.encoder4j.explain.walk.ByHand]).
@NullMarked
package io.encoder4j.explain.walk;

import org.jspecify.annotations.NullMarked;
