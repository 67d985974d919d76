// SPDX-License-Identifier: Apache-2.0
/// `explain` in a terminal: an [Explanation][io.encoder4j.explain.data.Explanation] as text
/// ([Story][io.encoder4j.cli.explain.Story]), and the tutorial's two proofs ([ProofStory][io.encoder4j.cli.explain.ProofStory]).
@NullMarked
package io.encoder4j.cli.explain;

import org.jspecify.annotations.NullMarked;
