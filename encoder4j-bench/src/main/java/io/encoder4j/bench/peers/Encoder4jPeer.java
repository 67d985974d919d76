// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import io.encoder4j.EncoderModel;
import io.encoder4j.bench.measure.Precisions;
import io.encoder4j.nn.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// encoder4j. Nothing is padded, and the model decides how many sequences make a batch.
final class Encoder4jPeer implements Peer {

    /// The most tokens of a batch: its result must fit an array.
    private static final int MOST_TOKENS = 1 << 17;

    private final String precision;
    private final EncoderModel model;

    Encoder4jPeer(Path folder, int threads, String precision) throws IOException {
        this.precision = precision;
        model = EncoderModel.open(folder, Precisions.options(precision).withThreads(threads));
    }

    @Override
    public Contender contender() {
        // The precision that is used may have a longer name than the one asked for.
        String used = model.precision();
        String kernels = model.info().kernels();
        return new Contender(Contender.ENCODER4J, used.equals(precision) ? kernels : kernels + " (" + used + ")", precision);
    }

    @Override
    public List<int[][]> batches(Workload workload) {
        return workload.batches(Integer.MAX_VALUE, MOST_TOKENS);
    }

    @Override
    public float[][] run(List<int[][]> batches) {
        return batches.stream().map(ids -> model.tensors().hiddenStates(Batch.of(ids)).values()).toArray(float[][]::new);
    }

    @Override
    public void close() {
        model.close();
    }
}
