#!/usr/bin/env python3
"""Times nn.RNN of PyTorch in Python, on one thread, at the sizes of docs/speed.md. Prints a table in Markdown."""

import statistics
import time

import torch

torch.set_num_threads(1)
SIZES = [(10, 1, 1, 1), (30, 1, 2, 1), (6, 3, 10, 20), (100, 1, 64, 128), (100, 32, 128, 256), (50, 64, 512, 512)]


def microseconds(work):
    """The median time of 41 calls, after five."""
    times = []
    for _ in range(46):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e6 * statistics.median(times[5:])


print(f"| PyTorch {torch.__version__} in Python | inference | forward and backward |")
print("|---|---|---|")
for T, B, I, H in SIZES:
    rnn = torch.nn.RNN(I, H)
    x, h_0 = torch.randn(T, B, I, requires_grad=True), torch.randn(1, B, H, requires_grad=True)
    grad = torch.ones(T, B, H)

    def infer():
        with torch.no_grad():
            rnn(x, h_0)

    def train():
        rnn(x, h_0)[0].backward(grad)
        rnn.zero_grad()
        x.grad = h_0.grad = None

    print(f"| T{T} B{B} I{I} H{H} | {microseconds(infer):.0f} µs | {microseconds(train):.0f} µs |")
