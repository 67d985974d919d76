// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.engine.Engine;
import io.encoder4j.model.Encoder;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.sentence.TextPooler;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Trace;
import io.encoder4j.trace.TracingPass;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// A model's tensors, for those who work with token ids instead of texts: hidden states, logits of a head, and a trace of
/// everything that is computed. May be shared among threads; usable until its model is closed.
///
/// All methods throw [IllegalArgumentException] if a sequence is longer than the encoder takes or an id is outside the
/// vocabulary.
public final class EncoderTensors {

    private final String location;
    private final Encoder encoder;
    private final Encoder embedding;
    private final Optional<TextPooler> pooler;
    private final Engine engine;

    /// @param location of the model, for messages
    /// @param embedding the encoder whose answer is pooled
    /// @param pooler    from token vectors to a text's, where the folder gives one
    EncoderTensors(String location, Encoder encoder, Encoder embedding, Optional<TextPooler> pooler, Engine engine) {
        this.location = location;
        this.embedding = embedding;
        this.encoder = encoder;
        this.pooler = pooler;
        this.engine = engine;
    }

    /// The encoder's answer.
    ///
    /// @param lastHiddenState `[T, H]`
    /// @param poolerOutput    `[B, H]`
    public record Outputs(Tensor lastHiddenState, Optional<Tensor> poolerOutput) { }

    /// {@return every learned array: the encoder's and its heads', then those of the modules after pooling} Tied weights are
    /// one parameter.
    public List<Parameter> parameters() {
        return Stream.concat(encoder.parameters().stream(),
                pooler.stream().flatMap(modules -> modules.parameters().stream())).toList();
    }

    /// {@return the last hidden state of a batch, `[T, H]`}
    ///
    /// @param batch the texts, as token ids
    public Tensor hiddenStates(Batch batch) {
        int size = encoder.hiddenSize();
        float[] values = new float[Math.multiplyExact(batch.tokens(), size)];
        List<Batch> parts = batch.parts(engine.tokensPerBatch());
        int[] starts = new int[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            starts[i + 1] = starts[i] + parts.get(i).tokens();
        }
        engine.runEach(parts.size(), (pass, i) -> pass.fetch(encode(parts.get(i), pass)).toArray(values, starts[i] * size));
        return Tensor.of(values, batch.tokens(), size);
    }

    /// {@return the last hidden state and, where the checkpoint has a pooler, its output}
    ///
    /// @param batch the texts, as token ids
    public Outputs outputs(Batch batch) {
        return engine.run(pass -> forward(batch, pass));
    }

    /// {@return what a head makes of a batch: `[B, out]` or `[T, out]`, as its kind says}
    ///
    /// @param kind  which head
    /// @param batch the texts, as token ids
    /// @throws io.encoder4j.checkpoint.CheckpointException if the checkpoint has no such head
    public Tensor logits(HeadKind kind, Batch batch) {
        Head head = engine.whileOpen(() -> encoder.heads().get(kind));
        return engine.run(pass -> Tensor.of(pass.fetch(head.forward(encode(batch, pass), batch.sequences(), pass))));
    }

    /// {@return everything the encoder and its pooler compute for a batch, by name, and where the folder gives vectors of
    /// texts, every step to them ([TextPooler])} All tokens are pooled, since a batch does not say which are a prompt's. The
    /// numbers have the bits of [#hiddenStates] and [Embedder#embed]; see also [Embedder#trace].
    ///
    /// @param batch the texts, as token ids
    public Trace trace(Batch batch) {
        return compute(pass -> {
            TracingPass tracing = new TracingPass(pass);
            forwardToVector(batch, tracing);
            return tracing.trace();
        });
    }

    /// Lets some work compute with a pass of the model, in its turn with other callers. Results of the pass end with the work.
    ///
    /// @param work computes
    /// @param <R>  what it returns
    /// @return what the work returns
    public <R> R compute(Function<Pass, R> work) {
        return engine.run(work::apply);
    }

    /// Computes what [#trace] records on a pass of the caller's.
    ///
    /// @param batch the texts, as token ids
    /// @param pass  computes: of [#compute], or around such a pass
    /// @return the encoder's output, `[T, H]`
    public Matrix forwardToVector(Batch batch, Pass pass) {
        Matrix hidden = encode(embedding, batch, pass);                                         // [T, H]
        embedding.pooler(hidden, batch.sequences(), pass);
        pooler.ifPresent(p -> p.forward(hidden, batch.sequences(), 0, p.pipeline().dimensions(hidden.cols()), pass));
        return hidden;
    }

    private Matrix encode(Batch batch, Pass pass) {
        return encode(encoder, batch, pass);
    }

    // Not every family would notice: computed positions have no end.
    private Matrix encode(Encoder encoder, Batch batch, Pass pass) {
        int longest = batch.sequences().longest();
        if (longest > encoder.maxTokens()) {
            throw new IllegalArgumentException(location + ": a sequence of " + longest
                    + " tokens; this model takes at most " + encoder.maxTokens() + ", shorten it");
        }
        return encoder.forward(batch, pass);
    }

    private Outputs forward(Batch batch, Pass pass) {
        Matrix hidden = encode(batch, pass);
        Tensor lastHiddenState = Tensor.of(pass.fetch(hidden));
        return new Outputs(lastHiddenState, encoder.pooler(hidden, batch.sequences(), pass)
                .map(pooled -> Tensor.of(pass.fetch(pooled))));
    }
}
