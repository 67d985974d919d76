# SPDX-License-Identifier: Apache-2.0
"""Goldens of static embeddings: folders of sentence-transformers' StaticEmbedding, answered by it, and of model2vec, answered by
the definition of model2vec's `StaticModel.encode` below.

usage: static_embeddings.py GOLDENS      (writes GOLDENS/sentence_folders/static-* and GOLDENS/families*/)
       (needs torch, sentence-transformers 6; sentence_folders.py must have made GOLDENS/sentence_folders/base)
"""
import json, shutil, sys
from pathlib import Path
import numpy as np
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

goldens = Path(sys.argv[1])
generator = torch.Generator().manual_seed(13)
source = goldens / "sentence_folders/base/tokenizer.json"
SIZE = 8
VOCAB = Tokenizer.from_file(str(source)).get_vocab_size()
LONG = "berlin house one two " * 80
TEXTS = ["the house of anna", "The 東 house, [MASK] 京 Anna!", "東", "one two three", "", LONG]
TABLE = lambda rows=VOCAB: torch.randn((rows, SIZE), generator=generator)
MODULE = lambda i, name, path: {"idx": i, "name": str(i), "path": path, "type": "sentence_transformers.models." + name}
MODEL2VEC = {"model_type": "model2vec", "architectures": ["StaticModel"], "tokenizer_name": "acme/base", "apply_pca": SIZE,
             "apply_zipf": True, "hidden_dim": 256, "seq_length": 1000000, "normalize": True}


def folder(name, path, tensors, files, truncation=None):
    out = goldens / "sentence_folders" / name
    shutil.rmtree(out, ignore_errors=True)
    (out / path).mkdir(parents=True)
    tokenizer = Tokenizer.from_file(str(source))
    if truncation:
        tokenizer.enable_truncation(**truncation)
    tokenizer.save(str(out / path / "tokenizer.json"))
    save_file(tensors, out / path / "model.safetensors")
    for file, value in files.items():
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        (out / file).write_text(json.dumps(value, indent=1, ensure_ascii=False))
    return out


def golden(out, vectors, **more):
    (out / "golden.json").write_text(json.dumps({"base": None, "texts": TEXTS, "vectors": vectors, **more}, ensure_ascii=False))


def by_sentence_transformers(out, **kw):
    # In float32, since torch makes NaN of a text without tokens in float16.
    golden(out, SentenceTransformer(str(out), device="cpu").float().encode(TEXTS, **kw).tolist(), **kw)


def by_model2vec(out, table, weights=None, mapping=None, normalize=True, max_length=512):
    """Text cut to max_length usual tokens; unknown tokens left out; then max_length tokens; the mean of their weighted rows."""
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    usual = int(np.median([len(token) for token in tokenizer.get_vocab()]))
    unknown = tokenizer.get_vocab()[tokenizer.model.unk_token]
    vectors = []
    for text in TEXTS:
        ids = tokenizer.encode(text[:max_length * usual], add_special_tokens=False).ids
        ids = [i for i in ids if i != unknown][:max_length]
        rows = table.double().numpy()[ids if mapping is None else mapping.numpy()[ids]]
        rows = rows if weights is None else rows * weights.double().numpy()[ids][:, None]
        mean = rows.mean(axis=0) if ids else np.zeros(SIZE)
        vectors.append((mean / (np.linalg.norm(mean) + 1e-32) if normalize else mean).tolist())
    golden(out, vectors)


NORMALIZED = [MODULE(0, "StaticEmbedding", "0_StaticEmbedding"), MODULE(1, "Normalize", "1_Normalize")]
out = folder("static-embedding", "0_StaticEmbedding", {"embedding.weight": TABLE()}, {
    "modules.json": NORMALIZED, "config_sentence_transformers.json": {"prompts": {"query": "the house: "}, "truncate_dim": None}})
by_sentence_transformers(out, prompt_name="query")
out = folder("static-truncation", "", {"embedding.weight": TABLE()}, {"modules.json": [MODULE(0, "StaticEmbedding", "")]},
             truncation={"max_length": 3, "direction": "left"})
by_sentence_transformers(out)
out = folder("static-dense", "0_StaticEmbedding", {"embedding.weight": TABLE()}, {
    "modules.json": [MODULE(0, "StaticEmbedding", "0_StaticEmbedding"), MODULE(1, "Dense", "1_Dense")],
    "1_Dense/config.json": {"in_features": SIZE, "out_features": 5, "bias": True,
                            "activation_function": "torch.nn.modules.activation.Tanh"}})
save_file({"linear.weight": torch.randn((5, SIZE), generator=generator), "linear.bias": torch.randn(5, generator=generator)},
          out / "1_Dense/model.safetensors")
by_sentence_transformers(out)
out = folder("static-model2vec-modules", "", {"embeddings": TABLE().half()}, {
    "config.json": MODEL2VEC, "modules.json": [MODULE(0, "StaticEmbedding", "."), MODULE(1, "Normalize", "1_Normalize")]})
by_sentence_transformers(out)
for name, more in (("static-model2vec", {}), ("static-model2vec-plain", {"normalize": False})):
    table = TABLE()
    out = folder(name, "", {"embeddings": table}, {"config.json": MODEL2VEC | more})
    by_model2vec(out, table, **more)
table, weights = TABLE(11), torch.rand(VOCAB, generator=generator, dtype=torch.float64)
mapping = torch.randint(11, (VOCAB,), generator=generator)
out = folder("static-model2vec-shared-rows", "", {"embeddings": table, "weights": weights, "mapping": mapping}, {
    "config.json": MODEL2VEC | {"vocabulary_quantization": 11},
    "modules.json": [MODULE(0, "StaticEmbedding", "."), MODULE(1, "Normalize", "1_Normalize")]})
by_model2vec(out, table, weights, mapping)


def family(name, path, tensors, files, vectors):
    out = goldens / name
    shutil.rmtree(out, ignore_errors=True)
    (out / path).mkdir(parents=True)
    save_file(tensors, out / path / "model.safetensors")
    for file, value in files.items():
        (out / file).write_text(json.dumps(value, indent=1))
    mask = torch.tensor([[1] * n + [0] * (13 - n) for n in (13, 5, 9)])
    ids = torch.randint(len(vectors), mask.shape, generator=generator) * mask
    save_file({"input_ids": ids, "attention_mask": mask, "last_hidden_state": vectors[ids].float().contiguous()},
              out / "golden.safetensors")


table, weights = TABLE(23), torch.rand(23, generator=generator)
family("families/model2vec", "", {"embeddings": table, "weights": weights}, {"config.json": MODEL2VEC},
       table * weights[:, None])
table, weights, mapping = TABLE(7), torch.rand(23, generator=generator).double(), torch.randint(7, (23,), generator=generator)
family("families_more/model2vec_shared_rows", "", {"embeddings": table, "weights": weights, "mapping": mapping},
       {"config.json": MODEL2VEC | {"vocabulary_quantization": 7}}, table[mapping] * weights[:, None])
table = TABLE(23)
family("families/static-embedding", "0_StaticEmbedding", {"embedding.weight": table}, {"modules.json": NORMALIZED}, table)
