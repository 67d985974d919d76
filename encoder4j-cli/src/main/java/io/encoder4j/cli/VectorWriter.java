// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.TextEmbedding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// Writes vectors in one of the formats. Numbers are written so that reading them gives the same float32.
interface VectorWriter {

    /// The formats there are, as the command line names them.
    enum Format { JSONL, JSON, CSV, NPY }

    /// One text's vector.
    ///
    /// @param embedding null where the text could not be embedded: its line is missing
    /// @throws CommandFailed in a format whose rows have no number: it could only go on by shifting rows or making them up
    void write(long index, @Nullable TextEmbedding embedding) throws IOException;

    /// Completes the format and the output.
    void finish() throws IOException;

    static VectorWriter of(Format format, Output output, int dimensions) throws IOException {
        return switch (format) {
            case JSONL -> new Json(output, false);
            case JSON -> new Json(output, true);
            case CSV -> new Csv(output, dimensions);
            case NPY -> new Npy(output, dimensions);
        };
    }

    /// `{"index":0,"tokens":12,"truncated":false,"embedding":[…]}`: a line each, or all in one array.
    final class Json implements VectorWriter {

        private final Output output;
        private final boolean array;
        private final JsonGenerator json;

        Json(Output output, boolean array) {
            this.output = output;
            this.array = array;
            // Standard output stays open.
            json = JsonFactory.builder().rootValueSeparator("\n").disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build()
                    .createGenerator(ObjectWriteContext.empty(), output.stream());
            if (array) {
                json.writeStartArray();
            }
        }

        @Override
        public void write(long index, @Nullable TextEmbedding embedding) throws IOException {
            if (embedding == null) {
                return;
            }
            json.writeStartObject();
            json.writeNumberProperty("index", index);
            json.writeNumberProperty("tokens", embedding.tokens());
            json.writeBooleanProperty("truncated", embedding.truncated());
            json.writeArrayPropertyStart("embedding");
            for (float value : embedding.vector()) {
                json.writeNumber(value);
            }
            json.writeEndArray();
            json.writeEndObject();
        }

        @Override
        public void finish() throws IOException {
            if (array) {
                json.writeEndArray();
            }
            json.close();
            output.stream().write('\n');
            output.commit();
        }
    }

    /// `index,tokens,truncated,e0,e1,…` under a header line.
    final class Csv implements VectorWriter {

        private final Output output;

        Csv(Output output, int dimensions) throws IOException {
            this.output = output;
            StringBuilder header = new StringBuilder("index,tokens,truncated");
            for (int i = 0; i < dimensions; i++) {
                header.append(",e").append(i);
            }
            line(header);
        }

        @Override
        public void write(long index, @Nullable TextEmbedding embedding) throws IOException {
            if (embedding == null) {
                return;
            }
            StringBuilder line = new StringBuilder().append(index).append(',').append(embedding.tokens()).append(',')
                    .append(embedding.truncated());
            for (float value : embedding.vector()) {
                line.append(',').append(value);
            }
            line(line);
        }

        private void line(StringBuilder text) throws IOException {
            output.stream().write(text.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void finish() throws IOException {
            output.commit();
        }
    }

    /// NumPy's format 1.0: a header of 128 bytes, then `[texts, dimensions]` float32, little-endian, row by row.
    final class Npy implements VectorWriter {

        private static final int HEADER = 128;

        private final Output output;
        private final int dimensions;
        private long rows;

        Npy(Output output, int dimensions) throws IOException {
            this.output = output;
            this.dimensions = dimensions;
            output.stream().write(header());
        }

        private byte[] header() {
            String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + dimensions + "), }";
            byte[] header = new byte[HEADER];
            Arrays.fill(header, (byte) ' ');
            ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0)
                    .putShort((short) (HEADER - 10)).put(text.getBytes(StandardCharsets.US_ASCII));
            header[HEADER - 1] = '\n';
            return header;
        }

        @Override
        public void write(long index, @Nullable TextEmbedding embedding) throws IOException {
            if (embedding == null) {
                throw CommandFailed.input("npy has no place for a text without a vector; mend the text named above, or"
                        + " take another --format");
            }
            ByteBuffer row = ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < dimensions; i++) {
                row.putFloat(embedding.vector()[i]);
            }
            output.stream().write(row.array());
            rows++;
        }

        @Override
        public void finish() throws IOException {
            output.patch(header());
            output.commit();
        }
    }
}
