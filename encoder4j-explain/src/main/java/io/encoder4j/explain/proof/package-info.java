// SPDX-License-Identifier: Apache-2.0
/// The tutorial's two proofs, computed by hand ([Plain][io.encoder4j.explain.proof.Plain]).
@NullMarked
package io.encoder4j.explain.proof;

import org.jspecify.annotations.NullMarked;
