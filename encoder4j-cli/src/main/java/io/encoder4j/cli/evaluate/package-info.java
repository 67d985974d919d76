// SPDX-License-Identifier: Apache-2.0
/// How well vectors agree with people: a file of rated pairs, and correlations.
@NullMarked
package io.encoder4j.cli.evaluate;

import org.jspecify.annotations.NullMarked;
