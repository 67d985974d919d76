// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.TokenCountEstimator;
import io.encoder4j.ModelLocator;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/// Counts tokens with a model's own tokenizer. The counts are exact, without the special tokens that the model adds to each text
/// ([Tokenizer#specialTokenCount]). May be shared among threads.
///
/// {@snippet file="io/encoder4j/langchain4j/DocumentedCodeTest.java" region="tokens"}
public final class EncoderTokenCountEstimator implements TokenCountEstimator {

    private static final EncodeOptions WHOLE = EncodeOptions.defaults().withAddSpecialTokens(false).withoutTruncation();

    private final Tokenizer tokenizer;

    /// Counts with that tokenizer.
    ///
    /// @param tokenizer for instance that of an open model, [io.encoder4j.EncoderModel#tokenizer]
    public EncoderTokenCountEstimator(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// {@return an estimator with the tokenizer of a model, whose weights are not opened}
    ///
    /// @param model path of a folder or an `.onnx` file, or `org/name` on the Hugging Face hub
    /// @throws io.encoder4j.error.ModelNotFoundException if the name leads nowhere
    /// @throws io.encoder4j.tokenizer.TokenizerException if the folder's tokenizer is malformed
    /// @throws UncheckedIOException if a file cannot be read, or the hub cannot be asked
    public static EncoderTokenCountEstimator of(String model) {
        try {
            return new EncoderTokenCountEstimator(Tokenizer.fromFolder(ModelLocator.find(model)));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public int estimateTokenCountInText(String text) {
        return tokenizer.encode(text, null, WHOLE).length();
    }

    /// {@return the tokens of what a message says} Calls of tools, images and other contents that are not text do not count.
    ///
    /// @param message of a system, a user, a model or a tool
    /// @throws IllegalArgumentException if it is a message of another kind
    @Override
    public int estimateTokenCountInMessage(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> estimateTokenCountInText(system.text());
            case UserMessage user -> user.contents().stream().filter(TextContent.class::isInstance)
                    .mapToInt(content -> estimateTokenCountInText(((TextContent) content).text())).sum();
            case AiMessage answer -> estimateTokenCountInText(Objects.requireNonNullElse(answer.text(), ""));
            case ToolExecutionResultMessage result -> estimateTokenCountInText(Objects.requireNonNullElse(result.text(), ""));
            default -> throw new IllegalArgumentException("cannot count the tokens of a message of type " + message.type());
        };
    }

    @Override
    public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
        int tokens = 0;
        for (ChatMessage message : messages) {
            tokens += estimateTokenCountInMessage(message);
        }
        return tokens;
    }
}
