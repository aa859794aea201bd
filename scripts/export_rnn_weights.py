"""Where export_rnn.py finds an RNN's weights: in a file, or in a module; under nn.RNN's names, or others."""
import importlib
import json
import os
import pickle
import re
import sys
import zipfile
from collections import namedtuple
from math import prod
from pathlib import Path
from types import SimpleNamespace

import torch
from torch import nn


# nn.RNN's names and, without _l0, nn.RNNCell's; hr is an LSTM's projection, which is refused.
WEIGHT = re.compile(r"(weight|bias)_(ih|hh|hr)(_l\d+(_reverse)?)?")
# What a module has in place of a weight that it computes: weight_norm, a parametrization, pruning, a dropped weight.
PART = re.compile(r"((?:.*\.)?)((?:weight|bias)_(?:ih|hh)(?:_l\d+(?:_reverse)?)?)(?:_[guv]|_raw|_orig|_mask|\.original\d?|\.\d+\..*)")


class Refused(Exception):
    """Bad input, in one sentence, with the keys that there are."""

    def __init__(self, sentence, keys=None):
        if keys is not None:
            more = f" and {len(keys) - 20} more" if len(keys) > 20 else ""
            sentence += f"; the keys are {', '.join(map(repr, keys[:20]))}{more}" if keys else "; there are no keys of tensors"
        super().__init__(sentence)


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


