// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

/// A label and how much speaks for it.
///
/// @param label as config.json names it
/// @param score a probability, or the logit where no function is applied
public record LabelScore(String label, double score) { }
