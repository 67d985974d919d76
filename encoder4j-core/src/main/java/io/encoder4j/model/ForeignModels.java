// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.files.Printable;
import java.util.List;
import java.util.Set;

/// What to say about models of families that are not supported.
final class ForeignModels {

    private static final Set<String> DECODERS = Set.of("gpt2", "gpt_neo", "gpt_neox", "gpt_bigcode", "gptj", "gpt_oss", "openai-gpt",
            "llama", "llama4", "llama4_text", "mistral", "mistral3", "ministral", "mixtral", "qwen", "qwen2", "qwen2_moe", "qwen3",
            "qwen3_moe", "qwen3_next", "gemma", "gemma2", "gemma3", "gemma3_text", "phi", "phi3", "phimoe", "falcon", "falcon_h1",
            "mpt", "bloom", "opt", "olmo", "olmo2", "olmo3", "olmoe", "stablelm", "starcoder2", "codegen", "cohere", "cohere2",
            "deepseek_v2", "deepseek_v3", "granite", "granitemoe", "smollm3", "internlm2", "glm", "glm4", "chatglm", "baichuan",
            "dbrx", "nemotron", "xglm", "biogpt", "ctrl", "persimmon", "mamba", "mamba2", "rwkv", "jamba", "bert-generation",
            "transfo-xl", "exaone4", "ernie4_5", "lfm2", "minicpm", "yi");
    private static final Set<String> ENCODER_DECODERS = Set.of("bart", "mbart", "plbart", "pegasus", "pegasus_x", "blenderbot",
            "blenderbot-small", "marian", "m2m_100", "nllb-moe", "prophetnet", "xlm-prophetnet", "encoder-decoder", "fsmt", "led",
            "bigbird_pegasus", "longt5", "mt5", "umt5", "t5", "switch_transformers", "t5gemma", "mvp", "seamless_m4t");
    private static final Set<String> NO_TEXT = Set.of("vit", "clip", "siglip", "siglip2", "blip", "blip-2", "deit", "swin", "beit",
            "dinov2", "resnet", "convnext", "detr", "segformer", "whisper", "wav2vec2", "hubert", "wavlm", "clap",
            "vision-encoder-decoder", "speech-encoder-decoder", "layoutlmv3", "donut-swin", "qwen2_vl", "qwen2_5_vl", "qwen3_vl",
            "llava", "paligemma", "idefics3", "mllama");

    private ForeignModels() { }

    /// Why the model of a config.json is not supported, in a sentence without the file's name.
    static String whyNot(ModelConfig config, List<String> supported) {
        String type = config.text("model_type", "");
        String ours = "supported: " + String.join(", ", supported);
        if (type.isEmpty()) {
            return "there is no model_type, so it is not known what this is; " + ours;
        }
        String quoted = "model_type '" + Printable.name(type) + "' ";
        if (DECODERS.contains(type)) {
            return quoted + "is a decoder-only model, which reads from left to right and writes text; encoder4j runs encoders, also "
                    + "for embeddings. " + ours;
        }
        if (ENCODER_DECODERS.contains(type)) {
            return quoted + "is an encoder-decoder, made to turn text into other text; its encoder alone is not supported. " + ours;
        }
        if (NO_TEXT.contains(type)) {
            return quoted + "is a model of images or sound; encoder4j runs encoders of text. " + ours;
        }
        return quoted + "is not supported; " + ours + (config.has("auto_map")
                ? ". Its code comes with the checkpoint (auto_map), and encoder4j runs no code of a checkpoint" : "");
    }
}
