"""A table of 30 columns: logistic regression, a dense network, and two convolutional ones.

The table is that of the breast tumors, two thirds of it to learn from. The convolutional networks
take a row of the table for an image one pixel high, once with its columns in the order of the file
and once in an order drawn by the seed; the second of them ends in the mean over all columns. Run by
``make experiments``; the result is the file next to this one, and a test repeats a slice of it.
"""

import json
import os
import platform
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.data_splits import stratified_split
from textbook.datasets import load_breast_cancer
from textbook.input_normalization import fit as fit_scale
from textbook.input_normalization import transform
from textbook.network import (
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePool,
    ReLU,
    Sequential,
    initialize,
    summary,
)
from textbook.training import accuracy, fit

SEEDS = range(10)
EPOCHS = 60
SHAPE = (1, 30, 1)
NETWORKS = {
    "logistic": Sequential(flat=Flatten(), scores=Dense(2)),
    "dense": Sequential(flat=Flatten(), hidden=Dense(24), relu=ReLU(), scores=Dense(2)),
    "convolution": Sequential(
        conv1=Conv2D(8, (1, 3)),
        relu1=ReLU(),
        conv2=Conv2D(8, (1, 3)),
        relu2=ReLU(),
        flat=Flatten(),
        scores=Dense(2),
    ),
    "convolution, mean": Sequential(
        conv1=Conv2D(16, (1, 3)),
        relu1=ReLU(),
        conv2=Conv2D(12, (1, 3)),
        relu2=ReLU(),
        mean=GlobalAveragePool(),
        scores=Dense(2),
    ),
}


def parts(seed, shuffled):
    """Return the rows to learn from and to test on, as images, with their labels."""
    features, labels = load_breast_cancer()
    rng = np.random.default_rng(seed)
    train, test = stratified_split(labels, (2 / 3, 1 / 3), rng)
    order = rng.permutation(30) if shuffled else np.arange(30)
    features = transform(features, *fit_scale(features[train]))[:, order]
    x = features.reshape(-1, *SHAPE).astype(np.float32)
    return (x[train], labels[train]), (x[test], labels[test])


def run(name, shuffled, seed, epochs=EPOCHS):
    """Train once; return % told right of the rows that were learned from, and of the others."""
    train, test = parts(seed, shuffled)
    network, rng = NETWORKS[name], np.random.default_rng(seed)
    params = initialize(network, rng, SHAPE)
    trained = fit(
        network,
        params,
        *train,
        epochs=epochs,
        rng=rng,
        batch_size=32,
        learning_rate=3e-3,
        progress=False,
    )
    return [
        round(100 * accuracy(network, trained.params, *part), 2)
        for part in (train, test)
    ]


if __name__ == "__main__":
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "parameters": {
            name: summary(network, SHAPE).parameters
            for name, network in NETWORKS.items()
        },
        "one_epoch": {name: run(name, True, 3, epochs=1) for name in NETWORKS},
    }
    for order, shuffled in (("in order", False), ("shuffled", True)):
        result[order] = {
            name: [run(name, shuffled, seed) for seed in SEEDS] for name in NETWORKS
        }
        for name, found in result[order].items():
            print(
                f"{order:9} {name:18} {np.quantile(found, [0, 0.5, 1], axis=0).T.round(1).tolist()}"
            )
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
