"""Few handwritten digits of one scanner, and a network trained on many of another.

A small network learns 5,000 digits of MNIST, shrunk to 8 x 8. Then a few scans of `load_digits`
are labeled, and the question is what to do with both. The scans lie in 14 sheets of different
hands. Training examples are drawn from the first seven sheets; the last seven are for the
test, and nothing else looks at them. Rates and numbers of epochs are chosen on the first seven:
for draws of five examples a class, judged by the other scans of these sheets, the setting with the
best median of five seeds. Each way of training chooses for itself, and keeps that for other
counts. A batch is a fifth of the examples, so that a run has as many steps whatever their number.

The second task is another one: the network has learned the digits 0 to 4, the scans are 5 to 9.

Run by ``make experiments``; the result is the file next to this one, and a test repeats a slice.
"""

import itertools
import json
import os
import platform
from functools import cache
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # the matrices are small
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.datasets import load_digits, load_mnist
from textbook.network import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    initialize,
)
from textbook.optimizers import adam_step
from textbook.training import accuracy, fit, predict
from textbook.transfer_learning import (
    cut,
    few_per_class,
    nearest_neighbor,
    rate_by_branch,
    reuse,
    shrink_digits,
)

SEEDS = range(10)
CHOOSING = range(5)  # other draws, by the same networks
COUNTS = [1, 2, 5, 10, 20, 50]  # examples a class
RATES = [0.001, 0.003, 0.01]  # where all is new
RATES_BEHIND = [0.003, 0.01, 0.03]  # where some layers stand still
RATES_TUNED = [
    0.003,
    0.01,
]  # where they are trained on, more slowly by one of the factors
FACTORS = {1: [0.1], 2: [0.1], 3: [0.03, 0.1, 0.3]}
RATES_AFTER = [0.0001, 0.0003, 0.001]  # for all, after the head
EPOCHS = [10, 30, 100]
LONGER = [100, 300, 1000]  # would a frozen body do better if its head had more time?
SHAPE, SOURCE_EPOCHS = (8, 8, 1), 8
SHEETS = 915  # the first scan of the eighth sheet
TASKS = {"same digits": (0, 10), "other digits": (5, 10)}  # first label, and the end
LAYERS = ["conv1", "conv2", "hidden"]
BEHIND = ["conv1", "conv2", "hidden", "scores"]  # what comes after so many layers


class Way(NamedTuple):
    depth: int = 3  # the first layers, as they come from the source
    trained: bool = False  # or they stand still
    known: bool = True  # or they are not of the source, but as chance drew them
    head_first: bool = False  # before all is trained at one rate


WAYS = {
    "from scratch": Way(0, trained=True),
    "random features": Way(known=False),
    **{f"{depth} frozen": Way(depth) for depth in (1, 2, 3)},
    **{f"{depth} tuned": Way(depth, trained=True) for depth in (1, 2, 3)},
    "head first": Way(trained=True, head_first=True),
}
SWEPT = ["from scratch", "random features", "3 frozen", "3 tuned", "head first"]


def network(classes):
    return Sequential(
        conv1=Conv2D(16, 3, padding="SAME"),
        relu1=ReLU(),
        pool1=MaxPool2D(2),
        conv2=Conv2D(32, 3, padding="SAME"),
        relu2=ReLU(),
        flat=Flatten(),
        hidden=Dense(64),
        relu3=ReLU(),
        scores=Dense(classes),
    )


def as_input(small):
    return np.float32(small / 16)[..., None]


@cache
def scans(task):
    """Return inputs and labels from 0 of a task, and how many are on the first seven sheets."""
    first, end = TASKS[task]
    images, labels = load_digits()
    chosen = np.flatnonzero((labels >= first) & (labels < end))
    x = as_input(images[chosen])
    return x, labels[chosen] - first, int(np.sum(chosen < SHEETS))


@cache
def many():
    images, labels = load_mnist()
    return as_input(shrink_digits(images)), labels


def source(task, seed, epochs=SOURCE_EPOCHS):
    """Return a trained network's parameters, its first cost, and its accuracy on held-out MNIST."""
    classes = TASKS[task][0] or 10  # all ten, or those below
    x, labels = many()
    rng = np.random.default_rng([seed, 0])
    train, held = np.split(rng.permutation(len(x)), [5000])
    train, held = (part[labels[part] < classes] for part in (train, held))
    net = network(classes)
    params = initialize(net, rng, SHAPE)
    run = fit(
        *(net, params, x[train], labels[train]),
        epochs=epochs,
        rng=rng,
        learning_rate=0.003,
    )
    right = accuracy(net, run.params, x[held], labels[held])
    return run.params, float(run.history.cost[0]), percent(right)


def percent(share):
    return round(100 * share, 2)


def draw(task, count, seed, choosing):
    """Return the examples to learn from, and those that judge."""
    x, labels, seen = scans(task)
    rng = np.random.default_rng([seed, 1, int(choosing), count])
    few, rest = few_per_class(labels[:seen], count, rng)
    asked = rest if choosing else np.arange(seen, len(x))
    return x[few], labels[few], x[asked], labels[asked]


