// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// Rotary position embedding (Su et al. 2021) of the tokens of a batch: pairs of a head's features are points in a plane,
/// turned by an angle that grows with the token's position.
///
/// @param name        the module that makes the angles, for traces; empty if there is none
/// @param cos         `[positions][pairs]`
/// @param sin         `[positions][pairs]`
/// @param pairs       pairs of a head that are turned; features beyond `2 · pairs` stay as they are
/// @param interleaved whether a pair is two neighbours (GPT-J, RoFormer), else feature i and feature i + pairs
/// @param rows        row of the tables for each of the T tokens
public record Rotation(String name, float[] cos, float[] sin, int pairs, boolean interleaved, int[] rows) { }
