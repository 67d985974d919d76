// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

/// Something a checkpoint can be used for, or not.
///
/// @param name     the command: `embed`, `classify`, `rerank`, `tag`, `fill-mask`, `answer`
/// @param possible whether it can
/// @param detail   how, or why not
public record Ability(String name, boolean possible, String detail) { }
