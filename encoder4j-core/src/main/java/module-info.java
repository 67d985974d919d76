// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** Transformer encoders for the JVM: tokenizer, checkpoint, encoder and embedder, with no native library. */
@NullMarked
@SuppressWarnings("module") // the modules that files is exported to are built later
module io.encoder4j {
    // Not static: as a root module on the module path this resolves the incubator with no flag.
    requires jdk.incubator.vector;
    requires static jdk.jfr;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports io.encoder4j;
    exports io.encoder4j.checkpoint;
    exports io.encoder4j.error;
    exports io.encoder4j.kernel;
    exports io.encoder4j.model;
    exports io.encoder4j.nn;
    exports io.encoder4j.sentence;
    exports io.encoder4j.task;
    exports io.encoder4j.tensor;
    exports io.encoder4j.tokenizer;
    exports io.encoder4j.torch;
    exports io.encoder4j.trace;

    exports io.encoder4j.files to io.encoder4j.hub, io.encoder4j.models, io.encoder4j.onnx, io.encoder4j.server;

    exports io.encoder4j.platform to io.encoder4j.explain, io.encoder4j.server;

    uses io.encoder4j.ModelLocator;
    uses io.encoder4j.kernel.KernelProvider;

    provides io.encoder4j.kernel.KernelProvider with
            io.encoder4j.kernel.ScalarKernelProvider,
            io.encoder4j.kernel.PlainKernelProvider,
            io.encoder4j.kernel.vector.VectorKernelProvider,
            io.encoder4j.kernel.x86.X86KernelProvider,
            io.encoder4j.kernel.arm64.Arm64KernelProvider;
}
