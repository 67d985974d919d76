// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import io.encoder4j.tensor.StandardActivation;

/// The last operation on a tile of a product, before it is stored.
public sealed interface Epilogue {

    /// Adds the columns' bias, if any, and applies a function.
    record Finish(boolean bias, StandardActivation activation) implements Epilogue { }

    /// Multiplies each row by its factor.
    record Factors() implements Epilogue { }
}
