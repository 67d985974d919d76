// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.bench.peers.ModelFiles;
import io.encoder4j.tokenizer.EncodeOptions;
import java.io.IOException;
import java.util.List;

/// The same model and texts without a server. The server is compared with this.
final class InProcess implements AutoCloseable {

    private final ModelFiles files;
    private final EncoderModel model;
    private final Embedder embedder;
    private final List<String> texts;
    private final long tokens;

    InProcess(List<String> texts, int threads) throws IOException {
        this.texts = texts;
        files = ModelFiles.make();
        model = EncoderModel.open(files.folder(), ModelOptions.defaults().withThreads(threads));
        embedder = model.embedder();
        tokens = texts.stream().mapToLong(text -> Math.min(embedder.maxLength(),
                files.tokenizer().encode(text, null, EncodeOptions.defaults()).length())).sum();
    }

    /// Embeds all texts over and over for some seconds.
    ///
    /// @return tokens a second
    double tokensPerSecond(double seconds) {
        long begin = System.nanoTime();
        long runs = 0;
        do {
            embedder.embed(texts);
            runs++;
        } while (System.nanoTime() - begin < seconds * 1e9);
        return runs * tokens / ((System.nanoTime() - begin) / 1e9);
    }

    /// Embeds one text.
    void single(int index) {
        embedder.embed(texts.get(index % texts.size()));
    }

    @Override
    public void close() throws IOException {
        model.close();
        files.close();
    }
}
