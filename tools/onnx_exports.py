# SPDX-License-Identifier: Apache-2.0
"""Exports tiny BERTs of random weights to ONNX in the shapes that PyTorch's exporter gives them, with the weights as
safetensors to compare with. Needs torch, transformers, onnx, onnxscript; nothing in the build runs it.

    python tools/onnx_exports.py encoder4j-onnx/src/test/resources/exports
"""
import sys
import warnings
from pathlib import Path

import onnx
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification, BertModel

warnings.filterwarnings("ignore")
OUT = Path(sys.argv[1])
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def config(**options):
    return BertConfig(vocab_size=11, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=12,
                      max_position_embeddings=10, attn_implementation="eager", **options)


class Bare(BertModel):
    def forward(self, input_ids, attention_mask, token_type_ids):
        output = super().forward(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return output.last_hidden_state, output.pooler_output


class Inner(torch.nn.Module):
    """A model inside another, without its pooler, as sentence embedders are exported."""

    def __init__(self, model):
        super().__init__()
        self.auto_model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.auto_model(input_ids=input_ids, attention_mask=attention_mask,
                               token_type_ids=token_type_ids).last_hidden_state


class Classifier(BertForSequenceClassification):
    def forward(self, input_ids, attention_mask, token_type_ids):
        return super().forward(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits


def randomise(model):
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return model.eval()


def export(name, model, opset, **options):
    ids = torch.randint(0, 11, (2, 5))
    inputs = (ids, torch.ones_like(ids), torch.zeros_like(ids))
    torch.onnx.export(model, inputs, OUT / f"{name}.onnx", opset_version=opset, dynamo=False, input_names=INPUTS,
                      dynamic_axes={key: {0: "batch", 1: "sequence"} for key in INPUTS}, **options)
    save_state(name, model)


def export_dynamo(name, model):
    """The newer exporter: nodes are not called after modules, and weights lie in a file beside."""
    ids = torch.randint(0, 11, (2, 5))
    inputs = (ids, torch.ones_like(ids), torch.zeros_like(ids))
    dynamic = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    program = torch.onnx.export(model, inputs, dynamo=True, input_names=INPUTS,
                                dynamic_shapes={key: dynamic for key in INPUTS})
    proto = program.model_proto
    for node in proto.graph.node:  # source lines and stack traces of this machine
        node.ClearField("metadata_props")
        node.ClearField("doc_string")
    for field in ("metadata_props", "value_info"):
        proto.graph.ClearField(field)
    proto.ClearField("metadata_props")
    for value in (*proto.graph.input, *proto.graph.output, *proto.graph.initializer):
        value.ClearField("metadata_props")
    onnx.save_model(proto, OUT / f"{name}.onnx", save_as_external_data=True, location=f"{name}.onnx.data",
                    size_threshold=0)
    save_state(name, model)


def save_state(name, model):
    state = {key.removeprefix("auto_model."): value for key, value in model.state_dict().items()}
    save_file(state, OUT / f"{name}.safetensors", metadata={"format": "pt"})


torch.manual_seed(4)
OUT.mkdir(parents=True, exist_ok=True)
export("folded-relu", randomise(Bare(config(hidden_act="relu", layer_norm_eps=1e-6))), 11)
export("unfolded-silu", randomise(Bare(config(hidden_act="silu"))), 14, do_constant_folding=False)
export("inner-gelu-new", randomise(Inner(BertModel(config(hidden_act="gelu_new", layer_norm_eps=1e-5), add_pooling_layer=False))), 17)
# Not randomised: biases are all zero and norms all one, which the exporter stores once.
export("classifier-gelu", Classifier(config(num_labels=3)).eval(), 20)
export_dynamo("dynamo-gelu", randomise(Bare(config(hidden_act="gelu", layer_norm_eps=1e-8))))
