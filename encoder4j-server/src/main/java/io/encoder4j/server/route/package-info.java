// SPDX-License-Identifier: Apache-2.0
/// What the server can be asked. A route is described once; the documents are written from that.
package io.encoder4j.server.route;
