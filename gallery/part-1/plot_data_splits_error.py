"""
Four times the tests, half the error
====================================

The nearest of 900 scans names each digit. Cut the data anew 300 times: how much does the accuracy
vary when 10 to 600 scans are tested?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.data_splits import split, standard_error
from textbook.datasets import load_digits

plt.style.use("textbook.book")

images, labels = load_digits()
x = images.reshape(-1, 64)
square = (x**2).sum(axis=1)
distance = square[:, None] + square - 2 * x @ x.T

sizes = [10, 20, 40, 80, 160, 320, 640]
right = []
for seed in range(300):
    rng = np.random.default_rng(seed)
    train, test = split(1797, [900 / 1797, 897 / 1797], rng)
    nearest = distance[np.ix_(test, train)].argmin(axis=1)
    right.append(labels[train][nearest] == labels[test])
right = np.array(right)
accuracy = right.mean()
measured = [right[:, :m].mean(axis=1).std() for m in sizes]
expected = [standard_error(accuracy, m) for m in sizes]

print(f"accuracy {accuracy:.4f}")
for m, one, other in zip(sizes, measured, expected, strict=True):
    print(f"{m:4} tested: measured {100 * one:.2f}, expected {100 * other:.2f} points")

# %%
# Both axes are logarithmic, so that one over a root is a straight line.

fig, ax = plt.subplots(figsize=(7, 3.6))
ax.loglog(sizes, 100 * np.array(expected), "C3")
ax.loglog(sizes, 100 * np.array(measured), "C0o", markersize=7)
ax.annotate(
    "$\\sqrt{p\\,(1 - p) / m}$",
    (sizes[1], 100 * expected[1]),
    (10, 8),
    textcoords="offset points",
)
ax.set(
    xlabel="scans that are tested",
    ylabel="standard deviation (points)",
    xticks=sizes,
    xticklabels=sizes,
    yticks=[0.5, 1, 2, 4],
    yticklabels=["0.5", "1", "2", "4"],
)
ax.minorticks_off()
fig.set_label(
    "Standard deviation of the accuracy over 300 splits against the number of tested scans, both "
    "logarithmic. Measured: "
    + ", ".join(f"{100 * s:.2f} for {m}" for m, s in zip(sizes, measured, strict=True))
    + f" points. The line of the formula for {100 * accuracy:.1f} % goes from "
    f"{100 * expected[0]:.2f} to {100 * expected[-1]:.2f}."
)
plt.show()
