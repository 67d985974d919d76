# SPDX-License-Identifier: Apache-2.0
"""Goldens of encoder families for what their configurations may say, computed by transformers from random weights.

One folder for each case below: config.json, model.safetensors and golden.safetensors with the inputs (input_ids,
attention_mask, token_type_ids), last_hidden_state, pooler_output, logits, start_logits and end_logits, and for bare models
trace.<module> and attentions.<layer>. Sequences are padded on the right; values in the padding mean nothing.

usage: families.py OUT [FAMILY/CASE …]      (needs torch, transformers, safetensors)
"""
import json, os, shutil, sys, warnings
import torch
import transformers as T
from safetensors.torch import load_file, save_file
warnings.filterwarnings("ignore")
T.logging.set_verbosity_error()

SIZES = dict(vocab_size=50, hidden_size=24, num_attention_heads=3, num_hidden_layers=2, intermediate_size=40,
             max_position_embeddings=20)
SMALL = dict(SIZES, hidden_size=12, num_hidden_layers=1, intermediate_size=24)
PAD1 = dict(pad_token_id=1, bos_token_id=0, eos_token_id=2)
# ACT2FN's names that encoder checkpoints have. Weights of an activation's name must be large enough to tell them apart.
ACTIVATIONS = ["linear", "relu", "gelu", "gelu_python", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh",
               "gelu_accurate", "quick_gelu", "silu", "swish", "mish", "tanh", "sigmoid"]

CASES = {}
def case(folder, cls, config, trace=True, **how):
    CASES[folder] = (cls, config, dict(how, trace=trace and cls.endswith("Model")))

def heads(family, prefix, config, *names):
    for name in names:
        case(f"{family}/{prefix}For{name}", f"{prefix}For{name}", config)

for act in ACTIVATIONS:
    case(f"bert/act_{act}", "BertModel", dict(SMALL, hidden_act=act), trace=False)
case("bert/one_type", "BertModel", dict(SIZES, type_vocab_size=1))
case("bert/gamma_beta", "BertForMaskedLM", SIZES, legacy=True)
case("bert/longest", "BertModel", SIZES, lengths=[20, 1], trace=False)
heads("bert", "Bert", SIZES, "NextSentencePrediction")

ROBERTA = dict(SIZES, type_vocab_size=1, **PAD1)
case("roberta/gamma_beta", "RobertaForSequenceClassification", ROBERTA, legacy=True)
case("roberta/two_types", "RobertaModel", dict(ROBERTA, type_vocab_size=2))
case("roberta/pad_0", "RobertaModel", dict(ROBERTA, pad_token_id=0))
case("roberta/pad_in_text", "RobertaModel", ROBERTA, inside=1)
case("roberta/longest", "RobertaModel", ROBERTA, lengths=[18, 1], trace=False)
case("roberta/seq_with_pooler", "RobertaForSequenceClassification", ROBERTA, pooler=True)
heads("xlm-roberta", "XLMRoberta", ROBERTA, "MaskedLM", "TokenClassification", "QuestionAnswering")
heads("camembert", "Camembert", ROBERTA, "MaskedLM", "SequenceClassification", "QuestionAnswering")
case("xlm-roberta-xl/XLMRobertaXLModel", "XLMRobertaXLModel", ROBERTA)
case("xlm-roberta-xl/longest", "XLMRobertaXLModel", ROBERTA, lengths=[18, 2], trace=False)
heads("xlm-roberta-xl", "XLMRobertaXL", ROBERTA, "MaskedLM", "SequenceClassification", "TokenClassification",
      "QuestionAnswering")

DISTIL = dict(vocab_size=50, dim=24, n_heads=3, n_layers=2, hidden_dim=40, max_position_embeddings=20)
case("distilbert/sinusoidal", "DistilBertModel", dict(DISTIL, sinusoidal_pos_embds=True), keep=["position_embeddings"])
case("distilbert/relu", "DistilBertForMaskedLM", dict(DISTIL, activation="relu"))
case("distilbert/gamma_beta", "DistilBertForSequenceClassification", DISTIL, legacy=True)
case("distilbert/longest", "DistilBertModel", DISTIL, lengths=[20, 1], trace=False)

case("electra/same_sizes", "ElectraModel", dict(SIZES, embedding_size=24))
case("electra/same_sizes_lm", "ElectraForMaskedLM", dict(SIZES, embedding_size=24))
case("electra/relu", "ElectraForPreTraining", dict(SIZES, embedding_size=16, hidden_act="relu"))
case("electra/longest", "ElectraModel", dict(SIZES, embedding_size=16), lengths=[20, 1], trace=False)
heads("electra", "Electra", dict(SIZES, embedding_size=16), "QuestionAnswering")

