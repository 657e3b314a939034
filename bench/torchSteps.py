"""PyTorch's side of bench/train.ts: builds the model of each request line and answers every "step" with its milliseconds."""
import json
import sys
import time

import torch


def build(cell, T, B, I, H, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    rec = getattr(torch.nn, cell)(I, H)
    head = torch.nn.Linear(H, 1)
    parameters = list(rec.parameters()) + list(head.parameters())
    optimizer = torch.optim.Adam(parameters, lr=1e-3)
    x, y = torch.randn(T, B, I), torch.randn(B, 1)

    def step():
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(head(rec(x)[0][-1]), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        loss.item()
        return (time.perf_counter() - start) * 1e3

    return step


print(json.dumps({"torch": torch.__version__}), flush=True)
step = None
for line in sys.stdin:
    if line.strip() == "step":
        print(step(), flush=True)
    else:
        step = build(**json.loads(line))
        print("ready", flush=True)
