"""
Hands that were not seen are read worse
=======================================

Fourteen sheets of digits, each by one hand. Deal out the scans by chance, or whole sheets, and ask
two methods to read the test.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.data_splits import group_split, split
from textbook.datasets import load_digits
from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import (
    one_hot,
    predict,
    stochastic_gradient_descent,
)

plt.style.use("textbook.book")

images, labels = load_digits()
x = images.reshape(-1, 64) / 16
with_ones, y = add_intercept(x), one_hot(labels, 10)

# %%
# Each sheet begins with the digits from 0 to 9, again and again; the next one starts where they
# come back after a long list.

text = "".join(map(str, labels))
runs = [i for i in range(1797) if text.startswith("0123456789", i)]
starts = [i for i, before in zip(runs, [-99, *runs], strict=False) if i - before > 50]
sheet = np.searchsorted(starts, np.arange(1797), side="right")
print(np.bincount(sheet)[1:].tolist())


def by_neighbor(train, test, rng):
    off = (x[train] ** 2).sum(axis=1) - 2 * x[test] @ x[train].T
    return labels[train][off.argmin(axis=1)]


def by_softmax(train, test, rng):
    path = stochastic_gradient_descent(with_ones[train], y[train], 0.1, 5, rng)
    return predict(with_ones[test], path[-1])


found = {}
for method in (by_neighbor, by_softmax):
    for name in ("chance", "sheets"):
        found[method, name] = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        parts = {
            "chance": split(1797, [0.7, 0.3], rng),
            "sheets": group_split(sheet, [0.7, 0.3], rng),
        }
        for name, (train, test) in parts.items():
            share = np.mean(method(train, test, rng) == labels[test])
            found[method, name].append(100 * share)

rows = {
    "nearest neighbor,\nscans by chance": (by_neighbor, "chance", "C0"),
    "nearest neighbor,\nwhole sheets": (by_neighbor, "sheets", "C3"),
    "softmax regression,\nscans by chance": (by_softmax, "chance", "C0"),
    "softmax regression,\nwhole sheets": (by_softmax, "sheets", "C3"),
}
fig, ax = plt.subplots(figsize=(7, 3.6))
for row, (method, name, color) in enumerate(rows.values()):
    shares = found[method, name]
    middle = np.median(shares)
    ax.plot(shares, np.full(len(shares), -row), color + "o", alpha=0.6)
    ax.plot([middle] * 2, [-row - 0.28, -row + 0.28], color, linewidth=3)
    print(
        list(rows)[row].replace("\n", " "),
        f"{middle:.1f} ({min(shares):.1f} to {max(shares):.1f})",
    )
ax.set(yticks=-np.arange(4), yticklabels=rows, ylim=(-3.5, 0.5))
ax.set_xlabel("right answers (%)")
ax.tick_params(axis="y", length=0, labelcolor="#222222")
ax.spines.left.set_visible(False)
fig.set_label(
    "Percent of right answers in eight splits for each of four cases, medians: "
    + ", ".join(
        f"{label.replace(chr(10), ' ')} {np.median(found[method, name]):.1f}"
        for label, (method, name, _) in rows.items()
    )
    + ". On whole sheets the dots lie lower and further apart."
)
plt.show()
