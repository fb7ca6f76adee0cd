"""2,000 digits whose pixels have changed places: who minds, and from what distance on?

Within tiles of k x k pixels a permutation is drawn for each tile, the same for all digits: k = 1
moves nothing, k = 28 shuffles the whole image. A convolutional network, a dense one with about as
many parameters and a dense one with about as many multiply-adds learn from the digits. Run by
``make experiments``; the result is the file next to this one, and a test repeats a slice of it.
"""

import json
import os
import platform
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.applications import shuffle_pixels
from textbook.datasets import load_mnist
from textbook.network import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    initialize,
    summary,
)
from textbook.training import accuracy, fit

SEEDS = range(5)
TILES = [1, 4, 7, 14, 28]
EPOCHS = 10
SHAPE = (28, 28, 1)
NETWORKS = {
    "convolution": Sequential(
        conv1=Conv2D(8, 5),
        relu1=ReLU(),
        pool1=MaxPool2D(2),
        conv2=Conv2D(16, 5),
        relu2=ReLU(),
        pool2=MaxPool2D(2),
        flat=Flatten(),
        hidden=Dense(64),
        relu3=ReLU(),
        scores=Dense(10),
    ),
    "dense": Sequential(
        flat=Flatten(), hidden=Dense(26), relu=ReLU(), scores=Dense(10)
    ),
    "dense, wide": Sequential(
        flat=Flatten(), hidden=Dense(424), relu=ReLU(), scores=Dense(10)
    ),
}


def order_within_tiles(k, rng):
    """Return a permutation of the pixels that moves none of them out of its tile."""
    tiles = np.arange(28 * 28).reshape(28 // k, k, 28 // k, k).swapaxes(1, 2)
    shuffled = rng.permuted(tiles.reshape(-1, k * k), axis=1)
    return shuffled.reshape(28 // k, 28 // k, k, k).swapaxes(1, 2).ravel()


def run(name, k, seed, epochs=EPOCHS):
    """Train once; return % of 2,000 other digits read right."""
    rng = np.random.default_rng(seed)
    images, labels = load_mnist()
    train, test, _ = np.split(rng.permutation(6000), [2000, 4000])
    x = shuffle_pixels(images[..., None] / np.float32(255), order_within_tiles(k, rng))
    network, rng = NETWORKS[name], np.random.default_rng(seed)
    params = initialize(network, rng, SHAPE)
    trained = fit(
        network,
        params,
        x[train],
        labels[train],
        epochs=epochs,
        rng=rng,
        batch_size=32,
        progress=False,
    )
    return round(100 * accuracy(network, trained.params, x[test], labels[test]), 2)


if __name__ == "__main__":
    counted = {name: summary(network, SHAPE) for name, network in NETWORKS.items()}
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "tiles": TILES,
        "epochs": EPOCHS,
        "parameters": {name: told.parameters for name, told in counted.items()},
        "multiply_adds": {name: told.multiply_adds for name, told in counted.items()},
        "one_epoch": {name: run(name, 28, 3, epochs=1) for name in NETWORKS},
        "accuracies": {},
    }
    for name in NETWORKS:
        found = [[run(name, k, seed) for seed in SEEDS] for k in TILES]
        result["accuracies"][name] = found
        print(name, np.quantile(found, [0, 0.5, 1], axis=1).T.round(1).tolist())
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
