# SPDX-License-Identifier: Apache-2.0
"""Goldens of folders that people have: one tiny BERT and tokenizer in `base`, and for each case the files that are laid over it
and, in golden.json, what the reference computes for the whole folder.

usage: sentence_folders.py OUT      (needs torch, transformers, sentence-transformers 6)
"""
import json, os, shutil, string, sys, tempfile
from pathlib import Path
import torch
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel
from sentence_transformers import CrossEncoder, MultiVectorEncoder, SentenceTransformer

out = Path(sys.argv[1])
shutil.rmtree(out, ignore_errors=True)
generator = torch.Generator().manual_seed(8)
SIZE = 16
WORDS = ("the house of anna is in berlin where query doc was good bad one two three . , ! ? ; # "
         "The Anna Query House MASK mask").split()
TEXTS = ["the house of anna", "The House, [MASK] Anna!", "one two three", ""]


def fill(model):
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(torch.randn(p.shape, generator=generator) * (0.3 if p.dim() > 1 else 0.1)
                    + (1.0 if name.endswith("LayerNorm.weight") else 0.0))
    return model.eval()


def cased_tokenizer():
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [p + c for c in string.ascii_letters for p in ("", "##")]
    vocab = {t: i for i, t in enumerate(dict.fromkeys(special + ["[unused0]", "[unused1]"] + WORDS + letters))}
    t = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=False)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    t.add_special_tokens([AddedToken(x, special=True, normalized=False) for x in special])
    return t


def config(vocab, **more):
    return BertConfig(vocab_size=vocab, hidden_size=SIZE, num_hidden_layers=1, num_attention_heads=2,
                      intermediate_size=20, max_position_embeddings=48, **more)


tokenizer = cased_tokenizer()
fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=40, pad_token="[PAD]", unk_token="[UNK]",
                               cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]",
                               model_input_names=["input_ids", "token_type_ids", "attention_mask"])
base = out / "base"
fill(BertModel(config(tokenizer.get_vocab_size()))).save_pretrained(base)
fast.save_pretrained(base)
classifier = out / "base-classifier"
fill(BertForSequenceClassification(config(tokenizer.get_vocab_size(), num_labels=1))).save_pretrained(classifier)
fast.save_pretrained(classifier)


def case(name, files, compute, on=base, tensors={}):
    """Lays files over a copy of the base, and keeps them with what `compute` says of the copy."""
    folder = out / name
    for path, value in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(value, indent=1, ensure_ascii=False))
    for path, value in tensors.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        save_file(value, folder / path)
    with tempfile.TemporaryDirectory() as temp:
        whole = Path(temp) / name
        shutil.copytree(on, whole)
        shutil.copytree(folder, whole, dirs_exist_ok=True)
        (folder / "golden.json").write_text(json.dumps({"base": on.name, **compute(str(whole))}, ensure_ascii=False))


MODELS = "sentence_transformers.models."
MODULE = lambda i, name, path="": {"idx": i, "name": str(i), "path": path, "type": name if "." in name else MODELS + name}
START = [MODULE(0, "Transformer"), MODULE(1, "Pooling", "1_Pooling")]
RANDOM = lambda *shape: torch.randn(shape, generator=generator) * 0.4
OLD = {"word_embedding_dimension": SIZE} | {f"pooling_mode_{m}": False for m in (
    "cls_token", "max_tokens", "mean_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken")}


def dense(folder, **kw):
    model = SentenceTransformer(folder, device="cpu")
    return {"texts": TEXTS, "vectors": model.encode(TEXTS, **kw).tolist(), **kw}


case("pooling-order", {"modules.json": START, "1_Pooling/config.json": {
    "embedding_dimension": SIZE, "pooling_mode": ["mean", "cls", "lasttoken", "mean"], "include_prompt": True}}, dense)
