// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// ONNX Runtime for Java with every graph optimisation, sequential execution and the given number of intra-op threads. It gets
/// batches of at most 32 sequences, padded to the longest, as its users run it.
final class OnnxRuntimePeer implements Peer {

    private static final int BATCH = 32;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final boolean typeIds;
    private final String precision;

    /// @param precision the file's precision, to be printed
    OnnxRuntimePeer(Path onnx, int threads, String precision) throws OrtException {
        this.precision = precision;
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        session = environment.createSession(onnx.toString(), options);
        typeIds = session.getInputNames().contains("token_type_ids");
    }

    @Override
    public Contender contender() {
        return new Contender(Contender.ONNX_RUNTIME, environment.getVersion(), precision);
    }

    @Override
    public List<int[][]> batches(Workload workload) {
        return workload.batches(BATCH, Integer.MAX_VALUE);
    }

    @Override
    public float[][] run(List<int[][]> batches) {
        return batches.stream().map(this::run).toArray(float[][]::new);
    }

    private float[] run(int[][] ids) {
        int longest = Arrays.stream(ids).mapToInt(a -> a.length).max().orElse(0);
        long[] padded = new long[ids.length * longest];
        long[] mask = new long[ids.length * longest];
        for (int i = 0; i < ids.length; i++) {
            for (int t = 0; t < ids[i].length; t++) {
                padded[i * longest + t] = ids[i][t];
                mask[i * longest + t] = 1;
            }
        }
        long[] shape = {ids.length, longest};
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            inputs.put("input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(padded), shape));
            inputs.put("attention_mask", OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape));
            if (typeIds) {
                inputs.put("token_type_ids",
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[padded.length]), shape));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return unpad(ids, longest, (OnnxTensor) result.get(0));
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static float[] unpad(int[][] ids, int longest, OnnxTensor output) {
        FloatBuffer values = output.getFloatBuffer();
        int hidden = (int) output.getInfo().getShape()[2];
        float[] rows = new float[Arrays.stream(ids).mapToInt(a -> a.length).sum() * hidden];
        int at = 0;
        for (int i = 0; i < ids.length; i++) {
            values.position(i * longest * hidden).get(rows, at, ids[i].length * hidden);
            at += ids[i].length * hidden;
        }
        return rows;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        }
    }
}
