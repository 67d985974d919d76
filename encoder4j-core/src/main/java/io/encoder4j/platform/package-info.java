// SPDX-License-Identifier: Apache-2.0
/// What runs, and on what: the release of encoder4j, and whether the JVM and the libraries around it will do.
@org.jspecify.annotations.NullMarked
package io.encoder4j.platform;
