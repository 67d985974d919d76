# SPDX-License-Identifier: Apache-2.0
"""Computes the goldens of checkpoint folders again in float64 and keeps them in float32: for models in which float32 itself is
as far from the truth as the tolerance allows, so that what the reference rounded is not counted as our error.

usage: in_float64.py FOLDER…      (needs torch, transformers, safetensors; bare models with a trace)
"""
import json, os, sys, warnings
import torch
import transformers as T
from safetensors.torch import load_file, save_file
warnings.filterwarnings("ignore")

for folder in sys.argv[1:]:
    path = os.path.join(folder, "golden.safetensors")
    before = load_file(path)
    name = json.load(open(os.path.join(folder, "config.json")))["architectures"][0]
    model = getattr(T, name).from_pretrained(folder, attn_implementation="eager").eval().double()
    golden = {}
    for module_name, module in model.named_modules():
        def keep(module, args, out, key="trace." + module_name):
            out = out[0] if isinstance(out, (tuple, list)) else out
            if key in before:
                golden[key] = out
        module.register_forward_hook(keep)
    inputs = {k: before[k] for k in ("input_ids", "attention_mask", "token_type_ids") if k in before}
    with torch.no_grad():
        out = model(**inputs, output_attentions=True)
    golden.update({f"attentions.{i}": probs for i, probs in enumerate(out.attentions)})
    golden.update({k: out[k] for k in ("last_hidden_state", "pooler_output") if k in before})
    golden = {k: v.detach().float().contiguous() for k, v in golden.items()}
    assert golden.keys() | inputs.keys() == before.keys(), golden.keys() ^ before.keys()
    seen = inputs["attention_mask"].bool()
    for key, value in golden.items():
        if value.shape[:2] == seen.shape:
            off = ((value - before[key]).abs() / (1e-4 + 1e-4 * value.abs()))[seen].max().item()
            if off > 0.25:
                print(f"{folder}: {key}: float32 was {off:.2f} of the tolerance away")
    save_file({**golden, **inputs}, path)
