// SPDX-License-Identifier: Apache-2.0
/// What every measurement needs: how long something takes and how much that varies, and the machine it was measured on.
@NullMarked
package io.encoder4j.bench.measure;

import org.jspecify.annotations.NullMarked;
