// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

/// What answers requests, whatever reads and writes them.
public interface HttpHandler {

    /// The answer to a request. Throws nothing: failures are answers, too.
    Answer answer(Request request);

    /// The answer to what HTTP itself does not allow, and which is therefore no request.
    ///
    /// @param path   may be empty
    /// @param status that belongs to it
    Response refusal(String path, int status, String why);

    /// An answer, and who wants to know what became of it.
    interface Answer {

        /// What is sent.
        Response response();

        /// What is sent in its place if its content cannot be written, as long as nothing is sent.
        Response failed(RuntimeException thrown);

        /// It was sent, or could not be.
        ///
        /// @param bytes of content that were sent
        /// @param whole whether all of it was
        void sent(long bytes, boolean whole);
    }
}
