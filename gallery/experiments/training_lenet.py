"""A network like LeNet-5 on the 6,000 digits, with and without shifts, and from fewer digits.

For each seed the digits are dealt out anew: 5,000 to train, 500 to choose the epoch by, 500 to be
judged by. The runs from 1,000, 2,000 and 4,000 digits are judged by 2,000 others, at the end of the
last epoch, so that they can be laid beside other programs' results. Time and memory are those of
the first run, from reading the file to the accuracy: seconds of the processor, since the machine
had other things to do as well. Run by ``make experiments``; the result is the file next to this
one, and a test repeats a slice of it.
"""

import json
import os
import platform
import resource
from functools import partial
from pathlib import Path
from time import process_time

# One thread, so that sums are added in one order.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.datasets import load_mnist
from textbook.network import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    initialize,
)
from textbook.regularization import best_epoch, random_shifts
from textbook.training import accuracy, fit

SEEDS = range(5)
EPOCHS = 10
SIZES = {1000: 20, 2000: 15, 4000: 10}  # digits to train with, and epochs
WAYS = {"plain": None, "shifted": partial(random_shifts, most=2)}

NETWORK = Sequential(
    conv1=Conv2D(6, 5, padding=2),
    relu1=ReLU(),
    pool1=MaxPool2D(2),
    conv2=Conv2D(16, 5),
    relu2=ReLU(),
    pool2=MaxPool2D(2),
    flat=Flatten(),
    fc3=Dense(120),
    relu3=ReLU(),
    fc4=Dense(84),
    relu4=ReLU(),
    scores=Dense(10),
)


def digits(seed, sizes):
    """Return pairs of images and labels, dealt out by the seed, and the generator."""
    rng = np.random.default_rng(seed)
    images, labels = load_mnist()
    parts = np.split(rng.permutation(len(labels)), np.cumsum(sizes))[: len(sizes)]
    return [(images[part, :, :, None] / 255, labels[part]) for part in parts], rng


def with_validation(seed, way, epochs=EPOCHS):
    """Return the history of a run on 5,000 digits, and what the epoch it chooses is worth."""
    (train, choose, judge), rng = digits(seed, [5000, 500, 500])
    params = initialize(NETWORK, rng, (28, 28, 1))
    settings = {"rng": rng, "augment": WAYS[way], "validation": choose}
    run = fit(NETWORK, params, *train, epochs=epochs, progress=False, **settings)
    return {
        "cost": run.history.cost.round(5).tolist(),
        "accuracy": percent(run.history.accuracy),
        "validation_cost": run.history.validation_cost.round(5).tolist(),
        "validation_accuracy": percent(run.history.validation_accuracy),
        "best_epoch": best_epoch(run.history.validation_cost),
        "test": percent(accuracy(NETWORK, run.best, *judge)),
        "test_of_last": percent(accuracy(NETWORK, run.params, *judge)),
    }


def from_few(seed, size, epochs):
    """Return the accuracy on 2,000 digits after training with so many others."""
    (judge, train), rng = digits(seed, [2000, size])
    params = initialize(NETWORK, rng, (28, 28, 1))
    run = fit(NETWORK, params, *train, epochs=epochs, rng=rng, progress=False)
    return percent(accuracy(NETWORK, run.params, *judge))


def percent(share):
    return np.round(100 * np.asarray(share), 2).tolist()


def middle_and_range(numbers):
    return np.quantile(numbers, [0.5, 0, 1]).round(2).tolist()


if __name__ == "__main__":
    runs, start = {}, process_time()
    for way in WAYS:
        runs[way] = []
        for seed in SEEDS:
            runs[way].append(with_validation(seed, way))
            if way == "plain" and seed == 0:
                seconds = round(process_time() - start, 1)
                peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
                print(f"{seconds} s, {peak} MB", flush=True)
        print(way, middle_and_range([run["test"] for run in runs[way]]), end=" ")
        print(middle_and_range([run["test_of_last"] for run in runs[way]]), flush=True)
    few = {}
    for size, epochs in SIZES.items():
        few[str(size)] = [from_few(seed, size, epochs) for seed in SEEDS]
        print(size, middle_and_range(few[str(size)]), flush=True)
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "machine": {"processor": platform.machine(), "threads": 1},
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "processor_seconds_of_one_run": seconds,
        "peak_megabytes": peak,
        "runs": runs,
        "from_few": few,
    }
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
