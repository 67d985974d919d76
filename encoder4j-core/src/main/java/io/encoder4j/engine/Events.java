// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// What takes time, as events of Java Flight Recorder: opening a model and its steps, tokenizing, batches, forward passes. Any
/// profiler that reads recordings shows them, `jfr print --events 'encoder4j.*'` too. While nobody records, they cost the look
/// at a flag.
public final class Events {

    // A runtime image may lack the module.
    private static final boolean THERE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
    private static final Span NONE = () -> { };

    private Events() { }

    /// Something that takes time, until it is closed.
    public interface Span extends AutoCloseable {

        @Override
        void close();
    }

    /// Opening a model, or a step of it.
    ///
    /// @param location of the model
    /// @param step     `model`, `kernels`, `configuration`, `tokenizer`, `map weights`, `pack weights`, `wait for tokenizer`
    public static Span opening(String location, String step) {
        return recording() ? Recorded.opening(location, step) : NONE;
    }

    /// Tokenizing the texts of a call.
    public static Span tokenizing(int texts) {
        return recording() ? Recorded.tokenizing(texts) : NONE;
    }

    /// A batch: its forward pass and what the task computes of the result.
    public static Span batch(int sequences, int tokens) {
        return recording() ? Recorded.batch(sequences, tokens) : NONE;
    }

    /// A batch's way through the encoder.
    public static Span forward(int sequences, int tokens) {
        return recording() ? Recorded.forward(sequences, tokens) : NONE;
    }

    private static boolean recording() {
        return THERE && FlightRecorder.isInitialized();
    }

    /// Apart, since loading the class of an event starts the recorder's machinery, which takes a third of a second.
    private static final class Recorded {

        static Span opening(String location, String step) {
            Opening event = new Opening();
            event.model = location;
            event.step = step;
            event.begin();
            return event::commit;
        }

        static Span tokenizing(int texts) {
            Tokenizing event = new Tokenizing();
            event.texts = texts;
            event.begin();
            return event::commit;
        }

        static Span batch(int sequences, int tokens) {
            Batch event = new Batch();
            event.sequences = sequences;
            event.tokens = tokens;
            event.begin();
            return event::commit;
        }

        static Span forward(int sequences, int tokens) {
            Forward event = new Forward();
            event.sequences = sequences;
            event.tokens = tokens;
            event.begin();
            return event::commit;
        }
    }

    @Name("encoder4j.Opening")
    @Label("Opening")
    @Category("encoder4j")
    @Description("A model is opened, or a step of that")
    @StackTrace(false)
    private static final class Opening extends Event {
        @Label("Model")
        private String model = "";
        @Label("Step")
        private String step = "";
    }

    @Name("encoder4j.Tokenizing")
    @Label("Tokenizing")
    @Category("encoder4j")
    @Description("Texts become tokens")
    @StackTrace(false)
    private static final class Tokenizing extends Event {
        @Label("Texts")
        private int texts;
    }

    @Name("encoder4j.Batch")
    @Label("Batch")
    @Category("encoder4j")
    @Description("A batch is computed: the encoder and what the task makes of its result")
    @StackTrace(false)
    private static final class Batch extends Event {
        @Label("Sequences")
        private int sequences;
        @Label("Tokens")
        private int tokens;
    }

    @Name("encoder4j.Forward")
    @Label("Forward pass")
    @Category("encoder4j")
    @Description("A batch goes through the encoder")
    @StackTrace(false)
    private static final class Forward extends Event {
        @Label("Sequences")
        private int sequences;
        @Label("Tokens")
        private int tokens;
    }
}
