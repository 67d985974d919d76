// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.OptionalInt;

/// The padding that a tokenizer file asks for. [Tokenizer] never pads, and the engine needs no padding. This is for
/// callers that make padded arrays for other software.
///
/// @param fixedLength the length to pad every encoding to; empty for the longest of a batch
/// @param direction the side where padding is added
/// @param padToMultipleOf lengths are rounded up to a multiple of this, if present
/// @param padId the token id of padding
/// @param padTypeId the type id of padding
/// @param padToken the token of padding
public record Padding(OptionalInt fixedLength, Truncation.Direction direction, OptionalInt padToMultipleOf, int padId,
        int padTypeId, String padToken) {}
