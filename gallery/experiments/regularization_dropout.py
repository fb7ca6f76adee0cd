"""Ten dropout rates, 20 epochs each, on clean labels and with a fifth of them wrong.

The notes' experiment, on data that the book has. A 784-128-128-10 network learns 1,000 digits of
MNIST; both hidden layers have dropout. For one seed all runs see the same split, the same labels
and the same first weights. 1,000 further digits validate, 4,000 test; their labels are right.
Beside dropout stand weight decay at three prices, and images that are mirrored or shifted at random
whenever they are used.

Run by ``make experiments``; the result is the file next to this one, and a test repeats a slice.
"""

import json
import os
import platform
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # the matrices are small
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.activations import relu, relu_derivative
from textbook.datasets import load_mnist
from textbook.initialization import he, initial_parameters
from textbook.regularization import (
    decay_step,
    dropout,
    dropout_backward,
    mirror,
    random_shifts,
)
from textbook.softmax_regression import log_softmax, one_hot, softmax

RATES = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
WAYS = {  # name of a run: its settings
    **{f"dropout {rate}": {"rate": rate} for rate in RATES},
    **{f"decay {price}": {"regularization": price} for price in (3, 10, 30)},
    "mirrored": {"images": "mirrored"},
    "shifted": {"images": "shifted"},
}
WRONG_LABELS = {"clean": 0.0, "noisy": 0.2}  # their share in the training set
SEEDS = range(12)
EPOCHS, BATCH_SIZE, LEARNING_RATE = 20, 20, 0.05
WIDTHS = [784, 128, 128, 10]


def split(seed, wrong):
    """Return (x, labels) to train, to validate and to test; some to train are made wrong."""
    rng = np.random.default_rng(seed)
    images, labels = load_mnist()
    order = rng.permutation(len(labels))
    x, labels = images.reshape(-1, 784)[order] / 255, labels[order]
    lie = rng.random(1000) < wrong
    labels[:1000][lie] = (labels[:1000][lie] + rng.integers(1, 10, lie.sum())) % 10
    parts = slice(0, 1000), slice(1000, 2000), slice(2000, 6000)
    return [(x[part], labels[part]) for part in parts]


def changed(x, how, rng):
    """Return a batch of images as they are, half of them mirrored, or all of them shifted."""
    images = x.reshape(-1, 28, 28, 1)
    if how == "mirrored":
        chosen = rng.random((len(x), 1, 1, 1)) < 0.5
        images = np.where(chosen, mirror(images), images)
    if how == "shifted":
        images = random_shifts(images, 2, rng)
    return images.reshape(-1, 784)


def scores(x, weights, biases):
    """Return the network's answer: no unit is dropped here."""
    for theta, b in zip(weights[:-1], biases[:-1], strict=True):
        x = relu(x @ theta + b)
    return x @ weights[-1] + biases[-1]


def gradients(x, y, weights, biases, keep_prob, rng):
    """Return the slopes of the mean cross entropy, with units dropped on the way."""
    a, z, masks = [x], [], []
    for theta, b in zip(weights[:-1], biases[:-1], strict=True):
        z.append(a[-1] @ theta + b)
        kept, mask = dropout(relu(z[-1]), keep_prob, rng)
        a.append(kept)
        masks.append(mask)
    e = (softmax(a[-1] @ weights[-1] + biases[-1]) - y) / len(y)
    for_weights, for_biases = [a[-1].T @ e], [e.sum(axis=0)]
    for layer in (1, 0):
        da = dropout_backward(e @ weights[layer + 1].T, masks[layer], keep_prob)
        e = da * relu_derivative(z[layer])
        for_weights.insert(0, a[layer].T @ e)
        for_biases.insert(0, e.sum(axis=0))
    return for_weights, for_biases


def measure(x, labels, weights, biases):
    """Return the share of right answers in percent, and the mean cross entropy."""
    z = scores(x, weights, biases)
    right = 100 * np.mean(z.argmax(axis=1) == labels)
    loss = -np.mean(log_softmax(z)[np.arange(len(labels)), labels])
    return float(right), float(f"{loss:.5g}")


def train(
    seed, wrong, rate=0.0, regularization=0.0, images="as they are", epochs=EPOCHS
):
    """Return what was measured after each epoch: validation accuracy and loss, test, training."""
    training, validation, test = split(seed, wrong)
    rng = np.random.default_rng([seed, 1])
    weights, biases = initial_parameters(WIDTHS, he, rng)
    weights = [theta.astype(np.float32) for theta in weights]
    biases = [b.astype(np.float32) for b in biases]
    x, y = training[0], one_hot(training[1], 10).astype(np.float32)
    history = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for batch in np.split(order, len(x) // BATCH_SIZE):
            given = changed(x[batch], images, rng)
            slopes = gradients(given, y[batch], weights, biases, 1 - rate, rng)
            weights = decay_step(
                weights, slopes[0], LEARNING_RATE, regularization, len(x)
            )
            biases = decay_step(biases, slopes[1], LEARNING_RATE, 0, len(x))
        asked = [
            measure(*part, weights, biases) for part in (validation, test, training)
        ]
        history.append([*asked[0], asked[1][0], asked[2][0]])
    return history


if __name__ == "__main__":
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "batch_size": BATCH_SIZE,
        "learning_rate": LEARNING_RATE,
        "rates": RATES,
        "columns": [
            "validation accuracy",
            "validation loss",
            "test accuracy",
            "training accuracy",
        ],
    }
    for name, wrong in WRONG_LABELS.items():
        result[name] = {"after one epoch": {}}
        for way, settings in WAYS.items():
            runs = [train(seed, wrong, **settings) for seed in SEEDS]
            result[name]["after one epoch"][way] = [run[0] for run in runs]
            result[name][way] = [run[-1] for run in runs]
            if way == "dropout 0.0":  # for early stopping
                result[name]["history"] = runs
            medians = np.median(result[name][way], axis=0)
            print(
                f"{name} {way:11}",
                *(f"{median:8.4g}" for median in medians),
                flush=True,
            )
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
