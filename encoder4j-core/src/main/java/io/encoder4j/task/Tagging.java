// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.List;

/// The labelled parts of a text.
///
/// @param entities  in the text's order
/// @param tokens    tokens the model read in all windows, special ones included
/// @param truncated never: a long text is read in windows
public record Tagging(List<Entity> entities, int tokens, boolean truncated) implements Counted { }
