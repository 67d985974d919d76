// SPDX-License-Identifier: Apache-2.0
/// The operations with the Vector API. This is the only package that uses `jdk.incubator.vector`. Each class says what makes it
/// fast; [io.encoder4j.kernel.ScalarKernels] defines what it computes.
package io.encoder4j.kernel.vector;
