// SPDX-License-Identifier: Apache-2.0
/// What is seen beside the walk: all layers at a glance, predictions, scores, two texts side by side.
@NullMarked
package io.encoder4j.explain.view;

import org.jspecify.annotations.NullMarked;
