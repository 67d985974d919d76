// SPDX-License-Identifier: Apache-2.0
/// How this library reads the JSON of models. Not exported.
@NullMarked
package io.encoder4j.json;

import org.jspecify.annotations.NullMarked;
