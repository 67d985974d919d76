// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.Task;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that the server can be asked. Whatever is said about it elsewhere, OpenAPI's document above all, is written from
/// this.
///
/// @param method  of HTTP
/// @param paths   under which it is found; the first is its name
/// @param summary one sentence
/// @param access  who may ask, and when
/// @param task    that a model has to do; null for none
/// @param dialect in which failures are told
/// @param request fields of the body, for GET parameters of the address; what is not here is refused
/// @param answer  what comes back
/// @param handler answers
public record Route(String method, List<String> paths, String summary, Access access, @Nullable Task<?> task, Dialect dialect,
        List<Field> request, Answer answer, Handler handler) {

    /// Who may ask, and when.
    public enum Access {
        /// Everybody, always: probes and metrics.
        OPEN,
        /// Who has the key.
        KEY,
        /// Who has the key, while the server is ready. Whoever asks this gives work.
        WORK
    }

    /// What comes back.
    ///
    /// @param description one sentence
    /// @param list        whether it is a list of what the fields describe, not one object
    /// @param fields      of the object; empty if it is none
    /// @param example     as JSON, or text for what is none
    /// @param type        of the content; empty for none
    /// @param others      what comes back instead, for other requests
    public record Answer(String description, boolean list, List<Field> fields, String example, String type, List<Answer> others) {

        /// An object.
        public static Answer object(String description, String example, Field... fields) {
            return new Answer(description, false, List.of(fields), example, Response.JSON, List.of());
        }

        /// A list of objects.
        public static Answer list(String description, String example, Field... fields) {
            return new Answer(description, true, List.of(fields), example, Response.JSON, List.of());
        }

        /// Something that only an example tells well.
        public static Answer like(String description, String example) {
            return new Answer(description, false, List.of(), example, Response.JSON, List.of());
        }

        /// Content that is not JSON.
        public static Answer of(String type, String description, String example) {
            return new Answer(description, false, List.of(), example, type, List.of());
        }

        /// The same or another, as the request asks.
        public Answer or(Answer other) {
            return new Answer(description, list, fields, example, type, List.of(other));
        }
    }

    /// Answers.
    public interface Handler {

        /// @throws io.encoder4j.server.failure.RequestFailure if there is no answer
        Response handle(Call call) throws InterruptedException;
    }

    /// Copies the lists.
    public Route {
        paths = List.copyOf(paths);
        request = List.copyOf(request);
    }

    /// A route that computes.
    public static Route work(List<String> paths, String summary, Task<?> task, Dialect dialect, List<Field> request, Answer answer,
            Handler handler) {
        return new Route("POST", paths, summary, Access.WORK, task, dialect, request, answer, handler);
    }

    /// A route that only tells.
    public static Route get(List<String> paths, String summary, Access access, Dialect dialect, Answer answer, Handler handler) {
        return new Route("GET", paths, summary, access, null, dialect, List.of(), answer, handler);
    }
}
