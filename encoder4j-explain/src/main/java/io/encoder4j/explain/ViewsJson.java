// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import io.encoder4j.explain.data.Explanation;
import io.encoder4j.explain.data.Views;
import io.encoder4j.tensor.Tensor;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// Writes what is seen beside the walk.
///
/// @param out         receives it
/// @param arrays      writes arrays
/// @param explanation the explanation
record ViewsJson(JsonGenerator out, ArrayJson arrays, Explanation explanation) {

    /// Bytes of the attention of one layer's heads.
    private static final int HEADS_BYTES = 300_000;

    void write() {
        Views views = explanation.views();
        if (views.overview() != null) {
            overview(views.overview());
        }
        Tensor heads = views.heads();
        if (heads != null) {
            out.writeObjectPropertyStart("heads");
            out.writeNumberProperty("layer", explanation.question().layer());
            arrays.cube("attention", heads, HEADS_BYTES);
            out.writeEndObject();
        }
        if (views.similarity() != null) {
            similarity(views.similarity());
        }
        if (views.predictions() != null) {
            predictions(views.predictions());
        }
        if (views.answer() != null) {
            answer(views.answer());
        }
        if (views.masking() != null) {
            Views.Masking masking = views.masking();
            out.writeObjectPropertyStart("masking");
            out.writeStringProperty("by", masking.by());
            out.writeNumberProperty("label", masking.label());
            out.writeNumberProperty("score", masking.score());
            arrays.exact("changes", masking.changes());
            out.writeEndObject();
        }
    }

    private void overview(Views.Overview overview) {
        int tokens = overview.norms().size(1);
        out.writeObjectPropertyStart("overview");
        arrays.bytes("attention", overview.attention(), 1 / 255.0, overview.tile(), explanation.model().layers(),
                explanation.model().heads(), tokens, tokens);
        out.writeObjectPropertyStart("journey");
        arrays.exact("norm", overview.norms());
        arrays.exact("cosine", overview.cosines());
        out.writeEndObject();
        out.writeObjectPropertyStart("contributions");
        arrays.exact("stream", overview.stream());
        arrays.exact("attention", overview.fromAttention());
        arrays.exact("feedForward", overview.fromFeedForward());
        out.writeEndObject();
        out.writeEndObject();
    }

    private void similarity(Views.Similarity similarity) {
        out.writeObjectPropertyStart("similarity");
        out.writeStringProperty("kind", similarity.kind());
        out.writeNumberProperty("value", similarity.value());
        strings("left", similarity.left());
        strings("right", similarity.right());
        arrays.any("map", similarity.map());
        out.writeArrayPropertyStart("best");
        similarity.best().forEach(out::writeNumber);
        out.writeEndArray();
        out.writeEndObject();
    }

    private void predictions(Views.Predictions predictions) {
        out.writeObjectPropertyStart("predictions");
        out.writeArrayPropertyStart("masked");
        for (Views.Predictions.Masked masked : predictions.masked()) {
            out.writeStartObject();
            out.writeNumberProperty("token", masked.token());
            out.writeArrayPropertyStart("layers");
            masked.layers().forEach(this::words);
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void words(List<Views.Predictions.Word> words) {
        out.writeStartArray();
        for (Views.Predictions.Word word : words) {
            out.writeStartObject();
            out.writeNumberProperty("id", word.id());
            out.writeStringProperty("text", word.text());
            out.writeNumberProperty("probability", word.probability());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void answer(Views.Answer answer) {
        out.writeObjectPropertyStart("head");
        out.writeStringProperty("kind", answer.kind());
        out.writeBooleanProperty("perToken", answer.perToken());
        strings("labels", answer.labels());
        arrays.any("logits", answer.logits());
        arrays.any("scores", answer.scores());
        out.writeStringProperty("function", answer.function());
        out.writeEndObject();
    }

    private void strings(String name, List<String> values) {
        out.writeArrayPropertyStart(name);
        values.forEach(out::writeString);
        out.writeEndArray();
    }
}
