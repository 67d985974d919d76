"""Times the peers that Python has, on what `./bench export DIR` wrote: the same weights and the same token ids.

PyTorch in float32 and bfloat16 (transformers' BertModel with scaled dot product attention), and ONNX Runtime in float32 and
int8. Passages go in batches of 32, longest first, padded to the longest, which is how sentence-transformers runs them. Each is
first compared with PyTorch's float32. Prints a JSON object a line, for `./bench peers --python-peers FILE`; progress goes to
standard error.

usage: peers.py DIR [--systems torch,onnxruntime] [--threads 1,2] [--seconds 3] [--runs 5] [--workloads 1x16,passages] > figures.jsonl
needs: torch, transformers, onnxruntime, numpy
"""
import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from transformers import BertModel

BATCH = 32
# Cosine of each sequence's mean hidden state to float32's, on average; what int8 may do is written in docs/benchmarks.md.
LEAST = {"float32": 0.99999, "bfloat16": 0.999, "int8": 0.8}


def cpu():
    """The processor, in the words of io.encoder4j.bench.measure.Machine."""
    lines = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        lines.setdefault(key.strip(), value.strip())
    family = lines.get("cpu family")
    return lines.get("model name", "") + (f" (family {family}, model {lines['model']})" if family else "")


def batches(workload):
    """Padded ids and masks. A grid's sequences are equally long and at most 32, so that it is one batch."""
    ids = workload["ids"]
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        x = np.zeros((len(some), max(map(len, some))), np.int64)
        mask = np.zeros_like(x)
        for row, sequence in enumerate(some):
            x[row, : len(sequence)] = sequence
            mask[row, : len(sequence)] = 1
        yield x, mask


def torch_peer(folder, dtype):
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=dtype, attn_implementation="sdpa").eval()

    def run(x, mask):
        with torch.inference_mode():
            out = model(input_ids=torch.from_numpy(x), attention_mask=torch.from_numpy(mask))
            return out.last_hidden_state.float().numpy()

    return run


def onnx_peer(file, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    names = {i.name for i in session.get_inputs()}

    def run(x, mask):
        feed = {"input_ids": x, "attention_mask": mask, "token_type_ids": np.zeros_like(x)}
        return session.run(None, {k: v for k, v in feed.items() if k in names})[0]

    return run


def vectors(run, padded):
    """The mean hidden state of every sequence, of length one."""
    means = []
    for x, mask in padded:
        weights = mask[..., None]
        means.append((run(x, mask) * weights).sum(1) / weights.sum(1))
    all_means = np.concatenate(means)
    return all_means / np.linalg.norm(all_means, axis=1, keepdims=True)


def measure(run, padded, seconds, runs):
    def once():
        start = time.perf_counter()
        for x, mask in padded:
            run(x, mask)
        return time.perf_counter() - start

    spent = 0.0
    while spent < max(min(1, 2 * seconds), seconds / 2):
        spent += once()
    samples = []
    while len(samples) < runs or sum(samples) < seconds:
        samples.append(once())
    return samples


def peers(folder, threads, systems):
    """PyTorch's float32 comes first: the others are compared with it."""
    for name, dtype in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        yield "PyTorch", torch.__version__, name, torch_peer(folder / "all-MiniLM-L6-v2", dtype)
    for name, file in (("float32", "model.onnx"), ("int8", "model-int8.onnx")) if "onnxruntime" in systems else ():
        yield "ONNX Runtime (Python)", onnxruntime.__version__, name, onnx_peer(folder / file, threads)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--systems", default="torch,onnxruntime", help="torch is always measured")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--workloads", default="")
    options = parser.parse_args()
    wanted = set(filter(None, options.workloads.split(",")))
    workloads = [json.loads(line) for line in (options.folder / "workloads.jsonl").read_text().splitlines()]
    for threads in map(int, options.threads.split(",")):
        torch.set_num_threads(threads)
        contenders = list(peers(options.folder, threads, options.systems.split(",")))
        for workload in workloads:
            name = workload["name"]
            if wanted and name.replace("×", "x") not in wanted and not ("passages" in wanted and "passages" in name):
                continue
            padded = list(batches(workload))
            truth = vectors(contenders[0][3], padded)
            for system, version, precision, run in contenders:
                cosine = float((truth * vectors(run, padded)).sum(1).mean())
                if not cosine >= LEAST[precision]:
                    sys.exit(f"{name}: {system} {precision} has a cosine of {cosine} to float32, wanted is {LEAST[precision]}")
                samples = measure(run, padded, options.seconds, options.runs)
                tokens = sum(map(len, workload["ids"]))
                print(json.dumps({"system": system, "version": version, "precision": precision, "threads": threads,
                                  "workload": name, "tokens": tokens, "seconds": samples, "cosine": cosine, "cpu": cpu()},
                                 ensure_ascii=False), flush=True)
                print(f"{threads} {name} {system} {precision}: {tokens / np.median(samples):,.0f} tokens/s, cosine {cosine:.4f}",
                      file=sys.stderr)


if __name__ == "__main__":
    main()
