// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

/// What a head is for, and how transformers ends the name of a class that has it: `BertForTokenClassification`.
public enum HeadKind {

    /// A label for a text or a pair: logits `[B, labels]`.
    SEQUENCE_CLASSIFICATION("ForSequenceClassification", "sequence classification", true, true),
    /// A label for each token: logits `[T, labels]`.
    TOKEN_CLASSIFICATION("ForTokenClassification", "token classification", false, true),
    /// What stands at a masked token: logits `[T, V]`.
    MASKED_LM("ForMaskedLM", "masked language modelling", false, false),
    /// Where an answer starts and ends: logits `[T, 2]`.
    QUESTION_ANSWERING("ForQuestionAnswering", "question answering", false, false),
    /// Whether the second text follows the first, label 0, or not: logits `[B, 2]`.
    NEXT_SENTENCE("ForNextSentencePrediction", "next sentence prediction", true, false),
    /// Whether a token was replaced by another: logits `[T, 1]`.
    REPLACED_TOKENS("ForPreTraining", "replaced token detection", false, false),
    /// ColBERT's vector for each token: `[T, D]`.
    TOKEN_VECTORS("ColBERT", "token vector", false, false);

    private final String suffix;
    private final String title;
    private final boolean perSequence;
    private final boolean labelled;

    HeadKind(String suffix, String title, boolean perSequence, boolean labelled) {
        this.suffix = suffix;
        this.title = title;
        this.perSequence = perSequence;
        this.labelled = labelled;
    }

    /// {@return its name for messages}
    public String title() {
        return title;
    }

    /// {@return whether there is one row of logits for each sequence, not for each token}
    public boolean perSequence() {
        return perSequence;
    }

    /// {@return whether the columns are config.json's labels} Tensors of such heads share one name, `classifier`, so that only
    /// `architectures` tells which head they are.
    public boolean labelled() {
        return labelled;
    }

    /// {@return whether a class of this name has the head}
    ///
    /// @param architecture a name from `architectures` of config.json
    public boolean isNamedBy(String architecture) {
        return architecture.endsWith(suffix);
    }
}
