// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.config;

import io.encoder4j.ModelOptions;
import io.encoder4j.models.Models;
import java.util.ArrayList;
import java.util.List;

/// What a server is told when it starts.
///
/// @param models    to serve; the first that can do a task does it where a request names none
/// @param options   how they compute
/// @param listening where the server listens, and to whom
/// @param limits    how much a client may ask for
/// @param log       how requests are told
public record ServerConfig(List<ModelSource> models, ModelOptions options, Listening listening, Limits limits, AccessLogStyle log) {

    /// How the line of a request looks.
    public enum AccessLogStyle {
        /// Words and numbers.
        TEXT,
        /// An object.
        JSON,
        /// There is none.
        NONE
    }

    /// Copies the list; without models the default model is served.
    public ServerConfig {
        models = models.isEmpty() ? List.of(new ModelSource(Models.DEFAULT, null)) : List.copyOf(models);
    }

    /// {@return the default model, on the loopback address}
    public static ServerConfig defaults() {
        return new ServerConfig(List.of(), ModelOptions.defaults(), Listening.defaults(), Limits.defaults(), AccessLogStyle.TEXT);
    }

    /// {@return the same with other models}
    ///
    /// @param others to serve
    public ServerConfig withModels(ModelSource... others) {
        return new ServerConfig(List.of(others), options, listening, limits, log);
    }

    /// {@return the same, computing otherwise}
    ///
    /// @param other how models compute
    public ServerConfig withOptions(ModelOptions other) {
        return new ServerConfig(models, other, listening, limits, log);
    }

    /// {@return the same, listening elsewhere}
    ///
    /// @param other where
    public ServerConfig withListening(Listening other) {
        return new ServerConfig(models, options, other, limits, log);
    }

    /// {@return the same with other limits}
    ///
    /// @param other how much
    public ServerConfig withLimits(Limits other) {
        return new ServerConfig(models, options, listening, other, log);
    }

    /// {@return the same with another log}
    ///
    /// @param other how requests are told
    public ServerConfig withLog(AccessLogStyle other) {
        return new ServerConfig(models, options, listening, limits, other);
    }

    /// {@return what speaks against a start, in sentences; empty for nothing}
    public List<String> problems() {
        List<String> problems = new ArrayList<>(listening.problems());
        List<String> names = models.stream().map(ModelSource::name).toList();
        names.stream().filter(name -> names.indexOf(name) != names.lastIndexOf(name)).distinct().forEach(name ->
                problems.add("two models are called '" + name + "'; give each a name of its own, as NAME=PLACE"));
        return problems;
    }
}
