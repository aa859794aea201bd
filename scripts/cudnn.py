#!/usr/bin/env python3
"""Measures what docs/cuda.md says of nn.RNN on a GPU: its tanh, its products, and its relu'(0).

usage: cudnn.py [--device cuda|cpu]

With one unit, W_ih 1 and W_hh 0, nn.RNN is its nonlinearity alone.
"""
import argparse

import torch
from torch import nn


def alone(mode, dtype, device, inputs=1, units=1):
    rnn = nn.RNN(inputs, units, nonlinearity=mode, bias=False).to(device, dtype)
    with torch.no_grad():
        for weight in rnn.parameters():
            weight.zero_()
        rnn.weight_ih_l0[0, 0] = 1
    return rnn


def tanh_error(device):
    """The greatest relative error in every float32 of [2^-14, 16), and where."""
    rnn, worst = alone("tanh", torch.float32, device), (0.0, 0.0)
    first, last = (int(torch.tensor(x).view(torch.int32)) for x in (2.0**-14, 16.0))
    chunk = 1 << 22
    for start in range(first, last, chunk):
        x = torch.arange(start, min(start + chunk, last), dtype=torch.int32, device=device).view(torch.float32)
        with torch.no_grad():
            h = rnn(x.reshape(1, -1, 1))[0].reshape(-1).double()
        true = torch.tanh(x.double())
        error = (h - true).abs() / true
        at = int(error.argmax())
        worst = max(worst, (float(error[at]), float(x[at])))
        if device == "cpu" and start > first + 4 * chunk:
            break  # a few numbers show that it runs
    return worst


def wide_tanh_error(device, units):
    """The greatest error in ULP among 4,096 numbers, with many units: another kernel may run."""
    rnn = alone("tanh", torch.float32, device, 128, units)
    x = torch.zeros(2, 64, 128, device=device)
    x[:, :, 0] = torch.rand(2, 64, device=device) * 8 - 4
    with torch.no_grad():
        h = rnn(x)[0][:, :, 0].double()
    true = torch.tanh(x[:, :, 0].double())
    ulp = torch.exp2(torch.floor(torch.log2(true.abs())) - 23)
    return float(((h - true).abs() / ulp).max())


def product_error(device):
    """The greatest error of W_ih x in u = 2^-24 of the sum of its terms' magnitudes."""
    torch.manual_seed(0)
    rnn = nn.RNN(4, 8, nonlinearity="relu", bias=False).to(device)
    x = torch.randn(1, 1 << 16, 4, device=device)
    with torch.no_grad():
        h, W = rnn(x)[0][0].double(), rnn.weight_ih_l0.double()
    z, terms = x[0].double() @ W.T, x[0].double().abs() @ W.T.abs()
    return float(((h - z).abs() / terms)[z > 0].max() * 2**24)


def slope_at_zero(device):
    x = torch.zeros(1, 1, 1, device=device, requires_grad=True)
    alone("relu", torch.float32, device)(x)[0].sum().backward()
    return float(x.grad)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    device = parser.parse_args().device
    if device == "cuda" and not torch.cuda.is_available():
        parser.error("torch finds no CUDA device on this machine")
    where = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    print(f"torch {torch.__version__}, cuDNN {torch.backends.cudnn.version()}, {where}")
    for tf32 in (False, True):
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = tf32
        print(f"product, TF32 {'on' if tf32 else 'off'}: {product_error(device):.2f} u of the sum of the terms' magnitudes")
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    print("tanh in float32: relative error {:.3g}, at {:.9g}".format(*tanh_error(device)))
    for units in (128, 256, 512):
        print(f"tanh in float32, H {units}: {wide_tanh_error(device, units):.2f} ULP")
    print(f"relu'(0): {slope_at_zero(device):g}")


if __name__ == "__main__":
    main()
