// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.nn.Batch;
import io.encoder4j.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every family, whatever it computes: a text's numbers do not depend on its company, the longest sequence is
/// taken and a longer one refused; and what a configuration may not say.
class FamilyLimitsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("io.encoder4j.model.FamilyGoldenTest#checkpoints")
    void aTextHasTheSameBitsInAnyCompany(String golden, String kernels) throws IOException {
        SplittableRandom random = new SplittableRandom(golden.hashCode());
        ModelOptions options = ModelOptions.defaults().withKernels(kernels).withThreads(2);
        try (EncoderModel model = EncoderModel.open(Goldens.path(golden), options)) {
            List<int[]> texts = new ArrayList<>();
            List<float[]> alone = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                texts.add(ids(model, 1 + random.nextInt(Math.min(model.encoder().maxTokens(), 21)), random));
                alone.add(numbers(model, Batch.of(texts.getLast())));
            }
            for (int round = 0; round < 3; round++) {
                int[] company = random.ints(2 + round, 0, texts.size()).toArray();
                float[] expected = concat(Arrays.stream(company).mapToObj(alone::get).toList());
                Batch batch = Batch.of(Arrays.stream(company).mapToObj(texts::get).toArray(int[][]::new));
                assertThat(numbers(model, batch)).as(Arrays.toString(company)).containsExactly(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.model.FamilyGoldenTest#checkpoints")
    void theLongestSequenceIsTakenAndOneTokenMoreRefused(String golden, String kernels) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        try (EncoderModel model = EncoderModel.open(Goldens.path(golden), ModelOptions.defaults().withKernels(kernels))) {
            int longest = model.encoder().maxTokens();
            assumeTrue(longest <= 2000, "a family without an end");
            assertThat(model.tensors().hiddenStates(Batch.of(ids(model, longest, random))).values()).doesNotContain(Float.NaN);
            Batch longer = Batch.of(ids(model, longest + 1, random));
            assertThatThrownBy(() -> model.tensors().hiddenStates(longer)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a sequence of " + (longest + 1) + " tokens; this model takes at most " + longest);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bert/BertModel | "use_cache": true | "position_embedding_type": "relative_key" | position_embedding_type "relative_key" is not supported
            roberta/RobertaModel | "is_decoder": false | "is_decoder": true | is_decoder true is not supported; supported: [false]
            roberta/RobertaModel | "pad_token_id": 1 | "pad_token_id": 63 | pad_token_id 63 leaves none of max_position_embeddings 64
            roberta/RobertaModel | "pad_token_id": 1 | "pad_token_id": -1 | pad_token_id must be a whole number from 0
            distilbert/DistilBertModel | "n_heads": 4 | "n_heads": 5 | dim 32 is not a multiple of n_heads 5
            distilbert/DistilBertModel | "activation": "gelu" | "activation": "laplace" | activation 'laplace' is not supported
            electra/ElectraModel | "embedding_size": 16 | "embedding_size": 32 | is [120, 16], config.json says [120, 32]
            albert/AlbertModel | "num_hidden_groups": 1 | "num_hidden_groups": 3 | num_hidden_groups 3 is more than num_hidden_layers 2
            mpnet/MPNetModel | "relative_attention_num_buckets": 32 | "relative_attention_num_buckets": 64 | relative_attention_num_buckets 64 is not supported
            ernie/ErnieModel | "task_type_vocab_size": 3 | "task_type_vocab_size": 4 | embeddings.task_type_embeddings.weight is [3, 32], config.json says [4, 32]
            mobilebert/MobileBertModel | "normalization_type": "no_norm" | "normalization_type": "rms" | normalization_type "rms" is not supported
            mobilebert/MobileBertModel | "key_query_shared_bottleneck": true | "key_query_shared_bottleneck": false | key_query_shared_bottleneck false is not supported
            mobilebert/MobileBertModel | "classifier_activation": true | "classifier_activation": false | classifier_activation false is not supported
            esm/EsmModel | "position_embedding_type": "rotary" | "position_embedding_type": "relative_key" | position_embedding_type "relative_key" is not supported
            esm/EsmModel | "is_folding_model": false | "is_folding_model": true | is_folding_model true is not supported
            esm/EsmModel | "token_dropout": false | "token_dropout": true, "mask_token_id": -1 | mask_token_id must be a whole number from 0
            modernbert/ModernBertModel | "layer_types" | "layer_types": [ "full_attention" ], "old" | layer_types must be 2 times sliding_attention or full_attention, found [full_attention]
            modernbert/ModernBertModel | "rope_type": "default" | "rope_type": "longrope" | rope_parameters.full_attention.rope_type "longrope" is not supported
            modernbert/ModernBertModel | "classifier_pooling": "cls" | "classifier_pooling": "max" | classifier_pooling "max" is not supported; supported: [cls, mean]
            nomic_bert/NomicBertModel | "head_dim": 8 | "head_dim": 16 | head_dim 16 is not supported; supported: [8]
            nomic_bert/NomicBertModel | "head_dim": 8 | "num_experts": 8 | num_experts 8 is not supported
            gte/GteModel | "type_vocab_size": 1 | "logn_attention_scale": true | logn_attention_scale true is not supported
            gte/GteModel | "num_attention_heads": 4 | "num_attention_heads": 5 | hidden_size 32 is not a multiple of num_attention_heads 5
            eurobert/EuroBertModel | "num_key_value_heads": 2 | "num_key_value_heads": 3 | num_attention_heads 4 is not a multiple of num_key_value_heads 3
            t5-encoder/T5EncoderModel | gated-gelu | gated-laplace | feed_forward_proj 'gated-laplace' is not supported
            t5-encoder/T5EncoderModel | "relative_attention_num_buckets": 32 | "relative_attention_num_buckets": 2 | relative_attention_num_buckets 2 must be
            deberta/DebertaModel | "hidden_act" | "talking_head": true, "hidden_act" | talking_head true is not supported
            deberta-v2/DebertaV2Model | "p2c" | "p2p" | pos_att_type [p2p, c2p] is not supported; supported: [c2p, p2c]
            deberta-v2/DebertaV2Model | "norm_rel_ebd": "layer_norm" | "norm_rel_ebd": "batch" | norm_rel_ebd "batch" is not supported
            deberta-v2/DebertaV2Model | "share_att_key": true | "conv_kernel_size": 4 | conv_kernel_size 4 is not supported
            """)
    void aValueThatIsNotImplementedIsRefusedByName(String golden, String there, String instead, String message)
            throws IOException {
        Path original = Goldens.path("families").resolve(golden);
        Files.copy(original.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        String config = Files.readString(original.resolve("config.json"));
        assertThat(config).contains(there);
        Files.writeString(folder.resolve("config.json"), config.replace(there, instead));
        assertThatThrownBy(() -> EncoderModel.open(folder)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"families/roberta/RobertaModel", "families_more/xlm-roberta-xl/XLMRobertaXLModel"})
    void typesAreLeftOutWhereThereIsOne(String golden) throws IOException {
        try (EncoderModel model = EncoderModel.open(Goldens.path(golden))) {
            int[] ids = ids(model, 6, new SplittableRandom(5));
            Batch pair = Batch.of(List.of(ids), List.of(new int[] {0, 0, 0, 1, 1, 1}));
            assertThat(model.tensors().hiddenStates(pair).values())
                    .containsExactly(model.tensors().hiddenStates(Batch.of(ids)).values());
        }
    }

    /// Rows of the last hidden state and of the logits, one after the other.
    private static float[] numbers(EncoderModel model, Batch batch) {
        Tensor hidden = model.tensors().hiddenStates(batch);
        Optional<HeadKind> task = model.encoder().heads().main();
        Tensor logits = task.map(t -> model.tensors().logits(t, batch)).orElse(null);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < batch.sequences().count(); i++) {
            rows.add(rows(hidden, batch.sequences().start(i), batch.sequences().start(i + 1)));
            if (logits != null && task.orElseThrow().perSequence()) {
                rows.add(rows(logits, i, i + 1));
            } else if (logits != null) {
                rows.add(rows(logits, batch.sequences().start(i), batch.sequences().start(i + 1)));
            }
        }
        return concat(rows);
    }

    private static float[] rows(Tensor tensor, int from, int to) {
        return Arrays.copyOfRange(tensor.values(), from * tensor.size(1), to * tensor.size(1));
    }

    private static float[] concat(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(p -> p.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static int[] ids(EncoderModel model, int length, SplittableRandom random) {
        return random.ints(length, 6, model.encoder().vocabSize()).toArray();
    }
}
