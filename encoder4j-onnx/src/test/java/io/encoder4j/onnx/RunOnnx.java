// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Runs ONNX files with ONNX Runtime.
final class RunOnnx {

    private RunOnnx() { }

    /// One output for one text without padding.
    static float[] output(Path onnx, String output, int... ids) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx.toString())) {
            return output(environment, session, output, ids, new int[ids.length]);
        }
    }

    /// One output for one text; the first output if `output` is empty.
    static float[] output(OrtEnvironment environment, OrtSession session, String output, int[] ids, int[] typeIds)
            throws OrtException {
        long[] shape = {1, ids.length};
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        Map<String, long[]> values = Map.of("input_ids", Arrays.stream(ids).asLongStream().toArray(), "attention_mask", ones,
                "token_type_ids", Arrays.stream(typeIds).asLongStream().toArray());
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (String input : session.getInputNames()) {
                inputs.put(input, OnnxTensor.createTensor(environment, LongBuffer.wrap(values.get(input)), shape));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer buffer = ((OnnxTensor) (output.isEmpty() ? result.get(0) : result.get(output).orElseThrow()))
                        .getFloatBuffer();
                float[] numbers = new float[buffer.remaining()];
                buffer.get(numbers);
                return numbers;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /// The largest absolute difference; the arrays must have one size.
    static float difference(float[] ours, float[] theirs) {
        assertThat(ours).hasSameSizeAs(theirs);
        float worst = 0;
        for (int i = 0; i < ours.length; i++) {
            worst = Math.max(worst, Math.abs(ours[i] - theirs[i]));
        }
        return worst;
    }
}
