"""How long does a step take, and how far does it lead? Softmax regression on 6,000 digits.

Two results, kept apart. The costs follow from the seeds and come out alike everywhere; a test
repeats a slice of them. The seconds belong to the machine that is named beside them. Run by
``make experiments``.
"""

import json
import os
import platform
import time
from pathlib import Path

# One thread, so that the processor's time is the clock's. NumPy reads this when it is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.datasets import load_mnist
from textbook.gradient_descent import mini_batch_descent, mini_batches
from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import cost, gradient, one_hot

IMAGES, LABELS = load_mnist()
X = add_intercept(IMAGES.reshape(-1, 784) / np.float32(255))
Y = one_hot(LABELS, classes=10).astype(np.float32)
START = np.zeros((785, 10), np.float32)

SEEDS = range(5)
TRIAL_SEED = 99  # for the choice of the rates, and for nothing else
RATES = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
EPOCHS = {1: 8, 100: 40, 6000: 240}  # a second or a few of training each
TIMED = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 6000]
ROUNDS = 25


def mean_gradient(theta, batch):
    return gradient(X[batch], Y[batch], theta)


def costs(batch_size, rate, seed, steps):
    """Return the cost of all examples after some numbers of steps, on one way down."""
    rng, per_epoch = np.random.default_rng(seed), -(-len(X) // batch_size)
    keep_every = int(np.gcd.reduce([per_epoch, *steps]))
    path = mini_batch_descent(
        *(mean_gradient, START, len(X), batch_size, rate),
        *(-(-max(steps) // per_epoch), rng, keep_every),
    )
    return [float(f"{cost(X, Y, path[step // keep_every]):.5g}") for step in steps]


def recorded_steps(batch_size):
    """Return about 25 numbers of steps, each a multiple of a twentieth of an epoch."""
    per_epoch = -(-len(X) // batch_size)
    unit = max(1, per_epoch // 20)
    last = EPOCHS[batch_size] * per_epoch // unit
    return [int(step) * unit for step in np.unique(np.geomspace(1, last, 30).round())]


def seconds_per_step():
    """Return the processor's time: the least of some rounds, for what disturbs can only prolong."""
    rounds = []
    for _ in range(ROUNDS):  # the sizes in turn, so that a busy minute meets them all
        found = []
        for batch_size in TIMED:
            rng, theta, steps = np.random.default_rng(0), START, 0
            batches = mini_batches(len(X), batch_size, rng)[:200]
            began = time.process_time()
            while (elapsed := time.process_time() - began) < 0.05:
                batch = batches[steps % len(batches)]
                theta = theta - 0.01 * mean_gradient(theta, batch)
                steps += 1
            found.append(elapsed / steps)
        rounds.append(found)
    return [float(f"{seconds:.3g}") for seconds in np.min(rounds, axis=0)]


def processor():
    """Return the processor's name where the system tells it."""
    lines = Path("/proc/cpuinfo")
    told = lines.read_text(encoding="utf-8").splitlines() if lines.exists() else []
    names = [line.partition(": ")[2] for line in told if line.startswith("model name")]
    return names[0] if names else platform.processor()


def best_rate(batch_size):
    """Return the rate whose cost lies lowest: the mean of the logarithms along the way."""
    steps = recorded_steps(batch_size)
    trials = {
        rate: float(np.log(costs(batch_size, rate, TRIAL_SEED, steps)).mean().round(4))
        for rate in RATES
    }
    return min(trials, key=trials.get), trials


if __name__ == "__main__":
    runs = []
    for batch_size in EPOCHS:
        rate, trials = best_rate(batch_size)
        steps = recorded_steps(batch_size)
        found = [costs(batch_size, rate, seed, steps) for seed in SEEDS]
        print(batch_size, rate, trials, np.median(found, axis=0)[-1])
        runs.append(
            {
                "batch_size": batch_size,
                "learning_rate": rate,
                "trials": {str(tried): end for tried, end in trials.items()},
                "steps": steps,
                "costs": found,
            }
        )
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "machine": {"processor": processor(), "threads": 1},
        "seeds": list(SEEDS),
        "runs": runs,
        "batch_sizes": TIMED,
        "seconds_per_step": seconds_per_step(),
    }
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
    for batch_size, seconds in zip(TIMED, result["seconds_per_step"], strict=True):
        micro = 1e6 * seconds
        print(f"{batch_size:5} {micro:9.1f} us {micro / batch_size:7.2f} us an example")
