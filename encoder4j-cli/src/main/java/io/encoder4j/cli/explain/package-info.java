// SPDX-License-Identifier: Apache-2.0
/// `explain`: a forward pass told step by step, with the numbers of a real one.
/// [Story][io.encoder4j.cli.explain.Story] tells it for a model and a text; [Tutorial][io.encoder4j.cli.explain.Tutorial]
/// proves a norm and a layer against torch. Whatever is told is also computed again in
/// [ByHand][io.encoder4j.cli.explain.ByHand], in loops that can be read, and compared.
@NullMarked
package io.encoder4j.cli.explain;

import org.jspecify.annotations.NullMarked;
