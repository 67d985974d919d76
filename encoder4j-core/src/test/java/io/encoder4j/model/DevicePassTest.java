// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.DevicePass;
import io.encoder4j.nn.InferencePass;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.trace.Trace;
import io.encoder4j.trace.TracingPass;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A provider whose results are on a device needs no change in a model, a head or a trace: none of them reads a result but by
/// [Pass#fetch].
class DevicePassTest {

    private static final Batch BATCH = Batch.of(List.of(new int[] {2, 3, 4, 5, 6}, new int[] {2, 3}),
            List.of(new int[5], new int[2]));

    static List<Path> models() throws IOException {
        return ParametersTest.models();
    }

    @ParameterizedTest
    @MethodSource("models")
    void nothingReadsAResultButByFetching(Path folder) throws IOException {
        Kernels kernels = new ScalarKernels();
        try (Arena arena = Arena.ofShared(); Checkpoint checkpoint = Checkpoints.open(folder)) {
            ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
            Encoder encoder = Architectures.load(config, checkpoint, kernels, arena, 1).encoder();
            try (InferencePass host = new InferencePass(kernels, Workers.single()); DevicePass device = new DevicePass(kernels)) {
                List<float[]> expected = results(encoder, host);
                List<float[]> actual = results(encoder, device);
                assertThat(actual).hasSameSizeAs(expected);
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(actual.get(i)).isEqualTo(expected.get(i));
                }
                assertThat(trace(encoder, device).outputs().keySet()).isEqualTo(trace(encoder, host).outputs().keySet());
                Matrix unread = encoder.forward(BATCH, device);
                assertThatThrownBy(() -> unread.get(0, 0)).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    private static List<float[]> results(Encoder encoder, Pass pass) {
        List<float[]> results = new ArrayList<>();
        results.add(pass.fetch(encoder.forward(BATCH, pass)).toArray());
        for (HeadKind kind : HeadKind.values()) {
            if (encoder.heads().kinds().contains(kind)) {
                Matrix hidden = encoder.forward(BATCH, pass);
                results.add(pass.fetch(encoder.heads().get(kind).forward(hidden, BATCH.sequences(), pass)).toArray());
            }
        }
        encoder.pooler(encoder.forward(BATCH, pass), BATCH.sequences(), pass)
                .ifPresent(pooled -> results.add(pass.fetch(pooled).toArray()));
        return results;
    }

    private static Trace trace(Encoder encoder, Pass pass) {
        TracingPass tracing = new TracingPass(pass);
        encoder.forward(BATCH, tracing);
        return tracing.trace();
    }
}
