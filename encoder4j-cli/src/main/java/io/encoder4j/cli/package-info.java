// SPDX-License-Identifier: Apache-2.0
/// The command line: one file for each command.
///
/// | exit code | means |
/// |---|---|
/// | 0 | fine |
/// | 1 | a check failed |
/// | 2 | wrong usage |
/// | 3 | a bad model or input, or an output that cannot be written |
/// | 141 | whoever read the output went away (`… \| head`), as a shell reports it |
///
/// Results go to standard output, everything else to standard error; an error is one line unless `--stacktrace` is given.
/// Both streams are UTF-8. A command gets at them through its picocli specification: `spec.commandLine().getOut()`, or
/// for bytes [Streams#of].
@NullMarked
package io.encoder4j.cli;

import org.jspecify.annotations.NullMarked;
