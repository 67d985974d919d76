// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.cli.JsonOutput;
import io.encoder4j.kernel.Precision;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The outcome for programs. An error that is no finite number is null.
final class VerifyJson {

    private VerifyJson() { }

    static String of(List<Section> sections, Precision precision) {
        ObjectNode root = JsonOutput.object();
        root.put("precision", precision.toString());
        ArrayNode goldens = root.putArray("goldens");
        sections.forEach(section -> goldens.add(section(section)));
        Total total = Total.of(sections);
        ObjectNode node = root.putObject("total");
        node.put("goldens", total.goldens()).put("failed", total.failed()).put("tensors", total.tensors())
                .put("tokenizer_answers", total.lines());
        number(node, "error", total.error());
        number(node, "min_cosine", total.minCosine());
        root.put("ok", total.ok());
        return JsonOutput.indented(root);
    }

    private static ObjectNode section(Section section) {
        ObjectNode node = JsonOutput.object();
        node.put("path", section.path().toString()).put("about", section.about()).put("ok", section.ok());
        if (section.error() != null) {
            node.put("error", section.error());
        }
        ArrayNode results = node.putArray("results");
        section.results().forEach(result -> results.add(result(result)));
        ArrayNode notes = node.putArray("notes");
        section.notes().forEach(notes::add);
        node.put("first_divergence", section.firstDivergence().map(Result::name).orElse(null));
        return node;
    }

    private static ObjectNode result(Result result) {
        ObjectNode node = JsonOutput.object().put("name", result.name());
        switch (result) {
            case Result.OfTensor t -> {
                ArrayNode shape = node.putArray("shape");
                Arrays.stream(t.shape()).forEach(shape::add);
                node.put("compared", t.compared());
                number(node, "error", t.error());
                number(node, "max_error", t.maxError());
                number(node, "min_cosine", t.minCosine());
                number(node, "atol", t.tolerance().absolute());
                node.put("rtol", t.tolerance().relative()).put("cosine", t.tolerance().cosine());
            }
            case Result.OfField f -> node.put("lines", f.lines()).put("mismatches", f.mismatches());
        }
        node.put("ok", result.ok());
        if (result.difference() != null) {
            node.put("difference", result.difference());
        }
        return node;
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
