# SPDX-License-Identifier: Apache-2.0
"""Goldens of folders of sentence-transformers whose Router or Asym sends queries and documents through modules of their own.

usage: routers.py GOLDENS      (writes GOLDENS/sentence_folders/router-*)
       (needs torch, transformers, sentence-transformers 6; sentence_folders.py must have made GOLDENS/sentence_folders/base)
"""
import json, shutil, sys
from pathlib import Path
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from transformers import AutoTokenizer, BertConfig, BertModel

goldens = Path(sys.argv[1])
generator = torch.Generator().manual_seed(34)
tokenizer = AutoTokenizer.from_pretrained(goldens / "sentence_folders/base")
SIZE = 16
TEXTS = ["the house of anna", "The House, [MASK] Anna!", "one two three", ""]
TYPE = "sentence_transformers.models."
MODULE = lambda i, name, path="": {"idx": i, "name": str(i), "path": path, "type": TYPE + name}
POOLING = {"word_embedding_dimension": SIZE, "pooling_mode_mean_tokens": True}
PROMPTS = {"prompts": {"query": "one ", "document": ""}, "default_prompt_name": None, "similarity_fn_name": "cosine"}


def write(out, files):
    for file, value in files.items():
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        (out / file).write_text(json.dumps(value, indent=1))


def new(name):
    out = goldens / "sentence_folders" / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return out


def encoder(out, layers):
    model = BertModel(BertConfig(vocab_size=len(tokenizer), hidden_size=SIZE, num_attention_heads=2, intermediate_size=20,
                                 max_position_embeddings=48, num_hidden_layers=layers))
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(torch.randn(p.shape, generator=generator) * (0.3 if p.dim() > 1 else 0.1) + (1.0 if "orm" in name else 0.0))
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)


def dense(out, features):
    write(out, {"config.json": {"in_features": SIZE, "out_features": features, "bias": True,
                                "activation_function": "torch.nn.modules.activation.Tanh"}})
    save_file({"linear.weight": torch.randn(features, SIZE, generator=generator) * 0.3,
               "linear.bias": torch.randn(features, generator=generator) * 0.1}, out / "model.safetensors")


def static(out):
    out.mkdir(parents=True)
    save_file({"embedding.weight": torch.randn(len(tokenizer), SIZE, generator=generator)}, out / "model.safetensors")
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))


def answer(out, tasks):
    model = SentenceTransformer(str(out), device="cpu")
    ways = {"plain": lambda: model.encode(TEXTS), "query": lambda: model.encode_query(TEXTS),
            "document": lambda: model.encode_document(TEXTS)}
    ways |= {"route:" + task: lambda task=task: model.encode(TEXTS, task=task) for task in tasks}
    golden = {"texts": TEXTS}
    for way, compute in ways.items():
        try:
            golden[way] = compute().tolist()
        except ValueError as error:
            golden[way] = str(error)
    write(out, {"golden.json": golden})
    print(out.name, {way: value if isinstance(value, str) else len(value[0]) for way, value in golden.items() if way != "texts"})


def denses(name, config, file, kind, routes, parameters, tasks):
    out = new(name)
    encoder(out, 1)
    types = {f"{route}_0_Dense": TYPE + "Dense" for route, filled in routes.items() if filled}
    write(out, {"modules.json": [MODULE(0, "Transformer"), MODULE(1, "Pooling", "1_Pooling"), MODULE(2, kind, "2_" + kind),
                                 MODULE(3, "Normalize", "3_Normalize")],
                "1_Pooling/config.json": POOLING, "config_sentence_transformers.json": config,
                f"2_{kind}/{file}": {"types": types, "structure": {route: [f"{route}_0_Dense"] if filled else []
                                                                   for route, filled in routes.items()},
                                     "parameters": parameters}})
    for module in types:
        dense(out / f"2_{kind}" / module, 8)
    answer(out, tasks)


BOTH = {"query": True, "document": True}
denses("router-dense", PROMPTS, "router_config.json", "Router", BOTH,
       {"default_route": "document", "allow_empty_key": True, "route_mappings": {}}, ["query", "document", "other"])
denses("router-no-default", {}, "router_config.json", "Router", BOTH, {"default_route": None, "allow_empty_key": False}, ["query"])
denses("router-asym", {}, "config.json", "Asym", {"query": True, "doc": False}, {"allow_empty_key": True}, ["query", "doc"])
denses("router-mappings", {}, "router_config.json", "Router", {"a": True, "b": True, "c": True},
       {"default_route": "c", "allow_empty_key": True,
        "route_mappings": {"('query', 'text')": "a", "('document', None)": "b", "(None, 'image')": "a",
                           "(None, ('image', 'text'))": "b", "('query', None)": "c"}}, ["a", "b", "c", "query", "other"])

out = new("router-encoders")
chains = {"query": ["query_0_StaticEmbedding"], "document": ["document_0_Transformer", "document_1_Pooling"]}
write(out, {"modules.json": [MODULE(0, "Router"), MODULE(1, "Normalize", "1_Normalize")],
            "config_sentence_transformers.json": PROMPTS,
            "router_config.json": {"types": {m: TYPE + m.split("_")[2] for chain in chains.values() for m in chain},
                                   "structure": chains, "parameters": {"default_route": "document", "allow_empty_key": True}},
            "document_1_Pooling/config.json": POOLING})
static(out / "query_0_StaticEmbedding")
encoder(out / "document_0_Transformer", 2)
answer(out, ["query", "document"])
