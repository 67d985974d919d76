# SPDX-License-Identifier: Apache-2.0
"""Goldens of encoder options that goldens/families does not reach, one small checkpoint folder each: scaled rotary positions,
spellings of configurations before transformers 5 and of code beside checkpoints, windows and buckets at lengths beyond them,
DeBERTa's variants, grouped heads, T5's plain feed-forward, ALiBi. Expected values are transformers' where it has the model;
jina-bert-v2 is written out below from its published definition, and the NTK frequencies of GTE's authors likewise.

usage: families_b.py OUT      (needs torch, transformers, safetensors)
"""
import json, math, os, shutil, sys, warnings
import torch
from torch import nn
from torch.nn import functional as F
from safetensors.torch import load_file, save_file
import transformers as T

warnings.filterwarnings("ignore")
out = sys.argv[1]
g = torch.Generator().manual_seed(23)
SMALL = dict(vocab_size=60, hidden_size=24, num_attention_heads=3, num_hidden_layers=2, intermediate_size=20,
             max_position_embeddings=64, pad_token_id=0)
NO_DROPOUT = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)


def fill(model):
    with torch.no_grad():
        for name, p in model.named_parameters():
            norm = p.dim() == 1 and "norm" in name.lower() and name.endswith("weight")
            p.copy_(torch.randn(p.shape, generator=g) * (0.25 if p.dim() > 1 else 0.1) + (1.0 if norm else 0.0))
    if hasattr(model, "tie_weights"):
        model.tie_weights()
    return model.eval()


