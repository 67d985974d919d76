# SPDX-License-Identifier: Apache-2.0
"""Goldens of tasks: tiny random BERTs with heads and a tokenizer, complete folders, and what the pipelines of transformers and
sentence-transformers answer. `golden.json` of each is a list of cases: {"config": what to change in config.json, …}.

Answers to questions, whose pipeline transformers 5 lacks, and entities of long texts come from tasks_v4.py, bge-m3's vectors from
bge_m3.py.

usage: tasks.py TOKENIZER_JSON OUT      (needs torch, transformers, sentence-transformers)
"""
import json, os, shutil, sys, warnings
import torch
from safetensors.torch import load_file, save_file
from transformers import (AddedToken, BertConfig, BertForMaskedLM, BertForQuestionAnswering, BertForSequenceClassification,
                          BertForTokenClassification, BertModel,
                          ElectraConfig, ElectraForPreTraining, PreTrainedTokenizerFast, pipeline)
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
        cases.append({"task": "zero-shot", "config": config, "texts": TEXTS,
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

# Question answering: the model; see tasks_v4.py
make("question-answerer", BertForQuestionAnswering, 5)

# ColBERT as Stanford keeps it
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


# ColBERT in modules: as sentence-transformers 6 saves it, and as PyLate did, whose prefixes are tokens that end in a space
def vectors(colbert, config):
    queries, documents = colbert.encode_query(["where was Anna", "good words"]), colbert.encode_document(TEXTS)
    return {"config": config, "queries": ["where was Anna", "good words"], "documents": TEXTS,
            "query_vectors": [q.tolist() for q in queries], "document_vectors": [d.tolist() for d in documents],
            "scores": colbert.similarity(queries, documents).tolist()}


folder = os.path.join(out, "multi-vector-modules")
MultiVectorEncoder(os.path.join(out, "multi-vector"), device="cpu").save(folder, create_model_card=False)
dump(folder, [vectors(MultiVectorEncoder(folder, device="cpu"), {})])

plain = tokenizer
tokenizer = PreTrainedTokenizerFast(tokenizer_file=tokenizer_json, model_max_length=48, pad_token="[PAD]", unk_token="[UNK]",
                                    cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]",
                                    model_input_names=["input_ids", "token_type_ids", "attention_mask"])
tokenizer.add_tokens([AddedToken("[Q] "), AddedToken("[D] ")])
folder, model = make("multi-vector-pylate", BertModel, 9)
for name, size, residual in [("1_Dense", (24, 16), False), ("2_Dense", (12, 24), True), ("3_Dense", (12, 12), True)]:
    os.mkdir(os.path.join(folder, name))
    json.dump({"in_features": size[1], "out_features": size[0], "bias": False, "use_residual": residual,
               "activation_function": "torch.nn.modules.linear.Identity"}, open(os.path.join(folder, name, "config.json"), "w"))
    weights = {"linear.weight": torch.randn(*size, generator=generator) * 0.3}
    if residual and size[0] != size[1]:
        weights["residual.weight"] = torch.randn(*size, generator=generator) * 0.3
    save_file(weights, os.path.join(folder, name, "model.safetensors"), {"format": "pt"})
json.dump([{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}] + [
    {"idx": i, "name": str(i), "path": f"{i}_Dense", "type": "pylate.models.Dense.Dense"} for i in (1, 2, 3)],
    open(os.path.join(folder, "modules.json"), "w"), indent=1)
json.dump({"max_seq_length": 29, "do_lower_case": False}, open(os.path.join(folder, "sentence_bert_config.json"), "w"))
cases = []
for config in [{"attend_to_expansion_tokens": False}, {"attend_to_expansion_tokens": True, "skiplist_words": ["the", "a", "qqqq"]},
               {"do_query_expansion": False, "prompts": {"query": "[Q] find one: ", "document": "about "}}]:
    settings = {"model_type": "ColBERT", "query_prefix": "[Q] ", "document_prefix": "[D] ", "query_length": 16,
                "document_length": 30, "prompts": {}, "default_prompt_name": None, "similarity_fn_name": "MaxSim", **config}
    json.dump(settings, open(os.path.join(folder, "config_sentence_transformers.json"), "w"), indent=1)
    cases.append(vectors(MultiVectorEncoder(folder, device="cpu"), settings))
dump(folder, cases)
tokenizer = plain

# ELECTRA's discriminator
model = ElectraForPreTraining(ElectraConfig(vocab_size=len(tokenizer), hidden_size=16, embedding_size=12, num_hidden_layers=2,
                                            num_attention_heads=4, intermediate_size=24, max_position_embeddings=64)).eval()
with torch.no_grad():
    for key, p in model.named_parameters():
        p.copy_(torch.randn(p.shape, generator=generator) * (0.4 if p.dim() > 1 else 0.1)
                + (1.0 if key.endswith("LayerNorm.weight") else 0.0))
folder = os.path.join(out, "replaced-tokens")
model.save_pretrained(folder)
tokenizer.save_pretrained(folder)
expected = []
for text in TEXTS:
    inputs = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
    offsets = inputs.pop("offset_mapping")[0].tolist()
    with torch.no_grad():
        replaced = torch.sigmoid(model(**inputs).logits)[0].tolist()
    tokens = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
    expected.append([{"token": t, "replaced": r, "start": s, "end": e}
                     for t, r, (s, e) in list(zip(tokens, replaced, offsets))[1:-1]])
dump(folder, [{"texts": TEXTS, "expected": expected}])
