// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// Measurements of one run.
///
/// @param all the figures in the order they were made
public record Figures(List<Figure> all) {

    /// The figures of a system in a precision, of whatever version.
    public Optional<Figure> find(String system, String precision, int threads, String workload) {
        return all.stream().filter(f -> f.contender().is(system, precision) && f.threads() == threads
                && f.workload().equals(workload)).findFirst();
    }

    /// How many times faster encoder4j in `precision` is than a figure; empty if it was not measured.
    public OptionalDouble ratio(String precision, Figure other) {
        return find(Contender.ENCODER4J, precision, other.threads(), other.workload())
                .map(ours -> OptionalDouble.of(ours.tokensPerSecond() / other.tokensPerSecond())).orElse(OptionalDouble.empty());
    }

    /// Numbers of threads that were measured, in order.
    public List<Integer> threads() {
        return all.stream().map(Figure::threads).distinct().toList();
    }

    /// Workloads that were measured, in order.
    public List<String> workloads() {
        return all.stream().map(Figure::workload).distinct().toList();
    }

    /// The contenders that were measured, in order, with versions.
    public List<Contender> contenders() {
        return all.stream().map(Figure::contender).distinct().toList();
    }

    /// These figures and others.
    public Figures and(List<Figure> more) {
        return new Figures(Stream.concat(all.stream(), more.stream()).toList());
    }
}
