"""
The weights of a class draw the ink that speaks for it
======================================================

Softmax regression on the pixels of 1,797 digits learns 64 weights for each class. What do they
look like, put back in the places of their pixels?
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba

from textbook.datasets import load_digits
from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import (
    one_hot,
    predict,
    stochastic_gradient_descent,
)

plt.style.use("textbook.book")

images, labels = load_digits()
x = add_intercept(images.reshape(-1, 64) / 16)
path = stochastic_gradient_descent(
    x, one_hot(labels, 10), 0.1, epochs=5, rng=np.random.default_rng(0)
)
weights = path[-1][1:].T.reshape(10, 8, 8)
largest = np.abs(weights).max()
share = np.mean(predict(x, path[-1]) == labels)
print(f"weights from {weights.min():.2f} to {weights.max():.2f}; {share:.1%} right")

# %%
# The middle of the zero is where ink speaks against it most.

darkest = {k: np.unravel_index(weights[k].argmin(), (8, 8)) for k in range(10)}
print("row and column of the most negative weight of the zero:", *map(int, darkest[0]))

# %%
# Orange: ink here speaks for the digit. Blue: against it.

corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
rows, columns = np.mgrid[:8, :8]
squares = corners + np.stack([columns, rows], axis=-1).reshape(-1, 1, 2)
fig, axes = plt.subplots(2, 5, figsize=(7, 3.3))
for k, (ax, w) in enumerate(zip(axes.flat, weights.reshape(10, 64), strict=True)):
    colors = [
        to_rgba("C1" if value > 0 else "C0", round(abs(value) / largest, 2))
        for value in w
    ]
    ax.add_collection(PolyCollection(squares, facecolors=colors, edgecolors="none"))
    ax.add_patch(
        plt.Rectangle((0, 0), 8, 8, fill=False, edgecolor="#767676", linewidth=0.5)
    )
    ax.set(xlim=(-0.1, 8.1), ylim=(8.1, -0.1), aspect="equal", title=str(k))
    ax.axis("off")
fig.set_label(
    "Ten images of 8 by 8 weights, one for each digit. Weights run from "
    f"{weights.min():.2f} to {weights.max():.2f}; positive ones trace the strokes of their digit, "
    "negative ones the places where other digits have ink. The most negative weight of the zero "
    f"is in its middle, row {darkest[0][0]}, column {darkest[0][1]}, counted from 0."
)
plt.show()
