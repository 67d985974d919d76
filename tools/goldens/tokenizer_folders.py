# SPDX-License-Identifier: Apache-2.0
"""Makes folders that have a SentencePiece model and no tokenizer.json, and records what the converters of transformers
make of them: OUT/<class>/ with the model, tokenizer_config.json and golden.jsonl. The models are trained on the texts of
the recorded tokenizers. Also OUT/windows.jsonl: the windows of long words, cut from both sides.

usage: tokenizer_folders.py GOLDENS/tokenizers OUT
"""
import json
import os
import sys
import types

import sentencepiece
from tokenizers import AddedToken, Tokenizer
from transformers.convert_slow_tokenizer import (AlbertConverter, CamembertConverter, DebertaV2Converter, T5Converter,
                                                 XLMRobertaConverter)

GOLDENS, OUT = sys.argv[1:]
lines = [json.loads(line) for line in open(os.path.join(GOLDENS, "unigram_xlmr", "golden.jsonl"), encoding="utf-8")]
texts = list(dict.fromkeys(line["text"] for line in lines))
KINDS = {
    "XLMRoberta": ("sentencepiece.bpe.model", "nmt_nfkc", dict(unk_id=0, bos_id=1, eos_id=2, pad_id=-1), {}),
    "Camembert": ("sentencepiece.bpe.model", "nfkc", dict(unk_id=0, bos_id=1, eos_id=2, pad_id=-1), {}),
    "Albert": ("spiece.model", "identity", dict(pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
               control_symbols="[CLS],[SEP],[MASK]"), dict(do_lower_case=True, keep_accents=False,
               model_input_names=["input_ids", "token_type_ids", "attention_mask"])),
    "T5": ("spiece.model", "nmt_nfkc_cf", dict(pad_id=0, eos_id=1, unk_id=2, bos_id=-1), dict(extra_ids=5)),
    "DebertaV2": ("spm.model", "nfkc_cf", dict(pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]",
                  bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]", user_defined_symbols="<user>"),
                  dict(do_lower_case=True, split_by_punct=True)),
}
CONVERTERS = {"XLMRoberta": XLMRobertaConverter, "Camembert": CamembertConverter, "Albert": AlbertConverter,
              "T5": T5Converter, "DebertaV2": DebertaV2Converter}
ROBERTA = [("<s>", False), ("</s>", False), ("<unk>", False), ("<pad>", False), ("<mask>", True)]
SPECIALS = {
    "XLMRoberta": ROBERTA, "Camembert": ROBERTA + [(t + "NOTUSED", False) for t in ("<s>", "</s>", "<unk>")],
    "Albert": [("[CLS]", False), ("[SEP]", False), ("<unk>", False), ("<pad>", False), ("[MASK]", True)],
    "T5": [("</s>", False), ("<unk>", False), ("<pad>", False)] + [(f"<extra_id_{i}>", False) for i in range(5)],
    "DebertaV2": [(t, False) for t in ("[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]")],
}


def record(tokenizer, text, pair=None):
    encoding = tokenizer.encode(text, pair)
    return dict(text=text, pair=pair, add_special_tokens=True, max_length=None, ids=encoding.ids,
                tokens=encoding.tokens, type_ids=encoding.type_ids, special_tokens_mask=encoding.special_tokens_mask,
                offsets=encoding.offsets, decoded=tokenizer.decode(encoding.ids, skip_special_tokens=True))


def write(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


for name, (file, rule, ids, options) in KINDS.items():
    folder = os.path.join(OUT, name)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, file)
    with open(path, "wb") as out:
        sentencepiece.SentencePieceTrainer.Train(
            sentence_iterator=iter(texts), model_writer=out, vocab_size=700, hard_vocab_limit=False,
            character_coverage=0.98, normalization_rule_name=rule, minloglevel=2, num_threads=1, **ids)
    with open(os.path.join(folder, "tokenizer_config.json"), "w") as config:
        json.dump(dict(tokenizer_class=name + "Tokenizer", **options), config, indent=1)
    # What the converters ask of the tokenizer they convert.
    slow = types.SimpleNamespace(vocab_file=path, _extra_ids=options.get("extra_ids"), convert_tokens_to_ids=lambda t: 0,
                                 **options)
    converter = CONVERTERS[name](slow)
    tokenizer = converter.converted()
    tokenizer.add_special_tokens([AddedToken(t, lstrip=lstrip, special=True) for t, lstrip in SPECIALS[name]])
    # Now that there are ids, the special tokens' places.
    slow.convert_tokens_to_ids = tokenizer.token_to_id
    tokenizer.post_processor = converter.post_processor()
    rows = [record(tokenizer, text) for text in texts[::6]] + [record(tokenizer, a, b) for a, b in zip(
        texts[::40], texts[7::40])]
    special = SPECIALS[name]
    rows.append(record(tokenizer, "a " + " b".join(token for token, _ in special) + " c <user> d  \n e "))
    write(os.path.join(folder, "golden.jsonl"), rows)

tokenizer = Tokenizer.from_file(os.path.join(GOLDENS, "wordpiece_uncased", "tokenizer.json"))
rows = []
# One word each, since later versions of the library stop reading at a word's end.
for first, second in (("antidisestablishmentarianism" * 3, None), ("z" * 90, None), ("hello", None),
                      ("supercalifragilistic" * 4, "expialidocious" * 5), ("a", "expialidocious" * 6)):
    for direction in ("right", "left"):
        for stride in (0, 1, 4):
            for length, strategy in ((10, "longest_first"), (17, "longest_first"), (13, "only_first"),
                                     (40, "only_second")):
                tokenizer.enable_truncation(length, stride=stride, strategy=strategy, direction=direction)
                try:
                    encoding = tokenizer.encode(first, second)
                except BaseException:  # what it refuses, and where it panics, is no window
                    continue
                rows.append(dict(text=first, pair=second, max_length=length, stride=stride, strategy=strategy.upper(),
                                 direction=direction.upper(),
                                 windows=[e.ids for e in [encoding] + encoding.overflowing]))
write(os.path.join(OUT, "windows.jsonl"), rows)
