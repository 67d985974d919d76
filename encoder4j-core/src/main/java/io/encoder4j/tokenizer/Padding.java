// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.OptionalInt;

/// The padding a tokenizer file asks for. [Tokenizer] never pads, and nothing here computes on padding; this is
/// for callers that must make rectangles for somebody else.
///
/// @param fixedLength tokens every encoding would be padded to, or empty for the longest of a batch
/// @param direction the side padding goes to
/// @param padToMultipleOf lengths are rounded up to a multiple of this, if present
/// @param padId the token id of padding
/// @param padTypeId the type id of padding
/// @param padToken the token of padding
public record Padding(OptionalInt fixedLength, Truncation.Direction direction, OptionalInt padToMultipleOf, int padId,
        int padTypeId, String padToken) {}