def inputs(lengths, vocab=60, types=False):
    size = max(lengths)
    ids = torch.randint(6, vocab, (len(lengths), size), generator=g)
    mask = torch.zeros(len(lengths), size, dtype=torch.long)
    for i, length in enumerate(lengths):
        mask[i, :length] = 1
        ids[i, length:] = 0
    x = {"input_ids": ids, "attention_mask": mask}
    if types:
        x["token_type_ids"] = torch.zeros_like(ids)
        for i, length in enumerate(lengths):
            x["token_type_ids"][i, length // 2:length] = 1
    return x


def write(name, x, answer, config=None, model=None, state=None):
    """The folder of a case. Where the configuration is respelt, `config` changes the saved one; None removes a key."""
    folder = os.path.join(out, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    if model is not None:
        model.save_pretrained(folder)
    else:
        save_file({k: v.contiguous() for k, v in state.items()}, os.path.join(folder, "model.safetensors"))
    path = os.path.join(folder, "config.json")
    settings = json.load(open(path)) if model is not None else {}
    settings.update(config or {})
    settings = {k: v for k, v in settings.items() if v is not None}
    json.dump(settings, open(path, "w"), indent=1)
    golden = {k: v.float().contiguous() for k, v in answer.items() if torch.is_tensor(v)}
    golden.update({k: v.contiguous() for k, v in x.items()})
    save_file(golden, os.path.join(folder, "golden.safetensors"))
    print(name, {k: tuple(v.shape) for k, v in golden.items()})


def case(name, cls, config, lengths, types=False, respelt=None, prepare=None):
    config._attn_implementation = "eager"
    model = fill(getattr(T, cls)._from_config(config) if hasattr(getattr(T, cls), "_from_config") else getattr(T, cls)(config))
    if prepare:
        prepare(model)
    x = inputs(lengths, types=types)
    with torch.no_grad():
        o = model(**x)
    write(name, x, {k: getattr(o, k, None) for k in ("last_hidden_state", "logits", "start_logits", "end_logits")}, respelt, model)


# Rotary positions, scaled. Dynamic scaling knows in transformers only the longest sequence of the batch: one alone.
rope = lambda **kw: dict(rope_theta=5000.0, **kw)
gte = lambda **kw: T.GteConfig(**SMALL, **NO_DROPOUT, **kw)
case("gte_rope_linear", "GteModel", gte(rope_parameters=rope(rope_type="linear", factor=2.5)), [30, 7])
case("gte_rope_dynamic_beyond", "GteModel", gte(rope_parameters=rope(rope_type="dynamic", factor=2.0)), [150])
case("gte_rope_dynamic_within", "GteModel", gte(rope_parameters=rope(rope_type="dynamic", factor=2.0)), [64, 12])
case("gte_rope_yarn", "GteModel", gte(rope_parameters=rope(
    rope_type="yarn", factor=4.0, original_max_position_embeddings=32)), [100, 9])
case("gte_no_types", "GteModel", gte(type_vocab_size=0), [30, 7])
case("gte_long", "GteModel", T.GteConfig(**dict(SMALL, max_position_embeddings=4000), **NO_DROPOUT), [3000])


def ntk(factor, mixed_b=None):
    """The fixed scaling of GTE's authors: a larger base, or an exponent that grows with the pair."""
    def prepare(model):
        size, theta = 8, 5000.0
        base = theta * (factor if mixed_b is None else 1)
        inv = 1.0 / (base ** (torch.arange(0, size, 2).float() / size))
        if mixed_b is None:
            inv = inv / factor ** (2 / size)
        else:
            a = math.log(factor) / (size / 2) ** mixed_b
            inv = inv / torch.exp(a * torch.arange(1, size // 2 + 1).float() ** mixed_b)
        model.rotary_emb.inv_freq.copy_(inv)
    return prepare


new = dict(model_type="new", architectures=["NewModel"], rope_parameters=None, rope_theta=5000.0, layer_norm_type="layer_norm",
           position_embedding_type="rope", logn_attention_scale=False, pack_qkv=True,
           auto_map={"AutoModel": "Alibaba-NLP/new-impl--modeling.NewModel"})
case("new_ntk", "GteModel", gte(rope_parameters=rope(rope_type="default")), [100, 9],
     respelt=dict(new, rope_scaling={"type": "ntk", "factor": 2.0}), prepare=ntk(2.0))
case("new_ntk_mixed", "GteModel", gte(rope_parameters=rope(rope_type="default")), [100, 9],
     respelt=dict(new, rope_scaling={"type": "ntk", "factor": 3.0, "mixed_b": 0.7}), prepare=ntk(3.0, 0.7))

nomic = dict(model_type="nomic_bert", n_embd=24, n_head=3, n_layer=2, n_inner=20, n_positions=256, activation_function="swiglu",
             layer_norm_epsilon=1e-12, rotary_emb_base=1000, rotary_emb_fraction=1.0, rotary_emb_interleaved=False,
             rotary_emb_scale_base=None, qkv_proj_bias=False, mlp_fc1_bias=False, mlp_fc2_bias=False, prenorm=False,
             parallel_block=False, use_rms_norm=False, causal=False, max_trained_positions=64,
             auto_map={"AutoModel": "nomic-ai/nomic-bert-2048--modeling_hf_nomic_bert.NomicBertModel"},
             **{k: None for k in ("hidden_size", "num_attention_heads", "num_hidden_layers", "intermediate_size", "hidden_act",
                                  "layer_norm_eps", "max_position_embeddings", "rope_parameters", "head_dim")})
case("nomic_authors", "NomicBertModel", T.NomicBertConfig(**SMALL, rope_parameters=dict(rope_theta=1000.0, rope_type="default")),
     [30, 7], types=True, respelt=nomic)
case("nomic_authors_dynamic", "NomicBertModel", T.NomicBertConfig(
    **SMALL, rope_parameters=dict(rope_theta=1000.0, rope_type="dynamic", factor=2.0)), [200], types=True,
     respelt=dict(nomic, rotary_scaling_factor=2))

# ModernBERT: both spellings, windows far shorter than the text, classification from the mean.
modern = lambda **kw: T.ModernBertConfig(**dict(SMALL, num_hidden_layers=4), local_attention=10, bos_token_id=2, eos_token_id=3,
                                         cls_token_id=2, sep_token_id=3, **kw)
old = dict(layer_types=None, rope_parameters=None, global_rope_theta=160000.0, local_rope_theta=10000.0,
           global_attn_every_n_layers=3)
case("modernbert_old_spelling", "ModernBertModel", modern(), [60, 9, 23], respelt=old)
case("modernbert_layer_types", "ModernBertModel", modern(
    layer_types=["sliding_attention", "full_attention", "full_attention", "sliding_attention"],
    rope_parameters={"full_attention": dict(rope_type="default", rope_theta=5000.0),
                     "sliding_attention": dict(rope_type="linear", rope_theta=300.0, factor=2.0)}), [150, 9])
case("modernbert_mean_biases", "ModernBertForSequenceClassification", modern(
    classifier_pooling="mean", classifier_bias=True, norm_bias=True, attention_bias=True, mlp_bias=True, num_labels=3,
    classifier_activation="relu"), [30, 7])

# EuroBERT: grouped heads, scaled rotary positions, pooling.
euro = lambda heads, cls="EuroBertModel", **kw: T.EuroBertConfig(**dict(SMALL, num_attention_heads=4, hidden_size=24),
                                                               num_key_value_heads=heads, head_dim=8, **kw)
for heads in (1, 2, 4):
    case(f"eurobert_groups_{heads}", "EuroBertModel", euro(heads, rope_parameters=rope(rope_type="default")), [30, 7])
case("eurobert_llama3", "EuroBertModel", euro(2, rope_parameters=rope(
    rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)), [100, 7])
case("eurobert_old_spelling", "EuroBertModel", euro(2, rope_parameters=dict(rope_type="default", rope_theta=250000.0)), [30, 7],
     respelt=dict(rope_parameters=None, rope_theta=250000, rope_scaling=None))
for pooling in ("bos", "mean"):
    case(f"eurobert_{pooling}", "EuroBertForSequenceClassification", euro(2, classifier_pooling=pooling, num_labels=3), [30, 7])

# T5: all buckets, both feed-forwards.
t5 = lambda **kw: T.T5Config(vocab_size=60, d_model=24, d_kv=10, d_ff=20, num_layers=2, num_heads=3, dropout_rate=0.0, **kw)
case("t5_relu_long", "T5EncoderModel", t5(feed_forward_proj="relu"), [300, 40])
case("t5_gated_silu_buckets", "T5EncoderModel", t5(feed_forward_proj="gated-silu", relative_attention_num_buckets=12,
                                                   relative_attention_max_distance=20), [60, 9])

# DeBERTa: which positions look at what, lengths beyond the buckets and beyond the table, the convolution.
v2 = lambda **kw: T.DebertaV2Config(**dict(dict(SMALL, relative_attention=True, pos_att_type=["c2p", "p2c"], position_buckets=8,
                                                norm_rel_ebd="layer_norm", share_att_key=True, position_biased_input=False,
                                                type_vocab_size=0), **NO_DROPOUT, **kw))
case("deberta_v2_c2p", "DebertaV2Model", v2(pos_att_type=["c2p"]), [30, 7])
case("deberta_v2_p2c_own_keys", "DebertaV2Model", v2(pos_att_type=["p2c"], share_att_key=False), [30, 7])
case("deberta_v2_own_keys_text", "DebertaV2Model", v2(share_att_key=False), [30, 7], respelt=dict(pos_att_type="c2p|p2c"))
case("deberta_v2_beyond", "DebertaV2Model", v2(), [150, 20])
case("deberta_v2_buckets_256", "DebertaV2Model", v2(position_buckets=256, max_position_embeddings=512), [700])
case("deberta_v2_no_buckets", "DebertaV2Model", v2(position_buckets=-1, max_relative_positions=12, norm_rel_ebd="none"), [30, 7])
case("deberta_v2_conv", "DebertaV2Model", v2(conv_kernel_size=3, conv_act="gelu"), [30, 7])
case("deberta_v2_absolute_types", "DebertaV2Model", v2(relative_attention=False, pos_att_type=None, position_biased_input=True,
                                                       type_vocab_size=2, embedding_size=16), [30, 7], types=True)
v1 = lambda **kw: T.DebertaConfig(**dict(dict(SMALL, relative_attention=True, pos_att_type=["c2p", "p2c"],
                                              position_biased_input=False, type_vocab_size=0), **NO_DROPOUT, **kw))
case("deberta_c2p", "DebertaModel", v1(pos_att_type=["c2p"]), [30, 7])
case("deberta_p2c_beyond", "DebertaModel", v1(pos_att_type=["p2c"], max_relative_positions=16), [50, 7])
case("deberta_absolute_types", "DebertaModel", v1(relative_attention=False, pos_att_type=None, position_biased_input=True,
                                                  type_vocab_size=2), [30, 7], types=True)


# jina-bert-v2, from its definition (arXiv 2310.19923): post-norm BERT, gate, symmetric ALiBi. The second spelling normalises
# queries and keys before they are divided among heads, norms the attention twice and keeps the gate in the second half.
def slopes(n):
    def powers(n):
        first = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [first ** (i + 1) for i in range(n)]
    if math.log2(n).is_integer():
        return powers(n)
    near = 2 ** math.floor(math.log2(n))
    return powers(near) + slopes(2 * near)[0::2][:n - near]


class Jina(nn.Module):
    def __init__(self, hidden, heads, inner, layers, newer, act):
        super().__init__()
        self.heads, self.inner, self.layers, self.newer, self.act = heads, inner, layers, newer, act
        shapes = {"embeddings.word_embeddings": (60, hidden), "embeddings.token_type_embeddings": (2, hidden)}
        norms = ["embeddings.LayerNorm"]
        for i in range(layers):
            p = f"encoder.layer.{i}."
            for n in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
                shapes[p + n] = (hidden, hidden)
            shapes[p + ("mlp.up_gated_layer" if newer else "mlp.gated_layers")] = (2 * inner, hidden)
            shapes[p + ("mlp.down_layer" if newer else "mlp.wo")] = (hidden, inner)
            norms += [p + n for n in (["attention.self.layer_norm_q", "attention.self.layer_norm_k", "attention.output.LayerNorm",
                                       "layer_norm_1", "layer_norm_2"] if newer else ["attention.output.LayerNorm",
                                                                                      "mlp.layernorm"])]
        self.w = {}
        for n, shape in shapes.items():
            self.w[n + ".weight"] = torch.randn(*shape, generator=g) * 0.25
            if "embeddings" not in n and "gated" not in n:
                self.w[n + ".bias"] = torch.randn(shape[0], generator=g) * 0.1
        for n in norms:
            self.w[n + ".weight"] = 1 + torch.randn(hidden, generator=g) * 0.1
            self.w[n + ".bias"] = torch.randn(hidden, generator=g) * 0.1

    def linear(self, n, x):
        return F.linear(x, self.w[n + ".weight"], self.w.get(n + ".bias"))

    def norm(self, n, x):
        return F.layer_norm(x, x.shape[-1:], self.w[n + ".weight"], self.w[n + ".bias"], 1e-12)

    def forward(self, ids, types, mask):
        b, s = ids.shape
        x = self.norm("embeddings.LayerNorm", self.w["embeddings.word_embeddings.weight"][ids]
                      + self.w["embeddings.token_type_embeddings.weight"][types])
        distance = (torch.arange(s)[:, None] - torch.arange(s)[None, :]).abs()
        alibi = -torch.tensor(slopes(self.heads))[:, None, None] * distance
        alibi = alibi[None].masked_fill(mask[:, None, None, :] == 0, float("-inf"))
        split = lambda t: t.view(b, s, self.heads, -1).transpose(1, 2)
        for i in range(self.layers):
            p = f"encoder.layer.{i}."
            q, k, v = (self.linear(p + "attention.self." + n, x) for n in ("query", "key", "value"))
            if self.newer:
                q, k = self.norm(p + "attention.self.layer_norm_q", q), self.norm(p + "attention.self.layer_norm_k", k)
            q, k, v = split(q), split(k), split(v)
            probs = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + alibi, -1)
            context = (probs @ v).transpose(1, 2).reshape(b, s, -1)
            y = self.norm(p + "attention.output.LayerNorm", self.linear(p + "attention.output.dense", context) + x)
            if self.newer:
                y = self.norm(p + "layer_norm_1", x + y)
                up, gate = self.linear(p + "mlp.up_gated_layer", y).split(self.inner, -1)
                x = self.norm(p + "layer_norm_2", y + self.linear(p + "mlp.down_layer", up * self.act(gate)))
            else:
                gate, up = self.linear(p + "mlp.gated_layers", y).split(self.inner, -1)
                x = self.norm(p + "mlp.layernorm", self.linear(p + "mlp.wo", up * self.act(gate)) + y)
        return x


def jina(name, heads, newer, act, kind, code, lengths):
    model = Jina(8 * heads, heads, 20, 2, newer, act)
    x = inputs(lengths, types=True)
    hidden = model(x["input_ids"], x["token_type_ids"], x["attention_mask"])
    write(name, x, {"last_hidden_state": hidden}, state=model.w, config=dict(
        model_type="bert", architectures=["JinaBertModel"], vocab_size=60, hidden_size=8 * heads, num_attention_heads=heads,
        num_hidden_layers=2, intermediate_size=20, max_position_embeddings=8192, type_vocab_size=2, layer_norm_eps=1e-12,
        hidden_act="gelu", position_embedding_type="alibi", feed_forward_type=kind,
        auto_map={"AutoModel": f"jinaai/{code}--modeling_bert.JinaBertModel"}))


jina("jina_v2_six_heads", 6, False, F.gelu, "geglu", "jina-bert-implementation", [100, 7, 30])
jina("jina_v2_reglu", 4, False, F.relu, "reglu", "jina-bert-implementation", [30, 7])
jina("jina_v2_code_twelve_heads", 12, True, F.gelu, "geglu", "jina-bert-v2-qk-post-norm", [100, 7])

# mT5 is T5 with another vocabulary and gate.
case("mt5", "MT5EncoderModel", T.MT5Config(vocab_size=60, d_model=24, d_kv=10, d_ff=20, num_layers=2, num_heads=3, dropout_rate=0.0),
     [30, 7])

# Heads that goldens/families does not have.
LABELS = {"SequenceClassification": dict(num_labels=3), "TokenClassification": dict(num_labels=5)}
jina3 = lambda **kw: T.JinaEmbeddingsV3Config(**SMALL, **NO_DROPOUT, **kw)
nomic5 = lambda **kw: T.NomicBertConfig(**SMALL, rope_parameters=dict(rope_theta=1000.0, rope_type="default"), **kw)
for prefix, config, heads in [
        ("Gte", gte, "MaskedLM TokenClassification"),
        ("JinaEmbeddingsV3", jina3, "MaskedLM QuestionAnswering SequenceClassification TokenClassification"),
        ("NomicBert", nomic5, "MaskedLM SequenceClassification TokenClassification"),
        ("EuroBert", lambda **kw: euro(2, **kw), "MaskedLM TokenClassification"), ("ModernBert", modern, "QuestionAnswering"),
        ("DebertaV2", v2, "QuestionAnswering"), ("Deberta", v1, "MaskedLM QuestionAnswering TokenClassification"),
        ("T5", t5, "TokenClassification")]:
    for head in heads.split():
        case(f"heads/{prefix}For{head}", f"{prefix}For{head}", config(**LABELS.get(head, {})), [19, 7])

# jina-embeddings-v3 as its authors' code keeps it: XLM-RoBERTa's name, and beside every weight adapters for tasks, which that
# code leaves out unless a task is asked for.
case("jina_v3_authors", "JinaEmbeddingsV3Model", jina3(rope_parameters=dict(rope_type="default", rope_theta=5000.0)), [30, 7],
     respelt=dict(model_type="xlm-roberta", architectures=["XLMRobertaModel"], rope_parameters=None, rotary_emb_base=5000.0,
                  position_embedding_type="rotary", use_flash_attn=True, lora_rank=2, lora_alpha=1,
                  lora_adaptations=["retrieval.query", "retrieval.passage"],
                  auto_map={"AutoModel": "jinaai/xlm-roberta-flash-implementation--modeling_lora.XLMRobertaLoRA"}))
path = os.path.join(out, "jina_v3_authors", "model.safetensors")
state = {}
for k, v in load_file(path).items():
    if v.dim() == 2:
        k = k.replace(".weight", ".parametrizations.weight.original")
        state["roberta." + k.replace("original", "0.lora_A")] = torch.randn(2, 2, v.shape[1], generator=g)
        state["roberta." + k.replace("original", "0.lora_B")] = torch.randn(2, v.shape[0], 2, generator=g)
    state["roberta." + k] = v
save_file(state, path)
