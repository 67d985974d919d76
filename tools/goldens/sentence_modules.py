# SPDX-License-Identifier: Apache-2.0
"""Goldens of folders of sentence-transformers whose modules do more than pool: WeightedLayerPooling.

usage: sentence_modules.py GOLDENS      (writes GOLDENS/sentence_folders/layers-*)
       (needs torch, transformers, sentence-transformers 6; sentence_folders.py must have made GOLDENS/sentence_folders/base)
"""
import json, shutil, sys
from pathlib import Path
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from transformers import AutoTokenizer, BertConfig, BertModel, ModernBertConfig, ModernBertModel

goldens = Path(sys.argv[1])
generator = torch.Generator().manual_seed(21)
base = goldens / "sentence_folders/base"
tokenizer = AutoTokenizer.from_pretrained(base)
VOCAB = len(tokenizer)
SIZE = 16
TEXTS = ["the house of anna", "The House, [MASK] Anna!", "one two three", ""]
MODULE = lambda i, name, path="": {"idx": i, "name": str(i), "path": path, "type": "sentence_transformers.models." + name}
SIZES = dict(vocab_size=VOCAB, hidden_size=SIZE, num_attention_heads=2, intermediate_size=20, max_position_embeddings=48)
POOLING = {"word_embedding_dimension": SIZE, "pooling_mode_mean_tokens": True}


def fill(model):
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(torch.randn(p.shape, generator=generator) * (0.3 if p.dim() > 1 else 0.1) + (1.0 if "orm" in name else 0.0))
    return model.eval()


def write(out, files):
    for file, value in files.items():
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        (out / file).write_text(json.dumps(value, indent=1, ensure_ascii=False))


def new(name):
    out = goldens / "sentence_folders" / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return out


def answer(out, **tasks):
    model = SentenceTransformer(str(out), device="cpu")
    (out / "golden.json").write_text(json.dumps({"base": None, "texts": TEXTS, "vectors": model.encode(TEXTS).tolist()}))


def layers(name, model, first, last, **config):
    out = new(name)
    model.config.update(config)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    write(out, {"modules.json": [MODULE(0, "Transformer"), MODULE(1, "WeightedLayerPooling", "1_WeightedLayerPooling"),
                                 MODULE(2, "Pooling", "2_Pooling"), MODULE(3, "Normalize", "3_Normalize")],
                "1_WeightedLayerPooling/config.json": {"word_embedding_dimension": SIZE, "layer_start": first,
                                                       "num_hidden_layers": last}, "2_Pooling/config.json": POOLING})
    save_file({"layer_weights": torch.rand(last + 1 - first, generator=generator) + 0.2},
              out / "1_WeightedLayerPooling/model.safetensors")
    answer(out)


bert = fill(BertModel(BertConfig(num_hidden_layers=4, **SIZES)))
layers("layers-bert", bert, 2, 4, output_hidden_states=True)
layers("layers-last", bert, 4, 4, output_hidden_states=True)
layers("layers-unused", bert, 2, 4, output_hidden_states=False)
layers("layers-modernbert", fill(ModernBertModel(ModernBertConfig(
    num_hidden_layers=3, global_attn_every_n_layers=3, local_attention=8, pad_token_id=0, **SIZES))), 1, 3, output_hidden_states=True)
