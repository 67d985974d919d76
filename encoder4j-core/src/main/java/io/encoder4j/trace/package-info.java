// SPDX-License-Identifier: Apache-2.0
/// Everything a forward pass computed, by the name of the module that computed it. A model's author does nothing for it:
/// [TracingPass][io.encoder4j.trace.TracingPass] stands between the model and the pass that computes, and copies.
package io.encoder4j.trace;
