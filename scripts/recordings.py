#!/usr/bin/env python3
"""Records random nn.RNNs, right ones or with one mistake planted in each, as folders for `verify`.

usage: recordings.py FOLDER COUNT [--mistakes] [--seed N]

Every folder is made by export_rnn.py. With --mistakes the RNN is a plain loop with one mistake, in every layer or in one;
source in case.csv says which.
"""
import argparse
import math
import random
import sys
import types
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import linear

import export_rnn


def bf16(x):
    return x.to(torch.bfloat16).to(x.dtype)


# Each is given the step's own x_t, h_{t-1}, weights and phi, and what surrounds it, and returns h_t.
def step(x, h, w, phi):
    return phi(linear(x, w.W_ih, w.b_ih) + linear(h, w.W_hh, w.b_hh))


MISTAKES = {
    "W_ih x missing": lambda s: s.phi(s.w.b_ih + linear(s.h, s.w.W_hh, s.w.b_hh) + 0 * s.x.sum() + 0 * s.w.W_ih.sum()),
    "b_ih missing": lambda s: s.phi(linear(s.x, s.w.W_ih, 0 * s.w.b_ih) + linear(s.h, s.w.W_hh, s.w.b_hh)),
    "W_hh h missing": lambda s: s.phi(linear(s.x, s.w.W_ih, s.w.b_ih) + s.w.b_hh + 0 * s.h.sum() + 0 * s.w.W_hh.sum()),
    "b_hh missing": lambda s: s.phi(linear(s.x, s.w.W_ih, s.w.b_ih) + linear(s.h, s.w.W_hh, 0 * s.w.b_hh)),
    "b_hh doubled": lambda s: s.phi(linear(s.x, s.w.W_ih, s.w.b_ih) + linear(s.h, s.w.W_hh, 2 * s.w.b_hh)),
    "b_ih negated": lambda s: s.phi(linear(s.x, s.w.W_ih, -s.w.b_ih) + linear(s.h, s.w.W_hh, s.w.b_hh)),
    "W_hh transposed": lambda s: s.phi(linear(s.x, s.w.W_ih, s.w.b_ih) + linear(s.h, s.w.W_hh.t(), s.w.b_hh)),
    "b_hh is b_ih again": lambda s: s.phi(linear(s.x, s.w.W_ih, s.w.b_ih) + linear(s.h, s.w.W_hh, s.w.b_ih) + 0 * s.w.b_hh),
    "h_{t-2} for h_{t-1}": lambda s: step(s.x, s.before, s.w, s.phi),
    "h_0 for h_{t-1}": lambda s: step(s.x, s.h_0, s.w, s.phi),
    "zero for h_0": lambda s: step(s.x, s.h if s.t else 0 * s.h, s.w, s.phi),
    "x_{t-1} for x_t": lambda s: step(s.earlier, s.h, s.w, s.phi),
    "phi missing": lambda s: step(s.x, s.h, s.w, lambda z: z),
    "phi is sigmoid": lambda s: step(s.x, s.h, s.w, torch.sigmoid),
    "phi is the other": lambda s: step(s.x, s.h, s.w, torch.relu if s.tanh else torch.tanh),
    "phi of W_ih x as well": lambda s: s.phi(s.phi(linear(s.x, s.w.W_ih, s.w.b_ih)) + linear(s.h, s.w.W_hh, s.w.b_hh)),
    "W_hh in bfloat16": lambda s: s.phi(linear(s.x, s.w.W_ih, s.w.b_ih) + linear(s.h, bf16(s.w.W_hh), s.w.b_hh)),
    "W_ih in bfloat16": lambda s: s.phi(linear(s.x, bf16(s.w.W_ih), s.w.b_ih) + linear(s.h, s.w.W_hh, s.w.b_hh)),
    "W_hh h of bfloat16": lambda s: s.phi(linear(s.x, s.w.W_ih, s.w.b_ih) + linear(bf16(s.h), bf16(s.w.W_hh), s.w.b_hh)),
}


class Planted(nn.RNN):
    """nn.RNN in a plain loop, with a mistake in some layers."""

    def plant(self, mistake, layers):
        self.mistake, self.layers = mistake, layers
        return self

    def forward(self, x, h_0):
        phi = torch.tanh if self.nonlinearity == "tanh" else torch.relu
        ends = []
        for k in range(self.num_layers):
            sides = []
            for end in ["", "_reverse"] if self.bidirectional else [""]:
                w = types.SimpleNamespace(W_ih=getattr(self, f"weight_ih_l{k}{end}"), W_hh=getattr(self, f"weight_hh_l{k}{end}"),
                                          b_ih=getattr(self, f"bias_ih_l{k}{end}"), b_hh=getattr(self, f"bias_hh_l{k}{end}"))
                # no mistake of a direction: the step before in time, whichever way the direction runs
                steps, time = x.unbind(0), range(len(x))
                h, states = h_0[len(ends)], {}
                before = start = h
                for turn, t in enumerate(reversed(time) if end else time):
                    earlier = steps[t - 1] if t else torch.zeros_like(steps[0])
                    s = types.SimpleNamespace(x=steps[t], h=h, w=w, phi=phi, before=before, h_0=start, t=turn, earlier=earlier,
                                              tanh=phi is torch.tanh)
                    new = MISTAKES[self.mistake](s) if k in self.layers else step(steps[t], h, w, phi)
                    before, h = h, new
                    states[t] = h
                sides.append(torch.stack([states[t] for t in time]))
                ends.append(h)
            x = torch.cat(sides, -1)
        return x, torch.stack(ends)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--mistakes", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    draw = random.Random(chosen.seed)
    torch.set_num_threads(1)
    for i in range(chosen.count):
        L, D, mode = draw.randint(1, 3), draw.randint(1, 2), draw.choice(["tanh", "relu"])
        H, T = round(math.exp(draw.uniform(math.log(8), math.log(256)))), draw.randint(5, 100)
        I, dtype = draw.choice([1, 3, 8, 32]), draw.choice([torch.float32, torch.float64])
        torch.manual_seed(i)
        rnn = (Planted if chosen.mistakes else nn.RNN)(I, H, L, nonlinearity=mode, bidirectional=D == 2).to(dtype)
        name = f"{i:03}-L{L}-D{D}-I{I}-H{H}-T{T}-{mode}-{str(dtype)[6:]}"
        if chosen.mistakes:
            mistake, layers = draw.choice(list(MISTAKES)), draw.choice([range(L), [draw.randrange(L)]])
            rnn.plant(mistake, layers)
            planted = f"{mistake} in {'every layer' if len(layers) == L else f'layer {layers[0]}'}"
        module = types.ModuleType("planted" if chosen.mistakes else "drawn")
        module.rnn = rnn
        sys.modules[module.__name__] = module
        export_rnn.export(export_rnn.parser().parse_args(
            [str(chosen.folder / name), "--object", f"{module.__name__}:rnn", "--seed", str(i), "--steps", str(T), "--sequences", "2"]))
        if chosen.mistakes:
            case = chosen.folder / name / "case.csv"
            case.write_text(case.read_text().replace("planted:rnn", planted))


if __name__ == "__main__":
    main()
