// SPDX-License-Identifier: Apache-2.0
/// Files and folders: how a model's files are found and opened, how what they say is printed, and what processes share: locks,
/// folders that appear whole, and where a user's caches are. For encoder4j's own modules.
package io.encoder4j.files;
