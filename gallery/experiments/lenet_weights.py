"""The trained LeNet-5 that comes with the package, and how it was chosen.

The 6,000 digits are dealt out once: 5,000 to learn from, 500 to choose by, 500 to be judged by.
Five networks start differently, and learn the digits moved by up to two pixels, each time by their
own draw. The one with the lowest validation cost is shipped, in half precision; what it reads of
the last 500 digits is told for all five.

Run by ``make experiments``; the results are the files next to this one and in ``textbook/data``.
"""

import json
import os
import platform
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # the matrices are small
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.architectures.lenet import lenet5
from textbook.datasets import load_mnist
from textbook.learning_rate_decay import staircase
from textbook.network import (
    initialize,
    named_parameters,
    nested_parameters,
    save_parameters,
)
from textbook.regularization import random_shifts
from textbook.training import accuracy, fit, predict, softmax_cross_entropy

SEEDS = range(5)
EPOCHS, DECAY_EVERY = 60, 20
SHAPE = (28, 28, 1)
NETWORK = lenet5(keep_prob=0.8)
ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "textbook" / "data" / "lenet5_mnist.npz"


def digits():
    """Return the pairs of images and labels to learn from, to choose by and to be judged by."""
    images, labels = load_mnist()
    x = images[..., None] / np.float32(255)
    parts = np.split(np.random.default_rng(0).permutation(len(x)), [5000, 5500])
    return [(x[part], labels[part]) for part in parts]


def train(seed, epochs=EPOCHS):
    """Return the run of one start."""
    learn, choose, _ = digits()
    rng = np.random.default_rng(seed)
    return fit(
        *(NETWORK, initialize(NETWORK, rng, SHAPE), *learn),
        epochs=epochs,
        rng=rng,
        learning_rate=partial(
            staircase, initial_rate=0.002, factor=0.2, every=DECAY_EVERY
        ),
        weight_decay=0.01,
        augment=partial(random_shifts, most=2),
        validation=choose,
    )


def halved(params):
    """Return the parameters in half precision."""
    named = named_parameters(params)
    return nested_parameters({k: v.astype(np.float16) for k, v in named.items()})


def judged(params, pair):
    """Return cost and percent of right answers."""
    x, labels = pair
    cost, _ = softmax_cross_entropy(predict(NETWORK, params, x), labels)
    return [round(cost, 4), round(100 * accuracy(NETWORK, params, x, labels), 1)]


def main():
    _, choose, judge = digits()
    runs = [train(seed) for seed in SEEDS]
    best = min(runs, key=lambda run: run.history.validation_cost.min())
    save_parameters(WEIGHTS, halved(best.best))
    result = {
        "command": "python gallery/experiments/lenet_weights.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "shipped": next(
            seed for seed, run in zip(SEEDS, runs, strict=True) if run is best
        ),
        "runs": [
            {
                "first_costs": run.history.cost[:2].tolist(),
                "last_cost": round(float(run.history.cost[-1]), 4),
                "best_epoch": int(run.history.validation_cost.argmin()),
                "validation": judged(run.best, choose),
                "test": judged(run.best, judge),
            }
            for run in runs
        ],
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
