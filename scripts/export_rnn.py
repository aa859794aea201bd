#!/usr/bin/env python3
"""Records what an RNN of yours computes, as a folder that `dotnet run -c Release --project Rnn.Parity.Cli -- verify FOLDER` certifies.

usage: export_rnn.py FOLDER (--weights FILE | --object PACKAGE.MODULE:NAME) [--prefix PREFIX] [options]

Run it inside your own PyTorch environment: it takes any torch from 1.13 on, and needs nothing else but
export_rnn_weights.py beside it.

--weights   a state dict saved by torch.save, also inside a checkpoint, or a .safetensors file. Weights are loaded and
            nothing else: a pickle is never executed. The RNN is nn.RNN with these weights, or nn.RNNCell with a cell's.
--object    an nn.Module, or a function without arguments that returns one. Its module is imported, which executes it: it
            is your own code. The part under the prefix is called as nn.RNN is, (input, h_0) -> (output, h_n), or as
            nn.RNNCell is, (x_t, h) -> h, and its weights are read when it has been called: weight_norm computes some.
--prefix    what stands before weight_ih_l0 in the names, as in encoder.rnn, or a part of that; it may be left out if there
            is one RNN only.
--rename    OWN=NAME, as often as needed: what the names end in that nn.RNN calls weight_ih_l0, weight_hh_l0, ...

Layers, directions, biases and sizes are found out from the shapes. The input, h_0 and the cotangents are drawn from
a seed, or read (--input). The folder has output, h_n, and the gradients of <grad_output, output> + <grad_h_n, h_n>; and the
output of every layer with the gradient of every state, where a plain loop has the RNN's bits.
Exit status: 0 written, 2 bad usage or bad input, and then nothing is written.
"""
import argparse
import csv
import shutil
import sys
import tempfile
import warnings
from math import prod
from pathlib import Path

try:
    import torch
    from torch import nn
    from torch.nn.functional import linear
    from torch.nn.utils import parametrize
    from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

    from export_rnn_weights import (
        PART, Refused, attribute, dtype_of, find, import_object, load, one_line, options_of, tensors_of)
except ImportError as error:
    print(f"export_rnn.py: {error}; PyTorch and the file export_rnn_weights.py beside this one are expected", file=sys.stderr)
    sys.exit(2)


class Case:
    """nn.RNN's options, and how the sequences lie: batch first or not, without a batch, packed; and whether a cell runs."""

    def __init__(self, options, rnn, cell, chosen):
        self.options, self.cell, self.lengths, self.unbatched = options, cell, chosen.lengths, chosen.unbatched
        self.mode = getattr(rnn, "nonlinearity", chosen.nonlinearity)
        self.batch_first = not chosen.unbatched and (chosen.batch_first or getattr(rnn, "batch_first", False))
        self.T, self.B = (max(chosen.lengths), len(chosen.lengths)) if chosen.lengths else (chosen.steps, chosen.sequences)
        self.ends = ["", "_reverse"] if options["bidirectional"] else [""]
        self.sorted = not self.lengths or self.lengths == sorted(self.lengths, reverse=True)
        if self.mode not in ("tanh", "relu"):
            raise Refused(f"nonlinearity is {self.mode}, tanh or relu is expected")
        if self.lengths and (self.unbatched or cell):
            raise Refused(f"--lengths is for a batch that nn.RNN reads, and this is {'a cell' if cell else 'unbatched'}")

    def sequence(self, features):
        T, B = self.T, self.B
        return (T, features) if self.unbatched else (B, T, features) if self.batch_first else (T, B, features)

    def state(self):
        slots, H = self.options["num_layers"] * len(self.ends), self.options["hidden_size"]
        return (slots, H) if self.unbatched else (slots, self.B, H)

    def output(self):
        features = len(self.ends) * self.options["hidden_size"]
        return (sum(self.lengths), features) if self.lengths else self.sequence(features)

    def pack(self, x):
        return pack_padded_sequence(x, torch.tensor(self.lengths), self.batch_first, self.sorted)

    def joined(self, steps):
        """One tensor of what there is for each step, as the output lies."""
        if self.lengths or self.unbatched:
            return torch.cat(steps)
        return torch.stack(steps, 1 if self.batch_first else 0)

    def keys(self):
        packed = {"lengths": " ".join(map(str, self.lengths)), "enforce_sorted": self.sorted} if self.lengths else {}
        return {"mode": self.mode, **self.options, "batch_first": self.batch_first, **packed,
                **({"unbatched": True} if self.unbatched else {}), **({"kind": "cell"} if self.cell else {})}