case("pooling-none", {"modules.json": START, "1_Pooling/config.json": OLD}, dense)
case("pooler-output", {
    "modules.json": [MODULE(0, "sentence_transformers.base.modules.transformer.Transformer"), MODULE(1, "Normalize", "1_Normalize")],
    "sentence_bert_config.json": {
        "transformer_task": "feature-extraction", "module_output_name": "sentence_embedding",
        "modality_config": {"text": {"method": "forward", "method_output_name": "pooler_output"}}}}, dense)
for prompt in (False, True):
    case("lower-case" + ("-prompt" if prompt else ""), {
        "modules.json": START, "1_Pooling/config.json": OLD | {"pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": 40, "do_lower_case": True},
        "config_sentence_transformers.json": {"prompts": {"query": "Query: The "}}},
        lambda folder: dense(folder, **({"prompt_name": "query"} if prompt else {})))

# Rerankers of sentence-transformers 6
QUERY, ANSWERS = "where was anna", ["the house is good", "berlin , bad", "Anna"]
V6 = {"__version__": {"sentence_transformers": "6.0.1"}, "model_type": "CrossEncoder"}
LOGITS = {"transformer_task": "sequence-classification", "module_output_name": "scores",
          "modality_config": {"text": {"method": "forward", "method_output_name": "logits"}}}
WHOLE = MODULE(0, "sentence_transformers.base.modules.transformer.Transformer")


def scores(folder, **kw):
    model = CrossEncoder(folder, device="cpu")
    return {"query": QUERY, "texts": ANSWERS, "scores": model.predict([(QUERY, a) for a in ANSWERS], **kw).tolist(), **kw}


for name, settings, kw in (
        ("identity", {"activation_fn": "torch.nn.modules.linear.Identity"}, {}),
        ("softplus", {"activation_fn": "torch.nn.modules.activation.Softplus"}, {}),
        ("default-prompt", {"activation_fn": "torch.nn.modules.activation.Sigmoid", "default_prompt_name": "web"}, {}),
        ("prompt-name", {"activation_fn": "torch.nn.modules.activation.Sigmoid"}, {"prompt_name": "web"})):
    case("reranker-" + name, {"modules.json": [WHOLE], "sentence_bert_config.json": LOGITS,
         "config_sentence_transformers.json": V6 | {"prompts": {"web": "query doc "}, "default_prompt_name": None} | settings},
         lambda folder: scores(folder, **kw), on=classifier)
case("reranker-modules", {
    "modules.json": [WHOLE, MODULE(1, "sentence_transformers.sentence_transformer.modules.pooling.Pooling", "1_Pooling"),
                     MODULE(2, "sentence_transformers.base.modules.dense.Dense", "2_Dense")],
    "config_sentence_transformers.json": V6 | {"activation_fn": "torch.nn.modules.activation.Sigmoid", "prompts": {}},
    "1_Pooling/config.json": {"embedding_dimension": SIZE, "pooling_mode": "mean", "include_prompt": True},
    "2_Dense/config.json": {"in_features": SIZE, "out_features": 1, "bias": True,
                            "activation_function": "torch.nn.modules.linear.Identity",
                            "module_input_name": "sentence_embedding", "module_output_name": "scores"}}, scores,
    tensors={"2_Dense/model.safetensors": {"linear.weight": RANDOM(1, SIZE), "linear.bias": RANDOM(1)}})

# PyLate before it wrote a model_type
def token_vectors(folder):
    model = MultiVectorEncoder(folder, device="cpu")
    query = torch.as_tensor(model.encode_query(QUERY))
    documents = [torch.as_tensor(x) for x in model.encode_document(ANSWERS)]
    return {"query": QUERY, "texts": ANSWERS, "scores": [float((query @ x.T).max(1).values.sum()) for x in documents]}


