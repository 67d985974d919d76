// SPDX-License-Identifier: Apache-2.0
/// The server as a whole: it opens models, listens, and stops.
package io.encoder4j.server;
