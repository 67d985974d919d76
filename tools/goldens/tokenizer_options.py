# SPDX-License-Identifier: Apache-2.0
"""Writes goldens/tokenizers/folder_options.jsonl: small random folders with a tokenizer.json and the files beside it, and
what AutoTokenizer of transformers makes of some texts. The options contradict tokenizer.json where they can.

usage: tokenizer_options.py [folders] > folder_options.jsonl   (needs `pip install transformers`)
"""
import json
import os
import random
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
from transformers import AutoTokenizer  # noqa: E402
from transformers.utils import logging  # noqa: E402

logging.set_verbosity_error()
WORDS = ["house", "Über", "über", "uber", "HOUSE", "the", "中", "文", "naïve", "naive", "x", "<ent>", "[MASK]", "<mask>", ",",
         "don't", "a", "b", "  ", "\t"]
CHARS = sorted(set("".join(WORDS).replace("\t", "").replace(" ", "") + "Üu"))
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
MODEL_TYPES = {"BertTokenizer": "bert", "DistilBertTokenizer": "distilbert", "ElectraTokenizer": "electra",
               "MPNetTokenizer": "mpnet", "RobertaTokenizer": "roberta", "DebertaTokenizer": "deberta",
               "XLMRobertaTokenizer": "xlm-roberta", "CamembertTokenizer": "camembert", "AlbertTokenizer": "albert",
               "T5Tokenizer": "t5"}
KINDS = list(MODEL_TYPES) + ["PreTrainedTokenizerFast", "BertTokenizerFast", "XLMRobertaTokenizerFast"]


def specials(kind):
    if kind.startswith("Albert"):
        return ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
    if kind.startswith("T5"):
        return ["<pad>", "</s>", "<unk>"]
    if kind.startswith("MPNet"):
        return ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"]
    return ROBERTA if kind.startswith(("Roberta", "XLM", "Camembert")) else BERT


def byte_chars():
    from tokenizers.pre_tokenizers import ByteLevel
    return sorted(ByteLevel.alphabet())


def model(kind, rng):
    first = specials(kind)
    if kind.startswith(("Roberta", "Deberta")):
        tokens = first + byte_chars() + ["ho", "us", "Ġh", "th"]
        return {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "ignore_merges": rng.random() < 0.2,
                "vocab": {t: i for i, t in enumerate(tokens)}, "merges": [["h", "o"], ["u", "s"], ["Ġ", "h"], ["t", "h"]]}
    if kind.startswith(("XLM", "Camembert", "Albert", "T5")):
        pieces = first + ["▁"] + [c for c in CHARS if c not in "中"] + ["▁house", "▁the", "use"]
        return {"type": "Unigram", "unk_id": first.index("<unk>"), "byte_fallback": False,
                "vocab": [[p, 0.0 if p in first else -1.0 - i / 8] for i, p in enumerate(pieces)]}
    tokens = first + CHARS + ["##" + c for c in CHARS] + ["house", "über", "uber", "HOUSE", "the", "naive"]
    tokens = list(dict.fromkeys(tokens))
    return {"type": "WordPiece", "unk_token": first[1] if first is BERT else "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": {t: i for i, t in enumerate(tokens)}}


def ids(vocab):
    return {p[0]: i for i, p in enumerate(vocab)} if isinstance(vocab, list) else vocab


def flag(rng):
    return rng.choice([True, False])


