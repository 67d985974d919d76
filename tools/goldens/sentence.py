# SPDX-License-Identifier: Apache-2.0
"""Goldens of sentence-transformers: a tiny random BERT in two folders, and the vectors it gives.

sentence/v6:     as sentence-transformers 6 saves it: pooling cls + mean, a Dense layer with tanh, a LayerNorm, prompts
sentence/legacy: the spellings before version 6, written by hand: pooling of all six kinds, include_prompt false, Normalize

usage: sentence.py TOKENIZER_JSON OUT      (needs torch, transformers, sentence-transformers)
"""
import json, os, shutil, sys
import torch
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from sentence_transformers import SentenceTransformer
from sentence_transformers import models as M

tokenizer_json, out = sys.argv[1:]
torch.manual_seed(5)
generator = torch.Generator().manual_seed(5)
tokenizer = PreTrainedTokenizerFast(tokenizer_file=tokenizer_json, model_max_length=40, pad_token="[PAD]",
                                    unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")
config = BertConfig(vocab_size=len(tokenizer), hidden_size=24, num_hidden_layers=1, num_attention_heads=3,
                    intermediate_size=40, max_position_embeddings=48)
bert = BertModel(config, add_pooling_layer=False).eval()
with torch.no_grad():
    for name, p in bert.named_parameters():
        p.copy_(torch.randn(p.shape, generator=generator) * (0.25 if p.dim() > 1 else 0.1)
                + (1.0 if name.endswith("LayerNorm.weight") else 0.0))
plain = os.path.join(out, "plain")
shutil.rmtree(out, ignore_errors=True)
bert.save_pretrained(plain)
tokenizer.save_pretrained(plain)

TEXTS = ["A sentence to encode", "", "ein zweiter, längerer Satz mit Umlauten", "one " * 60,
         "Hello, world! 123 [MASK] ...", "word"]

def save(folder, model, **extra):
    vectors = {}
    for key, kw in {"default": {}, "query": {"prompt_name": "query"}, "free": {"prompt": "search: "}}.items():
        vectors[key] = model.encode(TEXTS, convert_to_numpy=True, **kw).tolist()
    with open(os.path.join(folder, "golden.json"), "w") as f:
        json.dump({"texts": TEXTS, "vectors": vectors}, f)

prompts = {"query": "query: ", "document": ""}
# Version 6
word = M.Transformer(plain)
pooling = M.Pooling(24, pooling_mode=("cls", "mean"))
dense = M.Dense(48, 20, activation_function=torch.nn.Tanh())
norm = M.LayerNorm(20)
with torch.no_grad():
    norm.norm.weight.copy_(torch.rand(20, generator=generator) + 0.5)
    norm.norm.bias.copy_(torch.randn(20, generator=generator))
model = SentenceTransformer(modules=[word, pooling, dense, norm], prompts=prompts, device="cpu")
v6 = os.path.join(out, "v6")
model.save(v6, create_model_card=False)
save(v6, SentenceTransformer(v6, device="cpu"))

# Before version 6
legacy = os.path.join(out, "legacy")
shutil.copytree(plain, legacy)
os.makedirs(os.path.join(legacy, "1_Pooling"))
dump = lambda name, value: json.dump(value, open(os.path.join(legacy, name), "w"), indent=2)
dump("modules.json", [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}])
dump("sentence_bert_config.json", {"max_seq_length": 32, "do_lower_case": False})
dump("config_sentence_transformers.json", {"prompts": prompts, "default_prompt_name": None})
dump("1_Pooling/config.json", {
    "word_embedding_dimension": 24, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True,
    "pooling_mode_max_tokens": True, "pooling_mode_mean_sqrt_len_tokens": True,
    "pooling_mode_weightedmean_tokens": True, "pooling_mode_lasttoken": True, "include_prompt": False})
save(legacy, SentenceTransformer(legacy, device="cpu"))
shutil.rmtree(plain)
