// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.option;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.cli.CommandFailed;
import io.encoder4j.cli.DownloadProgress;
import io.encoder4j.cli.Streams;
import io.encoder4j.error.ModelNotFoundException;
import io.encoder4j.hub.HubId;
import io.encoder4j.models.ConversionException;
import io.encoder4j.models.Models;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which model, and how it computes: a mixin for every command that opens one.
public final class ModelOption {

    @Option(names = {"-m", "--model"}, paramLabel = "MODEL", order = 1, converter = Places.AsName.class,
            description = "A model folder as Hugging Face keeps it; or org/name or org/name@revision, taken from the Hugging"
                    + " Face cache or else downloaded into it; or an ONNX file, which is converted once into encoder4j's"
                    + " cache; or classpath:PATH, a folder or an ONNX file that a jar on the class path has. Without it: all-MiniLM-L6-v2, which comes with encoder4j.")
    private @Nullable String model;

    @Mixin
    private ComputeOption compute;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /// Tells it its command, where it stands in another mixin: picocli then takes that for the command.
    public void in(CommandSpec spec) {
        command = spec;
    }

    /// The model as given, or null for the default.
    public @Nullable String given() {
        return model;
    }

    /// Asks for `--model` where it was left out, since the default model cannot do what is to be done.
    ///
    /// @param kind what a model has to be: `a model with a classification head`
    public void need(String kind) {
        if (model == null) {
            throw new ParameterException(command.commandLine(), command.name() + " needs " + kind + ": name one with --model; the"
                    + " default model, " + Models.DEFAULT + ", only makes vectors of whole texts");
        }
    }

    /// The folder of the model that was asked for, made or downloaded first if need be.
    public Path folder() throws IOException {
        return folder(model);
    }

    /// The folder of that model, made or downloaded first if need be; of the default model for null. [Models] decides what a
    /// name is.
    public Path folder(@Nullable String asked) throws IOException {
        return ask(models -> asked == null ? models.defaultModel() : models.folder(asked));
    }

    private interface Question<T> {
        T ask(Models models) throws IOException;
    }

    /// Asks [Models], and says in its failures what this command line has to offer.
    private <T> T ask(Question<T> question) throws IOException {
        try {
            return question.ask(Models.ofUser(new DownloadProgress(Streams.of(command))));
        } catch (ConversionException e) {
            throw CommandFailed.input(e.getMessage() + " (or make the folder yourself: encoder4j import " + e.onnx()
                    + " --output DIR …)", e);
        } catch (ModelNotFoundException e) {
            throw isOldName(e.name()) ? CommandFailed.input(e.getMessage() + " (the oldest have one word: encoder4j models"
                    + " download " + e.name() + ")", e) : e;
        }
    }

    /// Whether a model of the hub may have that name without an organization, as the oldest have.
    private static boolean isOldName(String name) {
        return !name.contains("@") && !name.endsWith(".onnx") && !name.equals(Models.DEFAULT)
                && HubId.parse(name).filter(id -> !id.hasOrganization()).isPresent();
    }

    /// Threads, kernels and precision.
    public ModelOptions options() {
        return compute.options();
    }

    /// Opens the model that was asked for, for a command whose results have no place to say how they were computed: who
    /// asked for a precision is told on standard error.
    public EncoderModel open() throws IOException {
        return open(0);
    }

    /// The same, of a model that reads no more of a text than that many tokens; 0 for its own limit.
    public EncoderModel open(int maxLength) throws IOException {
        ModelOptions options = options().withMaxTokens(maxLength);
        EncoderModel opened = ask(models -> model == null ? models.openDefault(options)
                : models.open(model, options));
        int fewest = maxLength == 0 ? 0 : opened.tokenizer().specialTokenCount(false) + 1;
        if (maxLength < fewest || maxLength > opened.encoder().maxTokens()) {
            try (opened) {
                throw new ParameterException(command.commandLine(), "--max-length " + maxLength + " is outside " + fewest + " to "
                        + opened.encoder().maxTokens() + ", what this model takes");
            }
        }
        if (compute.asked()) {
            Streams.of(command).say(used(opened));
        }
        return opened;
    }

    /// What a model computes with, for people: `kernels vector-512, float32`.
    public static String used(EncoderModel opened) {
        return "kernels " + opened.info().kernels() + ", " + opened.precision();
    }
}