projection = {"1_Dense/model.safetensors": {"linear.weight": RANDOM(8, SIZE)}}
for name, settings, type in (
        ("class", {}, "pylate.models.Dense.Dense"),
        ("similarity", {"similarity_fn_name": "MaxSim"}, MODELS + "Dense"),
        ("prefixes", {"query_prefix": "[unused0] ", "document_prefix": "[unused1] "}, MODELS + "Dense")):
    full = {"query_prefix": "[unused0] ", "document_prefix": "[unused1] ", "query_length": 10, "document_length": 20,
            "prompts": {}, "attend_to_expansion_tokens": False, "skiplist_words": [",", "!"]}
    kept = full if name == "prefixes" else {k: v for k, v in full.items() if not k.endswith("_prefix")} | settings
    case("token-vectors-by-" + name, {
        "modules.json": [MODULE(0, "Transformer"), MODULE(1, type, "1_Dense")],
        "1_Dense/config.json": {"in_features": SIZE, "out_features": 8, "bias": False,
                                "activation_function": "torch.nn.modules.linear.Identity"},
        "config_sentence_transformers.json": kept}, lambda folder: token_vectors(folder), tensors=projection)

# Stanford's skip list: the first token of each symbol's own encoding, here with a space before it. Computed from the definition of
# colbert-ai, since sentence-transformers takes the token that is the symbol.
pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
pieces += [(p, -2.0 - 0.01 * i) for i, p in enumerate(dict.fromkeys([q + w for w in WORDS for q in ("▁", "")] + ["▁1", "▁2"]))]
pieces += [(c, -9.0) for c in dict.fromkeys("▁" + string.ascii_letters) if c not in dict(pieces)] + [("<mask>", 0.0)]
unigram = Tokenizer(models.Unigram(pieces, unk_id=3))
unigram.pre_tokenizer = pre_tokenizers.Metaspace()
unigram.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>",
                                                       special_tokens=[("<s>", 0), ("</s>", 2)])
unigram.add_special_tokens([AddedToken(x, special=True, normalized=False) for x in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")])
model = fill(XLMRobertaModel(XLMRobertaConfig(
    vocab_size=unigram.get_vocab_size(), hidden_size=SIZE, num_hidden_layers=1, num_attention_heads=2, intermediate_size=20,
    max_position_embeddings=48, type_vocab_size=1, pad_token_id=1), add_pooling_layer=False))
folder = out / "stanford-sentencepiece"
model.save_pretrained(folder)
weight = RANDOM(8, SIZE)
tensors = load_file(folder / "model.safetensors")
save_file({**{"roberta." + k: v for k, v in tensors.items()}, "linear.weight": weight}, folder / "model.safetensors")
saved = json.loads((folder / "config.json").read_text())
(folder / "config.json").write_text(json.dumps(saved | {"architectures": ["HF_ColBERT"]}, indent=1))
unigram.save(str(folder / "tokenizer.json"))
(folder / "artifact.metadata").write_text(json.dumps({
    "query_token_id": "▁1", "doc_token_id": "▁2", "query_maxlen": 12, "doc_maxlen": 30, "mask_punctuation": True}, ensure_ascii=False))
skipped = {unigram.encode(s, add_special_tokens=False).ids[0] for s in string.punctuation}


def vectors(text, marker, length=None):
    ids = unigram.encode(text).ids
    ids = ids[:1] + [unigram.token_to_id(marker)] + ids[1:]
    seen = [1] * len(ids) + [0] * ((length or len(ids)) - len(ids))
    ids += [unigram.token_to_id("<mask>")] * (len(seen) - len(ids))
    with torch.no_grad():
        hidden = model(torch.tensor([ids]), attention_mask=torch.tensor([seen])).last_hidden_state[0] @ weight.T
    hidden = torch.nn.functional.normalize(hidden, dim=-1)
    return hidden if length else hidden[[i for i, id in enumerate(ids) if id not in skipped]]


texts = ["the house of anna , is in berlin .", "good ; bad # !"]
query = vectors(QUERY, "▁1", 12)
(folder / "golden.json").write_text(json.dumps({
    "base": None, "query": QUERY, "texts": texts, "counts": [len(vectors(t, "▁2")) for t in texts],
    "scores": [float((query @ vectors(t, "▁2").T).max(1).values.sum()) for t in texts]}))
