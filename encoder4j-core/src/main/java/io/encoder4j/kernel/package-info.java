// SPDX-License-Identifier: Apache-2.0
/// The arithmetic of a forward pass. [Kernels][io.encoder4j.kernel.Kernels] lists the operations.
/// [ScalarKernels][io.encoder4j.kernel.ScalarKernels] defines each of them, in plain loops and double precision; every test
/// compares with it. Faster kernels are in packages of their own and are offered by a
/// [KernelProvider][io.encoder4j.kernel.KernelProvider]. [KernelChoice][io.encoder4j.kernel.KernelChoice] chooses once; after
/// that the kernels are passed as arguments, never read from a static field.
///
/// Every implementation keeps two promises. The order in which an output element is summed depends on nothing but the element:
/// a text's result has the same bits whatever else is in its batch, with any number of threads. And an operation reads and
/// writes only inside the matrices it is given.
///
/// These types may change in any release, when speed requires it.
package io.encoder4j.kernel;
