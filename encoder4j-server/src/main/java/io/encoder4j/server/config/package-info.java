// SPDX-License-Identifier: Apache-2.0
/// What a server is told when it starts.
package io.encoder4j.server.config;
