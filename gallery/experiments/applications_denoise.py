"""Noise taken from a photograph by a small residual network, by a median and by a bell.

The noise is normal with a standard deviation of 25 gray values, drawn anew for each batch. The
network learns from 512 random squares of one photograph, the portrait in gray; the filters' sizes
are those that do best on it. All are tested on another, the photographer, at the same noise and at
two others that nobody was prepared for. Run by ``make experiments``; the results are the files next
to this one (with the weights of the first run, for the figure), and a test repeats a slice.
"""

import json
import os
import platform
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.applications import gaussian_filter, median_filter, psnr
from textbook.datasets import load_photograph
from textbook.network import (
    Conv2D,
    Layer,
    ReLU,
    Residual,
    Sequential,
    initialize,
    save_parameters,
    summary,
)
from textbook.training import fit, mean_squared_error, predict

SEEDS = range(5)
EPOCHS = 16
NOISE = 25.0
TESTED = [10.0, 25.0, 50.0]
SIZE = 32  # of the squares
FILTERS = {
    "median": (median_filter, [3, 5, 7]),
    "bell": (gaussian_filter, [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5]),
}


def network():
    """Return a network that adds to a picture what it should lose: four convolutions."""
    layers: dict[str, Layer] = {}
    for n in (1, 2, 3):
        layers[f"conv{n}"] = Conv2D(16, 3, padding="SAME")
        layers[f"relu{n}"] = ReLU()
    # it begins with almost nothing, so that the first answer is the picture as it came
    return Residual(
        Sequential(**layers, noise=Conv2D(1, 3, padding="SAME", start=1e-3))
    )


def picture(name):
    """Return the gray values of a photograph: to learn from, or to test on."""
    if name == "learned":
        return load_photograph("astronaut").mean(axis=2)
    return load_photograph("camera")


def with_noise(name, noise, seed):
    """Return a photograph with its noise, the same for every method."""
    image = picture(name)
    return image + np.random.default_rng(seed).normal(scale=noise, size=image.shape)


def squares(image, rng, count=512):
    """Return random squares, turned and mirrored by chance, with values from 0 to 1."""
    found = []
    for _ in range(count):
        row, column = (rng.integers(side - SIZE + 1) for side in image.shape)
        square = np.rot90(
            image[row : row + SIZE, column : column + SIZE], rng.integers(4)
        )
        found.append(square[:, ::-1] if rng.integers(2) else square)
    return np.float32(found)[..., None] / 255


def noisy(images, rng):
    """Add noise to a batch, other noise each time."""
    noise = rng.normal(scale=NOISE / 255, size=images.shape)
    return images + noise.astype(np.float32)


def train(seed, epochs=EPOCHS):
    """Learn to give back the squares as they were; return the parameters."""
    rng, layers = np.random.default_rng(seed), network()
    params = initialize(layers, rng, (SIZE, SIZE, 1))
    clean = squares(picture("learned"), rng)
    run = fit(
        layers,
        params,
        clean,
        clean,
        epochs=epochs,
        rng=rng,
        batch_size=8,
        learning_rate=2e-3,
        loss=mean_squared_error,
        augment=noisy,
        progress=False,
    )
    return run.params


def cleaned(params, image):
    """Return what the network makes of a picture."""
    x = (image / 255).astype(np.float32)[None, :, :, None]
    return 255.0 * predict(network(), params, x)[0, :, :, 0]


def decibels(clean, noise, seed, name="tested"):
    """Return how close a method brings a photograph to what it was."""
    return round(psnr(clean(with_noise(name, noise, seed)), picture(name)), 3)


if __name__ == "__main__":
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "noise": NOISE,
        "tested": TESTED,
        "parameters": summary(network(), (SIZE, SIZE, 1)).parameters,
        "one_epoch": decibels(lambda x: cleaned(train(3, epochs=1), x), NOISE, 3),
        "tried": {},
        "decibels": {
            "as it came": [[decibels(lambda x: x, n, s) for s in SEEDS] for n in TESTED]
        },
    }
    for name, (function, sizes) in FILTERS.items():
        tried = [
            decibels(lambda x, f=function, k=size: f(x, k), NOISE, 0, "learned")
            for size in sizes
        ]
        best = sizes[int(np.argmax(tried))]
        result["tried"][name] = {"sizes": sizes, "decibels": tried, "best": best}
        result["decibels"][name] = [
            [decibels(lambda x, f=function, k=best: f(x, k), n, s) for s in SEEDS]
            for n in TESTED
        ]
    runs = [train(seed) for seed in SEEDS]
    save_parameters(Path(__file__).with_suffix(".npz"), runs[0])
    result["decibels"]["network"] = [
        [
            decibels(lambda x, p=params: cleaned(p, x), n, s)
            for s, params in zip(SEEDS, runs, strict=True)
        ]
        for n in TESTED
    ]
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
    for name, found in result["decibels"].items():
        print(name, np.quantile(found, [0, 0.5, 1], axis=1).T.round(2).tolist())
