// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Model folders: which file is taken, shards, and that no name leads out.
class CheckpointsTest {

    @TempDir
    Path home;

    private Path folder;

    @BeforeEach
    void folderBesideASecret() throws IOException {
        folder = Files.createDirectory(home.resolve("model"));
        // Valid, so that a reader that went there would succeed.
        write(home.resolve("secret.safetensors"), "a", 666);
        write(home.resolve("secret"), "a", 666);
    }

    @Test
    void readsShards() throws IOException {
        write(folder.resolve("model-1.safetensors"), "a", 1);
        write(folder.resolve("model-2.safetensors"), "b", 2);
        index("{'metadata':{'total_size':8},'weight_map':{'b':'model-2.safetensors','a':'model-1.safetensors'}}");
        try (Checkpoint model = Checkpoints.open(folder)) {
            assertThat(model.names()).containsExactly("b", "a");
            assertThat(model.find("a").orElseThrow().toFloats()).containsExactly(1);
            assertThat(model.find("b").orElseThrow().toFloats()).containsExactly(2);
            assertThat(model.metadata()).containsEntry("format", "pt");
            assertThat(model.location()).endsWith("model.safetensors.index.json");
        }
    }

    @Test
    void takesTheSingleFileFirst() throws IOException {
        write(folder.resolve("model.safetensors"), "a", 1);
        Files.writeString(folder.resolve("pytorch_model.bin"), "");
        index("not even JSON");
        try (Checkpoint model = Checkpoints.open(folder)) {
            assertThat(model.find("a").orElseThrow().toFloats()).containsExactly(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            idx01_traversal       | weight_map[a]: path leaves the model folder or is not plain: "../../etc/passwd"
            idx02_inner_traversal | weight_map[a]: path leaves the model folder or is not plain: "x/../../secret.safetensors"
            idx03_absolute        | weight_map[a]: path leaves the model folder or is not plain: "/etc/passwd"
            idx04_nul             | weight_map[a]: path leaves the model folder or is not plain: "model\\u0000.safetensors"
            idx05_missing_shard   | missing shard model-00001-of-00002.safetensors
            idx07_backslash       | weight_map[a]: path leaves the model folder or is not plain: "..\\..\\secret"
            """)
    void refusesIndex(String file, String place) throws IOException {
        String name = file + ".index.json";
        Path copy = Files.copy(Path.of("src/test/resources/bad", name), folder.resolve(name));
        assertThat(Cost.refusal(copy, ShardedSafetensors::open)).contains(place);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'weight_map':{'a':'../secret.safetensors'}}        | weight_map[a]: path leaves the model folder
            {'weight_map':{'a':'..'}}                           | weight_map[a]: path leaves the model folder
            {'weight_map':{'a':'./x'}}                          | weight_map[a]: path leaves the model folder
            {'weight_map':{'a':''}}                             | weight_map[a]: path leaves the model folder
            {'weight_map':{'a':'C:secret'}}                     | weight_map[a]: path leaves the model folder
            {'weight_map':{'a':7}}                              | weight_map[a]: expected a string, found a number
            {'weight_map':{'a':'x','a':'y'}}                    | weight_map[a]: duplicate tensor name
            {'weight_map':{},'weight_map':{}}                   | weight_map: duplicate key
            {'weight_map':[]}                                   | weight_map: expected an object, found an array
            {'weight_map':{}}                                   | no weight_map, or an empty one
            {'metadata':{'weight_map':{'a':'x'}}}               | no weight_map, or an empty one
            []                                                  | top level: expected an object, found an array
            {'weight_map':{'a':'x'}                             | Unexpected end-of-input
            {'weight_map':{'a':'x','b':'y','c':'x'}}            | missing shard x, y
            """)
    void refusesMadeIndex(String json, String place) throws IOException {
        assertThat(Cost.refusal(index(json), ShardedSafetensors::open)).contains(place);
    }

    @Test
    void refusesManyShards() throws IOException {
        String map = IntStream.range(0, 20_000).mapToObj(i -> "'k" + i + "': 's" + i + ".safetensors'")
                .collect(Collectors.joining(", "));
        assertThat(Cost.refusal(index("{'weight_map':{" + map + "}}"), ShardedSafetensors::open))
                .contains("weight_map[k1000]: more than 1000 shards");
    }

    @Test
    void refusesTensorsThatAreNotWhereTheIndexSays() throws IOException {
        write(folder.resolve("one"), "a", 1);
        write(folder.resolve("two"), "a", 2);
        assertThat(Cost.refusal(index("{'weight_map':{'b':'one'}}"), ShardedSafetensors::open))
                .contains("weight_map[b]: one has no such tensor");
        Safetensors.write(folder.resolve("three"), Map.of("a", Tensor.zeros(1), "c", Tensor.zeros(1)), Map.of());
        assertThat(Cost.refusal(index("{'weight_map':{'a':'one','c':'three'}}"), ShardedSafetensors::open))
                .contains("weight_map[a]: the tensor is in both one and three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.safetensors", "../../model/../secret.safetensors"})
    void refusesLinksOutOfTheFolder(String target) throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        Files.createSymbolicLink(folder.resolve("shard"), Path.of("../secret.safetensors"));
        Files.createSymbolicLink(folder.resolve("parent"), Path.of(".."));
        for (String shard : new String[] {"shard", "parent/secret.safetensors"}) {
            assertThat(Cost.refusal(index("{'weight_map':{'a':'" + shard + "'}}"), ShardedSafetensors::open))
                    .contains("weight_map[a]: " + shard + " is a link out of the model folder");
        }
        Files.createSymbolicLink(folder.resolve("model.safetensors"), folder.resolve(target));
        assertThatThrownBy(() -> Checkpoints.open(folder)).isInstanceOf(CheckpointException.class);
    }

    @Test
    void followsTheLinksOfTheHuggingFaceCache() throws IOException {
        Path repository = Files.createDirectories(home.resolve("hub/models--x"));
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/0123"));
        Files.createDirectory(repository.resolve("blobs"));
        write(repository.resolve("blobs/cafe"), "a", 1);
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/cafe"));
        Files.createSymbolicLink(home.resolve("mine"), snapshot);
        for (Path path : new Path[] {snapshot, home.resolve("mine")}) {
            try (Checkpoint model = Checkpoints.open(path)) {
                assertThat(model.find("a").orElseThrow().toFloats()).containsExactly(1);
            }
        }
        Files.createSymbolicLink(snapshot.resolve("out"), Path.of("../../../../secret.safetensors"));
        assertThatThrownBy(() -> new ModelFolder(snapshot).find("out", snapshot, "here"))
                .hasMessageContaining("here: out is a link out of the model folder");
    }

    @Test
    void aCacheWhoseContentsAreALinkIsNotTrusted() throws IOException {
        Path repository = Files.createDirectories(home.resolve("hub/models--x"));
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/0123"));
        write(home.resolve("secret.safetensors"), "a", 1);
        Files.createSymbolicLink(repository.resolve("blobs"), Path.of("/"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), home.resolve("secret.safetensors").toRealPath());
        assertThatThrownBy(() -> new ModelFolder(snapshot).find("model.safetensors", snapshot, "here"))
                .hasMessageContaining("here: model.safetensors is a link out of the model folder");
    }

    /// A sentence-transformers module lies a folder deeper; newer caches keep contents once for all models.
    @Test
    void followsThemInModulesAndIntoTheSharedStore() throws IOException {
        Path repository = Files.createDirectories(home.resolve("hub/models--y"));
        Path module = Files.createDirectories(repository.resolve("snapshots/0123/2_Dense"));
        Files.createDirectory(repository.resolve("blobs"));
        Path shared = Files.createDirectories(home.resolve("hub/blobs/ca"));
        write(shared.resolve("cafe"), "a", 1);
        Files.createSymbolicLink(repository.resolve("blobs/etag"), Path.of("../../blobs/ca/cafe"));
        Files.createSymbolicLink(module.resolve("model.safetensors"), Path.of("../../../blobs/etag"));
        assertThatThrownBy(() -> Checkpoints.open(module)).as("not a store, but a folder of that name")
                .hasMessageContaining("is a link out of the model folder");
        Files.createFile(home.resolve("hub/blobs/.huggingface-shared-blobs"));
        try (Checkpoint model = Checkpoints.open(module)) {
            assertThat(model.find("a").orElseThrow().toFloats()).containsExactly(1);
        }
        Files.createSymbolicLink(module.resolve("out"), Path.of("../../../../../secret.safetensors"));
        assertThatThrownBy(() -> new ModelFolder(module).find("out", module, "here"))
                .hasMessageContaining("here: out is a link out of the model folder");
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThatThrownBy(() -> Checkpoints.open(home.resolve("none")))
                .hasMessage(home.resolve("none") + ": no such folder");
        assertThatThrownBy(() -> Checkpoints.open(home.resolve("secret")))
                .hasMessageContaining("expected a model folder, found a file");
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .hasMessage(folder + ": no model.safetensors and no model.safetensors.index.json in this folder");
        Files.writeString(folder.resolve("pytorch_model.bin"), "");
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .hasMessageContaining("found only pytorch_model.bin: pickle weights are not read")
                .hasMessageContaining("convert to safetensors with: python");
        Files.createSymbolicLink(folder.resolve("model.safetensors"), Path.of("gone"));
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .hasMessageContaining("is a link to a file that does not exist");
    }

    @Test
    @Timeout(10)
    void refusesWhatIsNotARegularFile() throws Exception {
        assertThatThrownBy(() -> Safetensors.open(folder))
                .hasMessage(folder + ": expected a regular file, found a folder");
        assertThatThrownBy(() -> Safetensors.open(Path.of("/dev/zero")))
                .hasMessageContaining("expected a regular file");
        Path pipe = folder.resolve("model.safetensors");
        Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
        if (mkfifo.waitFor(5, TimeUnit.SECONDS) && mkfifo.exitValue() == 0) {
            assertThatThrownBy(() -> Checkpoints.open(folder)).hasMessageContaining("found a pipe or device");
        }
    }

    private Path index(String json) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json.replace('\'', '"'));
    }

    private static void write(Path file, String name, float value) {
        Safetensors.write(file, Map.of(name, Tensor.of(new float[] {value}, 1)), Map.of("format", "pt"));
    }
}
