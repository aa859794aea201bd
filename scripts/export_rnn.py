#!/usr/bin/env python3
"""Records what an RNN of yours computes, as a folder that `dotnet run -c Release --project Rnn.Parity.Cli -- verify FOLDER` certifies.

usage: export_rnn.py FOLDER (--weights FILE | --object PACKAGE.MODULE:NAME) [--prefix PREFIX] [options]

Run it inside your own PyTorch environment: it takes any torch from 1.13 on, and needs nothing else.

--weights   a state dict saved by torch.save, or a .safetensors file. Weights are loaded and nothing else: a pickle is
            never executed. The RNN is nn.RNN with these weights.
--object    an nn.Module, or a function without arguments that returns one. Its module is imported, which executes it: it
            is your own code. The part under the prefix is called as nn.RNN is, (input, h_0) -> (output, h_n).
--prefix    what stands before weight_ih_l0 in the names, as in encoder.rnn; it may be left out if there is one RNN only.

Layers, directions, biases and sizes are found out from the shapes. The input, h_0 and the cotangents are drawn from
a seed, or read (--input). The folder has output, h_n, and the gradients of <grad_output, output> + <grad_h_n, h_n>; and the
output of every layer with the gradient of every state, where a plain loop has the RNN's bits.
Exit status: 0 written, 2 bad usage or bad input, and then nothing is written.
"""
import argparse
import csv
import importlib
import inspect
import json
import os
import pickle
import re
import shutil
import sys
import tempfile
import warnings
import zipfile
from math import prod
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import linear


# nn.RNN's names; hr is an LSTM's projection, which is refused.
WEIGHT = re.compile(r"(weight|bias)_(ih|hh|hr)_l\d+(_reverse)?")


class Refused(Exception):
    """Bad input, in one sentence."""


def load_safetensors(path):
    """8 bytes of length, a JSON header of names, dtypes, shapes and offsets, then the data, little-endian."""
    dtypes = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8:8 + length])
        tensors = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            if entry["dtype"] not in dtypes:
                if WEIGHT.fullmatch(name.rpartition(".")[2]):
                    raise Refused(f"{path}: {name} is {entry['dtype']}, one of {', '.join(dtypes)} is expected")
                continue
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            dtype, count = dtypes[entry["dtype"]], prod(entry["shape"])
            if not 8 + length <= begin <= end <= len(data) or end - begin != count * torch.empty((), dtype=dtype).element_size():
                raise Refused(f"{path}: {name} has {end - begin} bytes, which {entry['dtype']} {entry['shape']} is not")
            values = torch.frombuffer(bytearray(data[begin:end]), dtype=dtype) if count else torch.empty(0, dtype=dtype)
            tensors[name] = values.reshape(entry["shape"])
        return tensors
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"{path}: is no safetensors file ({one_line(error)})")


def load(path):
    """The tensors of a file by name, without executing anything that it contains."""
    path = Path(path)
    try:
        if path.suffix == ".safetensors":
            return load_safetensors(path)
        if not zipfile.is_zipfile(path):
            # What is older may be a tar file, of which weights_only executed parts until torch 2.6.
            with open(path, "rb"):
                raise Refused(f"{path}: is no file that torch.save has written since 1.6, nor .safetensors")
        if b"constants.pkl" in path.read_bytes().lower():
            # torch 1.13 would run it, weights_only or not.
            raise Refused(f"{path}: is TorchScript, which is code; a state dict is expected")
        if "weights_only" not in inspect.signature(torch.load).parameters:
            raise Refused(f"{path}: torch {torch.__version__} would execute it as a pickle; torch 1.13 or .safetensors is expected")
        loaded = torch.load(str(path), map_location="cpu", weights_only=True)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror or one_line(error)}")
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError) as error:
        why = one_line(error).split(" Re-running")[0].split(".Do it only")[0]
        raise Refused(f"{path}: a state dict is expected; this holds more than weights, or is damaged ({type(error).__name__}: {why})")
    if isinstance(loaded, torch.Tensor):
        return {"input": loaded}
    if not isinstance(loaded, dict) or not all(isinstance(n, str) and isinstance(t, torch.Tensor) for n, t in loaded.items()):
        raise Refused(f"{path}: holds a {type(loaded).__name__}, a dictionary of tensors is expected")
    return dict(loaded)


def one_line(error):
    return " ".join(str(error).split())[:200]


