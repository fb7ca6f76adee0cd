"""Which activation learns a parabola? Six networks, twenty starts each.

A 1-16-1 network with a linear output fits x^2 - 1 on 41 points. Only the hidden activation differs:
for one seed all six start from the same weights. Run by ``make experiments``; the result is the
file next to this one, and a test repeats a slice of it.
"""

import json
import platform
from pathlib import Path

import numpy as np

from textbook.activations import identity, leaky_relu, relu, sigmoid, sine, tanh
from textbook.backprop import train

ACTIVATIONS = [identity, sigmoid, tanh, relu, leaky_relu, sine]
SEEDS = range(20)
STEPS = 4000
LEARNING_RATE = 0.05
RECORDED = [0, 10, 30, 100, 300, 1000, 2000, 4000]


def costs_of_one_start(activation, seed, steps=STEPS):
    """Return the cost at the recorded steps for one activation and one start."""
    rng = np.random.default_rng(seed)
    x = np.linspace(-2, 2, 41)[:, None]
    weights = [rng.normal(size=(1, 16)), rng.normal(size=(16, 1)) / 4]
    biases = [rng.normal(size=16), np.zeros(1)]
    _, _, costs = train(
        x, x**2 - 1, weights, biases, LEARNING_RATE, steps, [activation, identity]
    )
    return [float(f"{costs[t]:.6g}") for t in RECORDED if t <= steps]


if __name__ == "__main__":
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "learning_rate": LEARNING_RATE,
        "seeds": list(SEEDS),
        "steps": RECORDED,
        "costs": {
            f.__name__: [costs_of_one_start(f, seed) for seed in SEEDS]
            for f in ACTIVATIONS
        },
    }
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result, indent=1) + "\n", encoding="utf-8"
    )
    for name, costs in result["costs"].items():
        final = np.array(costs)[:, -1]
        print(
            f"{name:11} median {np.median(final):.5f}   from {final.min():.5f} to {final.max():.5f}"
        )
