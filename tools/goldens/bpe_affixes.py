# SPDX-License-Identifier: Apache-2.0
"""Writes goldens/tokenizers/bpe_affixes.jsonl: what Hugging Face `tokenizers` makes of some texts with small random BPE
models, for all combinations of affixes, byte_fallback, fuse_unk, ignore_merges and unk_token.

An offset past the text's end, which the library gives to tokens made of an affix's bytes, is written as the text's end.
usage: bpe_affixes.py [models] > bpe_affixes.jsonl   (needs `pip install tokenizers`)
"""
import itertools
import json
import random
import sys

from tokenizers import Tokenizer

CHARS = ["a", "b", "é", "中", "😀"]
OPTIONS = list(itertools.product(["", "##", "é"], ["", "</w>"], [False, True], [False, True], [False, True],
                                 [None, "[UNK]"]))


def model(rng, prefix, suffix, fallback, fuse, ignore, unk):
    tokens = ["[UNK]"] if unk else []
    for char in CHARS:
        for form in {char, prefix + char, char + suffix, prefix + char + suffix}:
            if rng.random() < 0.6:
                tokens.append(form)
    if fallback:
        needed = sorted(set("".join([*CHARS, prefix, suffix]).encode()))
        tokens += [f"<0x{b:02X}>" for b in needed if rng.random() < rng.choice([0.7, 1.0, 1.0])]
    tokens = list(dict.fromkeys(tokens))
    merges = []
    for _ in range(rng.randrange(12)):
        left, right = rng.choice(tokens or ["x"]), rng.choice(tokens or ["x"])
        if len(right.encode()) < len(prefix.encode()):
            continue
        try:
            merged = left + right.encode()[len(prefix.encode()):].decode()
        except UnicodeDecodeError:
            continue
        if left in tokens and right in tokens:
            merges.append([left, right])
            if merged not in tokens:
                tokens.append(merged)
    if ignore:
        tokens += [word for word in ("ab", "éa", "b中") if word not in tokens]
    return {"type": "BPE", "dropout": None, "unk_token": unk, "continuing_subword_prefix": prefix or None,
            "end_of_word_suffix": suffix or None, "fuse_unk": fuse, "byte_fallback": fallback, "ignore_merges": ignore,
            "vocab": {token: id for id, token in enumerate(tokens)}, "merges": merges}


def text(rng):
    return " ".join("".join(rng.choices(CHARS + ["c"], k=rng.randrange(1, 6))) for _ in range(rng.randrange(1, 4)))


def main(count):
    rng = random.Random(20)
    for i in range(count):
        bpe = model(rng, *OPTIONS[i % len(OPTIONS)])
        whole = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": None, "decoder": None, "model": bpe}
        tokenizer = Tokenizer.from_str(json.dumps(whole))
        texts = []
        for _ in range(5):
            chars = text(rng)
            encoding = tokenizer.encode(chars)
            texts.append([chars, encoding.ids,
                          [[min(start, len(chars)), min(end, len(chars))] for start, end in encoding.offsets]])
        print(json.dumps({"model": bpe, "texts": texts}, ensure_ascii=False, separators=(",", ":")))


main(int(sys.argv[1]) if len(sys.argv) > 1 else len(OPTIONS))
