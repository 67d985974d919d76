// SPDX-License-Identifier: Apache-2.0
/// `encoder4j man`: manual pages, written from what `--help` is written from.
@NullMarked
package io.encoder4j.cli.man;

import org.jspecify.annotations.NullMarked;
