// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.HeadKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Something that a model can be asked: labels for a text, the best texts for a query, … What a task is stands in the class that
/// does it, in a constant `TASK`: its name, the head it needs, whether a checkpoint can do it, and how it is opened. A new task is
/// that class and a line in [#all].
///
/// @param <T> what is asked: `Classifier`
public final class Task<T> {

    /// Says whether a checkpoint can do it, and how, or why not.
    interface Check {
        Ability.Verdict of(ModelFacts facts) throws IOException;
    }

    /// Makes it from the parts of an opened model.
    interface Opening<T> {
        T open(ModelParts parts) throws IOException;
    }

    private final String name;
    private final String purpose;
    private final @Nullable HeadKind head;
    private final Check check;
    private final Opening<T> opening;

    /// @param head null if the task needs none, or not always
    Task(String name, String purpose, @Nullable HeadKind head, Check check, Opening<T> opening) {
        this.name = name;
        this.purpose = purpose;
        this.head = head;
        this.check = check;
        this.opening = opening;
    }

    /// {@return all tasks, in the order in which they are listed}
    public static List<Task<?>> all() {
        return List.of(Embedder.TASK, Classifier.TASK, Reranker.TASK, ZeroShotClassifier.TASK, TokenClassifier.TASK,
                MaskFiller.TASK, QuestionAnswerer.TASK, SparseEmbedder.TASK, MultiVectorEmbedder.TASK, HybridEmbedder.TASK,
                ReplacedTokenDetector.TASK);
    }

    /// The task of that name.
    ///
    /// @param name as [#name] has it
    /// @return the task; empty if there is none of that name
    public static Optional<Task<?>> named(String name) {
        return all().stream().filter(task -> task.name.equals(name)).findFirst();
    }

    /// {@return its name: `fill-mask`}
    public String name() {
        return name;
    }

    /// {@return what it gives, in words: `labels for a text or a pair`}
    public String purpose() {
        return purpose;
    }

    /// {@return the head that a checkpoint must have for it; empty if it needs none, or not always}
    public Optional<HeadKind> head() {
        return Optional.ofNullable(head);
    }

    /// Whether a checkpoint can do it.
    Ability ability(ModelFacts facts) throws IOException {
        Ability.Verdict verdict = check.of(facts);
        return new Ability(this, verdict.possible(), verdict.detail());
    }

    /// @throws UncheckedIOException if a file that this task needs cannot be read
    T open(ModelParts parts) {
        try {
            return opening.open(parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
