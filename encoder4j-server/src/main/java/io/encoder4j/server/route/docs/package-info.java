// SPDX-License-Identifier: Apache-2.0
/// What tells about the routes: OpenAPI's document, and a page to try them.
package io.encoder4j.server.route.docs;
