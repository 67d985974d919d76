// SPDX-License-Identifier: Apache-2.0
/// The models that are served, by name.
package io.encoder4j.server.model;
