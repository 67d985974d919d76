// SPDX-License-Identifier: Apache-2.0
/// What people bring as input: lines, JSON Lines, CSV and TSV, in UTF-8 or UTF-16, compressed or not.
@NullMarked
package io.encoder4j.cli.input;

import org.jspecify.annotations.NullMarked;
