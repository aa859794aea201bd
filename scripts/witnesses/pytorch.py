#!/usr/bin/env python3
"""PyTorch's testimony: outputs, h_n and all gradients of nn.RNN and nn.RNNCell.

usage: pytorch.py FIXTURES [--device cpu|cuda]

Reads FIXTURES/cases and writes FIXTURES/testimonies/pytorch. Takes any torch from 1.13 on, and needs nothing else.
With --device cuda there are four testimonies: cuDNN on and off, each with TF32 off and, for float32, on.
The gradients are those of <grad_output, output> + <grad_h_n, h_n>. The documents with a seed are replayed from it: what
they draw is part of their testimony.
"""
import argparse
import csv
import struct
import sys
from math import prod
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence


def read_pairs(path):
    with open(path, newline="", encoding="utf-8") as file:
        return {row["key"]: row["value"] for row in csv.DictReader(file)}


def read_tensors(path, dtype):
    elements = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            index = tuple(int(row[d]) for d in "ijk" if row[d])
            elements.setdefault(row["tensor"], {})[index] = float(row["value"])
    tensors = {}
    for name, values in elements.items():
        shape = [max(column) + 1 for column in zip(*values)]
        tensors[name] = torch.empty(shape, dtype=dtype)
        for index, value in values.items():
            tensors[name][index] = value
    return tensors


def decimal(value, dtype):
    """The shortest decimal that reads back to the same bits."""
    if value != value:
        return "nan"
    if value in (float("inf"), float("-inf")):
        return repr(value)
    if dtype == torch.float64:
        return repr(value)
    bits = struct.pack("f", value)
    return next(s for s in (f"{value:.{p}g}" for p in range(1, 10)) if struct.pack("f", float(s)) == bits)


