// SPDX-License-Identifier: Apache-2.0
/// ONNX files rewritten, so that ONNX Runtime's int8 can be measured without Python.
@NullMarked
package io.encoder4j.bench.onnx;

import org.jspecify.annotations.NullMarked;
