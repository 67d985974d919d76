# SPDX-License-Identifier: Apache-2.0
"""What sentence-transformers' encode_query, encode_document and similarity make of the folder sentence/v6 with other prompts and
similarity functions: goldens/sentence/v6/queries.json, a list of cases.

usage: queries.py GOLDENS/sentence/v6      (needs torch, transformers, sentence-transformers)
"""
import json, os, shutil, sys, tempfile
from sentence_transformers import SentenceTransformer

folder, = sys.argv[1:]
SETTINGS = "config_sentence_transformers.json"
TEXTS = ["A sentence to encode", "word"]
settings = json.load(open(os.path.join(folder, SETTINGS)))
CASES = [
    {"prompts": {"query": "query: ", "document": "text: "}, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": "query", "similarity_fn_name": "dot"},
    {"prompts": {"search": "search: "}, "default_prompt_name": "search", "similarity_fn_name": "euclidean"},
    {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "manhattan"},
]
cases = []
for changes in CASES:
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        json.dump(settings | changes, open(os.path.join(copy, SETTINGS), "w"))
        model = SentenceTransformer(copy, device="cpu")
        vectors = {"default": model.encode(TEXTS), "query": model.encode_query(TEXTS), "document": model.encode_document(TEXTS)}
        cases.append({"settings": changes, "texts": TEXTS, "similarity": float(model.similarity(*vectors["query"])),
                      "vectors": {name: rows.tolist() for name, rows in vectors.items()}})
with open(os.path.join(folder, "queries.json"), "w") as f:
    json.dump(cases, f)
