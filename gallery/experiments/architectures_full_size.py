"""One image of full size through each architecture: how long, and in how much memory?

The networks are those of `textbook.architectures`, whichever it has, in its order.
Weights are drawn at random, and so is the image, anew for each of five seeds; all is in single
precision. Time is the median of the five. Memory is the peak of what NumPy allocates in one forward
pass, the weights left out: a forward pass keeps what the way back would need. Run by
``make experiments`` on a machine that does nothing else; the result is the file next to this one.
"""

import importlib
import json
import os
import platform
import statistics
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

# One thread, so that the times are those of the work and not of the number of cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

import textbook.architectures
from textbook.network import initialize, summary

LARGE, SMALL = (224, 224, 3), (32, 32, 3)

# What each function builds at full size: arguments, and the shape of an image.
FULL_SIZE = {
    "lenet5": [((), (28, 28, 1))],
    "alexnet": [((), (227, 227, 3))],
    "vgg": [((depth,), LARGE) for depth in (11, 13, 16, 19)],
    "googlenet": [((), LARGE)],
    "resnet": [((depth,), LARGE) for depth in (18, 34, 50, 101, 152)],
    "cifar_resnet": [((depth,), SMALL) for depth in (20, 56, 110)],
    "densenet": [((depth,), LARGE) for depth in (121, 161, 169, 201)],
    "densenet_bc": [((100, 12), SMALL)],
}
SEEDS = range(5)


def networks():
    """Yield (name, network, shape of an image) for all that the package has."""
    for name in textbook.architectures.__all__:
        module = importlib.import_module(f"textbook.architectures.{name}")
        for function in module.__all__:
            for arguments, shape in FULL_SIZE.get(function, []):
                title = "-".join(map(str, (function, *arguments)))
                yield title, getattr(module, function)(*arguments), shape


def measure(network, shape, seeds=SEEDS):
    """Return the seconds of each forward pass, and the bytes that one of them needs at its peak."""
    params = initialize(network, np.random.default_rng(0), shape)
    images = [
        np.random.default_rng(seed).normal(size=(1, *shape)).astype(np.float32)
        for seed in seeds
    ]
    seconds = []
    for image in images:
        start = perf_counter()
        network.forward(params, image)
        seconds.append(perf_counter() - start)
    # Convolutions keep buffers from call to call, in each thread: a new one has none yet
    with ThreadPoolExecutor(1) as fresh:
        return seconds, fresh.submit(peak_of, network, params, images[0]).result()


def peak_of(network, params, image):
    tracemalloc.start()
    network.forward(params, image)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


if __name__ == "__main__":
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "machine": {"processor": platform.machine(), "threads": 1},
        "seeds": list(SEEDS),
        "networks": {},
    }
    for name, network, shape in networks():
        counts = summary(network, shape)
        seconds, peak = measure(network, shape)
        result["networks"][name] = {
            "seconds": float(f"{statistics.median(seconds):.3g}"),
            "peak_bytes": int(float(f"{peak:.3g}")),
            "parameter_bytes": 4 * counts.parameters,
            "value_bytes": 4 * counts.values,
            "multiply_adds": counts.multiply_adds,
        }
        print(name, result["networks"][name], flush=True)
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
