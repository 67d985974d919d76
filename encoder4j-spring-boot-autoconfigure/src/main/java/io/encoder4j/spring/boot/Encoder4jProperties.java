// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import io.encoder4j.ModelOptions;
import io.encoder4j.kernel.Precision;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.task.EmbedOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.MetadataMode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Properties under `encoder4j`. What is not set is as the model's folder says, or as [ModelOptions#defaults] and
/// [EmbedOptions#defaults] have it.
///
/// @param model          Path of a folder or an .onnx file, org/name on the Hugging Face hub, classpath:PATH, or all-MiniLM-L6-v2.
/// @param precision      What products are computed in; auto is the fastest that is as good as float32.
/// @param threads        Threads at work at once; all processors if not set.
/// @param kernels        Name of the kernels: x86, vector, plain or scalar; the fastest that runs here if not set.
/// @param tokensPerBatch Tokens of the texts that are computed together, at most.
/// @param passes         Forward passes at once, each with memory of its own; one for each thread if not set.
/// @param scratchMib     MiB of scratch memory that a pass may have.
/// @param maxTokens      Tokens of a text that are read, in place of the folder's limit.
/// @param copyWeights    Whether the weights are read into memory when the model is opened.
/// @param pooling        Pooling in place of the folder's, or several that are concatenated.
/// @param normalize      Whether vectors get length one, in place of the folder's way.
/// @param prompt         Text put before every text, query and document.
/// @param promptName     Name of one of the folder's prompts, put before every text, query and document.
/// @param queryPrompt    Text put before a query, in place of the folder's prompt.
/// @param documentPrompt Text put before a document, in place of the folder's prompt.
/// @param dimensions     How many of the first dimensions are kept.
/// @param truncate       What happens to a text that is too long.
/// @param route          Route of the folder's Router that every text takes.
/// @param metadataMode   What of a document's metadata is embedded with its text.
/// @param reranker       the model that reranks documents
@ConfigurationProperties(prefix = "encoder4j", ignoreUnknownFields = false)
public record Encoder4jProperties(@DefaultValue("all-MiniLM-L6-v2") String model, @DefaultValue("auto") Precision precision,
        @Nullable Integer threads, @Nullable String kernels, @Nullable Integer tokensPerBatch, @Nullable Integer passes,
        @Nullable Integer scratchMib, @Nullable Integer maxTokens, @DefaultValue("false") boolean copyWeights,
        @DefaultValue List<Pooling> pooling, @Nullable Boolean normalize, @Nullable String prompt, @Nullable String promptName,
        @Nullable String queryPrompt, @Nullable String documentPrompt, @Nullable Integer dimensions,
        @DefaultValue("folder") EmbedOptions.Truncate truncate, @Nullable String route,
        @DefaultValue("none") MetadataMode metadataMode, @DefaultValue Reranker reranker) {

    /// A cross-encoder that reranks documents. Precision, threads and memory are those of the embedding model.
    ///
    /// @param model     Cross-encoder that reranks documents; without it there is no reranker.
    /// @param topN      How many documents are kept; 0 for all.
    /// @param maxTokens Tokens of a query and a text that are read, in place of the folder's limit.
    public record Reranker(@Nullable String model, @DefaultValue("0") int topN, @Nullable Integer maxTokens) { }

    /// {@return how to open the model}
    ///
    /// @throws IllegalArgumentException if a number is out of range
    ModelOptions modelOptions() {
        ModelOptions defaults = ModelOptions.defaults();
        return new ModelOptions(kernels, precision, or(threads, defaults.threads()), or(tokensPerBatch, defaults.tokensPerBatch()),
                or(passes, defaults.passes()), or(scratchMib, defaults.scratchMiB()), or(maxTokens, defaults.maxTokens()), copyWeights);
    }

    /// {@return how to open the reranker's model}
    ///
    /// @throws IllegalArgumentException if a number is out of range
    ModelOptions rerankerOptions() {
        return modelOptions().withMaxTokens(or(reranker.maxTokens(), 0));
    }

    /// {@return what to do differently from what the folder says}
    ///
    /// @throws IllegalArgumentException if a number is out of range, or both a prompt and a name are given
    EmbedOptions embedOptions() {
        return new EmbedOptions(pooling, normalize, prompt, promptName, or(dimensions, 0), 0, truncate, route);
    }

    private static int or(@Nullable Integer value, int other) {
        return value == null ? other : value;
    }
}
