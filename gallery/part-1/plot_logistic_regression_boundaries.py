"""
One neuron draws a line; with squared features, a circle
========================================================

The labels are drawn at random, each with the probability that the neuron gives. Where is it
undecided?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.logistic_regression import (
    add_intercept,
    probability,
    quadratic_features,
    sample_labels,
)

plt.style.use("textbook.book")

rng = np.random.default_rng(0)
models = {
    r"$\theta = (-3, 1, 1)$": (
        add_intercept,
        [-3, 1, 1],
        rng.uniform(-1, 5, size=(150, 2)),
    ),
    r"$\theta = (-1, 0, 0, 1, 1)$": (
        quadratic_features,
        [-1, 0, 0, 1, 1],
        rng.uniform(-3, 3, size=(150, 2)),
    ),
}

fig, axes = plt.subplots(1, 2, figsize=(7, 3.8))
for ax, (title, (features, theta, x)) in zip(axes, models.items(), strict=True):
    y = sample_labels(features(x), theta, rng)
    u, v = np.meshgrid(
        np.linspace(x.min(), x.max(), 201), np.linspace(x.min(), x.max(), 201)
    )
    h = probability(features(np.column_stack([u.ravel(), v.ravel()])), theta).reshape(
        u.shape
    )
    ax.plot(*x[y == 0].T, "C5o", markersize=4, markeredgewidth=0)
    ax.plot(*x[y == 1].T, "C1^", markersize=4.5, markeredgewidth=0)
    ax.contour(u, v, h, levels=[0.5], colors="C0", linewidths=2.2)
    faint = ax.contour(
        u, v, h, levels=[0.1, 0.9], colors="C0", linewidths=1, linestyles="dashed"
    )
    ax.clabel(faint, fmt="%.1f", fontsize=9)
    ax.set(title=title, xlabel="$x_1$", ylabel="$x_2$", aspect="equal")

fig.set_label(
    "Two decision boundaries. Left, theta = (-3, 1, 1): the line x1 + x2 = 3, where h "
    "= 0.5, with parallel "
    "dashed lines at h = 0.1 and 0.9. Right, theta = (-1, 0, 0, 1, 1): the unit "
    "circle, with dashed circles "
    "outside of it. Triangles (label 1) and dots (label 0) mix near the boundary and "
    "hardly far from it."
)
plt.show()

# %%
# On the right there is no circle at 0.1: even in the middle, h is still g(-1).

print(round(float(probability(quadratic_features([[0, 0]]), [-1, 0, 0, 1, 1])[0]), 4))