def write_rows(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_tensors(path, tensors):
    def rows():
        for name, tensor in tensors.items():
            shape = tensor.shape
            for flat, value in enumerate(tensor.detach().cpu().reshape(-1).tolist()):
                index = [flat // prod(shape[d + 1:]) % shape[d] for d in range(len(shape))]
                yield [name, *index, *[""] * (3 - len(index)), decimal(value, tensor.dtype)]

    write_rows(path, ["tensor", "i", "j", "k", "value"], rows())


class CellLoop(nn.Module):
    """nn.RNNCell, called once a step; its parameters bear nn.RNN's names."""

    def __init__(self, input_size, hidden_size, nonlinearity, bias, dtype, batch_first):
        super().__init__()
        assert not batch_first
        self.cell = nn.RNNCell(input_size, hidden_size, bias, nonlinearity, dtype=dtype)

    def named_parameters(self):
        return [(f"{name}_l0", parameter) for name, parameter in self.cell.named_parameters()]

    def forward(self, input, h_0=None):
        h = None if h_0 is None else h_0[0]
        states = []
        for x_t in input:
            h = self.cell(x_t) if h is None else self.cell(x_t, h)
            states.append(h)
        return torch.stack(states), h.unsqueeze(0)


def build(case, dtype):
    options = dict(nonlinearity=case["mode"], bias=case["bias"] == "true", dtype=dtype,
                   batch_first=case["batch_first"] == "true")
    sizes = int(case["input_size"]), int(case["hidden_size"])
    if case.get("kind") == "cell":
        return CellLoop(*sizes, **options)
    return nn.RNN(*sizes, int(case["num_layers"]), bidirectional=case["bidirectional"] == "true", **options)


def run(case, given, device):
    """Every quantity by name."""
    dtype = given["input"].dtype
    rnn = build(case, dtype).to(device)
    parameters = dict(rnn.named_parameters())
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(given[name])
    leaves = {name: given[name].to(device).requires_grad_() for name in ("input", "h_0") if name in given}
    x = leaves["input"]
    if "lengths" in case:
        lengths = torch.tensor([int(n) for n in case["lengths"].split()])
        x = pack_padded_sequence(x, lengths, case["batch_first"] == "true", case["enforce_sorted"] == "true")
    output, h_n = rnn(x, *[leaves[name] for name in leaves if name == "h_0"])
    output = output.data if isinstance(output, PackedSequence) else output
    leaves.update(parameters)
    cotangents = [given[name].to(device) for name in ("grad_output", "grad_h_n")]
    gradients = torch.autograd.grad([output, h_n], list(leaves.values()), cotangents)
    return {"output": output, "h_n": h_n, **{f"grad.{name}": g for name, g in zip(leaves, gradients)}}


def replay_001():
    """Seed 42: the input; seven scratch cells, of which the first one's weights count; then nn.RNN."""
    torch.manual_seed(42)
    data = torch.rand(30, 2)
    cells = [[torch.rand(shape) for shape in ((1, 1), (1,), (1, 2), (1,), (1, 1), (1,))] for _ in range(7)]
    waa, baa, wax, bax, _, _ = cells[0]
    scratch = {"weight_ih_l0": wax, "weight_hh_l0": waa, "bias_ih_l0": bax, "bias_hh_l0": baa}
    rnn = nn.RNN(2, 1)
    return {"001-scratch": {**scratch, "input": data}, "001-nn-rnn": {**rnn.state_dict(), "input": data}}


def replay_003():
    """Seed 13: the embeddings; seed 12: the Linear-based objects of one neuron and of two, each with its own state."""
    torch.manual_seed(13)
    for _ in range(20):
        torch.randn(1)
    embeddings = torch.randn(4, 5)
    torch.manual_seed(12)
    for _ in range(122):
        torch.rand(1)
    cases = {}
    for name, neurons in (("003-one-neuron", 1), ("003-two-neurons", 2)):
        state = torch.randn(1, neurons)
        w_e, w_h = nn.Linear(4, neurons), nn.Linear(neurons, neurons)
        weights = {"weight_ih_l0": w_e.weight, "weight_hh_l0": w_h.weight, "bias_ih_l0": w_e.bias, "bias_hh_l0": w_h.bias}
        cases[name] = {**weights, "input": embeddings.t().unsqueeze(1), "h_0": state.unsqueeze(0)}
    return cases


def blas():
    """The BLAS that is loaded, by its file's name, if there is one outside torch."""
    try:
        files = {Path(line.split()[-1]).name for line in open("/proc/self/maps") if ".so" in line}
    except OSError:
        return ""
    return " ".join(sorted(f for f in files if any(b in f for b in ("openblas", "mkl_core", "blis", "libblas"))))


def testify(fixtures, witness, device, environment, replays={}, dtypes=("float32", "float64")):
    folder = fixtures / "testimonies" / witness
    keys = {"script": "scripts/witnesses/pytorch.py", "engine": "PyTorch", "engine_version": torch.__version__, **environment}
    write_rows(folder / "environment.csv", ["key", "value"], keys.items())
    cases = {path: read_pairs(path) for path in sorted((fixtures / "cases").glob("*/case.csv"))}
    cases = {path: case for path, case in cases.items() if case["dtype"] in dtypes}
    for path, case in cases.items():
        name = path.parent.name
        given = read_tensors(path.with_name("tensors.csv"), getattr(torch, case["dtype"]))
        write_tensors(folder / f"{name}.csv", {**replays.get(name, {}), **run(case, given, device)})
    print(f"{witness}: {len(cases)} cases, torch {torch.__version__}, {environment}")


def on_cuda(fixtures):
    if not torch.cuda.is_available():
        sys.exit("pytorch.py: torch finds no CUDA device on this machine.")
    name = f"cuda, {torch.cuda.get_device_name()}, CUDA {torch.version.cuda}"
    for cudnn in (True, False):
        for tf32 in (False, True):
            torch.backends.cudnn.enabled = cudnn
            torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = tf32
            witness = f"pytorch-cuda-{'cudnn' if cudnn else 'native'}{'-tf32' if tf32 else ''}"
            library = f"cuDNN {torch.backends.cudnn.version()}" if cudnn else "cuBLAS"
            environment = {"device": name, "blas": library, "tf32": str(tf32).lower()}
            testify(fixtures, witness, "cuda", environment, dtypes=("float32",) if tf32 else ("float32", "float64"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("fixtures", type=Path)
    arguments.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    chosen = arguments.parse_args()
    torch.set_num_threads(1)
    if chosen.device == "cuda":
        return on_cuda(chosen.fixtures)
    testify(chosen.fixtures, "pytorch", "cpu", {"device": "cpu", "blas": blas()}, {**replay_001(), **replay_003()})


main()
