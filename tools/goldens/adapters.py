# SPDX-License-Identifier: Apache-2.0
"""Goldens of LoRA adapters: a tiny BERT with a tokenizer in `base`, and one folder for each case, as PEFT saves an adapter, with
what the adapted model answers, not merged, in `golden.json`: the last hidden state of each text, or the logits of the head.

usage: adapters.py TOKENIZER_JSON OUT      (needs torch, transformers, peft)
"""
import json, os, shutil, sys, warnings
import torch
from peft import IA3Config, LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast

warnings.filterwarnings("ignore")
tokenizer_json, out = sys.argv[1:]
shutil.rmtree(out, ignore_errors=True)
generator = torch.Generator().manual_seed(29)
tokenizer = PreTrainedTokenizerFast(tokenizer_file=tokenizer_json, model_max_length=48, pad_token="[PAD]",
                                    model_input_names=["input_ids", "token_type_ids", "attention_mask"],
                                    unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")
TEXTS = ["A sentence to encode", "the first world was in the small house of Anna", "good"]
LABELS = {0: "no", 1: "perhaps", 2: "yes"}


def fill(model, scale=0.3):
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(torch.randn(p.shape, generator=generator) * (scale if p.dim() > 1 else 0.1)
                    + (1.0 if name.endswith("LayerNorm.weight") else 0.0))
    return model.eval()


config = BertConfig(vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
                    max_position_embeddings=64, id2label=LABELS, label2id={v: k for k, v in LABELS.items()})
base = os.path.join(out, "base")
fill(BertModel(config)).save_pretrained(base)
tokenizer.save_pretrained(base)


def case(name, kind, adapter):
    model = get_peft_model(kind.from_pretrained(base), adapter)
    with torch.no_grad():
        for key, p in model.named_parameters():
            if "lora_" in key or "modules_to_save" in key or "ia3" in key or (key.endswith("bias") and getattr(adapter, "bias", "none") != "none"):
                p.copy_(torch.randn(p.shape, generator=generator) * 0.4)
    model.eval()
    folder = os.path.join(out, name)
    model.save_pretrained(folder)
    os.remove(os.path.join(folder, "README.md"))
    path = os.path.join(folder, "adapter_config.json")
    settings = json.load(open(path))
    settings["base_model_name_or_path"] = "base"
    json.dump(settings, open(path, "w"), indent=1, sort_keys=True)
    path = os.path.join(folder, "adapter_model.safetensors")
    save_file(load_file(path), path, metadata={"format": "pt"})
    with torch.no_grad():
        answers = [model(**tokenizer(text, return_tensors="pt")) for text in TEXTS]
    with open(os.path.join(folder, "golden.json"), "w") as f:
        json.dump({"texts": TEXTS, "expected": [(a.logits if hasattr(a, "logits") else a.last_hidden_state)[0].tolist()
                                                for a in answers]}, f)


case("query_value", BertModel, LoraConfig(r=4, lora_alpha=8, target_modules=["query", "value"]))
case("patterns_rslora", BertModel, LoraConfig(r=4, lora_alpha=8, target_modules=["query", "key", "output.dense", "intermediate.dense"],
     use_rslora=True, rank_pattern={"layer.1.attention.self.query": 2, "intermediate.dense": 3},
     alpha_pattern={"attention.output.dense": 5, "key": 16}))
case("biases", BertModel, LoraConfig(r=2, lora_alpha=3, target_modules=["query", "output.dense"], bias="all"))
case("lora_bias", BertModel, LoraConfig(r=2, lora_alpha=3, target_modules=["value", "intermediate.dense"], lora_bias=True))
case("embeddings_saved_modules", BertModel, LoraConfig(r=3, lora_alpha=6, target_modules=["word_embeddings", "key"],
     modules_to_save=["LayerNorm"], fan_in_fan_out=True))
case("classifier", BertForSequenceClassification, LoraConfig(r=4, lora_alpha=4, target_modules=["query", "value", "pooler.dense"],
     task_type="SEQ_CLS"))
case("refused_dora", BertModel, LoraConfig(r=2, target_modules=["query"], use_dora=True))
case("refused_ia3", BertModel, IA3Config(target_modules=["key", "value", "intermediate.dense"], feedforward_modules=["intermediate.dense"]))
case("refused_tokens", BertModel, LoraConfig(r=2, target_modules=["query"], trainable_token_indices=[5, 6]))
