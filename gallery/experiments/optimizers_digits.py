"""Which optimizer learns the digits? Five steps, ten learning rates, ten starts each.

A 64-32-10 network with ReLU and softmax, 1,000 digits in batches of 32, ten epochs. The rate of
each step is chosen by the median cost of 397 other digits; 400 more are only counted at the end.
Run by ``make experiments``; the result is the file next to this one, and a test repeats a slice.
"""

import json
import platform
from pathlib import Path

import numpy as np

from textbook.activations import identity, relu
from textbook.backprop import backward_rows, forward_rows
from textbook.data_splits import split
from textbook.datasets import load_digits
from textbook.gradient_descent import mini_batches
from textbook.initialization import he, initial_parameters
from textbook.optimizers import (
    adam_step,
    momentum_step,
    nesterov_step,
    on_tree,
    plain_step,
    rmsprop_step,
)
from textbook.softmax_regression import cross_entropy, one_hot, softmax

STEPS = [plain_step, momentum_step, nesterov_step, rmsprop_step, adam_step]
RATES = [float(f"{10 ** (k / 2):.3g}") for k in range(-8, 2)]
SEEDS = range(10)
EPOCHS = 10
RECORDED = [1, 3, 10]
BENDS = [relu, identity]


def digits():
    """Return images as rows and labels, in the three parts 'train', 'choose' and 'test'."""
    images, labels = load_digits()
    x, sizes = images.reshape(len(images), 64) / 16, np.array([1000, 397, 400])
    parts = split(len(x), sizes / sizes.sum(), np.random.default_rng(0))
    return {
        name: (x[part], labels[part])
        for name, part in zip(("train", "choose", "test"), parts, strict=True)
    }


def gradients(params, x, labels):
    """Return the slopes of the mean cross entropy, in a tree like the parameters."""
    z, a = forward_rows(x, params["weights"], params["biases"], BENDS)
    da = (softmax(a[-1]) - one_hot(labels, 10)) / len(x)
    weights, biases = backward_rows(da, params["weights"], z, a, BENDS)
    return {"weights": weights, "biases": biases}


def judged(params, x, labels):
    """Return the mean cross entropy and the share of right answers."""
    _, a = forward_rows(x, params["weights"], params["biases"], BENDS)
    cost = np.mean(cross_entropy(one_hot(labels, 10), softmax(a[-1])))
    return float(cost), float(np.mean(a[-1].argmax(axis=1) == labels))


def train(step, rate, seed, parts, epochs=EPOCHS):
    """Return the training cost after the recorded epochs, and how the other parts fare then."""
    rng = np.random.default_rng(seed)
    weights, biases = initial_parameters([64, 32, 10], he, rng)
    params, state = {"weights": weights, "biases": biases}, None
    x, labels = parts["train"]
    costs = []
    for epoch in range(1, epochs + 1):
        for batch in mini_batches(len(x), 32, rng):
            slopes = gradients(params, x[batch], labels[batch])
            params, state = on_tree(step)(params, slopes, state, learning_rate=rate)
        if epoch in RECORDED:
            costs.append(judged(params, x, labels)[0])
    chosen_by, test = judged(params, *parts["choose"]), judged(params, *parts["test"])
    return {
        "train": [float(f"{cost:.4g}") for cost in costs],
        "choose": float(f"{chosen_by[0]:.4g}"),
        "test": test[1],
    }


def best_rate(runs):
    """Return the rate whose median cost on the part to choose by is lowest."""
    return min(runs, key=lambda rate: np.median([run["choose"] for run in runs[rate]]))


if __name__ == "__main__":
    parts = digits()
    runs = {
        step.__name__: {
            str(rate): [train(step, rate, seed, parts) for seed in SEEDS]
            for rate in RATES
        }
        for step in STEPS
    }
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "epochs": RECORDED,
        "runs": runs,
    }
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
    for name, by_rate in runs.items():
        rate = best_rate(by_rate)
        test = [run["test"] for run in by_rate[rate]]
        cost = [run["train"][-1] for run in by_rate[rate]]
        print(
            f"{name:13} {rate:>8}  train {np.median(cost):.4f}  test {np.median(test):.4f} "
            f"({min(test):.4f} to {max(test):.4f})"
        )
