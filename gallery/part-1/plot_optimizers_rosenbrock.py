"""
In 300 steps momentum is through the bent valley, plain descent has hardly begun
================================================================================

Rosenbrock's valley has a steep bank and a floor that hardly falls. How far do
300 steps lead?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.optimizers import (
    adam_step,
    follow,
    momentum_step,
    plain_step,
    rmsprop_step,
    rosenbrock,
    rosenbrock_gradient,
)

plt.style.use("textbook.book")

# %%
# The rates are those of the chapter's table, or, where a path does not arrive, near the largest
# that can be used.

methods = {
    "gradient descent": (plain_step, 0.001),
    "momentum": (momentum_step, 0.002),
    "RMSProp": (rmsprop_step, 0.01),
    "Adam": (adam_step, 0.2),
}
start = [-1.2, 1]
paths = {
    name: follow(step, rosenbrock_gradient, start, rate, 300)
    for name, (step, rate) in methods.items()
}
costs = {
    name: [rosenbrock(path[t]) for t in (100, 300)] for name, path in paths.items()
}
for name, (middle, end) in costs.items():
    print(f"{name:17} cost {middle:.4f} after 100 steps, {end:.4f} after 300")

# %%
x, y = np.meshgrid(np.linspace(-1.8, 1.8, 181), np.linspace(-0.8, 2.6, 171))
height = (1 - x) ** 2 + 100 * (y - x**2) ** 2
fig, axes = plt.subplots(2, 2, figsize=(7, 6), sharex=True, sharey=True)
for ax, (name, path) in zip(axes.flat, paths.items(), strict=True):
    ax.contour(x, y, height, levels=[1, 10, 100, 400], colors="#767676", linewidths=0.6)
    ax.plot(*path.T, "C0", linewidth=1)
    ax.plot(*path[::20].T, "C0o", markersize=2.5)
    ax.plot(1, 1, "C3o", markersize=6)
    ax.plot(*start, "C6o", markersize=4)
    ax.set(xlim=(-1.8, 1.8), ylim=(-0.8, 2.6))
    ax.set_title(rf"{name}, $\alpha$ = {methods[name][1]:g}")
    ax.text(0, 2.3, f"cost {costs[name][-1]:.2g}", ha="center")
for ax in axes[1]:
    ax.set_xlabel(r"$\theta_1$")
for ax in axes[:, 0]:
    ax.set_ylabel(r"$\theta_2$")

fig.set_label(
    "Four paths of 300 steps on Rosenbrock's function, from (-1.2, 1) around the bend to "
    "(1, 1), where the cost is 0. Cost after 100 and 300 steps: "
    + "; ".join(f"{name} {a:.3f} and {b:.4f}" for name, (a, b) in costs.items())
    + "."
)
plt.show()
