// SPDX-License-Identifier: Apache-2.0
/// Explains what an encoder does with a text. [Explainer][io.encoder4j.explain.Explainer] traces a forward pass and tells it as an
/// [Explanation][io.encoder4j.explain.data.Explanation]: steps in the tutorial's order, each with its formula, its shapes, its values
/// and the same computed by hand. JSON, the page and the command line's text are renderings of that one explanation.
@NullMarked
package io.encoder4j.explain;

import org.jspecify.annotations.NullMarked;
