// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.man;

import io.encoder4j.platform.Release;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine;

/// The manual page of a command, from what picocli knows of it.
final class ManPage {

    /// What the options do not tell of, in the page of the whole program.
    private static final Map<String, String> ENVIRONMENT = environment();

    /// An option's environment variable, as its description ends.
    private static final Pattern VARIABLE = Pattern.compile("\\[([A-Z][A-Z0-9_]+)]$");

    private final CommandSpec command;
    private final Help help;
    private final Roff roff;

    private ManPage(CommandSpec command) {
        this.command = command;
        // Who shows the page breaks the lines.
        command.usageMessage().autoWidth(false).width(4000);
        this.help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
        this.roff = new Roff(name(command), "encoder4j " + Release.version());
    }

    /// {@return the pages of a command and of all below it, by the names of their files: `encoder4j-embed.1`}
    static SequencedMap<String, String> all(CommandSpec command) {
        SequencedMap<String, String> pages = new LinkedHashMap<>();
        pages.put(name(command) + ".1", of(command));
        children(command).forEach(child -> pages.putAll(all(child)));
        return pages;
    }

    /// {@return the page of one command, as roff}
    static String of(CommandSpec command) {
        return new ManPage(command).write();
    }

    private String write() {
        roff.section("NAME");
        roff.line(Roff.escape(name(command)) + " \\- " + Roff.escape(summary(command)));
        roff.section("SYNOPSIS");
        String synopsis = help.synopsis(0).strip().replaceAll("\\s+", " ");
        roff.line(Roff.bold(command.qualifiedName()) + Roff.escape(synopsis.substring(command.qualifiedName().length())));
        roff.section("DESCRIPTION");
        roff.text(lines(command.usageMessage().description()));
        arguments();
        commands();
        environmentOfOptions();
        exitStatus();
        String footer = lines(command.usageMessage().footer());
        if (!footer.isBlank()) {
            roff.section("NOTES");
            roff.text(footer);
        }
        seeAlso();
        return roff.toString();
    }

    private static String lines(String[] texts) {
        return Stream.of(texts).map(String::formatted).collect(Collectors.joining("\n"));
    }

    private void arguments() {
        List<PositionalParamSpec> parameters = command.positionalParameters().stream().filter(p -> !p.hidden()).toList();
        if (!parameters.isEmpty()) {
            roff.section("ARGUMENTS");
        }
        for (PositionalParamSpec parameter : parameters) {
            roff.item(Roff.italic(label(parameter)), description(help.createDefaultParameterRenderer()
                    .render(parameter, help.parameterLabelRenderer(), help.colorScheme())));
        }
        List<OptionSpec> options = options();
        if (!options.isEmpty()) {
            roff.section("OPTIONS");
        }
        for (OptionSpec option : options) {
            Help.Ansi.Text[][] rows = rows(option);
            String shortName = rows[0][1].toString().strip();
            String longNames = rows[0][3].toString().strip();
            String all = shortName + (shortName.isEmpty() || longNames.isEmpty() || longNames.startsWith("=") ? "" : ", ") + longNames;
            String label = label(option);
            String names = all.endsWith(label) ? all.substring(0, all.length() - label.length()) : all;
            String equals = label.startsWith("=") ? "=" : "";
            roff.item(Stream.of(names.split(", ")).map(Roff::bold).collect(Collectors.joining(", "))
                    + (label.isEmpty() ? "" : equals + Roff.italic(label.substring(equals.length()))), description(rows));
        }
    }

    private List<OptionSpec> options() {
        return command.options().stream().filter(option -> !option.hidden()).sorted(Comparator.comparingInt(OptionSpec::order)).toList();
    }

    private Help.Ansi.Text[][] rows(OptionSpec option) {
        return help.createDefaultOptionRenderer().render(option, help.parameterLabelRenderer(), help.colorScheme());
    }

    private String label(ArgSpec argument) {
        return help.parameterLabelRenderer().renderParameterLabel(argument, Help.Ansi.OFF, List.of()).toString();
    }

    /// Descriptions are in the last column.
    private static String description(Help.Ansi.Text[][] rows) {
        return Stream.of(rows).map(row -> row[row.length - 1].toString()).collect(Collectors.joining("\n"));
    }

    private void commands() {
        List<CommandSpec> children = children(command);
        if (!children.isEmpty()) {
            roff.section("COMMANDS");
        }
        children.forEach(child -> roff.item(Roff.bold(child.name()), summary(child) + "."));
    }

    private void environmentOfOptions() {
        SequencedMap<String, String> variables = new LinkedHashMap<>();
        for (OptionSpec option : options()) {
            Matcher variable = VARIABLE.matcher(description(rows(option)).strip());
            if (variable.find()) {
                variables.put(variable.group(1), "The same as " + option.longestName() + ".");
            }
        }
        if (command.parent() == null) {
            variables.putAll(ENVIRONMENT);
        }
        if (!variables.isEmpty()) {
            roff.section("ENVIRONMENT");
        }
        variables.forEach((name, text) -> roff.item(Roff.bold(name), text));
    }

    private static Map<String, String> environment() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("ENCODER4J_CACHE", "The folder for converted models; else encoder4j among the user's caches (~/.cache/encoder4j).");
        texts.put("ENCODER4J_JAVA_OPTS", "Options for the JVM, such as -Xmx4g.");
        texts.put("HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE",
                "The Hugging Face cache and the hub: encoder4j-models(1) explains them.");
        return texts;
    }

    private void exitStatus() {
        roff.section("EXIT STATUS");
        command.usageMessage().exitCodeList().forEach((code, text) -> roff.item(Roff.bold(code.strip()), text.strip()));
    }

    private void seeAlso() {
        List<CommandSpec> others = new ArrayList<>(children(command));
        if (command.parent() != null) {
            others.addFirst(command.parent());
            others.addFirst(command.root());
        }
        roff.section("SEE ALSO");
        roff.line(others.stream().distinct().map(other -> Roff.bold(name(other)) + "(1)").collect(Collectors.joining(", ")));
    }

    /// A description's first sentence, without its full stop.
    private static String summary(CommandSpec command) {
        String[] description = command.usageMessage().description();
        return description.length == 0 ? "" : description[0].formatted().strip().replaceFirst("(?s)\\.(\\s.*)?$", "");
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private static List<CommandSpec> children(CommandSpec command) {
        return command.subcommands().values().stream().map(CommandLine::getCommandSpec)
                .filter(child -> !child.usageMessage().hidden()).distinct().toList();
    }
}
