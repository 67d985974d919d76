# SPDX-License-Identifier: Apache-2.0
"""Goldens of tasks: tiny random BERTs with heads and a tokenizer, complete folders, and what the pipelines of transformers and
sentence-transformers answer. `golden.json` of each is a list of cases: {"config": what to change in config.json, …}.

Transformers 5 has no question-answering pipeline any more; `answer` below follows the definition version 4 had (windows with
a stride, products of the two softmaxes, spans of at most max_answer_len tokens, offsets of whole words).

usage: tasks.py TOKENIZER_JSON OUT      (needs torch, transformers, sentence-transformers)
"""
import json, os, shutil, sys, warnings
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import (BertConfig, BertForMaskedLM, BertForQuestionAnswering, BertForSequenceClassification,
                          BertForTokenClassification, BertModel, PreTrainedTokenizerFast, pipeline)
from sentence_transformers import CrossEncoder, MultiVectorEncoder, SparseEncoder
from sentence_transformers.sparse_encoder.modules import MLMTransformer, SpladePooling

warnings.filterwarnings("ignore")
tokenizer_json, out = sys.argv[1:]
tokenizer = PreTrainedTokenizerFast(tokenizer_file=tokenizer_json, model_max_length=48, pad_token="[PAD]",
                                    model_input_names=["input_ids", "token_type_ids", "attention_mask"],
                                    unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")
shutil.rmtree(out, ignore_errors=True)
TEXTS = ["A sentence to encode", "the first world was in the small house of Anna", "one two three four",
         "Zoë Müller doesn't live in Xy-land \U0001F600 any more!", "good", "naïve café 北京 words everywhere, unbelievable"]
PAIRS = [["what is it", "it is a word"], ["where was Anna", "Anna was in the small house"], ["", "nothing"]]


def make(name, kind, seed, scale=0.3, head=1.0, **config):
    generator = torch.Generator().manual_seed(seed)
    model = kind(BertConfig(vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=2, num_attention_heads=4,
                            intermediate_size=24, max_position_embeddings=64, **config)).eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            size = head if key.startswith(("classifier", "qa_outputs")) else scale if p.dim() > 1 else 0.1
            p.copy_(torch.randn(p.shape, generator=generator) * size + (1.0 if key.endswith("LayerNorm.weight") else 0.0))
    folder = os.path.join(out, name)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder, model


def dump(folder, cases):
    with open(os.path.join(folder, "golden.json"), "w") as f:
        json.dump(cases, f, ensure_ascii=False, indent=0, default=lambda x: x.item())


def reload(folder, kind, **changes):
    return kind.from_pretrained(folder, **changes).eval()


# Sequence classification and zero-shot by entailment
LABELS = {0: "entailment", 1: "neutral", 2: "contradiction"}
folder, _ = make("classifier", BertForSequenceClassification, 1, id2label=LABELS, label2id={v: k for k, v in LABELS.items()})
cases = []
for config in [{}, {"problem_type": "single_label_classification"}, {"problem_type": "multi_label_classification"},
               {"problem_type": "regression"}]:
    pipe = pipeline("text-classification", model=reload(folder, BertForSequenceClassification, **config),
                    tokenizer=tokenizer)
    for function in [None, "sigmoid", "softmax", "none"]:
        cases.append({"task": "classify", "config": config, "function": function, "texts": TEXTS, "pairs": PAIRS,
                      "expected": pipe(TEXTS, top_k=None, function_to_apply=function)
                      + pipe([{"text": a, "text_pair": b} for a, b in PAIRS], top_k=None, function_to_apply=function)})
for config in [{}, {"id2label": {"0": "contradiction", "1": "neutral", "2": "entailment"},
                    "label2id": {"contradiction": 0, "neutral": 1, "entailment": 2}}]:
    pipe = pipeline("zero-shot-classification", model=reload(folder, BertForSequenceClassification, **{
        k: ({int(i): n for i, n in v.items()} if k == "id2label" else v) for k, v in config.items()}), tokenizer=tokenizer)
    for labels, multi, template in [(["sports", "politics", "the weather"], False, "This example is {}."),
                                    (["sports", "politics", "the weather"], True, "This example is {}."),
                                    (["travel"], False, "It is about {}!")]:
        cases.append({"task": "zero-shot", "config": {k: v for k, v in config.items() if k == "id2label"}, "texts": TEXTS,
                      "labels": labels, "multi_label": multi, "template": template,
                      "expected": pipe(TEXTS, candidate_labels=labels, multi_label=multi, hypothesis_template=template)})
dump(folder, cases)

# Cross-encoder
folder, _ = make("reranker", BertForSequenceClassification, 2, num_labels=1)
cases = []
for config in [{}, {"sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity", "version": "5.0"}},
               {"sbert_ce_default_activation_function": "torch.nn.modules.linear.Identity"},
               {"sentence_transformers": {"activation_fn": "torch.nn.modules.activation.Tanh"},
                "sbert_ce_default_activation_function": "torch.nn.modules.linear.Identity"}]:
    copy = os.path.join(out, "copy")
    shutil.copytree(folder, copy)
    path = os.path.join(copy, "config.json")
    merged = {**json.load(open(path)), **config}
    json.dump(merged, open(path, "w"))
    cross = CrossEncoder(copy, device="cpu")
    shutil.rmtree(copy)
    cases.append({"config": config, "query": "where was Anna", "texts": TEXTS,
                  "scores": cross.predict([["where was Anna", t] for t in TEXTS]).tolist(),
                  "rank": cross.rank("where was Anna", TEXTS)})
