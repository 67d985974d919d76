// SPDX-License-Identifier: Apache-2.0
/// The arithmetic, one whole operation at a time. [Kernels][io.encoder4j.kernel.Kernels] lists the operations;
/// [ScalarKernels][io.encoder4j.kernel.ScalarKernels] defines what each means, in plain loops and double precision, and is
/// the fallback and every test's oracle. Faster kernels live in packages of their own, announce themselves as a
/// [KernelProvider][io.encoder4j.kernel.KernelProvider] and are chosen once by
/// [KernelChoice][io.encoder4j.kernel.KernelChoice]; after that they are passed in, never fetched from a static.
///
/// Two promises bind every implementation. An output element is summed over its inputs in an order that depends on nothing
/// but the element, so a text's result has the same bits whatever shares its batch and however many threads work. And an
/// operation reads and writes only inside the matrices it was given.
///
/// No promise of stability: these types are in the signatures of passes, and change when speed asks for it.
package io.encoder4j.kernel;
