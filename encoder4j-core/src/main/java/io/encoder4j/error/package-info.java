// SPDX-License-Identifier: Apache-2.0
/// Errors that a caller can act on: each is a type with its data.
package io.encoder4j.error;
