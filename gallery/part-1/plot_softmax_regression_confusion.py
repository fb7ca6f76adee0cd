"""
The eight is misread most often
===============================

Five times the digits are split in three, to learn from, to choose rate and epochs by, and to be
tested on. Which digit is taken for which?
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba

from textbook.data_splits import stratified_split
from textbook.datasets import load_digits
from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import (
    confusion_matrix,
    one_hot,
    predict,
    probabilities,
    stochastic_gradient_descent,
)

plt.style.use("textbook.book")

images, labels = load_digits()
x, y = add_intercept(images.reshape(-1, 64) / 16), one_hot(labels, 10)

counts = np.zeros((10, 10), dtype=int)
mistakes = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    train, dev, test = stratified_split(labels, [0.6, 0.2, 0.2], rng)
    candidates = []
    for rate in (0.03, 0.1, 0.3):
        path = stochastic_gradient_descent(x[train], y[train], rate, 10, rng)
        candidates += [path[5], path[10]]
    theta = max(candidates, key=lambda c: np.mean(predict(x[dev], c) == labels[dev]))
    answers = predict(x[test], theta)
    counts += confusion_matrix(labels[test], answers, 10)
    sure = probabilities(x[test], theta).max(axis=1)
    for i in np.flatnonzero(answers != labels[test]):
        mistakes.append((sure[i], test[i], answers[i]))

right = counts.diagonal() / counts.sum(axis=1)
for digit, share in enumerate(right):
    print(f"{digit}: {share:.1%} right")

# %%
# Rows are the true digits, columns the answers. The mistakes are what is worth looking at, so only
# they are colored.

off = counts * (1 - np.eye(10, dtype=int))
worst = np.unravel_index(off.argmax(), off.shape)
fig, ax = plt.subplots(figsize=(5.4, 5))
for (j, k), count in np.ndenumerate(counts):
    shade = to_rgba("C2", round(0.5 * off[j, k] / off.max(), 2))
    ax.add_patch(
        plt.Rectangle((k - 0.5, j - 0.5), 1, 1, facecolor=shade, edgecolor="none")
    )
    if count:
        ax.text(k, j, str(count), ha="center", va="center", fontsize=11)
ax.set(
    xlim=(-0.5, 9.5),
    ylim=(9.5, -0.5),
    xticks=range(10),
    yticks=range(10),
    aspect="equal",
    xlabel="answer",
    ylabel="true digit",
)
ax.tick_params(length=0)
ax.spines[:].set_visible(False)
fig.set_label(
    f"Confusion matrix of {counts.sum():,} tests. Least often right is the {right.argmin()}, "
    f"{right.min():.1%}; most often the {right.argmax()}, {right.max():.1%}. The most frequent "
    f"mistake takes the {worst[0]} for the {worst[1]}, {off.max()} times."
)
plt.show()

# %%
# The four mistakes that the program was surest of, each digit once.

shown = {}
for certainty, i, answer in sorted(mistakes, reverse=True):
    shown.setdefault(labels[i], (certainty, i, answer))
shown = list(shown.values())[:4]
corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
rows, columns = np.mgrid[:8, :8]
squares = corners + np.stack([columns, rows], axis=-1).reshape(-1, 1, 2)
fig, axes = plt.subplots(1, 4, figsize=(7, 2.2))
for ax, (certainty, i, answer) in zip(axes, shown, strict=True):
    ink = [to_rgba("C6", round(value / 16, 2)) for value in images[i].ravel()]
    ax.add_collection(PolyCollection(squares, facecolors=ink, edgecolors="none"))
    ax.set(xlim=(0, 8), ylim=(8, 0), aspect="equal")
    ax.set_title(f"{labels[i]}, read as {answer}:\n{certainty:.2f}", fontsize=11)
    ax.axis("off")
fig.set_label(
    "Four misread digits, 8 by 8 pixels each: "
    + "; ".join(
        f"the {labels[i]} read as {answer} with probability {certainty:.2f}"
        for certainty, i, answer in shown
    )
    + "."
)
plt.show()
