# SPDX-License-Identifier: Apache-2.0
"""Golden answers of torch.nn.MultiheadAttention with every option, of the attention weights of whole stacks, of LayerNorm
over several dimensions and of sinusoidal positions. One safetensors file per case; the options are in __metadata__ as JSON.

Tensors: `param.<state_dict name>`; `query`, `key`, `value` or `input`; masks (bool as U8, 1 = may not attend); expected
`output` and `attention_weights` (`attention_weights.<layer>` for a stack). torch answers NaN for a row that is masked
everywhere when it is asked for weights; those cases are recorded without.

usage: torch_mha.py OUT [--seed N]        needs torch 2.13 and safetensors
"""
import argparse
import json
import os

import torch
from safetensors.torch import save_file
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("--seed", type=int, default=23)
args = parser.parse_args()
os.makedirs(args.out, exist_ok=True)
torch.backends.mha.set_fastpath_enabled(False)
torch.manual_seed(args.seed)


def perturb(module):
    with torch.no_grad():
        for p in module.parameters():
            if p.dim() == 1:
                p.add_(torch.randn_like(p) * 0.1)


def save(name, options, module, tensors):
    if module is not None:
        tensors = tensors | {"param." + n: p for n, p in module.state_dict().items()}
    stored = {}
    for key, value in tensors.items():
        if key.endswith("mask"):
            options = options | {key: str(value.dtype)}
        value = value.detach()
        stored[key] = (value.to(torch.uint8) if value.dtype == torch.bool else value).contiguous().clone()
    save_file(stored, f"{args.out}/{name}.safetensors", metadata={k: json.dumps(v) for k, v in options.items()})
    print(name, options, tuple(tensors["output"].shape))


def mha(name, q, k, v, masks=None, need_weights=True, average=False, causal=False, **options):
    module = nn.MultiheadAttention(**options)
    perturb(module)
    masks = masks or {}
    out, weights = module(q, k, v, need_weights=need_weights, average_attn_weights=average, is_causal=causal, **masks)
    tensors = {"query": q, "key": k, "value": v, "output": out} | masks
    if weights is not None:
        tensors["attention_weights"] = weights
    call = {"module": "MultiheadAttention", "need_weights": need_weights, "average_attn_weights": average,
            "is_causal": causal}
    save(name, call | options, module, tensors)


def stack(name, x, layers, masks=None, final_norm=False, **options):
    masks = masks or {}
    layer = nn.TransformerEncoderLayer(dropout=0.0, **options)
    norm = nn.LayerNorm(options["d_model"]) if final_norm else None
    module = nn.TransformerEncoder(layer, layers, norm=norm, enable_nested_tensor=False)
    perturb(module)
    seen = []
    # What each layer's attention is given, to ask it again for its weights: the stack itself cannot give them.
    hooks = [l.self_attn.register_forward_pre_hook(lambda m, a, kw: seen.append((m, a, kw)), with_kwargs=True)
             for l in module.layers]
    out = module(x, mask=masks.get("src_mask"), src_key_padding_mask=masks.get("src_key_padding_mask"))
    for hook in hooks:
        hook.remove()
    tensors = {"input": x, "output": out} | masks
    for i, (attention, inputs, kw) in enumerate(seen):
        tensors[f"attention_weights.{i}"] = attention(
            *inputs, **(kw | {"need_weights": True, "average_attn_weights": False, "is_causal": False}))[1]
    save(name, {"module": "TransformerEncoder", "num_layers": layers, "final_norm": final_norm} | options, module, tensors)


r = torch.randn
pad = torch.zeros(2, 7, dtype=torch.bool)
pad[1, 4:] = True
E16 = dict(embed_dim=16, num_heads=4)
same = r(2, 5, 16)
mha("self_averaged", same, same, same, average=True, batch_first=True, **E16)
kv = r(2, 7, 16)
mha("cross_padding", r(2, 5, 16), kv, kv, {"key_padding_mask": pad}, batch_first=True, **E16)
mha("cross_seq_first_float_mask", r(5, 2, 16), r(7, 2, 16), r(7, 2, 16), {"attn_mask": r(5, 7)}, **E16)
mha("cross_per_head_and_padding", r(2, 5, 16), kv, kv,
    {"attn_mask": r(8, 5, 7), "key_padding_mask": torch.zeros(2, 7).masked_fill(pad, float("-inf"))},
    batch_first=True, **E16)
