// SPDX-License-Identifier: Apache-2.0
/// Tasks that no other server has routes for. All answers have the same frame.
package io.encoder4j.server.route.own;
