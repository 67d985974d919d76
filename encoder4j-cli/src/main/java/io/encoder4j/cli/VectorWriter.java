// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.cli.input.Lines;
import io.encoder4j.cli.option.Choice;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.cli.option.TextInput;
import io.encoder4j.cli.task.Answering;
import io.encoder4j.task.Counted;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import tools.jackson.core.JsonGenerator;

/// Writes vectors in one of the formats. Numbers are written so that reading them gives the same float32.
interface VectorWriter extends Answering.Sink<TextEmbedding> {

    /// The formats there are, as the command line names them.
    enum Format {
        JSONL, JSON, CSV, NPY;

        static final class ByName implements ITypeConverter<Format> {
            @Override
            public Format convert(String name) {
                return Choice.of(name, Format.values());
            }
        }
    }

    @Override
    default Counted counted(TextEmbedding embedding) {
        return embedding;
    }

    /// A writer.
    ///
    /// @param progress where a text without a vector is told, if the format has no place for that
    static VectorWriter of(Format format, Output output, int dimensions, TextInput input, Progress progress) throws IOException {
        return switch (format) {
            case JSONL -> new Json(output, input, false);
            case JSON -> new Json(output, input, true);
            case CSV -> new Csv(output, dimensions, input, progress);
            case NPY -> new Npy(output, dimensions, input, progress);
        };
    }

    /// `{"index":0,"tokens":12,"truncated":false,"embedding":[…]}`: a line each, or all in one array.
    final class Json implements VectorWriter {

        private final Output output;
        private final TextInput input;
        private final boolean array;
        private final JsonGenerator json;

        Json(Output output, TextInput input, boolean array) {
            this.output = output;
            this.input = input;
            this.array = array;
            // Standard output stays open. A line is ended by its break, not by the next line.
            json = JsonOutput.generator(output.stream());
            if (array) {
                json.writeStartArray();
            }
        }

        @Override
        public void answer(long index, Lines.Line line, TextEmbedding embedding) {
            begin(index, line);
            json.writeNumberProperty("tokens", embedding.tokens());
            json.writeBooleanProperty("truncated", embedding.truncated());
            json.writeArrayPropertyStart("embedding");
            for (float value : embedding.vector()) {
                json.writeNumber(value);
            }
            json.writeEndArray();
            end();
        }

        @Override
        public void problem(long index, Lines.Line line, String problem) {
            begin(index, line);
            json.writeStringProperty("error", input.shortName(index, line) + " " + problem);
            end();
        }

        private void end() {
            json.writeEndObject();
            if (!array) {
                json.writeRaw('\n');
            }
        }

        private void begin(long index, Lines.Line line) {
            json.writeStartObject();
            json.writeNumberProperty("index", index);
            if (line.id() != null) {
                json.writeName("id");
                if (line.id().number()) {
                    json.writeNumber(line.id().text());
                } else {
                    json.writeString(line.id().text());
                }
            }
            if (input.withText() && line.problem() == null) {
                json.writeStringProperty("text", line.text());
            }
        }

        @Override
        public void flush() {
            json.flush();
        }

        @Override
        public void finish() {
            if (array) {
                json.writeEndArray();
                json.writeRaw('\n');
            }
            json.close();
        }
    }

    /// `index,tokens,truncated,e0,e1,…` under a header line.
    final class Csv implements VectorWriter {

        private final Output output;
        private final TextInput input;
        private final Progress progress;

        Csv(Output output, int dimensions, TextInput input, Progress progress) throws IOException {
            this.output = output;
            this.input = input;
            this.progress = progress;
            StringBuilder header = new StringBuilder("index").append(input.withId() ? ",id" : "")
                    .append(input.withText() ? ",text" : "").append(",tokens,truncated");
            for (int i = 0; i < dimensions; i++) {
                header.append(",e").append(i);
            }
            line(header);
        }

        @Override
        public void answer(long index, Lines.Line line, TextEmbedding embedding) throws IOException {
            StringBuilder row = new StringBuilder().append(index);
            if (input.withId()) {
                row.append(',').append(line.id() == null ? "" : quoted(line.id().text()));
            }
            if (input.withText()) {
                row.append(',').append(quoted(line.text()));
            }
            row.append(',').append(embedding.tokens()).append(',').append(embedding.truncated());
            for (float value : embedding.vector()) {
                row.append(',').append(value);
            }
            line(row);
        }

        private static String quoted(String text) {
            return '"' + text.replace("\"", "\"\"") + '"';
        }

        @Override
        public void problem(long index, Lines.Line line, String problem) {
            progress.say("encoder4j: " + input.name(index, line) + " " + problem);
        }

        private void line(StringBuilder text) throws IOException {
            output.stream().write(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void flush() throws IOException {
            output.stream().flush();
        }
    }

    /// NumPy's format 1.0: a header of 128 bytes, then `[texts, dimensions]` float32, little-endian, row by row.
    final class Npy implements VectorWriter {

        private static final int HEADER = 128;

        private final Output output;
        private final int dimensions;
        private final TextInput input;
        private final Progress progress;
        private long rows;

        Npy(Output output, int dimensions, TextInput input, Progress progress) throws IOException {
            this.output = output;
            this.dimensions = dimensions;
            this.input = input;
            this.progress = progress;
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
        public void answer(long index, Lines.Line line, TextEmbedding embedding) throws IOException {
            ByteBuffer row = ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < dimensions; i++) {
                row.putFloat(embedding.vector()[i]);
            }
            output.stream().write(row.array());
            rows++;
        }

        /// It could only go on by shifting rows or making them up.
        @Override
        public void problem(long index, Lines.Line line, String problem) {
            progress.say("encoder4j: " + input.name(index, line) + " " + problem);
            throw CommandFailed.input("npy has no place for a text without a vector; mend the text named above, or take another"
                    + " --format");
        }

        @Override
        public void flush() throws IOException {
            output.stream().flush();
        }

        @Override
        public void finish() throws IOException {
            output.patch(header());
        }
    }
}
