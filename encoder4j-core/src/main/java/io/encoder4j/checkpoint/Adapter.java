// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// PEFT's adapter_config.json of a LoRA (Hu et al. 2021): small matrices A `[r, in]` and B `[out, r]` that were trained beside the
/// weights `[out, in]` of another model, its base. An adapted layer has the weight `W + α/r · B A`.
///
/// A key that changes the result is obeyed, or refused by name.
///
/// @param location     named in messages
/// @param base         the base's name: a folder, or a name on the hub
/// @param revision     the base's revision on the hub
/// @param rank         r, where `ranks` has no other
/// @param ranks        r by the ends of module names
/// @param alpha        α, where `alphas` has no other
/// @param alphas       α by the ends of module names
/// @param rootOfRank   whether B A is divided by √r instead of r (rsLoRA)
/// @param savedModules ends of the names of modules that the adapter has in full
public record Adapter(String location, String base, Optional<String> revision, double rank, Map<String, Double> ranks,
        double alpha, Map<String, Double> alphas, boolean rootOfRank, List<String> savedModules) {

    /// What PEFT calls the file.
    public static final String CONFIG = "adapter_config.json";

    private static final String METHOD = "LORA";
    private static final int DEFAULT_RANK = 8;

    /// Read above, or of no consequence for the result: how the adapter was trained, and which modules have it, which its tensors
    /// tell.
    private static final Set<String> KNOWN = Set.of("peft_type", "base_model_name_or_path", "revision", "r", "rank_pattern",
            "lora_alpha", "alpha_pattern", "use_rslora", "modules_to_save", "bias", "init_lora_weights", "lora_bias", "use_dora",
            "task_type", "auto_mapping", "peft_version", "inference_mode", "lora_dropout", "target_modules", "exclude_modules",
            "layers_to_transform", "layers_pattern", "loftq_config", "eva_config", "corda_config", "lora_ga_config",
            "megatron_config", "megatron_core", "runtime_config", "qalora_group_size",
            // Of a layer of torch's, which all of ours are, PEFT itself sets it to false.
            "fan_in_fan_out");

    /// Ways to begin that leave the base as it is; all others take away from it what the adapter begins with.
    private static final Set<String> BEGINNINGS = Set.of("true", "false", "gaussian", "orthogonal", "eva");

    /// Reads the file of a folder, if it has one.
    ///
    /// @param folder the folder
    /// @return the adapter, or empty
    /// @throws CheckpointException naming every key that is not understood
    /// @throws IOException if a file cannot be read
    /// @throws IOException if a file cannot be read
    public static Optional<Adapter> find(Path folder) throws IOException {
        Optional<ModelConfig> config = ConfigFiles.find(folder, CONFIG);
        return config.map(Adapter::read);
    }

    private static Adapter read(ModelConfig config) {
        String method = config.text("peft_type", METHOD);
        if (!method.equals(METHOD)) {
            throw new CheckpointException(config.location() + ": peft_type '" + Printable.name(method)
                    + "' is not supported; supported: " + METHOD);
        }
        config.only("use_dora", false);
        config.only("bias", "none", "all", "lora_only");
        config.json().forEachEntry((key, value) -> {
            if (!KNOWN.contains(key) && isSet(value)) {
                config.problem(Printable.name(key) + " " + Printable.name(value.toString())
                        + " is not supported");
            }
        });
        JsonNode beginning = config.json().path("init_lora_weights");
        if (config.has("init_lora_weights") && !BEGINNINGS.contains(beginning.asString())) {
            config.problem("init_lora_weights " + beginning + " is not supported, since it changes the base; convert the adapter"
                    + " to a LoRA with PEFT's path_initial_model_for_weight_conversion");
        }
        Adapter adapter = new Adapter(config.location(), config.text("base_model_name_or_path", ""),
                Optional.of(config.text("revision", "")).filter(name -> !name.isEmpty()),
                config.number("r", DEFAULT_RANK), pattern(config, "rank_pattern"),
                config.number("lora_alpha", DEFAULT_RANK), pattern(config, "alpha_pattern"), config.flag("use_rslora", false),
                config.texts("modules_to_save"));
        config.check();
        return adapter;
    }

    private static boolean isSet(JsonNode value) {
        return !value.isNull() && !(value.isBoolean() && !value.asBoolean()) && !(value.isContainer() && value.isEmpty());
    }

    private static Map<String, Double> pattern(ModelConfig config, String key) {
        Map<String, Double> pattern = new LinkedHashMap<>();
        config.at(key).json().forEachEntry((name, value) -> {
            if (!value.isNumber() || !name.matches("[A-Za-z0-9_.-]+")) {
                config.problem(key + " '" + Printable.name(name) + "': " + value + " is not supported; supported are"
                        + " ends of module names with a number, no other regular expressions");
            } else {
                pattern.put(name, value.doubleValue());
            }
        });
        return pattern;
    }

    /// What B A is multiplied with in a module.
    double scale(String module) {
        double r = rank(module);
        return valueOf(module, alphas, alpha) / (rootOfRank ? Math.sqrt(r) : r);
    }

    /// r in a module.
    double rank(String module) {
        return valueOf(module, ranks, rank);
    }

    /// Whether the adapter has the module in full, or one that it is in.
    boolean isSaved(String tensor) {
        return savedModules.stream().anyMatch(module -> ("." + tensor).contains("." + module + "."));
    }

    private static double valueOf(String module, Map<String, Double> pattern, double otherwise) {
        return pattern.entrySet().stream().filter(entry -> isEnd(entry.getKey(), module)).findFirst().map(Map.Entry::getValue)
                .orElse(otherwise);
    }

    /// Whether a module's name ends with the words of another; a dot stands for any character, as in Python.
    private static boolean isEnd(String end, String module) {
        int from = module.length() - end.length();
        if (from < 0 || from > 0 && module.charAt(from - 1) != '.') {
            return false;
        }
        for (int i = 0; i < end.length(); i++) {
            if (end.charAt(i) != '.' && end.charAt(i) != module.charAt(from + i)) {
                return false;
            }
        }
        return true;
    }

    /// {@return puts the adapter's tensors into the base's: the result has the base's names, and closing it closes both}
    ///
    /// @param base   the weights it was trained on
    /// @param folder has adapter_model.safetensors
    /// @param copy   whether the adapter's tensors are read into memory
    /// @throws CheckpointException naming every tensor of the adapter that does not fit; the base is then closed
    public Checkpoint applyTo(Checkpoint base, Path folder, boolean copy) {
        Checkpoint tensors = null;
        try {
            tensors = Checkpoints.openAdapter(folder);
            tensors = copy ? CopiedCheckpoint.of(tensors) : tensors;
            List<String> problems = new ArrayList<>();
            Checkpoint adapted = new AdapterReader(this, base, tensors, problems).read();
            CheckpointException.throwAll(tensors.location(), problems);
            return adapted;
        } catch (Throwable t) {
            base.close();
            if (tensors != null) {
                tensors.close();
            }
            throw t;
        }
    }
}
