// SPDX-License-Identifier: Apache-2.0
/// The command line: one file for each command. Exit codes: 0 fine, 1 a check failed, 2 wrong usage, 3 a bad model or
/// input file.
package io.encoder4j.cli;