mha("same_length_other_inputs", r(2, 7, 16), r(2, 7, 16), r(2, 7, 16), {"key_padding_mask": pad}, batch_first=True, **E16)
mha("kdim_vdim", r(2, 5, 16), r(2, 7, 10), r(2, 7, 6), batch_first=True, kdim=10, vdim=6, **E16)
mha("kdim_same_length", r(2, 7, 16), r(2, 7, 10), r(2, 7, 16), average=True, batch_first=True, kdim=10, **E16)
mha("bias_kv", r(2, 5, 16), kv, kv, {"key_padding_mask": pad}, batch_first=True, add_bias_kv=True, **E16)
mha("zero_attn", r(2, 7, 16), kv, kv, {"attn_mask": r(7, 7)}, batch_first=True, add_zero_attn=True, **E16)
mha("bias_kv_zero_attn_kdim", r(5, 2, 16), r(7, 2, 10), r(7, 2, 6),
    {"attn_mask": r(5, 7), "key_padding_mask": torch.zeros(2, 7).masked_fill(pad, float("-inf"))},
    average=True, add_bias_kv=True, add_zero_attn=True, kdim=10, vdim=6, **E16)
mha("no_bias", r(2, 5, 16), kv, kv, batch_first=True, bias=False, **E16)
mha("unbatched", r(5, 16), r(7, 16), r(7, 16), {"key_padding_mask": pad[1]}, batch_first=True, **E16)
mha("unbatched_per_head_averaged", r(5, 16), r(7, 16), r(7, 16), {"attn_mask": r(4, 5, 7)}, average=True, **E16)
mha("causal_flag", same, same, same, {"attn_mask": torch.triu(torch.ones(5, 5, dtype=torch.bool), 1)}, causal=True,
    batch_first=True, **E16)
blocked = torch.zeros(5, 7, dtype=torch.bool)
blocked[3] = True
mha("fully_masked_cross", r(2, 5, 16), kv, kv, {"attn_mask": blocked}, need_weights=False, batch_first=True, **E16)

pad3 = torch.zeros(3, 6, dtype=torch.bool)
pad3[1, 4:] = True
stack("stack_weights_post", r(3, 6, 12), 3, {"src_key_padding_mask": pad3}, d_model=12, nhead=3, dim_feedforward=20,
      batch_first=True)
stack("stack_weights_pre_seq_first", r(6, 3, 12), 2, {"src_mask": torch.triu(torch.ones(6, 6, dtype=torch.bool), 1)},
      True, d_model=12, nhead=2, dim_feedforward=20, activation="gelu", norm_first=True)
stack("stack_weights_unbatched", r(6, 12), 2, d_model=12, nhead=4, dim_feedforward=20, bias=False)

norm = nn.LayerNorm((3, 5), eps=1e-3)
with torch.no_grad():
    for p in norm.parameters():
        p.add_(torch.randn_like(p) * 0.3)
x = r(4, 2, 3, 5)
save("layer_norm_two_dims", {"module": "LayerNorm", "normalized_shape": [3, 5], "eps": 1e-3}, norm,
     {"input": x, "output": norm(x)})
norm = nn.LayerNorm(5, bias=False)
x = r(2, 3, 5)
save("layer_norm_no_bias", {"module": "LayerNorm", "normalized_shape": 5, "bias": False}, norm,
     {"input": x, "output": norm(x)})


def positions(name, x, length, width, batch_first):
    position = torch.arange(length, dtype=torch.float64).unsqueeze(1)
    angle = position / 10000 ** (torch.arange(0, width, 2, dtype=torch.float64) / width)
    table = torch.zeros(length, width, dtype=torch.float64)
    table[:, 0::2] = torch.sin(angle)
    table[:, 1::2] = torch.cos(angle[:, : width // 2])
    tokens = x.shape[1 if batch_first else 0]
    added = table[:tokens] if batch_first else table[:tokens].unsqueeze(1)
    save(name, {"module": "PositionalEncoding", "max_len": length, "d_model": width, "batch_first": batch_first}, None,
         {"input": x, "output": x + added.float()})


positions("positions_even", r(2, 9, 8), 50, 8, True)
positions("positions_odd_seq_first", r(70, 2, 7), 100, 7, False)
