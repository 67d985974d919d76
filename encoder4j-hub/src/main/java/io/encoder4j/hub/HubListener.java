// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

/// Is told how a download goes. Called by the downloading thread.
public interface HubListener {

    /// Says nothing.
    HubListener SILENT = new HubListener() { };

    /// A download begins.
    ///
    /// @param id    the model
    /// @param files how many are not in the cache yet
    /// @param bytes their sizes together, as far as the hub tells them
    default void begins(HubId id, int files, long bytes) { }

    /// So many more bytes are there; fewer if a transfer had to begin again.
    ///
    /// @param bytes how many, since the last call
    default void received(long bytes) { }

    /// Something a person may want to know: a wait, a second try.
    ///
    /// @param line one line for people
    default void notice(String line) { }

    /// The download is over, however it went.
    default void ended() { }
}
