// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EncoderModel;
import io.encoder4j.cli.explain.ProofStory;
import io.encoder4j.cli.explain.Screen;
import io.encoder4j.cli.explain.Story;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.explain.ExplainPage;
import io.encoder4j.explain.Explainer;
import io.encoder4j.explain.ExplanationJson;
import io.encoder4j.explain.Texts;
import io.encoder4j.explain.Tutorial;
import io.encoder4j.explain.TutorialJson;
import io.encoder4j.explain.data.Explanation;
import io.encoder4j.explain.data.Proofs;
import io.encoder4j.explain.data.Question;
import io.encoder4j.explain.data.Question.Part;
import io.encoder4j.kernel.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
    + " forward pass, each computed again by hand: in the terminal, as JSON, or as a page for the browser.",
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

    @Option(names = "--token", paramLabel = "T", converter = Numbers.Index.class, description = "The token whose attention is"
            + " computed in front of you, counted from 0 (the first that is not special).")
    private @Nullable Integer token;

    @Option(names = "--mask", paramLabel = "T", converter = Numbers.Index.class,
            description = "Replace this token by the mask token first.")
    private @Nullable Integer mask;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page that shows it, one file that needs no network.")
    private @Nullable Path html;

    @Option(names = "--json", description = "Print JSON, as the server's /explain.json gives it.")
    private boolean json;

    @Option(names = "--lang", paramLabel = "LANG", description = "Language of titles and sentences: en or zh (en).")
    private String language = "en";

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
        check();
        Screen screen = Screen.of(spec.commandLine().getOut(), Streams.of(spec).terminal());
        if (tutorial) {
            Proofs proofs = Tutorial.proofs(goldens, model.options());
            if (html != null || json) {
                write(TutorialJson.text(proofs, language));
                return proofs.hold() ? 0 : Failure.CHECK_FAILED;
            }
            return ProofStory.tell(screen, proofs) ? 0 : Failure.CHECK_FAILED;
        }
        Question question = Question.of(String.valueOf(text)).withPair(pair).at(layer, head).looking(token == null ? -1 : token, -1,
                mask == null ? -1 : mask);
        Path folder = model.folder();
        try (EncoderModel opened = EncoderModel.open(folder, model.options().withPrecision(Precision.FLOAT32))) {
            if (html == null && !json) {
                return Story.tell(screen, folder, opened, question, language) ? 0 : Failure.CHECK_FAILED;
            }
            Explanation explanation = new Explainer(opened, String.valueOf(folder.getFileName())).explain(
                    question.withParts(EnumSet.allOf(Part.class)));
            if (explanation.walk().isEmpty()) {
                throw new IllegalArgumentException(explanation.problems().stream().map(Texts.of(language)::problem)
                        .collect(Collectors.joining(" ")));
            }
            write(ExplanationJson.text(explanation, language));
            return explanation.agrees() ? 0 : Failure.CHECK_FAILED;
        }
    }

    private void check() {
        if (tutorial && (text != null || pair != null)) {
            throw new ParameterException(spec.commandLine(), "--tutorial brings its own numbers; leave out the text");
        }
        if (!tutorial && text == null) {
            throw new ParameterException(spec.commandLine(), "give a text to explain, or --tutorial");
        }
        if (!model.options().precision().isFloat32Grade()) {
            throw new ParameterException(spec.commandLine(), "explain computes everything again by hand, to the last digits"
                    + " of float32; leave out --precision " + model.options().precision());
        }
        if (!Texts.LANGUAGES.contains(language)) {
            throw new ParameterException(spec.commandLine(), "--lang must be one of " + String.join(", ", Texts.LANGUAGES) + ", got '"
                    + language + "'");
        }
        if (html != null && json) {
            throw new ParameterException(spec.commandLine(), "give --html or --json, not both");
        }
    }

    /// The document, as it is or in a page.
    private void write(String document) throws IOException {
        if (html == null) {
            spec.commandLine().getOut().println(document);
            return;
        }
        try (Output output = Output.open(html, false, Streams.of(spec))) {
            output.stream().write(ExplainPage.selfContained(document).getBytes(StandardCharsets.UTF_8));
            output.commit();
        }
    }
}
