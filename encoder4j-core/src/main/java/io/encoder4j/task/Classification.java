// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.List;

/// The labels of a text or pair.
///
/// @param labels the best first
/// @param tokens    tokens the model read, special ones included
/// @param truncated whether the text had more and was cut
public record Classification(List<LabelScore> labels, int tokens, boolean truncated) implements Counted { }