ALBERT = dict(SIZES, embedding_size=16)
case("albert/groups_2_of_5", "AlbertModel", dict(ALBERT, num_hidden_layers=5, num_hidden_groups=2))
case("albert/inner_groups_2", "AlbertModel", dict(ALBERT, num_hidden_groups=2, inner_group_num=2))
case("albert/same_sizes", "AlbertModel", dict(ALBERT, embedding_size=24, hidden_act="gelu"))
case("albert/longest", "AlbertModel", ALBERT, lengths=[20, 1], trace=False)
heads("albert", "Albert", ALBERT, "TokenClassification", "QuestionAnswering")

MPNET = dict(SIZES, **PAD1)
case("mpnet/far", "MPNetModel", dict(SMALL, max_position_embeddings=202, **PAD1), lengths=[200], trace=False)
case("mpnet/pad_in_text", "MPNetModel", MPNET, inside=1)
heads("mpnet", "MPNet", MPNET, "TokenClassification", "QuestionAnswering")

case("ernie/no_task", "ErnieModel", dict(SIZES, use_task_id=False, hidden_act="relu"))
case("ernie/longest", "ErnieModel", dict(SIZES, use_task_id=True), lengths=[20, 1], trace=False)
heads("ernie", "Ernie", dict(SIZES, use_task_id=True, type_vocab_size=4), "MaskedLM", "TokenClassification",
      "QuestionAnswering", "NextSentencePrediction")

case("megatron-bert/longest", "MegatronBertModel", SIZES, lengths=[20, 1], trace=False)
heads("megatron-bert", "MegatronBert", SIZES, "MaskedLM", "SequenceClassification", "TokenClassification",
      "QuestionAnswering", "NextSentencePrediction")

ROFORMER = dict(SIZES, embedding_size=16)
case("roformer/projected", "RoFormerModel", ROFORMER)
case("roformer/rotary_value", "RoFormerModel", dict(ROFORMER, rotary_value=True))
case("roformer/longest", "RoFormerModel", ROFORMER, lengths=[20, 1], trace=False)
heads("roformer", "RoFormer", dict(ROFORMER, hidden_act="relu"), "MaskedLM", "SequenceClassification",
      "TokenClassification", "QuestionAnswering")

# Smaller weights: nothing normalises, and values that grow to 100 have no fourth decimal place in float32.
MOBILE = dict(SIZES, embedding_size=16, intra_bottleneck_size=12, num_feedforward_networks=3)
case("mobilebert/small_weights", "MobileBertModel", MOBILE, scale=0.12)
case("mobilebert/layer_norm", "MobileBertModel", dict(MOBILE, normalization_type="layer_norm"))
case("mobilebert/no_bottleneck", "MobileBertModel", dict(MOBILE, use_bottleneck=False), scale=0.12)
case("mobilebert/narrow_attention", "MobileBertModel", dict(MOBILE, use_bottleneck_attention=True), scale=0.12)
case("mobilebert/no_trigram", "MobileBertModel", dict(MOBILE, trigram_input=False, num_feedforward_networks=1), scale=0.12)
case("mobilebert/plain_words", "MobileBertModel", dict(MOBILE, trigram_input=False, embedding_size=24), scale=0.12)
case("mobilebert/same_sizes_lm", "MobileBertForMaskedLM", dict(MOBILE, embedding_size=24), scale=0.12)
case("mobilebert/longest", "MobileBertModel", MOBILE, lengths=[20, 1], trace=False, scale=0.12)
for name in ["MaskedLM", "SequenceClassification", "TokenClassification", "QuestionAnswering", "NextSentencePrediction"]:
    case(f"mobilebert/MobileBertFor{name}", f"MobileBertFor{name}", MOBILE, scale=0.12)

ESM = dict(SIZES, pad_token_id=1, mask_token_id=4, position_embedding_type="rotary")
case("esm/absolute", "EsmModel", dict(ESM, position_embedding_type="absolute", emb_layer_norm_before=True))
case("esm/absolute_pad_in_text", "EsmModel", dict(ESM, position_embedding_type="absolute"), inside=1)
case("esm/token_dropout", "EsmModel", dict(ESM, token_dropout=True), inside=4)
case("esm/half_frequencies", "EsmModel", ESM, lengths=[18, 2], half=True)
case("esm/longest", "EsmModel", dict(ESM, position_embedding_type="absolute"), lengths=[18, 1], trace=False)
heads("esm", "Esm", ESM, "MaskedLM", "SequenceClassification", "TokenClassification")


