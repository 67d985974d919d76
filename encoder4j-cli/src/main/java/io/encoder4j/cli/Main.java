// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.cli.man.ManCommand;
import io.encoder4j.cli.models.ModelsCommand;
import io.encoder4j.cli.option.Places;
import io.encoder4j.cli.task.AnswerCommand;
import io.encoder4j.cli.task.ClassifyCommand;
import io.encoder4j.cli.task.FillMaskCommand;
import io.encoder4j.cli.task.MultiVectorCommand;
import io.encoder4j.cli.task.ReplacedCommand;
import io.encoder4j.cli.task.RerankCommand;
import io.encoder4j.cli.task.SparseCommand;
import io.encoder4j.cli.task.TagCommand;
import io.encoder4j.cli.task.ZeroShotCommand;
import io.encoder4j.cli.verify.VerifyCommand;
import io.encoder4j.files.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/// `encoder4j`, the command that has all others.
@Command(name = "encoder4j", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT, versionProvider = Version.class,
        sortOptions = false, usageHelpAutoWidth = true, headerHeading = "", synopsisHeading = "Usage: ",
        descriptionHeading = "%n", parameterListHeading = "%n", optionListHeading = "%n", commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:a check failed", "2:wrong usage", "3:a bad model or input"})
public final class Main implements Runnable, Streams.Holder {

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, order = 1000,
            description = "With an error, print where in the program it came from.")
    private boolean stacktrace;

    @Spec
    private CommandSpec spec;

    private final Streams streams;

    private Main(Streams streams) {
        this.streams = streams;
    }

    /// Runs a command and exits with its code.
    public static void main(String[] args) {
        Timings.mark("main");
        LogLines.use();
        System.exit(run(args, System.in, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err),
                Terminal.of(System.getenv())));
    }

    /// Runs a command.
    ///
    /// @param terminal what a person sees of `out` and `err`
    /// @return the exit code
    static int run(String[] args, InputStream in, OutputStream out, OutputStream err, Terminal terminal) {
        Streams streams = Streams.over(in, out, err, terminal);
        CommandLine commandLine = commandLine(streams, args);
        Timings.mark("commands known");
        int code;
        try {
            code = commandLine.execute(args);
        } catch (Error e) {
            // Out of memory above all; picocli passes on only exceptions.
            code = failed(e, commandLine);
        }
        commandLine.getOut().flush();
        commandLine.getErr().flush();
        code = streams.finish(code);
        Timings.mark("written");
        Timings.memory();
        return code;
    }

    /// Every command, in the order of the help. New ones are added here and in [#command], and in [#EXAMPLES] if a beginner
    /// should see them.
    static final List<String> COMMANDS = List.of("embed", "similarity", "classify", "rerank", "tag", "fill-mask", "answer",
            "zero-shot", "sparse", "multi-vector", "replaced", "tokenize", "inspect", "import", "models", "verify",
            "evaluate", "bench", "explain", "serve", "help", "completion", "man");

    /// Those that know of all the others.
    private static final Set<String> KNOW_ALL = Set.of("help", "completion", "man");

    private static Object command(String name) {
        return switch (name) {
            case "embed" -> new EmbedCommand();
            case "similarity" -> new SimilarityCommand();
            case "classify" -> new ClassifyCommand();
            case "rerank" -> new RerankCommand();
            case "tag" -> new TagCommand();
            case "fill-mask" -> new FillMaskCommand();
            case "answer" -> new AnswerCommand();
            case "zero-shot" -> new ZeroShotCommand();
            case "sparse" -> new SparseCommand();
            case "multi-vector" -> new MultiVectorCommand();
            case "replaced" -> new ReplacedCommand();
            case "tokenize" -> new TokenizeCommand();
            case "inspect" -> new InspectCommand();
            case "import" -> new ImportCommand();
            case "models" -> new ModelsCommand();
            case "verify" -> new VerifyCommand();
            case "evaluate" -> new EvaluateCommand();
            case "bench" -> new BenchCommand();
            case "explain" -> new ExplainCommand();
            case "serve" -> new ServeCommand();
            case "help" -> new HelpCommand();
            case "completion" -> new CompletionCommand();
            case "man" -> new ManCommand();
            default -> throw new IllegalArgumentException("there is no command " + name);
        };
    }

    /// The command that the arguments begin with, or all: reading the options of those that are not asked for would take
    /// longer than embedding a text.
    private static CommandLine commandLine(Streams streams, String[] args) {
        boolean alone = args.length > 0 && COMMANDS.contains(args[0]) && !KNOW_ALL.contains(args[0]);
        if (alone && args[0].equals("serve")) {
            ServeCommand.warmUp();
        }
        CommandLine line = new CommandLine(new Main(streams));
        for (String name : alone ? List.of(args[0]) : COMMANDS) {
            line.addSubcommand(command(name));
        }
        line.getCommandSpec().usageMessage().description("Transformer encoders for the JVM: vectors of texts, and how they"
                + " come about.").footer(EXAMPLES);
        return line
                .setOut(writer(streams.out()))
                .setErr(writer(streams.err()))
                .registerConverter(Path.class, new Places.AsPath())
                // A text may begin with an @; it is no name of a file with arguments.
                .setExpandAtFiles(false)
                .setUsageHelpLongOptionsMaxWidth(30)
                .setParameterExceptionHandler(Main::wrongUsage)
                .setExecutionExceptionHandler((e, command, _) -> failed(e, command));
    }

    private static final String[] EXAMPLES = {
        "",
        "Examples:",
        "  encoder4j embed \"A sentence to encode\"",
        "  encoder4j similarity \"He eats.\" \"A man is eating.\" \"The sky.\"",
        "  encoder4j embed --input sentences.txt --format npy --output vectors.npy",
        "  encoder4j inspect --model my-model-folder",
        "  encoder4j embed --model intfloat/e5-small-v2 \"query: a name on the hub\"",
        "  encoder4j explain \"A sentence to look into\"",
        "  encoder4j explain --tutorial",
        "  encoder4j serve",
        "",
        "Without --model the model is all-MiniLM-L6-v2, which comes with encoder4j.",
        "'encoder4j help COMMAND' explains a command."};

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /// No command: help is the best answer there is, but a script should notice.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is needed: "
                + String.join(", ", spec.subcommands().keySet()));
    }

    @Override
    public Streams streams() {
        return streams;
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(Printable.lines(Usage.message(e)));
        trace(e, command);
        return Failure.WRONG_USAGE;
    }

    private static int failed(Throwable e, CommandLine command) {
        Failure failure = Failure.of(e);
        if (!failure.message().isEmpty()) {
            command.getErr().println("encoder4j: " + Printable.lines(failure.message()));
        }
        trace(e, command);
        return failure.exitCode();
    }

    private static void trace(Throwable e, CommandLine command) {
        if (command.getCommandSpec().root().userObject() instanceof Main main && main.stacktrace) {
            e.printStackTrace(command.getErr());
        }
    }
}
