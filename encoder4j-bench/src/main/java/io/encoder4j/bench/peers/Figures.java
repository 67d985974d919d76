// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// Measurements of one run.
///
/// @param all in the order they were made
public record Figures(List<Figure> all) {

    /// Of that contender, whatever its version.
    public Optional<Figure> find(String system, String precision, int threads, String workload) {
        return all.stream().filter(f -> f.contender().is(system, precision) && f.threads() == threads
                && f.workload().equals(workload)).findFirst();
    }

    /// How many times faster we are in that precision than a figure; empty if that was not measured.
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

    /// Who was measured, in order, versions included.
    public List<Contender> contenders() {
        return all.stream().map(Figure::contender).distinct().toList();
    }

    /// These and others.
    public Figures and(List<Figure> more) {
        return new Figures(Stream.concat(all.stream(), more.stream()).toList());
    }
}