def randomize(model, scale, keep, generator):
    with torch.no_grad():
        for name, p in model.named_parameters():
            if any(k in name for k in keep) or not p.requires_grad:
                continue
            is_norm = p.dim() == 1 and name.endswith("weight") and ("norm" in name.lower() or ".ln" in name)
            p.copy_(torch.randn(p.shape, generator=generator) * (scale if p.dim() > 1 else 0.1) + (1.0 if is_norm else 0.0))
    if hasattr(model, "tie_weights"):
        model.tie_weights()


def inputs(config, lengths, inside, generator):
    ids = torch.randint(6, config.vocab_size, (len(lengths), max(lengths)), generator=generator)
    mask = torch.zeros_like(ids)
    types = torch.zeros_like(ids)
    for i, length in enumerate(lengths):
        mask[i, :length] = 1
        ids[i, length:] = config.pad_token_id or 0
        types[i, length // 2:length] = 1
    if inside is not None:
        ids[0, 2] = ids[0, 5] = inside
    x = {"input_ids": ids, "attention_mask": mask}
    if (getattr(config, "type_vocab_size", 0) or 0) > 1:
        x["token_type_ids"] = types
    return x


def hook(model):
    trace = {}
    def keep(name):
        def after(module, args, out):
            out = out[0] if isinstance(out, (tuple, list)) else out
            if torch.is_tensor(out) and out.is_floating_point():
                trace["trace." + name] = out.detach().clone().contiguous().float()
        return after
    for name, module in model.named_modules():
        if name and "drop" not in name.split(".")[-1].lower():
            module.register_forward_hook(keep(name))
    return trace


def make(folder, cls, config, how):
    model_class = getattr(T, cls)
    torch.manual_seed(11)
    generator = torch.Generator().manual_seed(11)
    settings = model_class.config_class(**config)
    for key in vars(settings):
        if "dropout" in key and isinstance(getattr(settings, key), float):
            setattr(settings, key, 0.0)
    if "Classification" in cls:
        settings.num_labels = 3
    model = model_class(settings).eval()
    randomize(model, how.get("scale", 0.25), how.get("keep", []), generator)
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    weights = os.path.join(folder, "model.safetensors")
    state = load_file(weights)
    if how.get("half"):
        state = {k: v.half().float() if "inv_freq" in k else v for k, v in state.items()}
        save_file(state, weights, {"format": "pt"})
    model = model_class.from_pretrained(folder, attn_implementation="eager").eval().float()
    # What older versions wrote, which this one would have to be told to read; the numbers are the same.
    if how.get("legacy"):
        norm = lambda k: "norm" in k.lower()
        state = {k.replace(".weight", ".gamma").replace(".bias", ".beta") if norm(k) else k: v for k, v in state.items()}
    if how.get("pooler"):
        prefix = model.base_model_prefix
        size = settings.hidden_size
        state[prefix + ".pooler.dense.weight"] = torch.randn(size, size, generator=generator)
        state[prefix + ".pooler.dense.bias"] = torch.randn(size, generator=generator)
    if how.get("half"):
        one = [k for k in state if k.endswith("rotary_embeddings.inv_freq")][0]
        frequencies = state.pop(one)
        for i in range(settings.num_hidden_layers):
            state[f"encoder.layer.{i}.attention.self.rotary_embeddings.inv_freq"] = frequencies.clone()
    if how.get("legacy") or how.get("pooler") or how.get("half"):
        save_file(state, weights, {"format": "pt"})
    x = inputs(settings, how.get("lengths", [9, 4]), how.get("inside"), generator)
    trace = hook(model) if how["trace"] else {}
    with torch.no_grad():
        out = model(**x, output_attentions=True) if how["trace"] else model(**x)
    golden = dict(trace)
    for i, probs in enumerate((out.attentions or ()) if how["trace"] else ()):
        golden[f"attentions.{i}"] = probs.contiguous().float()
    for key in ("last_hidden_state", "pooler_output", "logits", "start_logits", "end_logits"):
        if getattr(out, key, None) is not None:
            golden[key] = getattr(out, key).contiguous().float()
    golden.update({k: v.contiguous() for k, v in x.items()})
    save_file(golden, os.path.join(folder, "golden.safetensors"))
    print(folder, len(golden), "tensors, largest", max(v.abs().max().item() for k, v in golden.items() if v.is_floating_point()))


out, *wanted = sys.argv[1:]
for name, (cls, config, how) in CASES.items():
    if not wanted or name in wanted:
        make(os.path.join(out, name), cls, config, how)
