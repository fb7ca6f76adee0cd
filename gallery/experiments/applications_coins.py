"""The mask of the coins: a network that learned one half of the photograph judges the other.

Picture and mask are taken at half their size; the halves are rows 0 to 74 and 75 to 149, twelve
coins each. The network has six convolutions and no dense layer; the middle ones look at every
second, fourth and eighth pixel. It learns from 128 random squares of one half, as they are or in a
light that is made up anew for each batch. Beside it stand thresholds of Otsu: on the brightness,
and on what is left of it once a blurred copy is taken away, as wide a blur as is best on the half
that the network learns from. Run by ``make experiments``; the results are the files next to this
one (with the weights of two runs for the figure), and a test repeats a slice.
"""

import json
import os
import platform
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.applications import (
    gaussian_filter,
    intersection_over_union,
    otsu_threshold,
)
from textbook.datasets import load_coin_mask, load_photograph
from textbook.network import (
    Conv2D,
    Layer,
    ReLU,
    Sequential,
    initialize,
    save_parameters,
    summary,
)
from textbook.pooling import average_pool2d
from textbook.training import fit, predict, sigmoid_cross_entropy

SEEDS = range(5)
EPOCHS = 10
SIZE = 64  # of the squares
WAYS = ("as it is", "other light")
SPREADS = [5, 10, 15, 20, 30]
HALVES = {"top": slice(0, 75), "bottom": slice(75, 150)}


def network():
    """Return six convolutions; an output looks at 33 pixels a side."""
    layers: dict[str, Layer] = {}
    for n, dilation in enumerate((1, 2, 4, 8, 1), start=1):
        layers[f"conv{n}"] = Conv2D(8, 3, padding="SAME", dilation=dilation)
        layers[f"relu{n}"] = ReLU()
    return Sequential(**layers, scores=Conv2D(1, 1))


def half(name):
    """Return the gray values of a half, and where there is a coin."""
    photograph, mask = load_photograph("coins"), load_coin_mask().astype(np.float64)
    both = average_pool2d(np.stack([photograph, mask], axis=-1)[None], 2)[0]
    return both[HALVES[name], :, 0], both[HALVES[name], :, 1] >= 0.5


def thresholded(image, mask):
    """Return the overlap of Otsu's bright class with the mask."""
    return intersection_over_union(image > otsu_threshold(image), mask)


def best_spread(name):
    """Return the width of the blur that helps Otsu's threshold most on a half."""
    image, mask = half(name)
    found = [thresholded(image - gaussian_filter(image, s), mask) for s in SPREADS]
    return SPREADS[int(np.argmax(found))]


def prepared(image):
    """Return a picture as a batch of one, from -2 to 2."""
    return ((image - 128) / 64).astype(np.float32)[None, :, :, None]


def squares(x, mask, rng, count=128):
    """Return random squares of a picture, turned and mirrored by chance, and their masks."""
    both = np.concatenate([x[0], mask[..., None]], axis=-1)
    found = []
    for _ in range(count):
        row, column = (rng.integers(side - SIZE + 1) for side in mask.shape)
        square = np.rot90(
            both[row : row + SIZE, column : column + SIZE], rng.integers(4)
        )
        found.append(square[:, ::-1] if rng.integers(2) else square)
    return np.split(np.float32(found), 2, axis=-1)


def in_other_light(images, rng):
    """Add a plane to each image: brighter or darker, more so to one side."""
    across = np.linspace(-1, 1, SIZE)
    level, down, right = rng.normal(scale=0.5, size=(3, len(images), 1, 1))
    plane = level + down * across[:, None] + right * across
    return images + plane[..., None].astype(np.float32)


def train(way, learned, seed, epochs=EPOCHS):
    """Learn from one half; return the parameters."""
    rng, (image, mask) = np.random.default_rng(seed), half(learned)
    layers = network()
    params = initialize(layers, rng, (SIZE, SIZE, 1))
    x, y = squares(prepared(image), mask, rng)
    run = fit(
        layers,
        params,
        x,
        y,
        epochs=epochs,
        rng=rng,
        batch_size=8,
        learning_rate=3e-3,
        loss=sigmoid_cross_entropy,
        augment=in_other_light if way == "other light" else None,
        progress=False,
    )
    return run.params


def overlap(params, judged):
    """Return how well the mask of a half is found."""
    image, mask = half(judged)
    scores = predict(network(), params, prepared(image))
    return round(intersection_over_union(scores[0, :, :, 0] > 0, mask), 4)


if __name__ == "__main__":
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "parameters": summary(network(), (SIZE, SIZE, 1)).parameters,
        "spreads": {name: best_spread(name) for name in HALVES},
        "one_epoch": overlap(train("as it is", "top", 3, epochs=1), "top"),
        "thresholds": {},
        "networks": {},
    }
    for judged, learned in (("top", "bottom"), ("bottom", "top")):
        image, mask = half(judged)
        flat = image - gaussian_filter(image, best_spread(learned))
        result["thresholds"][judged] = {
            "brightness": round(thresholded(image, mask), 4),
            "less blur": round(thresholded(flat, mask), 4),
        }
        result["networks"][judged] = {}
        for way in WAYS:
            runs = [train(way, learned, seed) for seed in SEEDS]
            found = [
                [overlap(params, name) for name in (learned, judged)] for params in runs
            ]
            result["networks"][judged][way] = found
            print(judged, way, np.median(found, axis=0), found, flush=True)
            if judged == "top":
                name = f"applications_coins_{way.replace(' ', '_')}.npz"
                save_parameters(Path(__file__).with_name(name), runs[0])
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
