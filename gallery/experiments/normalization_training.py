"""Three hidden layers on the 8 x 8 digits, with and without batch normalization.

For one seed all networks start from the same weights and read the same batches. Three questions:
which learning rates still train, which sizes of the first weights do, and whether shifting what
batch normalization has just put in its place does any harm. The time of a step is that of one
machine, the epoch's test included. Run by ``make experiments``; the result
is the file next to this one, and a test repeats a slice of it.
"""

import json
import os
import platform
from pathlib import Path
from time import perf_counter

# One thread, so that a step's time is not that of threads waiting for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.activations import derivative_of, relu, sigmoid
from textbook.backprop import gradient_step
from textbook.datasets import load_digits
from textbook.gradient_descent import mini_batches
from textbook.initialization import he, initial_parameters
from textbook.normalization import (
    batch_norm,
    batch_norm_backward,
    batch_norm_inference,
    update_running,
)
from textbook.softmax_regression import one_hot, softmax

BENDS = [relu, sigmoid]
RATES = [0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0]
SIZES = [0.01, 0.1, 1.0, 10.0, 100.0]
SEEDS = range(10)
EPOCHS = [1, 3, 10]
WIDTHS = [64, 32, 32, 32, 10]


def run(normalized, f, rate, seed, size=1.0, noise=0.0, epochs=EPOCHS[-1]):
    """Train once; return % of 599 test scans read right after each epoch, and the shift.

    The shift is how far, in root mean square and from one step to the next, the mean of what
    enters the last hidden layer's bend moves; its median over the steps.
    """
    rng = np.random.default_rng(seed)
    images, labels = load_digits()
    order = rng.permutation(len(labels))
    learn, test = order[:1198], order[1198:]
    x = images.reshape(len(images), -1) / 16
    x = x - x[learn].mean(axis=0)
    target = one_hot(labels, 10)

    weights, biases = initial_parameters(WIDTHS, he, rng)
    weights = [size * theta for theta in weights]
    gammas = [np.ones(d) for d in WIDTHS[1:-1]]
    betas = [np.zeros(d) for d in WIDTHS[1:-1]]
    running = [(np.zeros(d), np.ones(d)) for d in WIDTHS[1:-1]]
    hidden = range(len(gammas))
    slope = derivative_of(f)
    chaos = np.random.default_rng(seed)
    accuracies, means = [], []
    for _ in range(epochs):
        for batch in mini_batches(len(learn), 32, rng):
            a, z, y, moments, factors = [x[learn[batch]]], [], [], [], []
            for layer in hidden:
                z.append(a[layer] @ weights[layer] + biases[layer])
                y.append(z[layer])
                if normalized:
                    y[layer], *moment = batch_norm(
                        z[layer], gammas[layer], betas[layer]
                    )
                    moments.append(moment)
                    running[layer] = update_running(
                        *running[layer], *moment, len(batch)
                    )
                if noise:  # another scale and another shift for each unit in each step
                    factors.append(
                        1 + noise * chaos.uniform(-1, 1, size=z[layer].shape[1])
                    )
                    y[layer] = y[layer] * factors[layer] + noise * chaos.normal(
                        size=z[layer].shape[1]
                    )
                a.append(f(y[layer]))
            scores = a[-1] @ weights[-1] + biases[-1]
            if not np.isfinite(scores).all():
                return [10.0] * epochs, None  # no answer is as good as guessing
            means.append(y[-1].mean(axis=0))

            e = (softmax(scores) - target[learn[batch]]) / len(batch)
            dweights, dbiases, dgammas, dbetas = [a[-1].T @ e], [e.sum(axis=0)], [], []
            for layer in reversed(hidden):
                e = (e @ weights[layer + 1].T) * slope(y[layer])
                if noise:
                    e = e * factors[layer]
                if normalized:
                    e, dgamma, dbeta = batch_norm_backward(
                        e, z[layer], gammas[layer], *moments[layer]
                    )
                    dgammas.insert(0, dgamma)
                    dbetas.insert(0, dbeta)
                dweights.insert(0, a[layer].T @ e)
                dbiases.insert(0, e.sum(axis=0))
            weights = gradient_step(weights, dweights, rate)
            biases = gradient_step(biases, dbiases, rate)
            if normalized:
                gammas = gradient_step(gammas, dgammas, rate)
                betas = gradient_step(betas, dbetas, rate)

        a = x[test]
        for layer in hidden:
            a = a @ weights[layer] + biases[layer]
            if normalized:
                a = batch_norm_inference(
                    a, gammas[layer], betas[layer], *running[layer]
                )
            a = f(a)
        answers = (a @ weights[-1] + biases[-1]).argmax(axis=1)
        accuracies.append(round(100 * float(np.mean(answers == labels[test])), 2))
    moved = np.sqrt(np.mean(np.diff(means, axis=0) ** 2, axis=1))
    return accuracies, float(f"{np.median(moved):.4g}")


def milliseconds_per_step():
    """Return the time of a step with ReLUs, without and with: the best of 15 epochs by turns."""
    best = [np.inf, np.inf]
    steps = len(mini_batches(1198, 32, np.random.default_rng(0)))
    for _ in range(15):
        for normalized in (False, True):
            start = perf_counter()
            run(normalized, relu, 0.1, 0, epochs=1)
            best[normalized] = min(best[normalized], perf_counter() - start)
    return [float(f"{1000 * seconds / steps:.3g}") for seconds in best]


def at_recorded(accuracies):
    """Return what was reached after the epochs that are kept."""
    return [accuracies[epoch - 1] for epoch in EPOCHS if epoch <= len(accuracies)]


if __name__ == "__main__":
    np.seterr(all="ignore")
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "machine": {"processor": platform.machine(), "threads": 1},
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "milliseconds_per_step": milliseconds_per_step(),
        "by_rate": [
            {
                "bend": f.__name__,
                "normalized": normalized,
                "rate": rate,
                "accuracies": [
                    at_recorded(run(normalized, f, rate, seed)[0]) for seed in SEEDS
                ],
            }
            for f in BENDS
            for normalized in (False, True)
            for rate in RATES
        ],
        "by_size": [
            {
                "normalized": normalized,
                "size": size,
                "accuracies": [
                    at_recorded(run(normalized, relu, 0.1, seed, size)[0])
                    for seed in SEEDS
                ],
            }
            for normalized in (False, True)
            for size in SIZES
        ],
        "by_noise": [],
    }
    for normalized, noise in ((False, 0.0), (True, 0.0), (True, 0.5)):
        runs = [run(normalized, sigmoid, 1.0, seed, noise=noise) for seed in SEEDS]
        result["by_noise"].append(
            {
                "normalized": normalized,
                "noise": noise,
                "accuracies": [at_recorded(accuracies) for accuracies, _ in runs],
                "shifts": [shift for _, shift in runs],
            }
        )
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
    for kind in ("by_rate", "by_size", "by_noise"):
        for entry in result[kind]:
            setting = [v for k, v in entry.items() if k not in ("accuracies", "shifts")]
            low, middle, high = np.quantile(entry["accuracies"], [0, 0.5, 1], axis=0)
            print(*setting, middle[-1], low[-1], high[-1], entry.get("shifts", ""))
