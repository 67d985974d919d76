# SPDX-License-Identifier: Apache-2.0
"""Golden outputs and gradients of torch.nn.LayerNorm, MultiheadAttention, TransformerEncoderLayer and TransformerEncoder.

Each case is one safetensors file. Tensors: `param.<state_dict name>`, `input` and, where used, `src_mask`,
`src_key_padding_mask`; expected `output`, `attention_weights` (per head), and, for the scalar loss
sum(output * cotangent), `grad.input` and `grad.param.<name>`. The __metadata__ holds the constructor and forward options.

usage: torch_layers.py OUT --seed N
"""
import argparse, os, json, warnings
import torch
from torch import nn
from safetensors.torch import save_file
warnings.filterwarnings("ignore")
ap = argparse.ArgumentParser(); ap.add_argument("out"); ap.add_argument("--seed", type=int, default=11); a = ap.parse_args()
os.makedirs(a.out, exist_ok=True)
torch.backends.mha.set_fastpath_enabled(False)
gen = torch.Generator().manual_seed(a.seed)
rnd = lambda *s: torch.randn(*s, generator=gen)
def perturb(m):
    with torch.no_grad():
        for n, p in m.named_parameters():
            if p.dim() == 1: p.add_(rnd(*p.shape) * 0.1)
def save(name, module, x, kw, opts, out, extra=None):
    w = rnd(*out.shape); loss = (out * w).sum(); loss.backward()
    t = {"input": x.detach(), "output": out.detach(), "cotangent": w, "grad.input": x.grad}
    for n, p in module.named_parameters(): t["param." + n] = p.detach(); t["grad.param." + n] = p.grad
    for k, v in kw.items():
        if torch.is_tensor(v): t[k] = v.to(torch.uint8) if v.dtype == torch.bool else v
    for k, v in (extra or {}).items(): t[k] = v.detach()
    meta = dict(opts, **{k: (v if not torch.is_tensor(v) else str(v.dtype)) for k, v in kw.items()})
    save_file({k: v.contiguous() for k, v in t.items()}, f"{a.out}/{name}.safetensors", metadata={k: json.dumps(v) for k, v in meta.items()})
    print(name, tuple(out.shape), meta)
def layer_case(name, B, S, d, h, ff, kw=None, stack=0, final_norm=False, **o):
    torch.manual_seed(a.seed); layer = nn.TransformerEncoderLayer(d, h, ff, dropout=0.0, **o)
    m = nn.TransformerEncoder(layer, stack, norm=nn.LayerNorm(d) if final_norm else None, enable_nested_tensor=False) if stack else layer
    perturb(m)
    shape = (B, S, d) if o.get("batch_first") else (S, B, d)
    x = rnd(*shape).requires_grad_(True); kw = kw or {}
    m.train(); fkw = dict(kw)
    if stack: fkw = {("mask" if k == "src_mask" else k): v for k, v in kw.items()}
    out = m(x, **fkw)
    extra = {}
    if not stack:
        with torch.no_grad():
            y = layer.norm1(x) if o.get("norm_first") else x
            _, wts = layer.self_attn(y, y, y, attn_mask=kw.get("src_mask"), key_padding_mask=kw.get("src_key_padding_mask"), need_weights=True, average_attn_weights=False)
            extra["attention_weights"] = wts.nan_to_num(0.0)  # a row masked everywhere: torch gives 0 output but NaN weights; we say 0
    save(name, m, x, kw, dict(module="TransformerEncoder" if stack else "TransformerEncoderLayer", d_model=d, nhead=h, dim_feedforward=ff, num_layers=stack or 1, final_norm=final_norm, **o), out, extra)
# the tutorial's two cases
ln = nn.LayerNorm(5); perturb(ln); x = torch.rand(2, 3, 5, generator=gen).requires_grad_(True)
save("layer_norm_2x3x5", ln, x, {}, dict(module="LayerNorm", normalized_shape=5, eps=1e-5), ln(x))
layer_case("layer_1x1x6_head1_default_ff2048", 1, 1, 6, 1, 2048, batch_first=True)
pad = torch.zeros(3, 7, dtype=torch.bool); pad[0, 5:] = True; pad[2, 3:] = True
causal = torch.triu(torch.ones(7, 7, dtype=torch.bool), 1)
addm = rnd(7, 7)
layer_case("post_relu_batch_first", 3, 7, 16, 4, 32, batch_first=True)
layer_case("post_relu_seq_first", 3, 7, 16, 4, 32)
layer_case("post_gelu_padding", 3, 7, 16, 4, 32, kw={"src_key_padding_mask": pad}, batch_first=True, activation="gelu")
layer_case("pre_gelu_padding", 3, 7, 16, 2, 48, kw={"src_key_padding_mask": pad}, batch_first=True, activation="gelu", norm_first=True)
layer_case("post_relu_bool_mask", 3, 7, 16, 4, 32, kw={"src_mask": causal}, batch_first=True)
layer_case("post_relu_causal_flag", 3, 7, 16, 4, 32, kw={"src_mask": causal, "is_causal": True}, batch_first=True)
layer_case("post_gelu_float_mask", 3, 7, 16, 4, 32, kw={"src_mask": addm}, batch_first=True, activation="gelu")
layer_case("pre_relu_float_and_padding", 3, 7, 24, 3, 40, kw={"src_mask": addm, "src_key_padding_mask": torch.zeros(3, 7).masked_fill(pad, float("-inf"))}, batch_first=True, norm_first=True)
layer_case("per_head_float_mask", 2, 5, 12, 3, 24, kw={"src_mask": rnd(6, 5, 5)}, batch_first=True)
layer_case("no_bias_eps12", 2, 6, 20, 5, 36, batch_first=True, bias=False, layer_norm_eps=1e-12, activation="gelu")
layer_case("odd_sizes", 2, 11, 21, 3, 37, batch_first=True)
layer_case("wide_heads_long", 2, 67, 130, 2, 259, batch_first=True, activation="gelu")
layer_case("single_token", 4, 1, 32, 8, 64, batch_first=True, activation="gelu")
layer_case("stack3_final_norm", 3, 7, 16, 4, 32, kw={"src_key_padding_mask": pad}, stack=3, final_norm=True, batch_first=True, activation="gelu", norm_first=True)
layer_case("stack2_causal", 2, 7, 16, 4, 32, kw={"src_mask": causal}, stack=2, batch_first=True)
allpad = torch.zeros(3, 7, dtype=torch.bool); allpad[1] = True; allpad[2, 4:] = True
layer_case("fully_masked_sequence", 3, 7, 16, 4, 32, kw={"src_key_padding_mask": allpad}, batch_first=True, activation="gelu")
blocked = torch.zeros(5, 5, dtype=torch.bool); blocked[2] = True
layer_case("fully_masked_query_row", 2, 5, 12, 2, 20, kw={"src_mask": blocked}, batch_first=True)
