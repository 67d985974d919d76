// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.List;

/** The fourth stage: where the special tokens go, and the type ids. Each record is named after its type in the file. */
sealed interface PostProcessor {
    /** What an encoding of one text or of two is put together from. */
    List<Piece> template(boolean pair);

    /** The special tokens that are added to one text or to a pair. */
    default int specialTokenCount(boolean pair) {
        int count = 0;
        for (Piece piece : template(pair)) {
            count += piece instanceof Piece.Special special ? special.ids().length : 0;
        }
        return count;
    }

    /** A part of a template. */
    sealed interface Piece {
        int typeId();

        /** All tokens of a text: {@code index} 0 for the first, 1 for the second. */
        record Sequence(int index, int typeId) implements Piece {}

        /** Special tokens, nearly always one. */
        record Special(int[] ids, int typeId) implements Piece {}
    }

    record TemplateProcessing(List<Piece> single, List<Piece> pair) implements PostProcessor {
        @Override
        public List<Piece> template(boolean isPair) {
            return isPair ? pair : single;
        }
    }

    /** {@code [CLS] A [SEP]}, and {@code [CLS] A [SEP] B [SEP]} with type id 1 from B on. */
    record BertProcessing(List<Piece> single, List<Piece> pair) implements PostProcessor {
        BertProcessing(int clsId, int sepId) {
            this(template(clsId, sepId), withSecond(template(clsId, sepId), sepId));
        }

        private static List<Piece> template(int clsId, int sepId) {
            return List.of(new Piece.Special(new int[] {clsId}, 0), new Piece.Sequence(0, 0),
                    new Piece.Special(new int[] {sepId}, 0));
        }

        private static List<Piece> withSecond(List<Piece> first, int sepId) {
            return List.of(first.get(0), first.get(1), first.get(2), new Piece.Sequence(1, 1),
                    new Piece.Special(new int[] {sepId}, 1));
        }

        @Override
        public List<Piece> template(boolean isPair) {
            return isPair ? pair : single;
        }
    }

    /** What a file without a post-processor gets: the texts one after the other, the second with type id 1. */
    record Plain() implements PostProcessor {
        private static final List<Piece> SINGLE = List.of(new Piece.Sequence(0, 0));
        private static final List<Piece> PAIR = List.of(new Piece.Sequence(0, 0), new Piece.Sequence(1, 1));

        @Override
        public List<Piece> template(boolean pair) {
            return pair ? PAIR : SINGLE;
        }
    }
}
