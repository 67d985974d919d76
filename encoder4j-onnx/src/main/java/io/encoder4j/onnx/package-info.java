// SPDX-License-Identifier: Apache-2.0
/// ONNX files as a source of weights.
package io.encoder4j.onnx;
