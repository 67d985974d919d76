// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.Encoder;
import io.encoder4j.sentence.SentenceModule;
import io.encoder4j.sentence.SentencePipeline;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.Truncation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Texts to vectors. May be shared among threads; usable until its model is closed.
///
/// A text's vector has the same bits whatever texts it is embedded with, in whatever order, on however many threads.
public final class Embedder {

    private final Runner runner;
    private final Tokenizer tokenizer;
    private final SentencePipeline pipeline;
    private final EmbedOptions options;
    private final int maxLength;
    private final String prompt;
    private final int promptTokens;
    private final int dimensions;

    Embedder(Runner runner, Encoder encoder, SentencePipeline folder, EmbedOptions options, int modelLimit) {
        this.runner = runner;
        tokenizer = runner.tokenizer();
        this.options = options;
        SentencePipeline changed = options.poolings().isEmpty() ? folder : folder.withPoolings(options.poolings());
        pipeline = options.normalize() == null ? changed : changed.withNormalize(options.normalize());
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
        runner.forward(encodings, (indices, hidden, batch, _) -> {
            Sequences sequences = batch.sequences();
            for (int i = 0; i < indices.length; i++) {
                int text = indices[i];
                Matrix tokens = hidden.rows(sequences.start(i), sequences.start(i) + sequences.length(i));
                results[text] = new TextEmbedding(finish(tokens, text), tokens.rows(), encodings[text].truncated());
            }
        });
        return List.of(results);
    }

    private Encoding encode(String text, int index) {
        String input = prompt + (pipeline.lowerCase() ? text.toLowerCase(Locale.ROOT) : text);
        Truncation.Direction direction = options.truncate() == EmbedOptions.Truncate.LEFT
                ? Truncation.Direction.LEFT : Truncation.Direction.RIGHT;
        Encoding encoding = tokenizer.encode(input, null, EncodeOptions.defaults().withTruncation(
                new Truncation(maxLength, Truncation.Strategy.LONGEST_FIRST, direction, 0)));
        if (encoding.truncated() && options.truncate() == EmbedOptions.Truncate.ERROR) {
            throw new IllegalArgumentException("text " + index + " has " + encoding.untruncatedLength()
                    + " tokens, at most " + maxLength + " are allowed; shorten it, or allow truncation");
        }
        return encoding;
    }

    private float[] finish(Matrix tokens, int text) {
        float[] vector = pipeline.apply(tokens, promptTokens);
        if (dimensions < vector.length) {
            vector = Arrays.copyOf(vector, dimensions);
            vector = pipeline.normalizes() ? new SentenceModule.Normalize().apply(vector) : vector;
        }
        for (int i = 0; i < vector.length; i++) {
            if (!Float.isFinite(vector[i])) {
                throw new IllegalStateException("text " + text + ": dimension " + i + " of its vector is " + vector[i]
                        + "; the model's weights or this text take its numbers out of float32");
            }
        }
        return vector;
    }
}
