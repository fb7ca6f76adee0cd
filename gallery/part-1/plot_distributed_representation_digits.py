"""
Two learned numbers tell ten digits apart, two principal components do not
==========================================================================

An 8 x 8 scan has 64 numbers. Which two should be kept?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import identity, tanh
from textbook.backprop import forward_rows
from textbook.data_splits import split
from textbook.datasets import load_digits
from textbook.distributed_representation import (
    linear_readout,
    readout_accuracy,
    train_classifier,
)
from textbook.initialization import glorot, initial_parameters

plt.style.use("textbook.book")

images, labels = load_digits()
x = images.reshape(-1, 64) / 16
rng = np.random.default_rng(0)
train, test = split(len(x), [2 / 3, 1 / 3], rng)

# %%
# Two coordinates of the greatest variance, and two units at the narrowest place of a network that
# was trained to name the digit.

mean = x[train].mean(axis=0)
_, _, v = np.linalg.svd(x[train] - mean, full_matrices=False)
components = (x - mean) @ v[:2].T

bends = [tanh, identity, identity]
start = initial_parameters([64, 32, 2, 10], glorot, rng)
trained = train_classifier(x[train], labels[train], *start, 0.2, 60, rng, bends)
_, a = forward_rows(x, *trained, bends)

shown = {"two principal components": components, "two hidden units": a[2]}
shares = {}
for name, features in shown.items():
    readout = linear_readout(features[train], labels[train], classes=10)
    shares[name] = readout_accuracy(features[test], labels[test], readout)
    print(f"{name}: {shares[name]:.1%} of 599 new digits read right by a linear layer")

# %%
# Every new digit is drawn as the digit that it is.

colors = ["C0", "C1", "C2", "C3", "C4", "C5", "C6", "#767676", "C0", "C2"]
fig, axes = plt.subplots(1, 2, figsize=(7, 4))
for ax, (name, features) in zip(axes, shown.items(), strict=True):
    for k in range(10):
        ax.plot(
            *features[test][labels[test] == k].T,
            linestyle="",
            marker=f"${k}$",
            color=colors[k],
            markersize=7,
            markeredgewidth=0,
        )
    ax.set_title(f"{name}: {shares[name]:.0%} right", fontsize=12)
    ax.set(xticks=[], yticks=[])
    for side in ax.spines.values():
        side.set_visible(False)
fig.set_label(
    "599 digits that were not trained on, each at the place that two numbers give it. Left, "
    "the first two principal components: the classes overlap, "
    f"{shares['two principal components']:.0%} read right by a linear layer. "
    "Right, two hidden units of a trained network: ten clusters "
    f"side by side, {shares['two hidden units']:.0%} right."
)
plt.show()
