# SPDX-License-Identifier: Apache-2.0
"""Goldens of tasks that only transformers 4 computes: answers to questions, whose pipeline version 5 lacks, and entities of
long texts read in windows, which need a tokenizers library before 0.23 (later ones stop reading a text that will be cut, and
lose its last windows). Writes golden.json of OUT/question-answerer, windows.json of OUT/tagger and, for labels of texts that
are too long, long.json of OUT/classifier, for the models that tasks.py made there.

usage: tasks_v4.py OUT      (needs torch, transformers 4.57, tokenizers 0.22)
"""
import json, os, sys, warnings
from transformers import (BertForQuestionAnswering, BertForSequenceClassification, BertForTokenClassification,
                          PreTrainedTokenizerFast, QuestionAnsweringPipeline, TokenClassificationPipeline,
                          ZeroShotClassificationPipeline, __version__)

warnings.filterwarnings("ignore")
assert __version__.startswith("4."), __version__
out, = sys.argv[1:]
TEXTS = ["A sentence to encode", "the first world was in the small house of Anna", "one two three four",
         "Zoë Müller doesn't live in Xy-land \U0001F600 any more!", "good", "naïve café 北京 words everywhere, unbelievable"]


def load(name, model, pipeline, **options):
    folder = os.path.join(out, name)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=os.path.join(folder, "tokenizer.json"), model_max_length=48,
                                        pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
                                        mask_token="[MASK]",
                                        model_input_names=["input_ids", "token_type_ids", "attention_mask"])
    return pipeline(model=model.from_pretrained(folder).eval(), tokenizer=tokenizer, device="cpu", **options)


def dump(name, file, cases):
    with open(os.path.join(out, name, file), "w") as f:
        json.dump(cases, f, ensure_ascii=False, indent=0, default=lambda x: x.item())


answer = load("question-answerer", BertForQuestionAnswering, QuestionAnsweringPipeline)
cases = []
for question in ["where was Anna", "who"]:
    for context in [TEXTS[1], TEXTS[3], " ".join(TEXTS)]:
        for top_k, longest, size, stride, impossible in [(1, 15, 48, 20, False), (3, 15, 48, 20, True), (4, 3, 32, 8, True)]:
            found = answer(question=question, context=context, top_k=top_k, max_answer_len=longest, max_seq_len=size,
                           doc_stride=stride, handle_impossible_answer=impossible)
            cases.append({"question": question, "context": context, "top_k": top_k, "max_answer_len": longest,
                          "max_seq_len": size, "doc_stride": stride, "handle_impossible_answer": impossible,
                          "expected": found if isinstance(found, list) else [found]})
dump("question-answerer", "golden.json", cases)

LONG = [" ".join(TEXTS), " ".join(TEXTS * 2), TEXTS[3] * 4, "good"]
cases = []
for strategy in ["simple", "first", "average", "max"]:
    for stride in [0, 13]:
        tag = load("tagger", BertForTokenClassification, TokenClassificationPipeline, aggregation_strategy=strategy, stride=stride)
        for ignored in [["O"], []]:
            cases.append({"strategy": strategy, "stride": stride, "ignore_labels": ignored, "texts": LONG,
                          "expected": [tag(text, ignore_labels=ignored) for text in LONG]})
dump("tagger", "windows.json", cases)

shot = load("classifier", BertForSequenceClassification, ZeroShotClassificationPipeline)
labels = ["sports", "politics", "the weather of the whole wide world, the day after tomorrow"]
dump("classifier", "long.json", [{"texts": LONG, "labels": labels, "multi_label": multi, "template": "This example is {}.",
                                  "expected": shot(LONG, candidate_labels=labels, multi_label=multi)} for multi in [False, True]])
