// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.ZeroShotClassifier;
import io.encoder4j.cli.Failure;
import io.encoder4j.cli.option.LengthOption;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Labels that the model never saw.
@Command(name = "zero-shot", description = "Choose among any labels with a model of entailment: a JSON object for each text on a"
        + " line, the best label first.")
public final class ZeroShotCommand implements Callable<Integer> {

    @Mixin
    private TextTask task;

    @Mixin
    private LengthOption length;

    @Option(names = {"-l", "--label"}, paramLabel = "LABEL", required = true, split = ",", order = 2,
            description = "A label to choose from; repeat the option, or separate labels with commas.")
    private List<String> labels = List.of();

    @Option(names = "--multi-label", order = 3, description = "Any number of labels may be right; each has a score from 0 to 1.")
    private boolean multiLabel;

    @Option(names = "--template", paramLabel = "TEXT", order = 4,
            description = "The sentence for each label; {} stands for the label (${DEFAULT-VALUE}).")
    private String template = ZeroShotClassifier.TEMPLATE;

    @Option(names = "--entailment", paramLabel = "LABEL", order = 5,
            description = "The model's label that means entailment (the first that begins with \"entail\", else the last).")
    private @Nullable String entailment;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<String> stripped = labels.stream().map(String::strip).toList();
        if (stripped.contains("")) {
            throw new ParameterException(spec.commandLine(), "Invalid value for option '--label' (LABEL): a label is empty");
        }
        if (!template.contains("{}")) {
            throw new ParameterException(spec.commandLine(), "Invalid value for option '--template' (TEXT): '"
                    + Failure.oneLine(template) + "' has no {}, where the label goes");
        }
        return task.run("a classification model of entailment (NLI)", length.asked(), opened -> {
            ZeroShotClassifier classifier = entailment == null ? opened.zeroShot() : opened.zeroShot(entailment);
            return texts -> classifier.classify(texts, stripped, multiLabel, template)
                    .stream().map(ClassifyCommand::answer).toList();
        });
    }
}
