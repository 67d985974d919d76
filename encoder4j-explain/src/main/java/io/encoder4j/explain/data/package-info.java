// SPDX-License-Identifier: Apache-2.0
/// An explanation as data: what the terminal, JSON and the page show, before it is drawn.
@NullMarked
package io.encoder4j.explain.data;

import org.jspecify.annotations.NullMarked;
