// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import java.util.List;

/// All sections together.
///
/// @param failed    goldens that do not hold
/// @param tensors   tensors, compared or not
/// @param lines     answers of tokenizers
/// @param error     largest of the tensors compared, as their tolerances measure it
/// @param minCosine smallest of the tensors compared
record Total(int goldens, long failed, long tensors, long lines, double error, double minCosine) {

    static Total of(List<Section> sections) {
        List<Result.OfTensor> tensors = sections.stream().flatMap(s -> s.results().stream())
                .filter(Result.OfTensor.class::isInstance).map(Result.OfTensor.class::cast).toList();
        long lines = sections.stream().mapToLong(s -> s.results().stream()
                .mapToInt(r -> r instanceof Result.OfField f ? f.lines() : 0).max().orElse(0)).sum();
        return new Total(sections.size(), sections.stream().filter(s -> !s.ok()).count(), tensors.size(), lines,
                tensors.stream().filter(t -> t.compared() > 0).mapToDouble(Result.OfTensor::error).max().orElse(0),
                tensors.stream().filter(t -> t.compared() > 0).mapToDouble(Result.OfTensor::minCosine).min().orElse(1));
    }

    boolean ok() {
        return failed == 0 && goldens > 0;
    }
}
