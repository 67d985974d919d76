// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import io.encoder4j.EncoderModel;
import io.encoder4j.Options;
import io.encoder4j.bench.measure.Precisions;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Ourselves, as [io.encoder4j.Embedder] runs a model: nothing is padded, a batch has about a thousand tokens, one batch alone is
/// divided inside its operations, and of several each thread takes one.
final class Encoder4jPeer implements Peer {

    private static final int ANY = Integer.MAX_VALUE;

    private final String precision;
    private final EncoderModel divided;
    private final EncoderModel shared;
    private final Workers workers;
    private final int tokensPerBatch;

    Encoder4jPeer(Path folder, int threads, String precision) throws IOException {
        this.precision = precision;
        Options options = Precisions.options(precision).withThreads(threads);
        tokensPerBatch = options.tokensPerBatch();
        divided = EncoderModel.open(folder, options);
        shared = threads == 1 ? divided : EncoderModel.open(folder, options.withThreads(1));
        workers = Workers.of(threads);
    }

    @Override
    public Contender contender() {
        // What is computed in may be more than what was asked for says.
        String used = divided.precision();
        String kernels = divided.info().kernels();
        return new Contender(Contender.ENCODER4J, used.equals(precision) ? kernels : kernels + ", " + used + ",", precision);
    }

    @Override
    public List<int[][]> batches(Workload workload) {
        return workload.batches(ANY, tokensPerBatch);
    }

    @Override
    public float[][] run(List<int[][]> batches) {
        EncoderModel model = batches.size() == 1 ? divided : shared;
        float[][] results = new float[batches.size()][];
        if (batches.size() == 1) {
            results[0] = values(model, batches.getFirst());
        } else {
            workers.forEach(batches.size(), i -> results[i] = values(model, batches.get(i)));
        }
        return results;
    }

    private static float[] values(EncoderModel model, int[][] ids) {
        return model.hiddenStates(Batch.of(ids)).values();
    }

    @Override
    public void close() {
        workers.close();
        divided.close();
        shared.close();
    }
}