dump(folder, cases)

# Token classification
LABELS = dict(enumerate(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]))
folder, model = make("tagger", BertForTokenClassification, 3, head=2.0, id2label=LABELS,
                     label2id={v: k for k, v in LABELS.items()})
cases = []
for strategy in ["none", "simple", "first", "average", "max"]:
    pipe = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy=strategy)
    for ignore in [["O"], []]:
        cases.append({"strategy": strategy, "ignore_labels": ignore, "texts": TEXTS,
                      "expected": [pipe(text, ignore_labels=ignore) for text in TEXTS]})
dump(folder, cases)

# Fill-mask and SPLADE
folder, model = make("mask-filler", BertForMaskedLM, 4)
with torch.no_grad():
    model.cls.predictions.bias -= 2.5  # few positive logits, as trained sparse models have
model.save_pretrained(folder)
MASKED = ["A [MASK] to encode", "the first [MASK] was in the [MASK] house", "[MASK]"]
pipe = pipeline("fill-mask", model=model, tokenizer=tokenizer)
cases = [{"task": "fill-mask", "texts": MASKED, "top_k": k, "targets": targets,
          "expected": [pipe(text, top_k=k, targets=targets) for text in MASKED]}
         for k, targets in [(5, None), (2, None), (10, ["house", "world", "word"])]]
for strategy in ["max", "sum"]:
    for activation in ["relu", "log1p_relu"]:
        sparse = SparseEncoder(modules=[MLMTransformer(folder), SpladePooling(strategy, activation)], device="cpu")
        texts = TEXTS[:4] if (strategy, activation) == ("max", "relu") else TEXTS[:1]
        vectors = sparse.encode(texts, convert_to_sparse_tensor=False)
        cases.append({"task": "sparse", "pooling_strategy": strategy, "activation_function": activation, "texts": texts,
                      "expected": [{str(i): round(v, 6) for i, v in enumerate(row.tolist()) if v > 0} for row in vectors]})
dump(folder, cases)
saved = os.path.join(out, "splade")
sparse = SparseEncoder(modules=[MLMTransformer(folder), SpladePooling("max", "relu")], device="cpu")
sparse.save(saved, create_model_card=False)

# Question answering
folder, model = make("question-answerer", BertForQuestionAnswering, 5)


