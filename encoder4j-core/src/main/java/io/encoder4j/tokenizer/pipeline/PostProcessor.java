// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fourth stage: places the special tokens and sets the type ids. Each record is named after its type in the file.
public sealed interface PostProcessor {
    /// The parts of an encoding of one text or of two.
    List<Piece> template(boolean pair);

    /// How the offsets of the texts' tokens are trimmed, or null if they are not.
    default @Nullable OffsetTrimming trimming() {
        return null;
    }

    /// The number of special tokens added to one text or to a pair.
    default int specialTokenCount(boolean pair) {
        int count = 0;
        for (Piece piece : template(pair)) {
            count += piece instanceof Piece.Special special ? special.ids().length : 0;
        }
        return count;
    }

    /// The same templates with type id 0 throughout.
    default PostProcessor withoutTokenTypes() {
        return new Sequence(new TemplateProcessing(withoutTypes(template(false)), withoutTypes(template(true))), trimming());
    }

    private static List<Piece> withoutTypes(List<Piece> template) {
        return template.stream().<Piece>map(piece -> switch (piece) {
            case Piece.Sequence text -> new Piece.Sequence(text.index(), 0);
            case Piece.Special special -> new Piece.Special(special.ids(), 0);
        }).toList();
    }

    /// A part of a template.
    sealed interface Piece {
        int typeId();

        /// All tokens of a text: `index` 0 for the first, 1 for the second.
        record Sequence(int index, int typeId) implements Piece {}

        /// Special tokens, nearly always one.
        record Special(int[] ids, int typeId) implements Piece {}
    }

    record TemplateProcessing(List<Piece> single, List<Piece> pair) implements PostProcessor {
        @Override
        public List<Piece> template(boolean isPair) {
            return isPair ? pair : single;
        }
    }

    /// `[CLS] A [SEP]`, and `[CLS] A [SEP] B [SEP]` with type id 1 from B on.
    record BertProcessing(List<Piece> single, List<Piece> pair) implements PostProcessor {
        public BertProcessing(int clsId, int sepId) {
            this(List.of(special(clsId, 0), sequence(0, 0), special(sepId, 0)), List.of(special(clsId, 0),
                    sequence(0, 0), special(sepId, 0), sequence(1, 1), special(sepId, 1)));
        }

        @Override
        public List<Piece> template(boolean isPair) {
            return isPair ? pair : single;
        }
    }

    /// `<s> A </s>`, and `<s> A </s></s> B </s>`, all with type id 0.
    record RobertaProcessing(List<Piece> single, List<Piece> pair, @Nullable OffsetTrimming trimming)
            implements PostProcessor {
        public RobertaProcessing(int clsId, int sepId, @Nullable OffsetTrimming trimming) {
            this(List.of(special(clsId, 0), sequence(0, 0), special(sepId, 0)), List.of(special(clsId, 0),
                    sequence(0, 0), special(sepId, 0), special(sepId, 0), sequence(1, 0), special(sepId, 0)), trimming);
        }

        @Override
        public List<Piece> template(boolean isPair) {
            return isPair ? pair : single;
        }
    }

    /// The texts one after the other, the second with type id 1. Also used for a file without a post-processor.
    record ByteLevel(@Nullable OffsetTrimming trimming) implements PostProcessor {
        private static final List<Piece> SINGLE = List.of(sequence(0, 0));
        private static final List<Piece> PAIR = List.of(sequence(0, 0), sequence(1, 1));

        @Override
        public List<Piece> template(boolean pair) {
            return pair ? PAIR : SINGLE;
        }
    }

    /// One processor that trims offsets and one that adds special tokens.
    record Sequence(PostProcessor adding, @Nullable OffsetTrimming trimming) implements PostProcessor {
        @Override
        public List<Piece> template(boolean pair) {
            return adding.template(pair);
        }
    }

    private static Piece special(int id, int typeId) {
        return new Piece.Special(new int[] {id}, typeId);
    }

    private static Piece sequence(int index, int typeId) {
        return new Piece.Sequence(index, typeId);
    }
}