def import_object(name):
    module, separator, attribute = name.partition(":")
    if not separator or not attribute:
        raise Refused(f"--object is '{name}', PACKAGE.MODULE:NAME is expected")
    sys.path.insert(0, os.getcwd())
    try:
        found = importlib.import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
        if not isinstance(found, nn.Module):
            found = found()
    except (Exception, SystemExit) as error:  # whatever the person's code raises
        raise Refused(f"--object is '{name}': {type(error).__name__}: {one_line(error)}")
    if not isinstance(found, nn.Module):
        raise Refused(f"--object is '{name}', a {type(found).__name__}; an nn.Module is expected")
    return found


def weights_under(tensors, prefix):
    """The RNN's weights by nn.RNN's names, and the prefix that they have."""
    ends = "weight_ih_l0"
    prefixes = [name[:-len(ends)].rstrip(".") for name in tensors if name == ends or name.endswith("." + ends)]
    if prefix is None:
        if len(prefixes) != 1:
            found = ", ".join(f"'{p}'" for p in prefixes) or "none"
            raise Refused(f"--prefix is expected, since there is not one RNN: the prefixes of weight_ih_l0 are {found}")
        prefix = prefixes[0]
    if prefix not in prefixes:
        found = ", ".join(f"'{p}'" for p in prefixes) or "none"
        raise Refused(f"--prefix is '{prefix}', and the prefixes of weight_ih_l0 are {found}")
    start = prefix + "." if prefix else ""
    under = {n[len(start):]: t.detach().cpu() for n, t in tensors.items() if n.startswith(start)}
    return {n: t for n, t in under.items() if WEIGHT.fullmatch(n)}, prefix