class Tensors(pickle.Unpickler):
    """Knows tensors, and dictionaries and numbers about them; nothing else can be called."""
    known = {("collections", "OrderedDict"), ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_parameter")}

    def find_class(self, module, name):
        if (module, name) not in self.known:
            raise pickle.UnpicklingError(f"it has {module}.{name}")
        return super().find_class(module, name)


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
        if torch.__version__ >= "2":
            loaded = torch.load(str(path), map_location="cpu", weights_only=True)
        else:
            # 1.13's weights_only knows no floating-point number, as an optimizer in a checkpoint has, and its load ignores pickle_module.
            with torch.serialization._open_zipfile_reader(str(path)) as file:
                loaded = torch.serialization._load(file, "cpu", SimpleNamespace(Unpickler=Tensors), encoding="utf-8")
    except Refused:
        raise
    except OSError as error:
        raise Refused(f"{path}: {error.strerror or one_line(error)}")
    except Exception as error:  # damage can be anything
        why = f"{type(error).__name__}: {one_line(error).split(' Re-running')[0]}"
        raise Refused(f"{path}: a state dict is expected; this holds more than weights, or is damaged ({why})")
    if isinstance(loaded, torch.Tensor):
        return {"input": loaded}
    if not isinstance(loaded, dict):
        raise Refused(f"{path}: holds a {type(loaded).__name__}, a dictionary of tensors is expected")
    return dict(flat(loaded))


def flat(tree, path=""):
    """The tensors of dictionaries in dictionaries, as a checkpoint is, by the names on the way joined with dots."""
    for name, value in tree.items():
        name = f"{path}.{name}" if path else str(name)
        if isinstance(value, torch.Tensor):
            yield name, value
        elif isinstance(value, dict):
            yield from flat(value, name)


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
        if not isinstance(found, nn.Module) and callable(found):
            found = found()
    except (Exception, SystemExit) as error:  # whatever the person's code raises
        raise Refused(f"--object is '{name}': {type(error).__name__}: {one_line(error)}")
    if not isinstance(found, nn.Module):
        raise Refused(f"--object is '{name}', a {type(found).__name__}; an nn.Module is expected")
    return found


def attribute(module, path):
    for part in path.split(".") if path else []:
        module = getattr(module, part)
    return module


def tensors_of(module):
    """The module's tensors by name; a weight that it computes by the name of the attribute, in place of its parts."""
    tensors = {}
    for name, tensor in module.state_dict().items():
        part = PART.fullmatch(name)
        if part:
            path, weight = part[1], part[2]
            if path.endswith("parametrizations."):
                path = path[:-len("parametrizations.")]
            holder = attribute(module, path.rstrip("."))
            # a wrapper keeps the parts itself, and sets the weight of the RNN in it
            inside = [child + "." for child, m in holder.named_children() if hasattr(m, weight) and not hasattr(holder, weight)]
            name = path + "".join(inside[:1]) + weight
        # the largest part has the shape of the weight
        if name not in tensors or tensor.numel() > tensors[name].numel():
            tensors[name] = tensor
    return tensors


def renamed(tensors, renames):
    """Each tensor's own key by the one that it has in nn.RNN's names."""
    keys = {key: key for key in tensors}
    for rename in renames:
        own, _, name = rename.partition("=")
        if not own or not WEIGHT.fullmatch(name):
            raise Refused(f"--rename is '{rename}', OWN=NAME is expected, and NAME such as weight_ih_l0")
        found = [own] if own in tensors else [key for key in tensors if key.endswith("." + own)]
        if not found:
            raise Refused(f"--rename is '{rename}', and no key ends in '{own}'", list(tensors))
        for key in found:
            new = key[:-len(own)] + name
            if new in keys or keys.pop(key, None) is None:
                raise Refused(f"--rename is '{rename}', and there is a '{new}' already", list(tensors))
            keys[new] = key
    return keys


def gates(weights):
    """How many times H rows weight_hh has, by what has them: nothing for an Elman RNN."""
    W_hh = weights.get("weight_hh_l0")
    rows, H = W_hh.shape if W_hh is not None and W_hh.dim() == 2 else (1, 1)
    return {3: "a GRU", 4: "an LSTM"}.get(rows / max(H, 1), "")


# weights by nn.RNN's names, which those of a cell are given too; the key that each has; what stands before them
Found = namedtuple("Found", "weights keys prefix cell")


def find(tensors, renames, prefix):
    """The one RNN that is meant."""
    rnns = {}
    for name, key in renamed(tensors, renames).items():
        start, _, name = name.rpartition(".")
        if WEIGHT.fullmatch(name):
            rnns.setdefault(start, {})[name] = key
    found = {}
    for start, keys in rnns.items():
        cell = "weight_ih" in keys
        keys = {f"{name}_l0": key for name, key in keys.items()} if cell else keys
        if "weight_ih_l0" in keys:
            found[start] = Found({name: tensors[key].detach() for name, key in keys.items()}, keys, start, cell)
    if not found:
        raise Refused("there is no RNN: weight_ih_l0, a cell's weight_ih, or --rename is expected", list(tensors))
    return found[prefix] if prefix in found else one_of(found, prefix)


def one_of(found, prefix):
    """The one whose prefix has a part of that name or, if there are more, the one that is no GRU or LSTM."""
    meant = [rnn for rnn in found.values() if not prefix or f".{prefix}." in f".{rnn.prefix}."]
    meant = [rnn for rnn in meant if not gates(rnn.weights)] or meant
    if len(meant) != 1:
        every = ", ".join(f"'{p}'" + (f" ({gates(rnn.weights)})" if gates(rnn.weights) else "") for p, rnn in found.items())
        why = f"--prefix is '{prefix}', and" if prefix else "--prefix is expected, since there is not one RNN:"
        raise Refused(f"{why} the prefixes of weight_ih_l0 are {every}")
    return meant[0]


def options_of(weights, keys):
    """nn.RNN's options, from the names and the shapes of its weights."""
    first, W_hh = weights["weight_ih_l0"], weights.get("weight_hh_l0")
    if W_hh is None or first.dim() != 2 or W_hh.dim() != 2:
        raise Refused("weight_ih_l0 (H, I) and weight_hh_l0 (H, H) are expected", list(keys.values()))
    rows, H = W_hh.shape
    if rows != H:
        kind = f", as {gates(weights)} has" if gates(weights) else ""
        raise Refused(f"{keys['weight_hh_l0']} is ({rows}, {H}){kind}; an Elman RNN, ({H}, {H}), is expected", list(keys.values()))
    options = dict(input_size=first.shape[1], hidden_size=H, num_layers=1,
                   bias=any(name.startswith("bias") for name in weights), bidirectional="weight_ih_l0_reverse" in weights)
    while f"weight_ih_l{options['num_layers']}" in weights:
        options["num_layers"] += 1
    expected = {name: tuple(t.shape) for name, t in nn.RNN(**options).state_dict().items()}
    found = {name: tuple(t.shape) for name, t in weights.items()}
    for name in [*expected, *found]:
        is_, wanted = found.get(name, "missing"), expected.get(name, "no such weight")
        if is_ != wanted:
            raise Refused(f"{keys.get(name, name)} is {is_}, {wanted} is expected", list(keys.values()))
    return options


def dtype_of(weights):
    """The type to compute in: a half has no RNN on every CPU, and is a float32 exactly."""
    dtypes = {t.dtype for t in weights.values()}
    if len(dtypes) > 1 or not next(iter(dtypes)).is_floating_point:
        raise Refused(f"the weights are of {', '.join(sorted(str(d)[6:] for d in dtypes))}; one floating-point type is expected")
    return torch.float64 if dtypes == {torch.float64} else torch.float32
