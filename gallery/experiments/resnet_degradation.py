"""Plain networks and residual ones of 8, 20 and 56 layers on small digits: does depth hurt?

For one seed all networks read the same 1,000 digits of 14 x 14 pixels (each the mean of four) in
the same batches. A plain network and its residual twin have equally many weights, and start from
the same ones. Their setting is that of the paper where the scale allows it: momentum 0.9, weight
decay 0.0001, a rate of 0.1 that is cut to a tenth late in the run; 56 layers also begin with 0.01,
with which the paper had to warm up its network of 110. Run by ``make experiments``;
the result is the file next to this one, and a test repeats a slice of it.
"""

import json
import os
import platform
from pathlib import Path

# One thread, so that sums are added in one order.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.architectures.resnet import cifar_resnet
from textbook.datasets import load_mnist
from textbook.gradient_descent import mini_batches
from textbook.network import (
    initialize,
    named_parameters,
    nested_parameters,
)
from textbook.softmax_regression import log_softmax

KINDS = {"plain": "none", "residual": "A"}
DEPTHS = {0.1: [8, 20, 56], 0.01: [56]}  # by rate
SEEDS = range(5)
EPOCHS = 8
LATE = 7  # the epoch from which on the rate is a tenth
WIDTH = 1 / 4  # of the paper's channels
BATCH = 50
SHAPE = (14, 14, 1)


def digits(seed):
    """Return 1,000 digits to learn and 1,000 others, each pixel the mean of four."""
    images, labels = load_mnist()
    chosen = np.random.default_rng(seed).permutation(len(labels))[:2000]
    x = images[chosen].reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4), dtype=np.float32)
    x = (x[..., None] - x[:1000].mean()) / x[:1000].std()
    return (x[:1000], labels[chosen[:1000]]), (x[1000:], labels[chosen[1000:]])


def cost_and_slopes(scores, labels):
    """Return the mean cross entropy, and its slopes in the scores."""
    logs = log_softmax(scores)
    picked = np.arange(len(labels)), labels
    slopes = np.exp(logs)
    slopes[picked] -= 1
    return -float(logs[picked].mean()), slopes / len(labels)


def run(depth, shortcut, rate, seed, epochs=EPOCHS):
    """Train once; return % wrong and cost in each epoch as training sees them, and % wrong after.

    A digit counts as it was answered just before its step. What comes after is for the 1,000
    digits that were not learned, in inference.
    """
    (x, labels), (others, wanted) = digits(seed)
    network = cifar_resnet(depth, shortcut=shortcut, width=WIDTH)
    params = initialize(network, np.random.default_rng(seed), SHAPE)
    rng = np.random.default_rng(seed + 1000)
    velocity = dict.fromkeys(named_parameters(params), np.float32(0))
    history = []
    for epoch in range(1, epochs + 1):
        step = rate / 10 if epoch >= LATE else rate
        wrong, total = 0, 0.0
        for batch in mini_batches(len(x), BATCH, rng):
            y, cache = network.forward(params, x[batch], training=True)
            cost, slopes = cost_and_slopes(y, labels[batch])
            _, gradients = network.backward(slopes, params, cache)
            wrong += int(np.sum(y.argmax(axis=1) != labels[batch]))
            total += cost * len(batch)
            arrays = named_parameters(network.renew(params, cache))
            for name, slope in named_parameters(gradients).items():
                if name.endswith("weights"):
                    slope = slope + 1e-4 * arrays[name]
                velocity[name] = 0.9 * velocity[name] + slope
                arrays[name] = arrays[name] - step * velocity[name]
            params = nested_parameters(arrays)
        history.append((round(100 * wrong / len(x), 2), float(f"{total / len(x):.4g}")))
    scores, _ = network.forward(params, others)
    missed = round(100 * float(np.mean(scores.argmax(axis=1) != wanted)), 2)
    return history, missed


if __name__ == "__main__":
    np.seterr(all="ignore")
    runs = []
    for rate, depths in DEPTHS.items():
        for depth in depths:
            for kind, shortcut in KINDS.items():
                results = [run(depth, shortcut, rate, seed) for seed in SEEDS]
                entry = {"rate": rate, "depth": depth, "kind": kind}
                entry["wrong"] = [[w for w, _ in h] for h, _ in results]
                entry["costs"] = [[c for _, c in h] for h, _ in results]
                entry["test"] = [missed for _, missed in results]
                last = [wrong[-1] for wrong in entry["wrong"]]
                print(
                    depth, kind, rate, sorted(last), sorted(entry["test"]), flush=True
                )
                runs.append(entry)
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "runs": runs,
    }
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