def inputs_of(chosen, case, dtype):
    """input and h_0: read, or else drawn."""
    draw, I = torch.Generator().manual_seed(chosen.seed), case.options["input_size"]
    given = load(chosen.input) if chosen.input else {}
    if chosen.input and "input" not in given:
        raise Refused(f"{chosen.input}: a tensor, or input and perhaps h_0, is expected", list(given))
    if any(t.is_complex() for t in given.values()):
        raise Refused(f"{chosen.input}: holds complex numbers, real ones are expected")
    x = given["input"] if given else torch.randn(case.sequence(I), generator=draw, dtype=torch.float64)
    if x.dim() == len(case.sequence(I)) and not case.lengths:
        case.T, case.B = (len(x), 1) if case.unbatched else x.shape[:2][::-1] if case.batch_first else x.shape[:2]
    if tuple(x.shape) != case.sequence(I) or 0 in x.shape:
        order = "T" if case.unbatched else "B, T" if case.batch_first else "T, B"
        expected = case.sequence(I) if case.lengths else f"({order}, {I})"
        hint = ", or --unbatched," if x.dim() == 2 and not case.unbatched else ""
        raise Refused(f"input is {tuple(x.shape)}, {expected}{hint} is expected")
    h_0 = given.get("h_0") if given else torch.randn(case.state(), generator=draw, dtype=torch.float64)
    if h_0 is not None and tuple(h_0.shape) != case.state():
        raise Refused(f"h_0 is {tuple(h_0.shape)}, {case.state()} is expected")
    inputs = {"input": x} if h_0 is None else {"input": x, "h_0": h_0}
    return {name: t.detach().to(dtype).clone().requires_grad_() for name, t in inputs.items()}, draw


def stepped(cell, case, called, x, h_0=None):
    """A cell, once a step."""
    h, steps = None if h_0 is None else h_0[0], []
    for x_t in x.unbind(1 if case.batch_first else 0):
        h = cell(x_t) if h is None else cell(x_t, h)
        called()
        steps.append(fitted("state", h, case.state(), x.dtype)[0])
    return case.joined([h.unsqueeze(0) for h in steps] if case.unbatched else steps), steps[-1]


def call(module, case, called, x, *h_0):
    """output and h_n, each in nn.RNN's shape; called() after each call."""
    result = stepped(module, case, called, x, *h_0) if case.cell else module(case.pack(x) if case.lengths else x, *h_0)
    called()
    if not isinstance(result, (tuple, list)) or isinstance(result, PackedSequence) or len(result) != 2:
        raise Refused(f"the RNN returned a {type(result).__name__}, (output, h_n) is expected")
    output = result[0].data if isinstance(result[0], PackedSequence) else result[0]
    return fitted("output", output, case.output(), x.dtype), fitted("h_n", result[1], case.state(), x.dtype)


def fitted(name, tensor, shape, dtype):
    """In its shape, if that takes no more than dimensions of 1 put in or left out, which moves no number."""
    if not isinstance(tensor, torch.Tensor) or [n for n in tensor.shape if n > 1] != [n for n in shape if n > 1]:
        found = tuple(tensor.shape) if isinstance(tensor, torch.Tensor) else f"a {type(tensor).__name__}"
        raise Refused(f"the RNN's {name} is {found}, {shape} is expected")
    if tensor.dtype != dtype:
        raise Refused(f"the RNN's {name} is {str(tensor.dtype)[6:]}, {str(dtype)[6:]} is expected")
    return tensor.reshape(shape)