def learn(net, params, parts, epochs, rng, rate, optimizer=adam_step):
    """Return accuracies after some numbers of epochs, and the parameters after the last."""
    x, labels, asked, answers = parts
    settings = {"learning_rate": rate, "optimizer": optimizer}
    batch_size, run, found = max(1, len(x) // 5), None, []
    for end in epochs:
        run = fit(
            *(net, params, x, labels),
            epochs=end,
            rng=rng,
            batch_size=batch_size,
            resume=run,
            **settings,
        )
        found.append(percent(accuracy(net, run.params, asked, answers)))
    return found, run.params


def learn_rest(net, params, depth, parts, epochs, rng, rate):
    """Train what comes after some layers; those stand still, so they are asked only once."""
    (body, of_body), (head, of_head) = cut(net, params, BEHIND[depth])
    x, labels, asked, answers = parts
    x, asked = predict(body, of_body, x), predict(body, of_body, asked)
    found, of_head = learn(
        head, of_head, (x, labels, asked, answers), epochs, rng, rate
    )
    return found, {**of_body, **of_head}


def transfer(task, way, taken, parts, seed, epochs, rate, factor=1.0, head=None):
    """Return the accuracies of one way after some numbers of epochs."""
    rng = np.random.default_rng([seed, 2])
    net = network(TASKS[task][1] - TASKS[task][0])
    params = initialize(net, rng, SHAPE)
    reused = LAYERS[: way.depth]
    if way.known:
        params = reuse(params, taken, reused)
    if not way.trained:
        return learn_rest(net, params, way.depth, parts, epochs, rng, rate)[0]
    if way.head_first:
        _, params = learn_rest(net, params, way.depth, parts, **head, rng=rng)
    step = rate_by_branch(adam_step, dict.fromkeys(reused, factor))
    return learn(net, params, parts, epochs, rng, rate, step)[0]


def grid(way):
    """Return the rates and factors that are tried."""
    if way.head_first:
        return itertools.product(RATES_AFTER, [1.0])
    if not way.trained:
        return itertools.product(RATES_BEHIND, [1.0])
    if way.depth == 0:
        return itertools.product(RATES, [1.0])
    return itertools.product(RATES_TUNED, FACTORS[way.depth])


def choose(task, way, sources, **more):
    """Return the best median on the first sheets, and the setting that led there."""
    best = (0, None)
    for rate, factor in grid(way):
        found = [
            transfer(
                *(task, way, sources[seed], draw(task, 5, seed, choosing=True)),
                *(seed, EPOCHS, rate, factor),
                **more,
            )
            for seed in CHOOSING
        ]
        for end, median in zip(EPOCHS, np.median(found, axis=0), strict=True):
            if median > best[0]:
                setting = {"epochs": [end], "rate": rate, "factor": factor}
                best = (float(median), setting)
    return best


def counts(task, name):
    """Return the numbers of examples a class at which a way is tested."""
    if task == "other digits":
        return [5, 20]
    return COUNTS if name in SWEPT else [5]


def measure(task, sources):
    """Return what was chosen, and the test's accuracies by way and by count."""
    kept = {"chosen": {}, "validation": {}, "test": {"nearest": {}}}
    for count in COUNTS:
        kept["test"]["nearest"][count] = []
        for seed in SEEDS:
            x, labels, asked, answers = draw(task, count, seed, choosing=False)
            right = np.mean(nearest_neighbor(asked, x, labels) == answers)
            kept["test"]["nearest"][count].append(percent(float(right)))
    more = {}
    for name, way in WAYS.items():
        if way.head_first:
            chosen = kept["chosen"]["3 frozen"]
            more = {"head": {"epochs": chosen["epochs"], "rate": chosen["rate"]}}
        median, setting = choose(task, way, sources, **more)
        kept["chosen"][name], kept["validation"][name] = setting, median
        kept["test"][name] = {
            count: [
                transfer(
                    *(task, way, sources[seed]),
                    *(draw(task, count, seed, choosing=False), seed),
                    **(setting | more),
                )[0]
                for seed in SEEDS
            ]
            for count in counts(task, name)
        }
        told = np.median(kept["test"][name][5])
        print(task, name, setting, median, told, flush=True)
    return kept


def longer(task, sources, setting):
    """Return medians on the first sheets for heads that are trained for longer."""
    found = [
        transfer(
            *(task, WAYS["3 frozen"], sources[seed]),
            *(draw(task, 5, seed, choosing=True), seed, LONGER, setting["rate"]),
        )
        for seed in CHOOSING
    ]
    return np.median(found, axis=0).tolist()


if __name__ == "__main__":
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "counts": COUNTS,
        "tasks": {},
    }
    for task in TASKS:
        found = [source(task, seed) for seed in SEEDS]
        sources = [params for params, _, _ in found]
        kept = measure(task, sources)
        kept["longer"] = longer(task, sources, kept["chosen"]["3 frozen"])
        kept["source"] = {
            "first cost": [float(f"{cost:.5g}") for _, cost, _ in found],
            "held out": [right for _, _, right in found],
        }
        if task == "same digits":
            x, labels, seen = scans(task)
            kept["source"]["as it is"] = [
                percent(accuracy(network(10), params, x[seen:], labels[seen:]))
                for params, _, _ in found
            ]
        result["tasks"][task] = kept
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
