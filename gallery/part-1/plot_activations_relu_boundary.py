"""
A ReLU network draws its boundary in straight pieces
====================================================

Both networks below learn to tell the inside of the unit circle from the outside. They have eight
hidden units, the same start and the same steps; only the bend differs.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import relu, sigmoid, tanh
from textbook.backprop import forward_rows, train

plt.style.use("textbook.book")

rng = np.random.default_rng(0)
x = rng.uniform(-2, 2, size=(400, 2))
inside = (x**2).sum(axis=1) < 1
target = inside[:, None].astype(float)
weights = [rng.normal(size=(2, 8)), rng.normal(size=(8, 1))]
biases = [rng.normal(size=8), np.zeros(1)]

grid = np.linspace(-2, 2, 301)
points = np.stack(np.meshgrid(grid, grid), axis=-1)
angle = np.linspace(0, 2 * np.pi, 200)

fig, axes = plt.subplots(1, 2, figsize=(7, 3.7), sharey=True)
for ax, f in zip(axes, [relu, tanh], strict=True):
    w, b, costs = train(x, target, weights, biases, 2.0, 3000, [f, sigmoid])
    _, a = forward_rows(points.reshape(-1, 2), w, b, [f, sigmoid])
    ax.plot(*x[~inside].T, "C5o", markersize=3, markeredgewidth=0)
    ax.plot(*x[inside].T, "C1o", markersize=3, markeredgewidth=0)
    ax.plot(np.cos(angle), np.sin(angle), "C3--", linewidth=1)
    ax.contour(
        grid, grid, a[-1].reshape(301, 301), levels=[0.5], colors="C0", linewidths=2.2
    )
    ax.set(
        title=f"eight units of {f.__name__}",
        xlabel="$x_1$",
        aspect="equal",
        xticks=[-2, 0, 2],
        yticks=[-2, 0, 2],
    )
axes[0].set_ylabel("$x_2$")
fig.set_label(
    "Boundaries between the inside and the outside of the unit circle, learned from "
    "400 points with eight hidden units. With ReLU the boundary is a polygon, with tanh a "
    "smooth curve. Both follow the dashed circle of radius 1, which is the truth."
)
plt.show()

# %%
# Between its bends a ReLU network is linear, so its boundary is a polygon; a corner lies where one
# of the hidden units switches on or off.
