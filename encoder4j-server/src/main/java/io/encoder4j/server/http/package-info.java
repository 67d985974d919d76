// SPDX-License-Identifier: Apache-2.0
/// Requests and responses. The only package that knows Helidon.
package io.encoder4j.server.http;
