// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import io.encoder4j.files.ModelFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The files that are needed to run a model: configurations, the tokenizer and weights as safetensors. For a
/// sentence-transformers model, the same files of every folder in modules.json. Of a LoRA adapter, its own files: its base is a
/// model of another name. Pickle files (`.bin`, `.pt`) are never
/// included.
///
/// @param small   everything but weights
/// @param weights the weights
/// @param missing needed files that the model does not have, in words; empty if it can be used
record RequiredFiles(List<String> small, List<String> weights, List<String> missing) {

    static final String MODULES = "modules.json";
    private static final String CONFIG = "config.json";
    private static final String ROUTER = "router_config.json";
    private static final String SINGLE = "model.safetensors";
    private static final String ADAPTER_CONFIG = "adapter_config.json";
    private static final String ADAPTER = "adapter_model.safetensors";
    private static final String ADAPTER_PICKLE = "adapter_model.bin";
    private static final String INDEX = "model.safetensors.index.json";
    private static final int MOST_SHARDS = 1000;

    private static final Set<String> SMALL = Set.of(CONFIG, MODULES, ROUTER, ADAPTER_CONFIG, "config_sentence_transformers.json",
            "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt",
            "sentencepiece.bpe.model", "spiece.model", "spm.model", "tokenizer.model", "artifact.metadata",
            // bge-m3's two extra layers, where somebody has converted them: a few kilobytes and two megabytes.
            "sparse_linear.safetensors", "colbert_linear.safetensors");
    private static final String SENTENCE_CONFIG = "sentence_[a-z-]+_config\\.json";
    private static final List<String> PICKLES = List.of("pytorch_model.bin", "pytorch_model.bin.index.json", "model.pt");

    /// Reads one of the model's JSON files; it is there.
    interface Reader {
        JsonNode read(String name) throws IOException;
    }

    /// @param names every file there is
    /// @throws HubException if a file names another that is outside the model's folder
    static RequiredFiles of(Set<String> names, Reader reader) throws IOException {
        Set<String> small = new LinkedHashSet<>();
        Set<String> weights = new LinkedHashSet<>();
        List<String> missing = new ArrayList<>();
        List<Module> modules = names.contains(MODULES) ? modules(names, reader) : List.of(new Module("", true, true));
        addSmall("", names, small);
        for (Module module : modules) {
            addSmall(module.prefix, names, small);
            if (module.hasWeights && names.contains(module.prefix + ADAPTER_CONFIG)) {
                addAdapter(module.prefix, names, weights, missing);
                if (!names.contains(module.prefix + SINGLE) && !names.contains(module.prefix + INDEX)) {
                    // The adapter's base has the rest.
                    continue;
                }
            }
            if (module.needsConfig && !names.contains(module.prefix + CONFIG)) {
                missing.add(module.prefix + CONFIG);
            }
            if (module.hasWeights) {
                addWeights(module.prefix, names, reader, small, weights, missing);
            }
        }
        return new RequiredFiles(List.copyOf(small), List.copyOf(weights), List.copyOf(missing));
    }

    /// @param prefix      its folder with a slash at the end, or nothing for the model's own
    /// @param needsConfig whether it cannot be without a configuration
    /// @param hasWeights  whether it cannot be without weights
    private record Module(String prefix, boolean needsConfig, boolean hasWeights) { }

    private static List<Module> modules(Set<String> names, Reader reader) throws IOException {
        List<Module> modules = new ArrayList<>();
        for (JsonNode module : reader.read(MODULES)) {
            String path = ModelFiles.module(module.path("path").asString(""));
            String type = module.path("type").asString("");
            String prefix = path.isEmpty() ? "" : SafeFileNames.check(path, MODULES) + "/";
            if (type.matches(".*\\.(?:Router|Asym)")) {
                modules.add(new Module(prefix, false, false));
                modules.addAll(routed(prefix, names, reader));
                continue;
            }
            boolean hasWeights = modules.isEmpty() || type.matches(".*\\.(?:Dense|LayerNorm|Transformer|CNN|LSTM)");
            boolean needsConfig = (hasWeights || type.matches(".*\\.Pooling")) && !type.endsWith(".StaticEmbedding");
            modules.add(new Module(prefix, needsConfig, hasWeights));
        }
        return modules;
    }