def answer(question, context, top_k, max_answer_len, max_seq_len, doc_stride, impossible):
    # Tokenizers 0.23 stops reading a text that will be cut, and so loses its last windows; hence they are cut here.
    whole = tokenizer(question, context).encodings[0]
    of_context = [i for i, s in enumerate(whole.sequence_ids) if s == 1]
    room = max_seq_len - (len(whole.ids) - len(of_context))
    parts, at = [], 0
    while not parts or at + doc_stride < len(of_context):
        parts.append(of_context[at:at + room])
        at += room - doc_stride
    null, answers = 1000000.0, []
    for part in parts:
        window = [i for i, s in enumerate(whole.sequence_ids) if s != 1 or i in part]
        ids, types = [whole.ids[i] for i in window], [whole.type_ids[i] for i in window]
        allowed = np.array([i in part or whole.ids[i] == tokenizer.cls_token_id for i in window])
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types]))
        start, end = (np.where(allowed, l[0].numpy(), -10000.0) for l in (logits.start_logits, logits.end_logits))
        start, end = (np.exp(l - l.max()) / np.exp(l - l.max()).sum() for l in (start, end))
        if impossible:
            null = min(null, float(start[0] * end[0]))
        start[0] = end[0] = 0.0
        spans = np.tril(np.triu(np.outer(start, end)), max_answer_len - 1)
        best = np.argsort(-spans.flatten(), kind="stable")[:top_k]
        for s, e in zip(*np.unravel_index(best, spans.shape)):
            if window[s] in part and window[e] in part:
                same = lambda token: [i for i in part if whole.word_ids[i] == whole.word_ids[window[token]]]
                begin, stop = whole.offsets[same(s)[0]][0], whole.offsets[same(e)[-1]][1]
                answers.append({"score": float(spans[s, e]), "start": begin, "end": stop, "answer": context[begin:stop]})
    if impossible:
        answers.append({"score": null, "start": 0, "end": 0, "answer": ""})
    return sorted(answers, key=lambda a: -a["score"])[:top_k]


CONTEXT = " ".join(TEXTS)
cases = [{"question": q, "context": c, "top_k": k, "max_answer_len": n, "max_seq_len": m, "doc_stride": s,
          "handle_impossible_answer": i, "expected": answer(q, c, k, n, m, s, i)}
         for q in ["where was Anna", "who"] for c in [TEXTS[1], TEXTS[3], CONTEXT]
         for k, n, m, s, i in [(1, 15, 48, 20, False), (3, 15, 48, 20, True), (4, 3, 32, 8, True)]]
dump(folder, cases)

# ColBERT as Stanford keeps it, and bge-m3's two extra layers
folder, model = make("multi-vector", BertModel, 6)
state = load_file(os.path.join(folder, "model.safetensors"))
generator = torch.Generator().manual_seed(7)
state = {"bert." + key: tensor for key, tensor in state.items()}
state["linear.weight"] = torch.randn(12, 16, generator=generator)
save_file(state, os.path.join(folder, "model.safetensors"), {"format": "pt"})
path = os.path.join(folder, "config.json")
json.dump({**json.load(open(path)), "architectures": ["HF_ColBERT"]}, open(path, "w"), indent=2)
cases = []
for attend in [True, False]:
    metadata = {"query_token_id": "the", "doc_token_id": "was", "query_maxlen": 16, "doc_maxlen": 40,
                "attend_to_mask_tokens": attend, "mask_punctuation": True}
    json.dump(metadata, open(os.path.join(folder, "artifact.metadata"), "w"))
    colbert = MultiVectorEncoder(folder, device="cpu")
    queries, documents = colbert.encode_query(["where was Anna", "good words"]), colbert.encode_document(TEXTS)
    cases.append({"metadata": metadata, "queries": ["where was Anna", "good words"], "documents": TEXTS,
                  "query_vectors": [q.tolist() for q in queries], "document_vectors": [d.tolist() for d in documents],
                  "scores": colbert.similarity(queries, documents).tolist()})
dump(folder, cases)

folder, model = make("bge-m3", BertModel, 8)
layers = {"sparse_linear": torch.nn.Linear(16, 1), "colbert_linear": torch.nn.Linear(16, 16)}
for key, layer in layers.items():
    with torch.no_grad():
        layer.weight.copy_(torch.randn(layer.weight.shape, generator=generator))
        layer.bias.copy_(torch.randn(layer.bias.shape, generator=generator) * 0.1)
    save_file(layer.state_dict(), os.path.join(folder, key + ".safetensors"), {"format": "pt"})
expected = []
for text in TEXTS:
    inputs = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        hidden = model(**inputs).last_hidden_state[0]
        normal = torch.nn.functional.normalize
        weights = torch.relu(layers["sparse_linear"](hidden))[:, 0].tolist()
        sparse = {}
        for token, weight in zip(inputs["input_ids"][0].tolist(), weights):
            if token not in tokenizer.all_special_ids and weight > sparse.get(str(token), 0):
                sparse[str(token)] = weight
        expected.append({"dense": normal(hidden[0], dim=0).tolist(), "sparse": sparse,
                         "colbert": normal(layers["colbert_linear"](hidden[1:]), dim=1).tolist()})
dump(folder, [{"texts": TEXTS, "expected": expected}])