def run(root, module, case, paths, leaves, draw):
    """The weights, as they are when the module has been called, by name; and cotangents and quantities."""
    seen, before = [], {name: t.detach().clone() for name, t in leaves.items()}
    try:
        for parameter in root.parameters():
            parameter.requires_grad_(parameter.is_floating_point())
        with parametrize.cached():
            output, h_n = call(module, case, lambda: seen.append({n: attribute(root, p) for n, p in paths.items()}), *leaves.values())
        for name, t in leaves.items():
            if not ((t == before[name]) | (t != t) & (before[name] != before[name])).all():
                raise Refused(f"the RNN changes its {name} in place, which nn.RNN leaves as it is")
        for name, t in (("output", output), ("h_n", h_n)):
            if not t.requires_grad:
                raise Refused(f"the RNN's {name} requires no gradient: it is detached, or computed under no_grad")
        cotangents = {f"grad_{name}": torch.randn(t.shape, generator=draw, dtype=torch.float64).to(t.dtype)
                      for name, t in (("output", output), ("h_n", h_n))}
        # a cell may compute a weight anew at each step
        used = [*leaves.items(), *((name, t) for name in paths for t in {id(at[name]): at[name] for at in seen}.values())]
        parts = torch.autograd.grad([output, h_n], [t for _, t in used], list(cotangents.values()), allow_unused=True)
    except Refused:
        raise
    except (Exception, SystemExit) as error:  # whatever the person's code raises
        raise Refused(f"the RNN could not be run forward and backward: {type(error).__name__}: {one_line(error)}")
    gradients = {}
    for (name, _), part in zip(used, parts):
        if part is None:
            raise Refused(f"output and h_n do not depend on {paths.get(name, name)}, as where it is a copy")
        gradients[f"grad.{name}"] = gradients[f"grad.{name}"] + part if f"grad.{name}" in gradients else part
    return seen[-1], {**cotangents, "output": output, "h_n": h_n, **gradients}


def loop(leaves, case, ahead):
    """nn.RNN in plain torch, with what nn.RNN keeps to itself: output, h_n, and by layer and direction the states by time.

    ahead: the layer's projection of the input for all steps at once, as nn.RNN has it on a CPU; or step by step.
    """
    activation = torch.tanh if case.mode == "tanh" else torch.relu
    packed = case.pack(leaves["input"]) if case.lengths else PackedSequence(leaves["input"], torch.tensor([case.B] * case.T))
    x, sizes, sort, unsort = packed
    if not case.lengths:
        x = x.unsqueeze(1) if case.unbatched else x.transpose(0, 1) if case.batch_first else x
    h_0 = leaves.get("h_0", x.new_zeros(case.state())).reshape(-1, case.B, case.options["hidden_size"])
    h_0, states, last = h_0 if sort is None else h_0[:, sort], {}, []
    for layer in range(case.options["num_layers"]):
        for end in case.ends:
            W_ih, W_hh, b_ih, b_hh = (leaves.get(f"{n}_l{layer}{end}") for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            steps = (linear(x, W_ih, b_ih) if ahead else x).flatten(0, -2).split(sizes.tolist())
            h, here = h_0[len(last)], []
            for z in steps[::-1] if end else steps:
                z = z if ahead else linear(z, W_ih, b_ih)
                here.append(activation(linear(h[:len(z)], W_hh, b_hh) + z))
                # the others of a packed batch have ended or, in reverse, not begun
                h = here[-1] if len(z) == len(h) else torch.cat([here[-1], h[len(z):]])
            states[f"l{layer}{end}"] = here[::-1] if end else here
            last.append(h)
        x = torch.cat([(torch.cat if case.lengths else torch.stack)(states[f"l{layer}{end}"]) for end in case.ends], -1)
    h_n = torch.stack(last) if unsort is None else torch.stack(last)[:, unsort]
    return case.joined(x.split(sizes.tolist()) if case.lengths else x.unbind(0)), h_n.reshape(case.state()), states


def inner(leaves, case, quantities):
    """The output of every layer but the last, and the gradient of every state: of a loop that has the RNN's bits, if one has."""
    best = {}
    for ahead in (True, False):
        output, h_n, states = loop(leaves, case, ahead)
        if not (same(output, quantities["output"]) and same(h_n, quantities["h_n"])):
            continue
        every = [h for steps in states.values() for h in steps]
        gradients = torch.autograd.grad([output, h_n], [*leaves.values(), *every],
                                        [quantities["grad_output"], quantities["grad_h_n"]])
        layers = [[case.joined(states[f"l{k}{end}"]) for end in case.ends] for k in range(case.options["num_layers"] - 1)]
        outputs = {f"output_l{k}": torch.cat(layer, -1) for k, layer in enumerate(layers)}
        if all(same(g, quantities[f"grad.{name}"]) for name, g in zip(leaves, gradients)):
            adjoints, T = gradients[len(leaves):], case.T
            return {**outputs, **{f"grad.h_{n}": case.joined(adjoints[i * T:i * T + T]) for i, n in enumerate(states)}}
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


def module_of(chosen):
    """The module of --object or one of the weights of --weights, what of it is called as nn.RNN is, and the RNN that was found."""
    if chosen.object:
        root = import_object(chosen.object)
        found = find(tensors_of(root), chosen.rename, chosen.prefix)
        parent, prefix = found.prefix.rpartition(".")[0], found.prefix
        if chosen.prefix is not None and (prefix + ".").startswith(chosen.prefix + "." if chosen.prefix else ""):
            prefix = chosen.prefix
        elif any(k.endswith("_raw") and k.rpartition(".")[0] in (parent, prefix) for k in root.state_dict() if PART.fullmatch(k)):
            prefix = parent  # which drops some of the weights and then calls the RNN
        return root, attribute(root, prefix), found
    tensors = load(chosen.weights)
    for part in filter(PART.fullmatch, tensors):
        raise Refused(f"{part} is part of a weight that a module computes, so that --object is expected", list(tensors))
    found = find(tensors, chosen.rename, chosen.prefix)
    options = options_of(found.weights, found.keys)
    rnn = nn.RNN(**options, nonlinearity=chosen.nonlinearity, batch_first=chosen.batch_first)
    if found.cell:
        rnn = nn.RNNCell(options["input_size"], options["hidden_size"], options["bias"], chosen.nonlinearity)
    keys = {name: name[:-3] if found.cell else name for name in found.keys}
    rnn.load_state_dict({keys[name]: weight for name, weight in found.weights.items()})
    return rnn, rnn, found._replace(keys=keys)


def export(chosen):
    root, module, found = module_of(chosen)
    options, dtype = options_of(found.weights, found.keys), dtype_of(found.weights)
    case = Case(options, attribute(root, found.prefix) if chosen.object else root, found.cell, chosen)
    root.cpu().to(dtype).eval()
    leaves, draw = inputs_of(chosen, case, dtype)
    weights, quantities = run(root, module, case, found.keys, leaves, draw)
    given = {**leaves, **{n: t.detach().clone().requires_grad_() for n, t in weights.items()}}
    quantities = {**quantities, **inner(given, case, quantities)}
    keys = {**case.keys(), "dtype": str(dtype)[6:], "device": "cpu",
            "engine": "PyTorch", "engine_version": torch.__version__, "script": "scripts/export_rnn.py",
            "source": f"{chosen.object or Path(chosen.weights).name}{', ' + found.prefix if found.prefix else ''}",
            "inputs": Path(chosen.input).name if chosen.input else f"drawn from seed {chosen.seed}"}
    keys = {k: str(v).lower() if isinstance(v, bool) else v for k, v in keys.items()}
    write(chosen.folder, keys, {**weights, **leaves, **quantities})
    sizes = ", ".join(f"{k} {keys[k]}" for k in case.keys())
    theirs = str(next(iter(found.weights.values())).dtype)[6:]
    wider = "" if theirs == keys["dtype"] else f" (the weights are {theirs}, and are computed with in {keys['dtype']})"
    print(f"{chosen.folder}: {sizes}; input {tuple(leaves['input'].shape)}, {keys['dtype']}{wider}, torch {torch.__version__}")


def whole(least, most):
    def read(text):
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"'{text}', a whole number from {least} to {most} is expected")
        return int(text)

    return read


