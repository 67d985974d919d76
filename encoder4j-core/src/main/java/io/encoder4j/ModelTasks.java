// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

/// What a model can be asked, a method for each task: short for [#task].
///
/// @see EncoderModel
public interface ModelTasks {

    /// What does a task: a classifier, a reranker, …
    ///
    /// @param <T>  what is asked: `Classifier`
    /// @param task one of [Task#all]
    /// @return what does it; usable until the model is closed
    /// @throws io.encoder4j.checkpoint.CheckpointException if the checkpoint cannot do it, for instance because it lacks the head,
    ///                                                     or has no tokenizer
    /// @throws java.io.UncheckedIOException if a file that only this task needs cannot be read
    /// @throws io.encoder4j.error.ModelClosedException if the model is closed
    <T> T task(Task<T> task);

    /// Texts to vectors, the way the folder says.
    ///
    /// @return what does this task; usable until the model is closed
    default Embedder embedder() {
        return task(Embedder.TASK);
    }

    /// Labels for texts or pairs.
    ///
    /// @return what does this task; usable until the model is closed
    default Classifier classifier() {
        return task(Classifier.TASK);
    }

    /// Scores for a query and texts, read together.
    ///
    /// @return what does this task; usable until the model is closed
    default Reranker reranker() {
        return task(Reranker.TASK);
    }

    /// Labels that the model never saw, by entailment: the label that `label2id` calls so, else the last, as in transformers.
    ///
    /// @return what does this task; usable until the model is closed
    default ZeroShotClassifier zeroShot() {
        return task(ZeroShotClassifier.TASK);
    }

    /// Labels for parts of a text.
    ///
    /// @return what does this task; usable until the model is closed
    default TokenClassifier tokenClassifier() {
        return task(TokenClassifier.TASK);
    }

    /// Tokens for masks.
    ///
    /// @return what does this task; usable until the model is closed
    default MaskFiller maskFiller() {
        return task(MaskFiller.TASK);
    }

    /// Answers that stand in a text.
    ///
    /// @return what does this task; usable until the model is closed
    default QuestionAnswerer questionAnswerer() {
        return task(QuestionAnswerer.TASK);
    }

    /// Tokens that look replaced: ELECTRA's discriminator.
    ///
    /// @return what does this task; usable until the model is closed
    default ReplacedTokenDetector replacedTokenDetector() {
        return task(ReplacedTokenDetector.TASK);
    }

    /// Weights over the vocabulary: SPLADE.
    ///
    /// @return what does this task; usable until the model is closed
    default SparseEmbedder sparseEmbedder() {
        return task(SparseEmbedder.TASK);
    }

    /// A vector for each token: ColBERT.
    ///
    /// @return what does this task; usable until the model is closed
    default MultiVectorEmbedder multiVectorEmbedder() {
        return task(MultiVectorEmbedder.TASK);
    }

    /// Dense, sparse and token vectors in one pass: bge-m3.
    ///
    /// @return what does this task; usable until the model is closed
    default HybridEmbedder hybridEmbedder() {
        return task(HybridEmbedder.TASK);
    }
}
