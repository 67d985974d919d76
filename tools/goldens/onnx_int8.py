"""A small ONNX model and what onnxruntime.quantization makes of it, for the test of encoder4j-bench's own quantiser.

Two products share an input, a third follows, a fourth has no constant operand and stays float32; one weight is all zeros.

usage: onnx_int8.py DIR        (numpy, onnx, onnxruntime)
"""
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(7)


def weight(name, rows, cols, factor=1.0):
    return numpy_helper.from_array((random.normal(size=(rows, cols)) * factor).astype(np.float32), name)


nodes = [
    helper.make_node("MatMul", ["x", "query"], ["q"]),
    helper.make_node("MatMul", ["x", "key"], ["k"]),
    helper.make_node("Add", ["q", "bias"], ["q_bias"]),
    helper.make_node("Transpose", ["k"], ["k_t"], perm=[1, 0]),
    helper.make_node("MatMul", ["q_bias", "k_t"], ["scores"]),
    helper.make_node("MatMul", ["q_bias", "output"], ["o"]),
    helper.make_node("MatMul", ["q_bias", "nothing"], ["n"]),
]
graph = helper.make_graph(
    nodes,
    "small",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["T", 12])],
    [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["T", size]) for name, size in
     (("scores", "T"), ("o", 5), ("n", 3))],
    [weight("query", 12, 8), weight("key", 12, 8, 0.01), weight("output", 8, 5, 30), weight("nothing", 8, 3, 0),
     numpy_helper.from_array(random.normal(size=8).astype(np.float32), "bias")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)
onnx.checker.check_model(model)
onnx.save(model, out / "small.onnx")
quantize_dynamic(out / "small.onnx", out / "small-int8.onnx", weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
