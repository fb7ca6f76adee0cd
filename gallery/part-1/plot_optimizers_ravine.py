"""
Thirty steps down a ravine: four come within 1 of the end, plain descent stays 4 away
=====================================================================================

The cost rises fifty times as steeply across the ravine as along it. Who arrives?
"""

import itertools

import matplotlib.pyplot as plt
import numpy as np

from textbook.optimizers import (
    adam_step,
    follow,
    momentum_step,
    nesterov_step,
    plain_step,
    rmsprop_step,
)

plt.style.use("textbook.book")

CURVATURES = np.array([1, 50])
START = np.array([-10.0, 1.0])
STEPS = 30

# %%
# Each step goes at the one of these learning rates that brings it nearest in thirty steps.

rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]


def slope(theta):
    return CURVATURES * theta


def best_path(step):
    paths = {rate: follow(step, slope, START, rate, STEPS) for rate in rates}
    rate = min(rates, key=lambda rate: np.linalg.norm(paths[rate][-1]))
    return rate, paths[rate]


methods = {
    "gradient descent": plain_step,
    "momentum": momentum_step,
    "Nesterov": nesterov_step,
    "RMSProp": rmsprop_step,
    "Adam": adam_step,
}
found = {name: best_path(step) for name, step in methods.items()}
for name, (rate, path) in found.items():
    print(f"{name:17} rate {rate:<6} distance {np.linalg.norm(path[-1]):.3f}")

# %%
turn = np.linspace(0, 2 * np.pi, 49)
ellipse = np.array([np.cos(turn), np.sin(turn) / np.sqrt(50)])  # the cost is 1/2 on it
fig, axes = plt.subplots(5, 1, figsize=(7, 6.6), sharex=True)
for ax, (name, (rate, path)) in zip(axes, found.items(), strict=True):
    for size in (3, 6.5, 10):
        ax.plot(*size * ellipse, color="#767676", linewidth=0.5, alpha=0.6)
    ax.plot(0, 0, "C3o", markersize=5)
    for step, (here, there) in enumerate(itertools.pairwise(path), start=1):
        (line,) = ax.plot(
            *np.array([here, there]).T, "C0", linewidth=1.3, clip_on=False
        )
        line.set_gid(f"from-{step}")
    for step, theta in enumerate(path):
        (dot,) = ax.plot(*theta, "C0o", markersize=5, clip_on=False)
        dot.set_gid(f"at-{step}")
    ax.set(xlim=(-11, 4.5), ylim=(-2.3, 1.6), yticks=[])
    ax.spines["left"].set_visible(False)
    ax.set_title(rf"{name}, $\alpha$ = {rate:g}")
    ax.text(
        *(1, 1.08, f"{np.linalg.norm(path[-1]):.2f} away at the end"),
        ha="right", transform=ax.transAxes,
    )  # fmt: skip
axes[-1].set_xlabel("along the ravine")

fig.set_label(
    "Five paths of thirty steps in a ravine, from (-10, 1) to the minimum at the origin. "
    + " ".join(
        f"{name} with learning rate {rate:g} ends {np.linalg.norm(path[-1]):.2f} away."
        for name, (rate, path) in found.items()
    )
    + " Gradient descent bounces from side to side; momentum swings out and passes the "
    "minimum before it settles."
)
plt.show()
