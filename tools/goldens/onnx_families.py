# SPDX-License-Identifier: Apache-2.0
"""Exports tiny encoders of random weights to ONNX: one of each family that the import knows, with PyTorch's older and
newer exporter, some with pooling in the graph. The tests run the same files with ONNX Runtime. Needs torch, transformers, onnx, onnxscript; nothing in the build runs it.

    python tools/goldens/onnx_families.py encoder4j-onnx/src/test/resources/families
"""
import sys
import warnings
from pathlib import Path

import onnx
import torch
import transformers as T

warnings.filterwarnings("ignore")
OUT = Path(sys.argv[1])
ONLY = sys.argv[2:]
SIZES = dict(vocab_size=23, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=12,
             attn_implementation="eager")


class Hidden(torch.nn.Module):
    """The encoder inside a module, as sentence embedders are exported; then a pooling, or none."""

    def __init__(self, model, pooling=None, normalize=False):
        super().__init__()
        self.auto_model, self.pooling, self.normalize = model, pooling, normalize

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        tokens = self.auto_model(input_ids=input_ids, attention_mask=attention_mask, **types).last_hidden_state
        if self.pooling is None:
            return tokens
        mask = attention_mask.unsqueeze(-1).expand(tokens.size()).to(tokens.dtype)
        if self.pooling == "cls":
            vector = tokens[:, 0]
        elif self.pooling == "mean":
            vector = torch.sum(tokens * mask, 1) / torch.clamp(mask.sum(1), min=1e-9)
        elif self.pooling == "max":
            vector = torch.max(torch.where(mask == 0, torch.full_like(tokens, -1e9), tokens), 1)[0]
        elif self.pooling == "double-cls":
            vector = 2 * tokens[:, 0]
        if self.normalize:
            vector = torch.nn.functional.normalize(vector, p=2, dim=1)
        return tokens, vector


class Logits(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.__dict__["whole"] = model
        for name, child in model.named_children():
            self.add_module(name, child)

    def forward(self, input_ids, attention_mask):
        return self.whole(input_ids=input_ids, attention_mask=attention_mask).logits


def randomise(model):
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.4
                            + (1 if "norm" in name.lower() and name.endswith("weight") else 0))
    return model.eval()


def export(name, model, outputs, opset=14, types=False, dynamo=False):
    if ONLY and name not in ONLY:
        return
    inputs = ["input_ids", "attention_mask"] + (["token_type_ids"] if types else [])
    ids = torch.tensor([[2, 9, 10, 11, 3], [2, 12, 5, 3, 1]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]])
    args = (ids, mask) + ((torch.zeros_like(ids),) if types else ())
    path = OUT / f"{name}.onnx"
    if dynamo:
        axes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
        program = torch.onnx.export(model, args, dynamo=True, input_names=inputs, output_names=outputs,
                                    dynamic_shapes={key: axes for key in inputs})
        save(program.model_proto, path)
    else:
        axes = {key: {0: "batch", 1: "sequence"} for key in inputs}
        torch.onnx.export(model, args, path, opset_version=opset, dynamo=False, input_names=inputs,
                          output_names=outputs, dynamic_axes=axes)
        save(onnx.load(path), path)


def save(proto, path):
    """Without source lines and stack traces of this machine."""
    for node in proto.graph.node:
        node.ClearField("metadata_props")
        node.ClearField("doc_string")
    for field in ("metadata_props", "value_info"):
        proto.graph.ClearField(field)
    proto.ClearField("metadata_props")
    for value in (*proto.graph.input, *proto.graph.output, *proto.graph.initializer):
        value.ClearField("metadata_props")
    onnx.save_model(proto, path)


def bert():
    return T.BertModel(T.BertConfig(max_position_embeddings=12, **SIZES), add_pooling_layer=False)


def xlm_roberta(kind=T.XLMRobertaModel, **options):
    config = T.XLMRobertaConfig(max_position_embeddings=14, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5,
                                **SIZES, **options)
    return kind(config, add_pooling_layer=False) if kind is T.XLMRobertaModel else kind(config)


def distilbert(kind=T.DistilBertModel, **options):
    return kind(T.DistilBertConfig(vocab_size=23, dim=8, n_layers=1, n_heads=2, hidden_dim=12, max_position_embeddings=12,
                                   attn_implementation="eager", **options))


def mpnet():
    return T.MPNetModel(T.MPNetConfig(max_position_embeddings=14, pad_token_id=1, relative_attention_num_buckets=32,
                                      **SIZES), add_pooling_layer=False)


def modernbert(kind=T.ModernBertModel, **options):
    sizes = {**SIZES, "num_hidden_layers": 3, "hidden_size": 16}
    return kind(T.ModernBertConfig(max_position_embeddings=64, local_attention=6, global_attn_every_n_layers=3,
                                   pad_token_id=0, bos_token_id=2, eos_token_id=3, cls_token_id=2, sep_token_id=3,
                                   **sizes, **options))


OUT.mkdir(parents=True, exist_ok=True)
TOKENS, BOTH = ["last_hidden_state"], ["token_embeddings", "sentence_embedding"]
for name, make, opset in (("xlm-roberta", xlm_roberta, 14), ("distilbert", distilbert, 11), ("mpnet", mpnet, 14),
                          ("modernbert", modernbert, 17)):
    export(name, Hidden(randomise(make())), TOKENS, opset)
    if name != "modernbert":  # has no biases, so nothing in the newer exporter's files names its weights
        export(name + "-dynamo", Hidden(randomise(make())), TOKENS, dynamo=True)
for name, pooling, normalize in (("cls", "cls", True), ("mean", "mean", False), ("mean-normalized", "mean", True),
                                 ("max", "max", False), ("unknown", "double-cls", True)):
    export("pooled-" + name, Hidden(randomise(bert()), pooling, normalize), BOTH, types=True)
export("pooled-mean-dynamo", Hidden(randomise(bert()), "mean", True), BOTH, types=True, dynamo=True)
export("pooled-cls-dynamo", Hidden(randomise(bert()), "cls", True), BOTH, types=True, dynamo=True)
export("classifier-xlm-roberta", Logits(randomise(xlm_roberta(T.XLMRobertaForSequenceClassification, num_labels=1))),
       ["logits"])
export("classifier-distilbert", Logits(randomise(distilbert(T.DistilBertForSequenceClassification, num_labels=3))),
       ["logits"])
export("tokens-distilbert", Logits(randomise(distilbert(T.DistilBertForTokenClassification, num_labels=3))), ["logits"])
