// SPDX-License-Identifier: Apache-2.0
/// What tells about the routes: OpenAPI's document.
package io.encoder4j.server.route.docs;
