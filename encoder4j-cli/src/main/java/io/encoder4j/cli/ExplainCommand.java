// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EncoderModel;
import io.encoder4j.cli.explain.Screen;
import io.encoder4j.cli.explain.Story;
import io.encoder4j.cli.explain.Tutorial;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.kernel.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What happens between a text and its vector.
@Command(name = "explain", description = {"Show step by step what an encoder does with a text, with the numbers of a real"
    + " forward pass, each computed again by hand.",
    "%nWith --tutorial, prove a layer norm and an encoder layer, step by step, against what PyTorch computed."})
final class ExplainCommand implements Callable<Integer> {

    @Parameters(paramLabel = "TEXT", arity = "0..1", description = "The text.")
    private @Nullable String text;

    @Option(names = "--pair", paramLabel = "TEXT", description = "A second text in the same sequence.")
    private @Nullable String pair;

    @Option(names = "--layer", paramLabel = "L", converter = Numbers.Index.class,
            description = "The layer to explain, counted from 0 (0).")
    private int layer;

    @Option(names = "--head", paramLabel = "H", converter = Numbers.Index.class,
            description = "The head whose attention is drawn, counted from 0 (0).")
    private int head;

    @Option(names = "--tutorial", description = "Prove a layer norm and an encoder layer against PyTorch.")
    private boolean tutorial;

    @Option(names = "--goldens", paramLabel = "DIR", description = "With --tutorial: take PyTorch's numbers from here,"
            + " files " + Tutorial.NORM + " and " + Tutorial.LAYER + ".")
    private @Nullable Path goldens;

    @Mixin
    private ModelOption model;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Screen screen = Screen.of(spec.commandLine().getOut(), Streams.of(spec).terminal());
        if (tutorial) {
            if (text != null || pair != null) {
                throw new ParameterException(spec.commandLine(), "--tutorial brings its own numbers; leave out the text");
            }
            return Tutorial.tell(screen, goldens, model.options()) ? 0 : Failure.CHECK_FAILED;
        }
        if (text == null) {
            throw new ParameterException(spec.commandLine(), "give a text to explain, or --tutorial");
        }
        if (model.options().precision() == Precision.BFLOAT16) {
            throw new ParameterException(spec.commandLine(), "explain computes everything again by hand, to the last digits"
                    + " of float32; leave out --precision bfloat16");
        }
        Path folder = model.folder();
        try (EncoderModel opened = EncoderModel.open(folder, model.options().withPrecision(Precision.FLOAT32))) {
            return Story.tell(screen, folder, opened, new Story.Question(text, pair, layer, head)) ? 0
                    : Failure.CHECK_FAILED;
        }
    }
}
