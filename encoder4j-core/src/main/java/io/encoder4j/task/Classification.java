// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.List;

/// The labels of a text or pair.
///
/// @param labels the best first
public record Classification(List<LabelScore> labels, int tokens, boolean truncated) implements Counted { }
