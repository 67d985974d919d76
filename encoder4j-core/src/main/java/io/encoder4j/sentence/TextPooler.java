// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.nn.Pass;
import io.encoder4j.nn.TokenPooling;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Computes what a [SentencePipeline] describes: from the vectors of tokens to one vector for each text.
///
/// All of it goes through the [Pass], so it appears in a trace: `1.pooling`, then the steps of each module ([BuiltModule]), and
/// `truncated` for vectors of fewer dimensions.
public final class TextPooler {

    private final SentencePipeline pipeline;
    private final EncoderPooler pooler;
    private final Map<SentenceModule, BuiltModule> built;
    private final Optional<WeightedLayers> layers;

    /// The pooler of an encoder's pretraining task, where its checkpoint has one.
    @FunctionalInterface
    public interface EncoderPooler {

        /// {@return `[T, H] → [B, H]`}
        ///
        /// @param hidden    the encoder's output, `[T, H]`
        /// @param sequences where each sequence begins and ends
        /// @param pass      computes
        Optional<Matrix> apply(Matrix hidden, Sequences sequences, Pass pass);
    }

    private TextPooler(SentencePipeline pipeline, EncoderPooler pooler, Map<SentenceModule, BuiltModule> built,
            Optional<WeightedLayers> layers) {
        this.pipeline = pipeline;
        this.layers = layers;
        this.pooler = pooler;
        this.built = built;
    }

    /// Builds the modules of a pipeline.
    ///
    /// @param pipeline the modules, in order
    /// @param pooler   the encoder's
    /// @param kernels  lay out the weights
    /// @param arena    owns what is packed
    /// @return the modules, ready to compute
    /// @throws io.encoder4j.checkpoint.CheckpointException naming every tensor of a module that is missing or has another shape
    public static TextPooler build(SentencePipeline pipeline, EncoderPooler pooler, Kernels kernels, Arena arena) {
        Map<SentenceModule, BuiltModule> built = new LinkedHashMap<>();
        pipeline.modules().forEach(module -> built.put(module, BuiltModule.of(module, kernels, arena)));
        return new TextPooler(pipeline, pooler, built,
                pipeline.start().layers().map(mean -> WeightedLayers.build(mean, kernels, arena)));
    }

    /// {@return what it computes}
    public SentencePipeline pipeline() {
        return pipeline;
    }

    /// {@return the layers whose mean it takes in place of the last hidden state; empty if it takes that}
    public Optional<WeightedLayers> layers() {
        return layers;
    }

    /// {@return every learned array of the modules that follow the encoder}
    public List<Parameter> parameters() {
        return Stream.concat(layers.stream().map(WeightedLayers::weights),
                built.values().stream().flatMap(module -> module.parameters().stream())).toList();
    }

    /// {@return the same with other poolings, and with or without a normalisation at the end}
    ///
    /// @param poolings  none for those it has
    /// @param normalize null for what it does
    /// @throws IllegalArgumentException if the modules after pooling take another number of features
    public TextPooler with(List<Pooling> poolings, @Nullable Boolean normalize) {
        SentencePipeline changed = poolings.isEmpty() ? pipeline : pipeline.withPoolings(poolings);
        changed = normalize == null ? changed : changed.withNormalize(normalize);
        return new TextPooler(changed, pooler, built, layers);
    }

    /// {@return the texts' vectors from the encoder's answer, or from the mean of its [#layers]: `[T, H] → [B, D]`, with D
    /// [SentencePipeline#dimensions], or fewer}
    ///
    /// @param tokens       the encoder's output, `[T, H]`
    /// @param sequences    where each sequence begins and ends
    /// @param promptTokens tokens at the start of each text that belong to a prompt, special ones included; left out of pooling
    ///                     if the pipeline says so
    /// @param dimensions   how many of the first dimensions are kept; vectors of length one are scaled to it again
    /// @param pass         computes
    public Matrix forward(Matrix tokens, Sequences sequences, int promptTokens, int dimensions, Pass pass) {
        Matrix x = start(tokens, sequences, promptTokens, pass);                                // [B, poolings · H]
        for (SentenceModule module : pipeline.modules()) {
            x = module instanceof SentenceModule.Normalize normalize ? pass.normalize(normalize.name(), x)
                    : built.get(module).step().apply(x, pass);                                         // [B, *]
        }
        if (dimensions == x.cols()) {
            return x;
        }
        Matrix first = x.columns(0, dimensions);                                                // [B, dimensions]
        return pipeline.normalizes() ? pass.normalize("truncated", first) : pass.module("truncated", first);
    }

    private Matrix start(Matrix tokens, Sequences sequences, int promptTokens, Pass pass) {
        SentencePipeline.Start start = pipeline.start();
        if (start.pooler()) {
            return pooler.apply(tokens, sequences, pass).orElseThrow(() -> new CheckpointException("the folder takes a text's"
                    + " vector from the encoder's pooler (pooler_output), which the checkpoint lacks; choose a pooling: "
                    + String.join(", ", Pooling.names())));
        }
        return pass.pool(new TokenPooling(start.name(), start.poolings().stream().map(Pooling::reduction).toList(),
                start.includePrompt() ? 0 : promptTokens), tokens, sequences);
    }
}
