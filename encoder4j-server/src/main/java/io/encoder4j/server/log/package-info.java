// SPDX-License-Identifier: Apache-2.0
/// A line for each request.
package io.encoder4j.server.log;
