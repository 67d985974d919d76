// SPDX-License-Identifier: Apache-2.0
/// `encoder4j models`: the Hugging Face cache, listed, filled, checked and emptied.
@NullMarked
package io.encoder4j.cli.models;

import org.jspecify.annotations.NullMarked;
