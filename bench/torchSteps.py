"""PyTorch's side of bench/train.ts: builds the model of each request line and answers every "step" with its time and loss.

The weights and the batch come as raw float32 files, so that both sides compute the same numbers. The optimiser is torch.optim.Adam as it
comes (fused=None, foreach=None: on a CPU, one tensor after another).
"""
import json
import sys
import time

import torch


def build(cell, T, B, I, H, threads, files):
    torch.set_num_threads(threads)

    def read(name, *shape):
        return torch.from_file(files[name], size=torch.Size(shape).numel(), dtype=torch.float32).clone().reshape(shape)

    rec = getattr(torch.nn, cell)(I, H)
    head = torch.nn.Linear(H, 1)
    given = {
        "weightIh": rec.weight_ih_l0,
        "weightHh": rec.weight_hh_l0,
        "biasIh": rec.bias_ih_l0,
        "biasHh": rec.bias_hh_l0,
        "headW": head.weight,
        "headB": head.bias,
    }
    with torch.no_grad():
        for name, parameter in given.items():
            parameter.copy_(read(name, *parameter.shape))
    parameters = list(rec.parameters()) + list(head.parameters())
    optimizer = torch.optim.Adam(parameters, lr=1e-3)
    x, y = read("x", T, B, I), read("y", B, 1)

    def step():
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(head(rec(x)[0][-1]), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        value = loss.item()
        return {"ms": (time.perf_counter() - start) * 1e3, "loss": value}

    return step


print(json.dumps({"torch": torch.__version__}), flush=True)
step = None
for line in sys.stdin:
    if line.strip() == "step":
        print(json.dumps(step()), flush=True)
    else:
        step = build(**json.loads(line))
        print("ready", flush=True)
