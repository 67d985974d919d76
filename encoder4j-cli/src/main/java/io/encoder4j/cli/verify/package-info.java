// SPDX-License-Identifier: Apache-2.0
/// `verify`: our numbers against those the reference implementations recorded. [Goldens][io.encoder4j.cli.verify.Goldens]
/// finds what is to be checked, a [Golden][io.encoder4j.cli.verify.Golden] computes and compares, a
/// [Section][io.encoder4j.cli.verify.Section] is the outcome.
@NullMarked
package io.encoder4j.cli.verify;

import org.jspecify.annotations.NullMarked;