    /// The modules of a Router's routes.
    private static List<Module> routed(String prefix, Set<String> names, Reader reader) throws IOException {
        String file = prefix + (names.contains(prefix + ROUTER) ? ROUTER : CONFIG);
        List<Module> modules = new ArrayList<>();
        if (!names.contains(file)) {
            return modules;
        }
        for (Map.Entry<String, JsonNode> module : reader.read(file).path("types").properties()) {
            String type = module.getValue().asString("");
            boolean hasWeights = type.matches(".*\\.(?:Dense|LayerNorm|Transformer|StaticEmbedding)");
            modules.add(new Module(prefix + SafeFileNames.check(module.getKey(), file) + "/",
                    hasWeights && !type.endsWith(".StaticEmbedding") || type.endsWith(".Pooling"), hasWeights));
        }
        return modules;
    }

    private static void addSmall(String prefix, Set<String> names, Set<String> small) {
        for (String name : names) {
            String file = name.startsWith(prefix) ? name.substring(prefix.length()) : "/";
            if (SMALL.contains(file) || file.matches(SENTENCE_CONFIG)) {
                small.add(name);
            }
        }
    }

    private static void addAdapter(String prefix, Set<String> names, Set<String> weights, List<String> missing) {
        if (names.contains(prefix + ADAPTER)) {
            weights.add(prefix + ADAPTER);
        } else {
            missing.add(prefix + ADAPTER + (names.contains(prefix + ADAPTER_PICKLE) ? "; it has " + prefix + ADAPTER_PICKLE
                    + ", but pickle weights are not read, because they can run code. Load and save the adapter with PEFT" : ""));
        }
    }

    private static void addWeights(String prefix, Set<String> names, Reader reader, Set<String> small, Set<String> weights,
            List<String> missing) throws IOException {
        if (names.contains(prefix + SINGLE)) {
            weights.add(prefix + SINGLE);
        } else if (names.contains(prefix + INDEX)) {
            small.add(prefix + INDEX);
            for (String shard : shards(prefix, reader.read(prefix + INDEX))) {
                if (names.contains(shard)) {
                    weights.add(shard);
                } else {
                    missing.add(shard + ", which " + prefix + INDEX + " names");
                }
            }
        } else {
            Optional<String> pickle = PICKLES.stream().map(name -> prefix + name).filter(names::contains).findFirst();
            missing.add(prefix + SINGLE + pickle.map(name -> "; it has " + name + ", but pickle weights are not read, because "
                    + "they can run code. Convert them with: " + CONVERT).orElse(""));
        }
    }

    private static final String CONVERT = "python -c \"from transformers import AutoModel; "
            + "AutoModel.from_pretrained('MODEL').save_pretrained('converted')\" (and copy the tokenizer's files beside), or "
            + "try MODEL@refs/pr/N where a pull request on the hub offers safetensors";

    private static Set<String> shards(String prefix, JsonNode index) throws HubException {
        Set<String> shards = new LinkedHashSet<>();
        for (JsonNode shard : index.path("weight_map")) {
            shards.add(prefix + SafeFileNames.check(shard.asString(""), prefix + INDEX));
            if (shards.size() > MOST_SHARDS) {
                throw new HubException(prefix + INDEX + ": more than " + MOST_SHARDS + " shards");
            }
        }
        return shards;
    }

    /// Why the model cannot be used, as one text.
    String missingText(HubId id) {
        return String.join("; ", missing).replace("MODEL", id.repo());
    }
}
