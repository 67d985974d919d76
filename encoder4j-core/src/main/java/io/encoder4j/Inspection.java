// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.WeightSource;
import io.encoder4j.engine.MappedFiles;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.model.Architectures;
import io.encoder4j.model.Encoder;
import io.encoder4j.sentence.SentencePipeline;
import io.encoder4j.sentence.TextPooler;
import io.encoder4j.tokenizer.TokenizerException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a model folder can do, found out before it is loaded: from its configurations and the names and shapes of its
/// tensors. No weights are read but for int8, so a large model takes as long as a small one.
///
/// @param modelType     the family that config.json means; empty if none
/// @param architectures the classes that wrote the checkpoint
/// @param settings      the keys of config.json that hold a plain value
/// @param info          sizes, tensors, pooling, if it can be loaded
/// @param abilities     what it can and cannot be used for; empty if it cannot be loaded
/// @param problems      why it cannot be loaded, or a part of it; each says where, what and what to do
/// @param quantised     the encoder's linear layers, if the options say int8; then their weights are read
public record Inspection(String modelType, List<String> architectures, SequencedMap<String, String> settings,
        Optional<ModelInfo> info, List<Ability> abilities, List<String> problems, List<WeightSource.Quantised> quantised) {

    /// Inspects a folder.
    ///
    /// @param folder  the model's folder
    /// @param options says which kernels would be used
    /// @return what is in the folder
    /// @throws CheckpointException if there is no folder or no readable config.json; all else is reported
    /// @throws IOException if a file cannot be read
    public static Inspection of(Path folder, ModelOptions options) throws IOException {
        OpenedFolder opened = OpenedFolder.read(folder);
        Inspection first = of(folder, opened, options);
        List<String> problems = new ArrayList<>(first.problems);
        for (String route : opened.sentence().otherRoutes()) {
            of(folder, OpenedFolder.read(folder, route), options).problems.stream()
                    .filter(problem -> !problems.contains(problem)).toList().forEach(problems::add);
        }
        return new Inspection(first.modelType, first.architectures, first.settings, first.info, first.abilities,
                List.copyOf(problems), first.quantised);
    }

    private static Inspection of(Path folder, OpenedFolder opened, ModelOptions options) throws IOException {
        ModelConfig config = opened.config();
        List<String> problems = new ArrayList<>();
        Optional<ModelInfo> info = Optional.empty();
        List<Ability> abilities = List.of();
        List<WeightSource.Quantised> quantised = List.of();
        Kernels kernels = KernelChoice.choose(options.kernels(), options.precision());
        try (Arena arena = Arena.ofShared(); Checkpoint checkpoint = opened.weights()) {
            Architectures.Examined examined = Architectures.examine(config, checkpoint, kernels, arena);
            examined.problems().forEach(problem -> problems.add(checkpoint.location() + ": " + problem));
            if (problems.isEmpty()) {
                quantised = List.copyOf(examined.quantised());
                boolean tokenizer = checkTokenizer(opened, examined.encoder(), problems);
                SentencePipeline pipeline = opened.sentence().pipeline(examined.encoder().hiddenSize());
                // Modules after pooling are small: building them shows whether their weights fit.
                MappedFiles.guard(folder.toString(),
                        () -> TextPooler.build(pipeline, examined.encoder()::pooler, kernels, arena));
                info = Optional.of(ModelInfo.of(config, checkpoint, examined, pipeline, kernels));
                abilities = new ModelFacts(config, examined.encoder().heads(), opened.sentence(), info.get())
                        .abilities(tokenizer);
            }
        } catch (CheckpointException e) {
            problems.add(e.getMessage());
        }
        return new Inspection(Architectures.family(config), config.texts("architectures"), config.settings(), info, abilities,
                List.copyOf(problems), quantised);
    }

    private static boolean checkTokenizer(OpenedFolder opened, Encoder encoder, List<String> problems) throws IOException {
        try {
            boolean there = opened.tokenizer(encoder).isPresent();
            if (!there) {
                problems.add(opened.files() + ": there is no tokenizer.json and no vocab.txt: it takes token ids, but no text");
            }
            return there;
        } catch (TokenizerException | CheckpointException e) {
            problems.add(e.getMessage());
            return false;
        }
    }
}
