// SPDX-License-Identifier: Apache-2.0
/// Folders and files that processes share: locks, folders that appear whole, and where a user's caches are. For encoder4j's own modules.
package io.encoder4j.files;
