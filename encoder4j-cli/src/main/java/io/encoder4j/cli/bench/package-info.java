// SPDX-License-Identifier: Apache-2.0
/// How fast it is: what is run, and how it is timed.
@NullMarked
package io.encoder4j.cli.bench;

import org.jspecify.annotations.NullMarked;
