// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ConfigFiles;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The routes of a Router module, or of an Asym, as it was called before: which modules a text goes through depends on what it is,
/// a query or a document. Each route is a chain of modules; `router_config.json` lists them, and says which is taken when.
public final class Routes {

    private static final String FILE = "router_config.json";
    private static final String OLD_FILE = "config.json";
    private static final String TEXT = "text";
    private static final String WORD = "(None|'[^'\\\\]*'|\"[^\"\\\\]*\")";
    /// A pair in Python's words: the task, and what is read (text, image, several).
    private static final Pattern MAPPING = Pattern.compile("\\(" + WORD + ", (" + WORD + "|\\(.*\\))\\)");

    private final String location;
    private final SequencedMap<String, List<ModuleEntry>> chains;
    private final Map<String, String> mappings;
    private final @Nullable String any;
    private final @Nullable String standard;

    /// @param location where they are listed, for messages
    /// @param chains   the modules of each route, by its name, in file order
    /// @param mappings the route of a task, by task; texts alone count
    /// @param any      the route of any other task; null if there is no such rule
    /// @param standard the route of a text of which nothing is said; null if there is none
    private Routes(String location, SequencedMap<String, List<ModuleEntry>> chains, Map<String, String> mappings,
            @Nullable String any, @Nullable String standard) {
        this.location = location;
        this.chains = chains;
        this.mappings = mappings;
        this.any = any;
        this.standard = standard;
    }

    /// Makes a module of a class and a folder.
    interface Maker {
        ModuleEntry make(String name, String type, Path folder) throws IOException;
    }

    /// @param name   of the Router in `modules.json`, which the names of its modules begin with
    /// @param folder of its files
    static Routes read(String name, Path folder, Maker maker) throws IOException {
        Optional<ModelConfig> found = ConfigFiles.find(folder, FILE);
        ModelConfig config = found.isPresent() ? found.get() : ConfigFiles.require(folder, OLD_FILE);
        config.onlyKeys("types", "structure", "parameters");
        SequencedMap<String, List<ModuleEntry>> chains = new LinkedHashMap<>();
        Map<String, String> types = config.textsByName("types");
        ModelConfig structure = config.at("structure");
        for (String route : ConfigFiles.names(structure)) {
            List<ModuleEntry> chain = new ArrayList<>();
            for (String module : structure.texts(route)) {
                if (!types.containsKey(module)) {
                    config.problem("structure." + route + " has the module " + module + ", which types lacks");
                } else {
                    chain.add(maker.make(name + "." + module, types.get(module), files(folder, module, config)));
                }
            }
            chains.put(route, List.copyOf(chain));
        }
        if (chains.isEmpty()) {
            config.problem("structure has no routes");
        }
        return rules(config, chains);
    }

    private static Path files(Path folder, String module, ModelConfig config) {
        @Nullable Path found = new ModelFolder(folder).find(module, Path.of(config.location()), "structure");
        return found == null ? folder.resolve(module) : found;
    }

    private static Routes rules(ModelConfig config, SequencedMap<String, List<ModuleEntry>> chains) {
        ModelConfig parameters = config.at("parameters");
        parameters.onlyKeys("default_route", "allow_empty_key", "route_mappings");
        Map<String, String> exact = new LinkedHashMap<>();
        Map<String, String> ofTask = new LinkedHashMap<>();
        parameters.textsByName("route_mappings").forEach((key, route) -> {
            Matcher pair = MAPPING.matcher(key);
            if (!pair.matches()) {
                parameters.problem("route_mappings: " + key + " is not a pair of a task and what is read");
            } else if (word(pair.group(2)).equals(TEXT)) {
                exact.put(word(pair.group(1)), route);
            } else if (pair.group(2).equals("None")) {
                ofTask.put(word(pair.group(1)), route);
            }
            known(parameters, "route_mappings." + key, route, chains);
        });
        Map<String, String> mappings = new LinkedHashMap<>(ofTask);
        mappings.putAll(exact);
        @Nullable String any = Stream.of(exact, ofTask).map(rules -> rules.get("")).filter(route -> route != null).findFirst()
                .orElse(null);
        mappings.remove("");
        @Nullable String standard = parameters.has("default_route") ? parameters.text("default_route", "") : null;
        if (standard != null) {
            known(parameters, "default_route", standard, chains);
        } else if (parameters.flag("allow_empty_key", true) && !chains.isEmpty()) {
            standard = chains.firstEntry().getKey();
        }
        config.check();
        return new Routes(config.location(), chains, mappings, any, standard);
    }

    private static void known(ModelConfig config, String key, String route, Map<String, ?> chains) {
        if (!chains.containsKey(route)) {
            config.problem("parameters." + key + " is " + route + ", which is no route; the routes are "
                    + String.join(", ", chains.keySet()));
        }
    }

    /// The empty word for None.
    private static String word(String python) {
        return python.equals("None") ? "" : python.substring(1, python.length() - 1);
    }

    /// Where they are listed, for messages.
    String location() {
        return location;
    }

    /// The modules of each route, by its name.
    SequencedMap<String, List<ModuleEntry>> chains() {
        return chains;
    }

    /// {@return the names of the routes, in file order}
    public List<String> names() {
        return List.copyOf(chains.keySet());
    }

    /// {@return the route of a task, as sentence-transformers' `encode(…, task=…)` takes it; empty if there is none}
    ///
    /// @param task a route's name or another word that the folder maps to one; null if nothing is said
    public Optional<String> find(@Nullable String task) {
        if (task != null && mappings.containsKey(task)) {
            return Optional.of(mappings.get(task));
        }
        if (any != null) {
            return Optional.of(any);
        }
        if (task != null && chains.containsKey(task)) {
            return Optional.of(task);
        }
        return chains.containsKey(TEXT) ? Optional.of(TEXT) : Optional.ofNullable(task == null ? standard : null);
    }

    /// {@return why there is no route for a task, and which there are}
    ///
    /// @param task null if nothing is said
    public String missing(@Nullable String task) {
        return location + ": " + (task == null ? "there is no default route" : "there is no route '" + task + "'")
                + "; choose one of " + Stream.concat(chains.keySet().stream(), mappings.keySet().stream()).distinct().toList();
    }

    /// The route that a model is opened for: of a text of which nothing is said, else of a document, else the first.
    String first() {
        return find(null).or(() -> find("document")).orElseGet(() -> chains.firstEntry().getKey());
    }
}