def options_of(weights):
    """nn.RNN's options, from the names and the shapes of its weights."""
    first = weights["weight_ih_l0"]
    if "weight_hh_l0" not in weights or first.dim() != 2 or weights["weight_hh_l0"].dim() != 2:
        raise Refused("weight_ih_l0 (H, I) and weight_hh_l0 (H, H) are expected")
    rows, H = weights["weight_hh_l0"].shape
    if rows != H:
        kind = {3: ", as a GRU has", 4: ", as an LSTM has"}.get(rows // max(H, 1), "")
        raise Refused(f"weight_hh_l0 is ({rows}, {H}){kind}; an Elman RNN, ({H}, {H}), is expected")
    options = dict(input_size=first.shape[1], hidden_size=H, num_layers=1,
                   bias="bias_ih_l0" in weights, bidirectional="weight_ih_l0_reverse" in weights)
    while f"weight_ih_l{options['num_layers']}" in weights:
        options["num_layers"] += 1
    expected = {name: tuple(t.shape) for name, t in nn.RNN(**options).state_dict().items()}
    found = {name: tuple(t.shape) for name, t in weights.items()}
    for name in [*expected, *found]:
        if expected.get(name) != found.get(name):
            raise Refused(f"{name} is {found.get(name, 'missing')}, {expected.get(name, 'no such weight')} is expected")
    return options


def dtype_of(weights):
    """The type to compute in: a half has no RNN on every CPU, and is a float32 exactly."""
    dtypes = {t.dtype for t in weights.values()}
    if len(dtypes) > 1 or not next(iter(dtypes)).is_floating_point:
        raise Refused(f"the weights are of {', '.join(sorted(str(d)[6:] for d in dtypes))}; one floating-point type is expected")
    return torch.float64 if dtypes == {torch.float64} else torch.float32


def inputs_of(chosen, options, dtype):
    """input and h_0: read, or else drawn."""
    draw = torch.Generator().manual_seed(chosen.seed)
    given = load(chosen.input) if chosen.input else {}
    T, B, I, H = chosen.steps, chosen.sequences, options["input_size"], options["hidden_size"]
    slots = options["num_layers"] * (2 if options["bidirectional"] else 1)
    if chosen.input and "input" not in given:
        raise Refused(f"{chosen.input}: has {', '.join(given) or 'nothing'}; a tensor, or input and perhaps h_0, is expected")
    x = given["input"] if given else torch.randn((B, T, I) if chosen.batch_first else (T, B, I), generator=draw, dtype=torch.float64)
    if any(t.is_complex() for t in given.values()):
        raise Refused(f"{chosen.input}: holds complex numbers, real ones are expected")
    if x.dim() != 3 or x.shape[2] != I or 0 in x.shape:
        raise Refused(f"input is {tuple(x.shape)}, {'(B, T, %d)' % I if chosen.batch_first else '(T, B, %d)' % I} is expected")
    B = x.shape[0 if chosen.batch_first else 1]
    h_0 = given.get("h_0")
    if not given:
        h_0 = torch.randn(slots, B, H, generator=draw, dtype=torch.float64)
    if h_0 is not None and tuple(h_0.shape) != (slots, B, H):
        raise Refused(f"h_0 is {tuple(h_0.shape)}, {(slots, B, H)} is expected")
    inputs = {"input": x} if h_0 is None else {"input": x, "h_0": h_0}
    return {name: t.detach().to(dtype).clone().requires_grad_() for name, t in inputs.items()}, draw


def run(rnn, leaves, weights, draw):
    """Cotangents and quantities by name."""
    try:
        parameters = {name: dict(rnn.named_parameters())[name].requires_grad_() for name in weights}
        output, h_n = rnn(*leaves.values())
        cotangents = {f"grad_{name}": torch.randn(t.shape, generator=draw, dtype=torch.float64).to(t.dtype)
                      for name, t in (("output", output), ("h_n", h_n))}
        leaves = {**leaves, **parameters}
        gradients = torch.autograd.grad([output, h_n], list(leaves.values()), list(cotangents.values()))
    except Exception as error:  # whatever the person's code raises
        raise Refused(f"the RNN could not be run forward and backward: {type(error).__name__}: {one_line(error)}")
    return {**cotangents, "output": output, "h_n": h_n, **{f"grad.{n}": g for n, g in zip(leaves, gradients)}}


def loop(leaves, options, mode, batch_first, ahead):
    """nn.RNN in plain torch, with what nn.RNN keeps to itself: output, h_n, and by layer and direction the states by time.

    ahead: the layer's projection of the input for all steps at once, as nn.RNN has it on a CPU; or step by step.
    """
    activation = torch.tanh if mode == "tanh" else torch.relu
    directions = ["", "_reverse"] if options["bidirectional"] else [""]
    x, states, last = leaves["input"].transpose(0, 1) if batch_first else leaves["input"], {}, []
    for k in range(options["num_layers"]):
        for direction in directions:
            W_ih, W_hh, b_ih, b_hh = (leaves.get(f"{n}_l{k}{direction}") for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            steps = linear(x, W_ih, b_ih).unbind(0) if ahead else [linear(x_t, W_ih, b_ih) for x_t in x.unbind(0)]
            h = leaves["h_0"][len(last)] if "h_0" in leaves else steps[0].new_zeros(x.shape[1], options["hidden_size"])
            here = []
            for z in steps[::-1] if direction else steps:
                h = activation(linear(h, W_hh, b_hh) + z)
                here.append(h)
            states[f"l{k}{direction}"] = here[::-1] if direction else here
            last.append(h)
        x = torch.cat([torch.stack(states[f"l{k}{direction}"]) for direction in directions], -1)
    return x.transpose(0, 1) if batch_first else x, torch.stack(last), states


def inner(leaves, options, mode, batch_first, quantities):
    """The output of every layer but the last, and the gradient of every state: of a loop that has the RNN's bits, if one has."""
    def sequence(steps):
        return torch.stack(steps, 1 if batch_first else 0)

    best = {}
    for ahead in (True, False):
        output, h_n, states = loop(leaves, options, mode, batch_first, ahead)
        if not (same(output, quantities["output"]) and same(h_n, quantities["h_n"])):
            continue
        every = [h for steps in states.values() for h in steps]
        gradients = torch.autograd.grad([output, h_n], [*leaves.values(), *every],
                                        [quantities["grad_output"], quantities["grad_h_n"]])
        directions = 2 if options["bidirectional"] else 1
        layers = [[sequence(states[n]) for n in list(states)[i:i + directions]] for i in range(0, len(states), directions)]
        outputs = {f"output_l{k}": torch.cat(layer, -1) for k, layer in enumerate(layers[:-1])}
        if all(same(g, quantities[f"grad.{name}"]) for name, g in zip(leaves, gradients)):
            adjoints, T = gradients[len(leaves):], len(every) // len(states)
            return {**outputs, **{f"grad.h_{n}": sequence(adjoints[i * T:i * T + T]) for i, n in enumerate(states)}}
        best = outputs
    return best


def same(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and torch.equal(a, b)


def rows_of(tensors):
    for name, tensor in tensors.items():
        shape = tensor.shape
        # 9 digits read back to the same float32; repr is the shortest that reads back to the same float64.
        decimal = repr if tensor.dtype == torch.float64 else "{:.9g}".format
        for flat, value in enumerate(tensor.detach().reshape(-1).tolist()):
            index = [flat // prod(shape[d + 1:]) % shape[d] for d in range(len(shape))]
            yield [name, *index, *[""] * (3 - len(index)), "nan" if value != value else decimal(value)]


def write(folder, keys, tensors):
    """Both files in a folder that appears at once."""
    if folder.exists():
        raise Refused(f"{folder} is there already; nothing is overwritten")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror}")
    try:
        for name, header, rows in (("case.csv", ["key", "value"], keys.items()),
                                   ("tensors.csv", ["tensor", "i", "j", "k", "value"], rows_of(tensors))):
            with open(making / name, "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(header)
                writer.writerows(rows)
        making.chmod(0o755)
        making.rename(folder)
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror}")
    finally:
        shutil.rmtree(making, ignore_errors=True)


def export(chosen):
    module = import_object(chosen.object) if chosen.object else None
    weights, prefix = weights_under(module.state_dict() if module else load(chosen.weights), chosen.prefix)
    options, dtype = options_of(weights), dtype_of(weights)
    rnn = module.get_submodule(prefix) if module else None
    chosen.batch_first = chosen.batch_first or getattr(rnn, "batch_first", False)
    mode = getattr(rnn, "nonlinearity", chosen.nonlinearity)
    if rnn is None:
        rnn = nn.RNN(**options, nonlinearity=mode, batch_first=chosen.batch_first)
        rnn.load_state_dict(weights)
    if mode not in ("tanh", "relu"):
        raise Refused(f"nonlinearity is {mode}, tanh or relu is expected")
    rnn = rnn.cpu().to(dtype).eval()
    leaves, draw = inputs_of(chosen, options, dtype)
    quantities = run(rnn, leaves, weights, draw)
    directions = 2 if options["bidirectional"] else 1
    shape = (*leaves["input"].shape[:2], directions * options["hidden_size"])
    if tuple(quantities["output"].shape) != shape:
        raise Refused(f"the RNN's output is {tuple(quantities['output'].shape)}, {shape} is expected")
    given = {**leaves, **{n: t.detach().to(dtype).clone().requires_grad_() for n, t in weights.items()}}
    quantities |= inner(given, options, mode, chosen.batch_first, quantities)
    keys = {"mode": mode, **options, "batch_first": chosen.batch_first, "dtype": str(dtype)[6:], "device": "cpu",
            "engine": "PyTorch", "engine_version": torch.__version__, "script": "scripts/export_rnn.py",
            "source": f"{chosen.object or Path(chosen.weights).name}{', ' + prefix if prefix else ''}",
            "inputs": Path(chosen.input).name if chosen.input else f"drawn from seed {chosen.seed}"}
    keys = {k: str(v).lower() if isinstance(v, bool) else v for k, v in keys.items()}
    write(chosen.folder, keys, {**{n: t.to(dtype) for n, t in weights.items()}, **leaves, **quantities})
    sizes = ", ".join(f"{k} {keys[k]}" for k in ("mode", *options))
    print(f"{chosen.folder}: {sizes}; input {tuple(leaves['input'].shape)}, {keys['dtype']}, torch {torch.__version__}")


def positive(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}', a whole number from 1 on is expected")
    return int(text)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refused(message)


def main():
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS)
    parser.add_argument("folder", type=Path)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--weights", metavar="FILE")
    source.add_argument("--object", metavar="PACKAGE.MODULE:NAME")
    parser.add_argument("--prefix", help="what stands before weight_ih_l0")
    parser.add_argument("--nonlinearity", choices=["tanh", "relu"], default="tanh", help="of --weights: no shape tells it")
    parser.add_argument("--batch-first", action="store_true", help="the input is (B, T, I)")
    parser.add_argument("--input", metavar="FILE", help="a tensor, or a dictionary with input and perhaps h_0, .pt or .safetensors")
    parser.add_argument("--steps", type=positive, default=6, help="T of a drawn input")
    parser.add_argument("--sequences", type=positive, default=3, help="B of a drawn input")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn")
    try:
        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
        export(parser.parse_args())
    except Refused as refusal:
        print(f"export_rnn.py: {refusal}", file=sys.stderr)
        return 2
    except Exception as error:  # what no sentence was written for
        print(f"export_rnn.py: {type(error).__name__}: {one_line(error)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
