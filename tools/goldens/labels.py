# SPDX-License-Identifier: Apache-2.0
"""Goldens of labels and heads as files really have them: `labels.json` beside `golden.json` of the tasks' classifier and reranker,
a list of cases {"config": what to change in config.json, null where a key is taken away, …} with what the pipelines of
transformers 5.18 and CrossEncoder of sentence-transformers 6.0 answer with the folder so changed.

usage: labels.py TASKS      (goldens/tasks; needs torch, transformers, sentence-transformers)
"""
import json, os, shutil, sys, tempfile, warnings
from sentence_transformers import CrossEncoder
from transformers import pipeline

warnings.filterwarnings("ignore")
tasks, = sys.argv[1:]
TEXTS = ["A sentence to encode", "the first world was in the small house of Anna"]
THREE = ["entailment", "neutral", "contradiction"]


def changed(name, config):
    folder = os.path.join(tempfile.mkdtemp(), name)
    shutil.copytree(os.path.join(tasks, name), folder)
    path = os.path.join(folder, "config.json")
    json.dump({k: v for k, v in {**json.load(open(path)), **config}.items() if v is not None}, open(path, "w"))
    return folder


def by_id(names):
    return {str(i): name for i, name in enumerate(names)}


def by_label(names):
    return {name: i for i, name in enumerate(names)}


NUMBERED = ["LABEL_0", "LABEL_1", "LABEL_2"]
CLASSIFY = [
    {"id2label": by_id([0, 1, 2]), "label2id": None},
    {"id2label": {"0": "no", "1": None, "2": True}, "label2id": None},
    {"id2label": None, "label2id": None, "num_labels": 3},
    {"id2label": {"0": "a", "1": "b"}, "label2id": {"a": 0, "b": 1}, "num_labels": 3},
    {"id2label": {"2": "c", "0": "a", "1": "b"}},
    {"id2label": by_id(["x", "x", "y"]), "label2id": {"x": 1, "y": 2}},
    {"architectures": None}, {"architectures": []}, {"architectures": ["BertModel"]},
    {"architectures": ["BertForMultilabelSequenceClassification"]}, {"architectures": ["BertForMaskedLM"]},
]
ZERO_SHOT = [
    {"label2id": by_label(THREE)},
    {"label2id": by_label(THREE[::-1])},
    {"id2label": by_id(THREE), "label2id": {"neutral": 1, "ENTAILS": 2, "contradiction": 0}},
    {"id2label": by_id(NUMBERED), "label2id": by_label(THREE)},
    {"id2label": by_id(NUMBERED), "label2id": by_label(NUMBERED)},
    {"id2label": by_id(["a", "b"]), "label2id": {"entailment": 0, "b": 1}, "num_labels": 3},
    {"id2label": None, "label2id": {"entailment": 0}, "num_labels": 3},
]
cases = []
for config in CLASSIFY:
    answers = pipeline("text-classification", model=changed("classifier", config))(TEXTS, top_k=None)
    cases.append({"task": "classify", "config": config, "texts": TEXTS,
                  "expected": [[{"label": str(a["label"]), "score": a["score"]} for a in text] for text in answers]})
for config in ZERO_SHOT:
    pipe = pipeline("zero-shot-classification", model=changed("classifier", config))
    for multi in (False, True):
        labels = ["sports", "politics", "the weather"]
        cases.append({"task": "zero-shot", "config": config, "texts": TEXTS, "labels": labels, "multi_label": multi,
                      "template": "This example is {}.",
                      "expected": pipe(TEXTS, candidate_labels=labels, multi_label=multi)})
json.dump(cases, open(os.path.join(tasks, "classifier", "labels.json"), "w"), ensure_ascii=False, indent=0)

ACTIVATION = "sentence_transformers"
OLD = "sbert_ce_default_activation_function"
RERANK = [{"id2label": {"0": 0}, "label2id": {"0": 0}}, {"architectures": None}, {"architectures": ["BertModel"]},
          {ACTIVATION: {"activation_fn": None}}, {ACTIVATION: {"version": "5.0"}, OLD: "torch.nn.modules.linear.Identity"},
          {ACTIVATION: {"activation_fn": None}, OLD: "torch.nn.modules.linear.Identity"},
          {ACTIVATION: {"activation_fn": "acme.heads.Calibrated"}}, {OLD: "acme.torch.Sigmoid"}]
RERANK += [{ACTIVATION: {"activation_fn": "torch.nn.modules.activation." + name}}
           for name in ("Sigmoid", "Tanh", "ReLU", "GELU", "SiLU", "Mish", "Softplus", "Hardtanh", "ELU", "LeakyReLU",
                        "LogSigmoid", "Softsign", "ReLU6", "Tanhshrink")]
RERANK += [{OLD: "torch.nn.Softplus"}]
cases = []
for config in RERANK:
    cross = CrossEncoder(changed("reranker", config), device="cpu")
    cases.append({"config": config, "query": "where was Anna", "texts": TEXTS, "rank": cross.rank("where was Anna", TEXTS)})
json.dump(cases, open(os.path.join(tasks, "reranker", "labels.json"), "w"), ensure_ascii=False, indent=0,
          default=lambda x: x.item())
