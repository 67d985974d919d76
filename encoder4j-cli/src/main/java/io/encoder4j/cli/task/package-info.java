// SPDX-License-Identifier: Apache-2.0
/// The commands for what a checkpoint's heads are good for, and how texts are answered one by one.
@NullMarked
package io.encoder4j.cli.task;

import org.jspecify.annotations.NullMarked;
