// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.MappedFile;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An ONNX file, mapped, read and checked: its graph is complete, without cycles, and of known operations. Tensors stay
/// where they are, in the file or in the external data files in its folder, until [#close].
///
/// @param main     the file
/// @param external the files of external data that it names
/// @param opset    version of ONNX's own operations
/// @param graph    the graph
record OnnxFile(MappedFile main, List<MappedFile> external, long opset, OnnxGraph graph)
        implements AutoCloseable {

    private static final int LONGEST_HEAD = 512;

    /// Opens and checks a file.
    ///
    /// @throws CheckpointException if it is malformed, uses operations or types that are not supported (all unsupported
    ///                             operations are named at once), or names a file outside its folder
    public static OnnxFile open(Path file) {
        MappedFile main = MappedFile.open(file);
        Map<Path, MappedFile> external = new LinkedHashMap<>();
        try {
            OnnxReader reader = new OnnxReader(main, external);
            reader.readModel();
            OnnxGraph graph = reader.graph;
            if (graph == null) {
                throw main.error("model: no graph; expected an ONNX model" + main.hint());
            }
            new OnnxValidator(main, graph).validate(reader.opsets);
            return new OnnxFile(main, List.copyOf(external.values()), reader.opsets.getOrDefault("", 0L), graph);
        } catch (IOException e) {
            main.close();
            throw new CheckpointException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            boolean text = e instanceof CheckpointException && main.hint().isEmpty() && isText(main);
            external.values().forEach(MappedFile::close);
            main.close();
            throw text ? main.error("this is a text file, expected an ONNX model") : e;
        }
    }

    /// Whether the file begins as a text: ONNX files soon have control characters.
    private static boolean isText(MappedFile file) {
        byte[] head = file.slice(0, Math.min(LONGEST_HEAD, file.size())).toArray(ValueLayout.JAVA_BYTE);
        if (head.length == 0) {
            return false;
        }
        for (byte b : head) {
            if (b >= 0 && b < ' ' && "\t\n\r\f".indexOf(b) < 0) {
                return false;
            }
        }
        return true;
    }

    /// Unmaps the files.
    @Override
    public void close() {
        external.forEach(MappedFile::close);
        main.close();
    }
}
