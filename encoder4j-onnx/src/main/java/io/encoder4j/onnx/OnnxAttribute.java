// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.StoredTensor;
import java.util.List;

/// An attribute of a node, by its type. Types that no encoder uses are [Other].
sealed interface OnnxAttribute {

    /// An integer.
    record Int(long value) implements OnnxAttribute {}

    /// Integers.
    record Ints(List<Long> values) implements OnnxAttribute {}

    /// A float.
    record Single(float value) implements OnnxAttribute {}

    /// Text, which ONNX does not require to be UTF-8; what is not appears as U+FFFD.
    record Text(String value) implements OnnxAttribute {}

    /// A tensor, as a `Constant` has it.
    record Value(StoredTensor tensor) implements OnnxAttribute {}

    /// Anything else.
    record Other() implements OnnxAttribute {}
}
