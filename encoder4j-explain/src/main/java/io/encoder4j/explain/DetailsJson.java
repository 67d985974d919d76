// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import io.encoder4j.explain.data.Details;
import tools.jackson.core.JsonGenerator;

/// Writes what only one kind of step has, as `extra`.
///
/// @param out    receives it
/// @param arrays writes arrays
record DetailsJson(JsonGenerator out, ArrayJson arrays) {

    void write(Details details) {
        out.writeObjectPropertyStart("extra");
        switch (details) {
            case Details.Moments moments -> moments(moments);
            case Details.Lengths lengths -> {
                out.writeObjectPropertyStart("norms");
                arrays.exact("stream", lengths.stream());
                arrays.exact("added", lengths.added());
                out.writeEndObject();
            }
            case Details.Firing firing -> firing(firing);
            case Details.Scores scores -> scores(scores);
            case Details.Columns columns -> {
                out.writeNumberProperty("head", columns.head());
                out.writeArrayPropertyStart("columns");
                out.writeNumber(columns.from());
                out.writeNumber(columns.to());
                out.writeEndArray();
            }
            case Details.Angles angles -> {
                out.writeNumberProperty("pairs", angles.pairs());
                out.writeBooleanProperty("interleaved", angles.interleaved());
                arrays.any("cos", angles.cos());
                arrays.any("sin", angles.sin());
            }
            case Details.ByDistance by -> {
                out.writeNumberProperty("reach", by.reach());
                arrays.any("bias", by.bias());
            }
            case Details.Sines sines -> out.writeBooleanProperty("used", sines.used());
            case Details.Pooled pooled -> {
                out.writeArrayPropertyStart("reductions");
                pooled.reductions().forEach(out::writeString);
                out.writeEndArray();
                out.writeNumberProperty("tokens", pooled.tokens());
            }
            case Details.Length length -> out.writeNumberProperty("length", length.length());
        }
        out.writeEndObject();
    }

    private void moments(Details.Moments moments) {
        out.writeNumberProperty("eps", moments.eps());
        out.writeObjectPropertyStart("moments");
        if (moments.beforeMean() != null) {
            arrays.exact("beforeMean", moments.beforeMean());
        }
        arrays.exact(moments.beforeMean() == null ? "beforeSquare" : "beforeVariance", moments.beforeVariance());
        arrays.exact("afterMean", moments.afterMean());
        arrays.exact("afterVariance", moments.afterVariance());
        out.writeEndObject();
    }

    private void firing(Details.Firing firing) {
        out.writeStringProperty("function", firing.function());
        out.writeNumberProperty("firing", firing.firing());
        out.writeArrayPropertyStart("top");
        for (Details.Firing.Unit unit : firing.top()) {
            if (arrays.shown().contains(unit.token())) {
                out.writeStartObject();
                out.writeNumberProperty("token", unit.token());
                out.writeNumberProperty("unit", unit.unit());
                out.writeNumberProperty("value", (float) unit.value());
                out.writeEndObject();
            }
        }
        out.writeEndArray();
    }

    private void scores(Details.Scores scores) {
        out.writeNumberProperty("scale", scores.scale());
        if (scores.window() == null) {
            out.writeNullProperty("window");
        } else {
            out.writeNumberProperty("window", scores.window());
        }
        Details.Cell cell = scores.cell();
        out.writeObjectPropertyStart("cell");
        out.writeNumberProperty("query", cell.query());
        out.writeNumberProperty("key", cell.key());
        arrays.exact("q", cell.q());
        arrays.exact("k", cell.k());
        arrays.exact("products", cell.products());
        out.writeNumberProperty("dot", cell.dot());
        out.writeNumberProperty("scale", cell.scale());
        finite("bias", cell.bias());
        finite("score", cell.score());
        finite("max", cell.max());
        out.writeNumberProperty("exp", cell.exp());
        out.writeNumberProperty("sum", cell.sum());
        out.writeNumberProperty("probability", cell.probability());
        out.writeEndObject();
    }

    /// What a window forbids is minus infinity, which JSON cannot write: null.
    private void finite(String name, double value) {
        if (Double.isFinite(value)) {
            out.writeNumberProperty(name, value);
        } else {
            out.writeNullProperty(name);
        }
    }
}
