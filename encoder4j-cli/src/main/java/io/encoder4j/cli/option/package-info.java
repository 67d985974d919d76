// SPDX-License-Identifier: Apache-2.0
/// Options that several commands have, and how their values are read.
@NullMarked
package io.encoder4j.cli.option;

import org.jspecify.annotations.NullMarked;