def tokenizer_json(kind, rng):
    m = model(kind, rng)
    vocab = ids(m["vocab"])
    first = specials(kind)
    added = [{"id": vocab[t], "content": t, "single_word": False, "lstrip": t == "<mask>", "rstrip": False,
              "normalized": False, "special": True} for t in first if rng.random() < 0.8]
    if rng.random() < 0.3:
        added.append({"id": len(vocab), "content": "<ent>", "single_word": False, "lstrip": False, "rstrip": False,
                      "normalized": flag(rng), "special": False})
    if m["type"] == "WordPiece":
        normalizer = rng.choice([None, {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": flag(rng),
                                        "strip_accents": rng.choice([None, True, False]), "lowercase": flag(rng)}])
        pre = {"type": "BertPreTokenizer"}
    elif m["type"] == "BPE":
        normalizer = None
        pre = {"type": "ByteLevel", "add_prefix_space": flag(rng), "trim_offsets": True, "use_regex": True}
    else:
        normalizer = rng.choice([None, {"type": "Lowercase"}])
        pre = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": rng.choice(["always", "never"]), "split": True}
    cls, sep = ("[CLS]", "[SEP]") if "[CLS]" in vocab else ("<s>", "</s>") if "<s>" in vocab else ("</s>", "</s>")
    post = {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": cls, "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": sep, "type_id": 0}}],
            "pair": [{"SpecialToken": {"id": cls, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                     {"SpecialToken": {"id": sep, "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                     {"SpecialToken": {"id": sep, "type_id": 1}}],
            "special_tokens": {t: {"id": t, "ids": [vocab[t]], "tokens": [t]} for t in {cls, sep}}}
    return {"version": "1.0", "truncation": rng.choice([None, None, {"direction": rng.choice(["Left", "Right"]),
            "max_length": 512, "strategy": "LongestFirst", "stride": 0}]), "padding": None, "added_tokens": added,
            "normalizer": normalizer, "pre_tokenizer": pre, "post_processor": rng.choice([None, post]), "decoder": None,
            "model": m}


def folder(rng):
    kind = rng.choice(KINDS)
    whole = tokenizer_json(kind, rng)
    files = {"tokenizer.json": whole}
    model_type = MODEL_TYPES.get(kind.removesuffix("Fast"), "bert")
    config = {"model_type": rng.choice([model_type, model_type, "bert"]) if kind in MODEL_TYPES else "bert"}
    where = rng.choice(["tokenizer_config.json", "tokenizer_config.json", "config.json", None])
    if where != "tokenizer_config.json":
        config["model_type"] = model_type
    options = {}
    keys = {"do_lower_case": [True, False], "strip_accents": [None, True, False], "tokenize_chinese_chars": [True, False],
            "add_prefix_space": [True, False], "truncation_side": ["left", "right"], "trim_offsets": [True, False],
            "keep_accents": [True, False], "model_input_names": [["input_ids", "attention_mask"],
                                                                ["input_ids", "token_type_ids", "attention_mask"]]}
    for key, values in keys.items():
        if rng.random() < 0.4:
            options[key] = rng.choice(values)
    vocab = ids(whole["model"]["vocab"])
    if rng.random() < 0.3:
        options["added_tokens_decoder"] = {str(vocab[t]): {"content": t, "lstrip": False, "rstrip": False,
                                           "single_word": False, "normalized": False, "special": True}
                                           for t in specials(kind)}
        options["added_tokens_decoder"][str(len(vocab))] = {"content": "<ent>", "lstrip": flag(rng), "rstrip": flag(rng),
                                                            "single_word": False, "normalized": flag(rng), "special": False}
    if rng.random() < 0.3:
        options[rng.choice(["additional_special_tokens", "extra_special_tokens"])] = ["<ent>"]
    if where == "tokenizer_config.json":
        options["tokenizer_class"] = kind
    elif where == "config.json":
        config["tokenizer_class"] = kind
    if where == "tokenizer_config.json" or rng.random() < 0.7:
        files["tokenizer_config.json"] = options
    if rng.random() < 0.2:
        files["added_tokens.json"] = {"<ent>": len(vocab)}
    if rng.random() < 0.2:
        files["special_tokens_map.json"] = {"additional_special_tokens": ["<ent>"]}
    files["config.json"] = config
    return files


def text(rng):
    return " ".join(rng.choices(WORDS, k=rng.randrange(1, 7)))


def rows(tokenizer, rng):
    result = []
    for i in range(4):
        one, two = text(rng), text(rng) if i % 2 and type(tokenizer).__name__ != "DebertaTokenizer" else None
        cut = {} if i < 2 else {"truncation": True, "max_length": rng.randrange(6, 10)}
        encoding = tokenizer(one, two, return_offsets_mapping=True, **cut)
        types = encoding["token_type_ids"] if "token_type_ids" in tokenizer.model_input_names else [0] * len(encoding[0].ids)
        result.append([one, two, cut.get("max_length", 0), encoding["input_ids"], types,
                       [list(pair) for pair in encoding["offset_mapping"]]])
    return result


def main(count):
    rng = random.Random(8)
    made = 0
    while made < count:
        files = folder(rng)
        with tempfile.TemporaryDirectory() as path:
            for name, content in files.items():
                with open(os.path.join(path, name), "w", encoding="utf-8") as out:
                    json.dump(content, out)
            try:
                tokenizer = AutoTokenizer.from_pretrained(path)
            except Exception as e:
                print(f"refused: {e}"[:300], file=sys.stderr)
                continue
            files["rows"] = rows(tokenizer, rng)
            print(json.dumps(files, ensure_ascii=False, separators=(",", ":")))
            made += 1


main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
