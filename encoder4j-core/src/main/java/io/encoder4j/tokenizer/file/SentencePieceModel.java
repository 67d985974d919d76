// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.files.ModelFiles;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The parts of a SentencePiece model file (`sentencepiece_model.proto`) that a tokenizer needs. The protocol buffer is
/// read field by field. Each length is compared with the bytes left before anything is allocated.
///
/// @param pieces in the order of their ids
/// @param modelType 1 for Unigram, 2 for BPE
/// @param unknownId the id of the unknown piece
/// @param charsmap the compiled character map, may be empty
public record SentencePieceModel(Path file, List<Piece> pieces, int modelType, int unknownId, byte[] charsmap) {
    static final int UNIGRAM = 1;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int MAX_BYTES = 1 << 28;

    /// A piece, the logarithm of its probability, and its type.
    record Piece(String piece, float score, int type) {
        boolean isControl() {
            return type == CONTROL;
        }

        /// Whether it is searched in texts like an added token.
        boolean isAdded() {
            return type == CONTROL || type == USER_DEFINED;
        }
    }

    public static SentencePieceModel read(Path file) throws IOException {
        Message model = new Message(file, ByteBuffer.wrap(ModelFiles.read(file, MAX_BYTES)));
        List<Piece> pieces = new ArrayList<>();
        int[] trainer = {UNIGRAM, 0};
        byte[] charsmap = new byte[0];
        for (int field = model.next(); field != 0; field = model.next()) {
            switch (field) {
                case 1 -> pieces.add(piece(model.message()));
                case 2 -> trainer(model.message(), trainer);
                case 3 -> charsmap = charsmap(model.message(), charsmap);
                default -> model.skip();
            }
        }
        if (pieces.isEmpty() || pieces.size() > Vocabulary.ID_LIMIT || trainer[1] < 0 || trainer[1] >= pieces.size()) {
            throw new TokenizerProblem(file + " has " + pieces.size() + " pieces, of which the unknown one should be "
                    + trainer[1] + "; is it a SentencePiece model?");
        }
        return new SentencePieceModel(file, pieces, trainer[0], trainer[1], charsmap);
    }

    private static Piece piece(Message message) {
        String piece = "";
        float score = 0;
        int type = 1;
        for (int field = message.next(); field != 0; field = message.next()) {
            switch (field) {
                case 1 -> piece = message.string();
                case 2 -> score = message.float32();
                case 3 -> type = message.int32();
                default -> message.skip();
            }
        }
        return new Piece(piece, score, type);
    }

    private static void trainer(Message message, int[] typeAndUnknown) {
        for (int field = message.next(); field != 0; field = message.next()) {
            switch (field) {
                case 3 -> typeAndUnknown[0] = message.int32();
                case 40 -> typeAndUnknown[1] = message.int32();
                default -> message.skip();
            }
        }
    }

    private static byte[] charsmap(Message message, byte[] before) {
        byte[] charsmap = before;
        for (int field = message.next(); field != 0; field = message.next()) {
            if (field == 2) {
                charsmap = message.bytes();
            } else {
                message.skip();
            }
        }
        return charsmap;
    }

    /// The fields of one message.
    private static final class Message {
        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int LENGTH = 2;
        private static final int FIXED32 = 5;

        private final Path file;
        private final ByteBuffer buffer;
        private int wireType;

        Message(Path file, ByteBuffer buffer) {
            this.file = file;
            this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
        }

        /// The number of the next field, or 0 at the end.
        int next() {
            if (!buffer.hasRemaining()) {
                return 0;
            }
            long tag = varint();
            wireType = (int) tag & 7;
            if (tag >>> 3 == 0 || tag >>> 32 != 0) {
                throw damaged();
            }
            return (int) (tag >>> 3);
        }

        void skip() {
            switch (wireType) {
                case VARINT -> varint();
                case FIXED64 -> slice(8);
                case LENGTH -> message();
                case FIXED32 -> slice(4);
                default -> throw damaged();
            }
        }

        Message message() {
            expect(LENGTH);
            return new Message(file, slice(varint()));
        }

        byte[] bytes() {
            ByteBuffer content = message().buffer;
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            return bytes;
        }

        String string() {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(message().buffer).toString();
            } catch (CharacterCodingException e) {
                throw new TokenizerProblem(file + " has a piece that is not UTF-8; fetch the file again", e);
            }
        }

        float float32() {
            expect(FIXED32);
            return slice(4).order(ByteOrder.LITTLE_ENDIAN).getFloat();
        }

        int int32() {
            expect(VARINT);
            return (int) varint();
        }

        private void expect(int type) {
            if (wireType != type) {
                throw damaged();
            }
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < 64 && buffer.hasRemaining(); shift += 7) {
                byte b = buffer.get();
                value |= (long) (b & 0x7F) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw damaged();
        }

        private ByteBuffer slice(long length) {
            if (length < 0 || length > buffer.remaining()) {
                throw damaged();
            }
            ByteBuffer slice = buffer.slice(buffer.position(), (int) length);
            buffer.position(buffer.position() + (int) length);
            return slice;
        }

        private TokenizerProblem damaged() {
            return new TokenizerProblem(file + " is not a SentencePiece model, or it is cut off; fetch the file again");
        }
    }
}