positive = whole(1, 2**31 - 1)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refused(message)


def parser():
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS)
    parser.add_argument("folder", type=Path)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--weights", metavar="FILE")
    source.add_argument("--object", metavar="PACKAGE.MODULE:NAME")
    parser.add_argument("--prefix", help="what stands before weight_ih_l0, or a part of it")
    parser.add_argument("--rename", metavar="OWN=NAME", action="append", default=[], help="an own name, and nn.RNN's for it")
    parser.add_argument("--nonlinearity", choices=["tanh", "relu"], default="tanh", help="of --weights: no shape tells it")
    parser.add_argument("--batch-first", action="store_true", help="the input is (B, T, I)")
    parser.add_argument("--unbatched", action="store_true", help="the input is (T, I)")
    parser.add_argument("--lengths", type=positive, nargs="+", help="of packed sequences; T is the greatest")
    parser.add_argument("--input", metavar="FILE", help="a tensor, or a dictionary with input and perhaps h_0, .pt or .safetensors")
    parser.add_argument("--steps", type=positive, default=6, help="T of a drawn input")
    parser.add_argument("--sequences", type=positive, default=3, help="B of a drawn input")
    parser.add_argument("--seed", type=whole(0, 2**63 - 1), default=1, help="of what is drawn")
    return parser


def main(arguments=None):
    try:
        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
        export(parser().parse_args(arguments))
    except Refused as refusal:
        print(f"export_rnn.py: {refusal}", file=sys.stderr)
        return 2
    except Exception as error:  # what no sentence was written for
        print(f"export_rnn.py: {type(error).__name__}: {one_line(error)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
