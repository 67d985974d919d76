// SPDX-License-Identifier: Apache-2.0
/// `/explain`: what a model does with a text, to be seen.
package io.encoder4j.server.route.explain;
