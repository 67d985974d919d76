// SPDX-License-Identifier: Apache-2.0
/// The operations with the Vector API: the only package that knows `jdk.incubator.vector`. Each class says in its first
/// lines what makes it fast; what it computes is defined by [io.encoder4j.kernel.ScalarKernels].
package io.encoder4j.kernel.vector;
