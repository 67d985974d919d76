// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.HybridEmbedder;
import io.encoder4j.Inspection;
import io.encoder4j.ModelInfo;
import io.encoder4j.OpenedFolder;
import io.encoder4j.Task;
import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.checkpoint.WeightSource;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.cli.option.Places;
import io.encoder4j.files.Printable;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.sentence.SentenceModule;
import io.encoder4j.sentence.SentencePipeline;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.TokenizerException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

/// What a model is and can do. Exit code 3 if it cannot be loaded; why is part of the report.
@Command(name = "inspect", description = "Show what a model is and what it can do, without loading it.")
final class InspectCommand implements Callable<Integer> {

    private static final String LETTERS = "a b c d e f g h i j k l m n o p q r s t u v w x y z";

    @Parameters(paramLabel = "MODEL", arity = "0..1", converter = Places.AsName.class,
            description = "The model, as with --model.")
    private @Nullable String positional;

    @Mixin
    private ModelOption model;

    @Option(names = "--json", order = 30, description = "One JSON object, with the names of all tensors.")
    private boolean json;

    @Option(names = "--tensors", order = 31, description = "List every tensor with its type and shape.")
    private boolean tensors;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (positional != null && model.given() != null) {
            throw new ParameterException(spec.commandLine(), "give MODEL or --model, not both");
        }
        Path folder = model.folder(positional != null ? positional : model.given());
        Inspection inspection = Inspection.of(folder, model.options());
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Object> report = report(folder, inspection);
        if (json) {
            out.println(JsonOutput.indented(report));
        } else {
            print(out, report);
            if (tensors && inspection.info().isPresent()) {
                list(out, folder, inspection.info().get());
            }
        }
        return inspection.info().isPresent() ? 0 : Failure.BAD_INPUT;
    }

    /// Everything worth saying, in the order in which it is said.
    private static Map<String, Object> report(Path folder, Inspection inspection) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("model", folder.toString());
        report.put("family", inspection.modelType());
        report.put("architectures", inspection.architectures());
        report.put("usable", inspection.info().isPresent());
        report.put("problems", inspection.problems());
        report.put("can", abilities(inspection, true));
        report.put("cannot", abilities(inspection, false));
        inspection.info().ifPresent(info -> describe(report, folder, info));
        quantised(report, inspection.quantised());
        report.put("config", inspection.settings());
        inspection.info().ifPresent(info -> {
            report.put("used_tensors", info.usedTensors());
            report.put("unused_tensors", info.unusedTensors());
        });
        return report;
    }

    private static Map<String, String> abilities(Inspection inspection, boolean possible) {
        Map<String, String> abilities = new LinkedHashMap<>();
        inspection.abilities().stream().filter(a -> a.possible() == possible)
                .forEach(a -> abilities.put(commandOf(a.task()), a.detail()));
        return abilities;
    }

    private static void describe(Map<String, Object> report, Path folder, ModelInfo info) {
        SentencePipeline pipeline = info.pipeline();
        report.put("parameters", info.parameters());
        report.put("dtypes", info.dtypes());
        report.put("max_tokens", info.maxTokens() == Integer.MAX_VALUE ? "no limit" : info.maxTokens());
        report.put("dimensions", pipeline.dimensions(info.hiddenSize()));
        report.put("pooling", pipeline.poolings().stream().map(Pooling::id).toList());
        report.put("modules", pipeline.modules().stream().map(InspectCommand::module).toList());
        report.put("normalized", pipeline.normalizes());
        report.put("prompts", pipeline.prompts());
        report.put("default_prompt", pipeline.defaultPromptName().orElse(""));
        Optional<String> lowerCasedBy = lowerCasedBy(folder, pipeline);
        report.put("lower_cased", lowerCasedBy.isPresent());
        lowerCasedBy.ifPresent(by -> report.put("lower_cased_by", by));
        report.put("similarity", pipeline.similarity());
        report.put("pipeline_from", pipeline.source());
        report.put("kernels", info.kernels());
        report.put("precision", info.precision());
    }

    /// What int8 does to the linear layers.
    private static void quantised(Map<String, Object> report, List<WeightSource.Quantised> layers) {
        if (!layers.isEmpty()) {
            Map<String, String> kept = new LinkedHashMap<>();
            layers.forEach(layer -> layer.kept().ifPresent(why -> kept.put(layer.name(), why)));
            report.put("int8_layers", String.format(Locale.ROOT, "%d of %d; their weights change by %.2f %% at most",
                    layers.size() - kept.size(), layers.size(), 100 * layers.stream().filter(layer -> layer.kept().isEmpty())
                            .mapToDouble(WeightSource.Quantised::lost).max().orElse(0)));
            report.put("kept_in_float32", kept);
        }
    }

    /// What lower-cases texts, if anything does. A tokenizer is tried: it may do so in several ways.
    private static Optional<String> lowerCasedBy(Path folder, SentencePipeline pipeline) {
        if (pipeline.lowerCase()) {
            return Optional.of("sentence_bert_config.json");
        }
        try {
            Tokenizer tokenizer = Tokenizer.fromFolder(SentenceFolder.read(folder).transformer());
            EncodeOptions options = EncodeOptions.defaults().withAddSpecialTokens(false);
            int[] small = tokenizer.encode(LETTERS, null, options).ids();
            int[] capital = tokenizer.encode(LETTERS.toUpperCase(Locale.ROOT), null, options).ids();
            // Where no letter is known, all are the same token.
            return Arrays.equals(small, capital) && Arrays.stream(small).distinct().count() > 1 ? Optional.of("the tokenizer")
                    : Optional.empty();
        } catch (IOException | CheckpointException | TokenizerException e) {
            // Among the problems, if it is one.
            return Optional.empty();
        }
    }

    private static String module(SentenceModule module) {
        return module instanceof SentenceModule.Dense dense
                ? "Dense to " + dense.out() : module.getClass().getSimpleName();
    }

    private static void print(PrintWriter out, Map<String, Object> report) {
        report.forEach((key, value) -> {
            switch (value) {
                case Map<?, ?> map when key.equals("config") -> {
                    out.println("config.json");
                    map.forEach((name, setting) -> line(out, "  " + name, setting));
                }
                case Map<?, ?> map when key.startsWith("can") && !map.isEmpty() -> {
                    out.println(key);
                    map.forEach((name, detail) -> line(out, "  " + name, detail));
                }
                case List<?> list when key.equals("problems") -> list.forEach(problem -> problem(out, String.valueOf(problem)));
                case Map<?, ?> map when !map.isEmpty() -> line(out, key, map.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + quoted(entry.getValue()) + ")")
                        .collect(Collectors.joining(", ")));
                case List<?> list when key.endsWith("tensors") -> line(out, key,
                        list.size() + (list.isEmpty() || key.startsWith("used") ? "" : ": " + some(list)));
                case List<?> list when !list.isEmpty() -> line(out, key,
                        list.stream().map(String::valueOf).collect(Collectors.joining(", ")));
                case Long number -> line(out, key, String.format(Locale.ROOT, "%,d", number));
                case String text when !text.isEmpty() -> line(out, key, text);
                case Boolean flag -> line(out, key, flag ? "yes" : "no");
                case Integer number -> line(out, key, number);
                default -> { }
            }
        });
    }

    /// A problem may have several lines of its own.
    private static void problem(PrintWriter out, String problem) {
        problem.lines().forEach(part -> line(out, part.startsWith(" ") ? " " : "problem", part.strip()));
    }

    private static String quoted(Object value) {
        return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
    }

    private static String some(List<?> names) {
        return names.stream().limit(5).map(name -> Printable.name(String.valueOf(name)))
                .collect(Collectors.joining(", ")) + (names.size() > 5 ? ", … (--tensors lists all)" : "");
    }

    private static void line(PrintWriter out, String key, Object value) {
        out.printf("%-30s %s%n", Printable.name(key.replace('_', key.startsWith(" ") ? '_' : ' ')),
                Printable.name(String.valueOf(value)));
    }

    private static void list(PrintWriter out, Path folder, ModelInfo info) throws IOException {
        out.println("tensors");
        try (Checkpoint checkpoint = OpenedFolder.read(folder).weights()) {
            for (String name : checkpoint.names()) {
                StoredTensor tensor = checkpoint.find(name).orElseThrow();
                out.printf("  %-4s %-16s %s%s%n", tensor.dtype(), Arrays.toString(tensor.shape()),
                        Printable.name(name), info.usedTensors().contains(name) ? "" : "  (unused)");
            }
        }
    }

    /// How a task is asked for: by the command of its name, except for one that is another command's option.
    static String commandOf(Task<?> task) {
        return task.equals(HybridEmbedder.TASK) ? "multi-vector --hybrid" : task.name();
    }
}
