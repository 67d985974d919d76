// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.model.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is said of a checkpoint before it is loaded, and of one that cannot be.
class InspectCommandTest {

    private static final String SUPPORTED = "supported: " + String.join(", ", Architectures.modelTypes());

    @TempDir
    private Path temp;

    private Path bert(String head) throws IOException {
        return Run.copy(Run.GOLDENS.resolve("families/bert").resolve(head), temp.resolve(head));
    }

    private static JsonNode inspect(Path folder, int code) {
        Cli.Result result = Cli.run("inspect", folder, "--json");
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isEqualTo(code);
        return Cli.JSON.readTree(result.out());
    }

    /// A copy of a golden BERT whose configuration is another.
    private Path with(String key, Object value) throws IOException {
        Path folder = Run.copy(Run.GOLDENS.resolve("families/bert/BertModel"), Files.createTempDirectory(temp, "m").resolve("m"));
        ObjectNode config = (ObjectNode) Cli.JSON.readTree(Files.readString(folder.resolve("config.json")));
        if (value instanceof String text) {
            config.put(key, text);
        } else if (value instanceof Boolean flag) {
            config.put(key, flag);
        } else {
            config.remove(key);
        }
        Files.writeString(folder.resolve("config.json"), config.toString());
        return folder;
    }

    private static String only(Path folder) {
        JsonNode report = inspect(folder, 3);
        assertThat(report.get("usable").asBoolean()).isFalse();
        assertThat(report.get("problems")).hasSize(1);
        assertThat(report.get("can")).isEmpty();
        return report.at("/problems/0").asString();
    }

    @Test
    void headsAreSeenByTheirTensors() throws IOException {
        String needs = "needs a tokenizer, which the folder lacks or which is not supported";
        assertThat(inspect(bert("BertForMaskedLM"), 0).get("cannot").get("fill-mask").asString()).isEqualTo(needs);
        for (String[] one : new String[][] {{"BertForMaskedLM", "fill-mask"}, {"BertForTokenClassification", "tag"},
            {"BertForSequenceClassification", "classify"}, {"BertForQuestionAnswering", "answer"}}) {
            Path folder = Cli.tinyModel(temp.resolve("t" + one[0]));
            for (String name : new String[] {"config.json", "model.safetensors"}) {
                Files.write(folder.resolve(name), Files.readAllBytes(Run.GOLDENS.resolve("families/bert").resolve(one[0])
                        .resolve(name)));
            }
            JsonNode report = inspect(folder, 0);
            assertThat(report.get("can").propertyNames()).as(one[0]).startsWith("embed", one[1])
                    .hasSize(one[1].equals("fill-mask") ? 3 : 2);
            assertThat(report.get("architectures").get(0).asString()).isEqualTo(one[0]);
            assertThat(report.get("problems")).isEmpty();
        }
    }

    @Test
    void itSaysWhatItCanAndCannotDo() {
        Path folder = Cli.tinyModel(temp.resolve("tiny"));
        assertThat(Cli.run("inspect", folder).out()).contains("""
                can
                  embed                        32 dimensions, pooling mean (no modules.json: mean pooling assumed)
                cannot
                  classify                     the checkpoint has no sequence classification head
                  rerank                       the checkpoint has no sequence classification head
                  zero-shot                    the checkpoint has no sequence classification head
                  tag                          the checkpoint has no token classification head
                  fill-mask                    the checkpoint has no masked language modelling head
                  answer                       the checkpoint has no question answering head
                  sparse                       the checkpoint has no masked language modelling head
                  multi-vector                 the checkpoint has no token vector head
                  multi-vector --hybrid        needs sparse_linear.safetensors and colbert_linear.safetensors, as bge-m3 has
                """);
    }

    /// Weights are not read: that a number in them is none shows only when they are.
    @Test
    void itReadsNoWeights() throws IOException {
        Path folder = Cli.tinyModel(temp.resolve("nan"));
        Run.alter(Run.GOLDENS.resolve("families/bert/BertModel/model.safetensors"), folder.resolve("model.safetensors"),
                "encoder.layer.0.attention.self.query.weight", Run.add(Float.NaN, 0, 0));
        assertThat(inspect(folder, 0).get("usable").asBoolean()).isTrue();
        assertThat(Cli.run("embed", "a", "--model", folder).err()).contains("is not finite");
    }

    @Test
    void allThatIsWrongIsListed() throws IOException {
        Path folder = with("position_embedding_type", "relative_key");
        Run.alter(folder.resolve("model.safetensors"), folder.resolve("new"), "embeddings.LayerNorm.weight", _ -> null);
        Files.move(folder.resolve("new"), folder.resolve("model.safetensors"), StandardCopyOption.REPLACE_EXISTING);
        Cli.Result result = Cli.run("inspect", folder);
        assertThat(result.code()).isEqualTo(3);
        String file = folder.resolve("model.safetensors").toString();
        assertThat(result.out()).containsPattern("usable +no\n")
                .contains(file + ": position_embedding_type \"relative_key\" is not supported; supported: [absolute]\n",
                        file + ": embeddings.LayerNorm.weight [32] is missing\n");
    }

