// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.Encoder;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.sentence.SentencePipeline;
import io.encoder4j.sentence.TextPooler;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.Truncation;
import io.encoder4j.trace.Trace;
import java.util.List;

/// Texts to vectors. May be shared among threads; usable until its model is closed.
///
/// A text's vector has the same bits whatever texts it is embedded with, in whatever order, on however many threads.
public final class Embedder {

    private final Runner runner;
    private final Tokenizer tokenizer;
    private final TextPooler pooler;
    private final SentencePipeline pipeline;
    private final EmbedOptions options;
    private final int maxLength;
    private final String prompt;
    private final int promptTokens;
    private final int dimensions;

    Embedder(Runner runner, Encoder encoder, TextPooler folder, EmbedOptions options, int modelLimit) {
        this.runner = runner;
        tokenizer = runner.tokenizer();
        this.options = options;
        pooler = folder.with(options.poolings(), options.normalize());
        pipeline = pooler.pipeline();
        maxLength = maxLength(options.maxLength(), modelLimit, encoder.maxTokens(), tokenizer.specialTokenCount(false));
        prompt = prompt(pipeline, options);
        promptTokens = prompt.isEmpty() ? 0 : promptTokens();
        dimensions = dimensions(pipeline, options, encoder.hiddenSize());
    }

    private static int maxLength(int asked, int modelLimit, int encoderLimit, int specialTokens) {
        int length = asked == 0 ? modelLimit : asked;
        if (length > encoderLimit || length <= specialTokens) {
            throw new IllegalArgumentException("maxLength " + length + " is outside " + (specialTokens + 1) + " to "
                    + encoderLimit + ": the special tokens need " + specialTokens + ", the encoder has positions for "
                    + encoderLimit);
        }
        return length;
    }

    private static String prompt(SentencePipeline pipeline, EmbedOptions options) {
        if (options.prompt() != null) {
            return options.prompt();
        }
        String name = options.promptName() != null ? options.promptName() : pipeline.defaultPromptName().orElse(null);
        if (name == null) {
            return "";
        }
        String named = pipeline.prompts().get(name);
        if (named == null) {
            throw new IllegalArgumentException("there is no prompt named '" + name + "'; the model has "
                    + (pipeline.prompts().isEmpty() ? "none" : String.join(", ", pipeline.prompts().keySet())));
        }
        return named;
    }

    /// Tokens of the prompt with the special ones before it, but not those after.
    private int promptTokens() {
        Encoding encoding = tokenizer.encode(prompt, null, EncodeOptions.defaults());
        int length = encoding.length();
        while (length > 0 && encoding.specialTokensMask()[length - 1]) {
            length--;
        }
        return length;
    }

    private static int dimensions(SentencePipeline pipeline, EmbedOptions options, int hiddenSize) {
        int all = pipeline.dimensions(hiddenSize);
        int asked = options.dimensions() != 0 ? options.dimensions() : pipeline.truncateDimensions().orElse(all);
        if (asked > all || asked < 1) {
            throw new IllegalArgumentException("dimensions " + asked + " is outside 1 to " + all
                    + ", what the model gives");
        }
        return asked;
    }

    /// Dimensions of the vectors.
    public int dimensions() {
        return dimensions;
    }

    /// Tokens kept of a text, special ones and the prompt's included.
    public int maxLength() {
        return maxLength;
    }

    /// One text's vector. The empty text has one too: that of its special tokens.
    ///
    /// @throws IllegalArgumentException if the text is too long and the options refuse to cut
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public TextEmbedding embed(String text) {
        return embed(List.of(text)).getFirst();
    }

    /// The texts' vectors, in the texts' order.
    ///
    /// @throws IllegalArgumentException naming the text that is too long, if the options refuse to cut
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<TextEmbedding> embed(List<String> texts) {
        Encoding[] encodings = runner.encode(texts.size(), i -> encode(texts.get(i), i));
        Timings.mark("texts tokenized");
        TextEmbedding[] results = new TextEmbedding[encodings.length];
        runner.forward(encodings, (indices, hidden, batch, pass) -> {
            float[][] vectors = pass.fetchRows(pool(hidden, batch, pass));
            for (int i = 0; i < indices.length; i++) {
                int text = indices[i];
                results[text] = new TextEmbedding(finite(vectors[i], text), batch.sequences().length(i),
                        encodings[text].truncated());
            }
        });
        return List.of(results);
    }

    /// Everything that is computed for a text, by name: the encoder's modules, then `1.pooling` and the steps of the modules after
    /// it ([TextPooler]). The last one is the text's vector, with the bits of [#embed].
    ///
    /// @throws IllegalArgumentException if the text is too long and the options refuse to cut
    /// @throws IllegalStateException if the model is closed
    public Trace trace(String text) {
        return runner.trace(encode(text, 0), (_, hidden, batch, pass) -> pool(hidden, batch, pass));
    }

    /// `[T, H] → [B, dimensions]`.
    private Matrix pool(Matrix hidden, Batch batch, Pass pass) {
        return pooler.forward(hidden, batch.sequences(), promptTokens, dimensions, pass);
    }

    private Encoding encode(String text, int index) {
        Truncation.Direction direction = switch (options.truncate()) {
            case FOLDER -> tokenizer.truncationSide();
            case LEFT -> Truncation.Direction.LEFT;
            case RIGHT, ERROR -> Truncation.Direction.RIGHT;
        };
        Encoding encoding = tokenizer.encode(prompt + text, null, EncodeOptions.defaults().withTruncation(
                new Truncation(maxLength).withDirection(direction)));
        if (encoding.truncated() && options.truncate() == EmbedOptions.Truncate.ERROR) {
            throw new IllegalArgumentException("text " + index + " has " + encoding.untruncatedLength()
                    + " tokens, at most " + maxLength + " are allowed; shorten it, or allow truncation");
        }
        return encoding;
    }

    private static float[] finite(float[] vector, int text) {
        for (int i = 0; i < vector.length; i++) {
            if (!Float.isFinite(vector[i])) {
                throw new IllegalStateException("text " + text + ": dimension " + i + " of its vector is " + vector[i]
                        + "; the model's weights or this text take its numbers out of float32");
            }
        }
        return vector;
    }
}
