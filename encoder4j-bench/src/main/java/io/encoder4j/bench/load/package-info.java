// SPDX-License-Identifier: Apache-2.0

/// Load on a server on this machine: requests at a fixed rate ([io.encoder4j.bench.load.OpenLoop]), requests of a fixed number of
/// clients ([io.encoder4j.bench.load.ClosedLoop]), and the cost of a request compared with a call in this process.
@NullMarked
package io.encoder4j.bench.load;

import org.jspecify.annotations.NullMarked;
