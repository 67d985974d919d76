// SPDX-License-Identifier: Apache-2.0
/// Makes int8 models of ONNX files, so that ONNX Runtime's int8 can be measured without Python.
@NullMarked
package io.encoder4j.bench.onnx;

import org.jspecify.annotations.NullMarked;
