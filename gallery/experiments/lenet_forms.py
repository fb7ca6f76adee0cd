"""LeNet-5 with its two bends and its two poolings, and with dropout, on 1,000 digits of MNIST.

Which of the three changes since 1998 makes a difference here? Every form is trained from five seeds
at three learning rates, with Adam; the rate is chosen by another thousand digits, and the remaining
4,000 are the test. For one seed all forms read the same digits. Run by ``make experiments``; the
result is the file next to this one, and a test repeats a slice of it.
"""

import json
import os
from pathlib import Path

# One thread: sums are added in one order
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.architectures.lenet import lenet5
from textbook.datasets import load_mnist
from textbook.network import (
    AveragePool2D,
    MaxPool2D,
    Sequential,
    initialize,
)
from textbook.training import accuracy, fit

SEEDS = range(5)
RATES = [1e-3, 3e-3, 1e-2]
EPOCHS = 10
FORMS = ["tanh, mean", "tanh, largest", "ReLU, mean", "ReLU, largest", "dropout"]


def network_of(form):
    """Return LeNet-5 with a bend and a pooling; dropout comes with ReLU and the largest."""
    if form == "dropout":
        return lenet5(keep_prob=0.5)
    bend, pool = form.split(", ")
    layers = dict(lenet5(original=bend == "tanh").layers)
    kind = MaxPool2D if pool == "largest" else AveragePool2D
    return Sequential(**{**layers, "s2": kind(2), "s4": kind(2)})


def digits(seed):
    """Return images and labels of 1,000 to learn from, 1,000 to choose by and 4,000 to test."""
    images, labels = load_mnist()
    order = np.random.default_rng([seed, 1]).permutation(len(labels))
    x = images[..., None].astype(np.float32) / 255
    x = (x - 0.13) / 0.31
    parts = order[:1000], order[1000:2000], order[2000:]
    return [(x[part], labels[part]) for part in parts]


def train(form, rate, seed, epochs=EPOCHS):
    """Return % right of the digits to choose by and of the test, and the last training cost."""
    learn, choose, test = digits(seed)
    network, rng = network_of(form), np.random.default_rng(seed)
    params = initialize(network, rng, (28, 28, 1))
    run = fit(network, params, *learn, epochs=epochs, rng=rng, learning_rate=rate)
    found = [100 * accuracy(network, run.params, *part) for part in (choose, test)]
    return [round(value, 2) for value in found], float(f"{run.history.cost[-1]:.4g}")


def main():
    runs = [
        {
            "form": form,
            "rate": rate,
            "runs": [train(form, rate, seed) for seed in SEEDS],
        }
        for form in FORMS
        for rate in RATES
    ]
    result = {
        "command": "make experiments",
        "versions": {"numpy": np.__version__},
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "runs": runs,
    }
    text = json.dumps(result) + "\n"
    Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