    @Test
    void otherKindsOfModelsAreToldApart() throws IOException {
        Path llama = with("model_type", "llama");
        String where = llama.resolve("config.json") + ": ";
        assertThat(only(llama)).isEqualTo(where + "model_type 'llama' is a decoder-only model, which reads from left to right and "
                + "writes text; encoder4j runs encoders, also for embeddings. " + SUPPORTED);
        assertThat(Cli.run("embed", "a", "--model", llama).err()).isEqualTo("encoder4j: " + only(llama) + "\n");
        assertThat(only(with("model_type", "bart"))).endsWith("model_type 'bart' is an encoder-decoder, made to turn text into "
                + "other text; its encoder alone is not supported. " + SUPPORTED);
        assertThat(only(with("model_type", "whisper"))).endsWith("model_type 'whisper' is a model of images or sound; encoder4j "
                + "runs encoders of text. " + SUPPORTED);
        assertThat(only(with("model_type", "quux"))).endsWith("model_type 'quux' is not supported; " + SUPPORTED);
        assertThat(only(with("model_type", null))).endsWith("there is no model_type, so it is not known what this is; " + SUPPORTED);
        assertThat(only(with("is_decoder", true))).endsWith(": is_decoder true is not supported; supported: [false]");
    }

    @Test
    void otherFormatsAreToldApart() throws IOException {
        Path folder = with("torch_dtype", "float32");
        Files.delete(folder.resolve("model.safetensors"));
        Files.delete(folder.resolve("golden.safetensors"));
        assertThat(only(folder)).isEqualTo(folder + ": no model.safetensors and no model.safetensors.index.json in this folder");
        Files.writeString(folder.resolve("tf_model.h5"), "h5");
        assertThat(only(folder)).isEqualTo(folder + ": found only tf_model.h5: expected model.safetensors; weights of TensorFlow and "
                + "Flax are not read; convert them with transformers' save_pretrained");
        Files.createDirectories(folder.resolve("onnx"));
        Files.writeString(folder.resolve("onnx/model.onnx"), "onnx");
        assertThat(only(folder)).isEqualTo(folder + ": found only onnx/model.onnx: expected model.safetensors; an ONNX file is a "
                + "model itself: open " + folder.resolve("onnx/model.onnx"));
        Files.writeString(folder.resolve("pytorch_model.bin"), "pickle");
        assertThat(only(folder)).isEqualTo(folder + ": found only pytorch_model.bin: pickle weights are not read, because they can run"
                + " code; convert to safetensors with: python -c \"from transformers import AutoModel; "
                + "AutoModel.from_pretrained('.').save_pretrained('converted')\"");
        assertThat(Cli.run("embed", "a", "--model", folder).err()).isEqualTo("encoder4j: " + only(folder) + "\n");
    }

    @Test
    void aHeadThatIsNamedButNotThereIsTold() throws IOException {
        Path folder = Cli.tinyModel(temp.resolve("named"));
        String config = Files.readString(folder.resolve("config.json")).replace("\"BertModel\"", "\"BertForTokenClassification\"");
        Files.writeString(folder.resolve("config.json"), config);
        assertThat(inspect(folder, 0).at("/cannot/tag").asString()).isEqualTo("the checkpoint has no token classification head, "
                + "though its architectures name one: BertForTokenClassification");
    }

    @Test
    void aRerankerHasOneLabel() throws IOException {
        Path folder = Cli.tinyModel(temp.resolve("labels"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.write(folder.resolve(name), Files.readAllBytes(Run.GOLDENS.resolve("families/bert/BertForSequenceClassification")
                    .resolve(name)));
        }
        assertThat(inspect(folder, 0).at("/cannot/rerank").asString())
                .isEqualTo("the classification head has 3 labels, expected 1");
        assertThat(inspect(folder, 0).at("/cannot/zero-shot").asString())
                .isEqualTo("needs labels of entailment, such as entailment and contradiction; unless it is told which one that is, the"
                        + " last is taken");
        assertThat(inspect(folder, 0).at("/can/classify").asString()).startsWith("3 labels: ");
    }

    @Test
    void lowerCasingIsToldWhoeverDoesIt() throws IOException {
        Path uncased = Cli.tinyModel(temp.resolve("uncased"));
        assertThat(Run.of("inspect", uncased).out()).containsPattern("lower cased +yes\nlower cased by +the tokenizer\n");
        Files.writeString(uncased.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": false}");
        assertThat(Run.of("inspect", uncased).out()).containsPattern("lower cased +no\n").doesNotContain("lower cased by");
        Files.writeString(uncased.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 64, \"do_lower_case\": true}");
        assertThat(Run.of("inspect", uncased).out()).containsPattern("lower cased by +sentence_bert_config.json\n");
    }
}
