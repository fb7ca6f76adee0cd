"""
A batch twice as large misses by half the square, and without replacement by less
=================================================================================

Batches are drawn from a year's days and from 1,797 digits. By how much does the gradient of a batch
miss the gradient of all?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_digits, load_temperatures
from textbook.gradient_descent import (
    batch_variance,
    least_squares_gradients,
    measured_variance,
)
from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import one_hot, probabilities

plt.style.use("textbook.book")

# %%
# The gradient of each example at theta = 0: two numbers for a day, 650 for a digit.

_, highest, lowest = load_temperatures()
days = least_squares_gradients(add_intercept(lowest[:, None] / 10), highest, [0, 0])

images, labels = load_digits()
x = add_intercept(images.reshape(-1, 64) / 16)
error = probabilities(x, np.zeros((65, 10))) - one_hot(labels, 10)
digits = x[:, :, None] * error[:, None, :]

fig, axes = plt.subplots(1, 2, figsize=(7, 3.7))
for ax, (name, gradients) in zip(
    axes,
    {"a line, 366 days": days, "softmax, 1,797 digits": digits}.items(),
    strict=True,
):
    m, rng = len(gradients), np.random.default_rng(0)
    near_all = m - np.geomspace(1, m / 2, 12)  # where the curve turns down
    sizes = np.unique(np.r_[np.geomspace(1, m - 1, 15), near_all].round().astype(int))
    drawn = [1, 3, 10, 30, 100, 300, 1000 if m > 1000 else 350]
    draws = 200_000 // m
    for replacement, color in ((True, "C4"), (False, "C0")):
        formula = [batch_variance(gradients, int(b), replacement) for b in sizes]
        found = [
            measured_variance(gradients, b, draws, rng, replacement) for b in drawn
        ]
        ax.loglog(sizes, formula, color, linewidth=1.2)
        ax.loglog(drawn, found, color + "o")
        ratios = [
            f / batch_variance(gradients, b, replacement)
            for b, f in zip(drawn, found, strict=True)
        ]
        print(
            f"{name}: measured by formula from {min(ratios):.2f} to {max(ratios):.2f}"
        )
    ax.set(xlabel="batch size $b$", title=name)
    floor = batch_variance(gradients, drawn[-1])
    ax.set_ylim(floor / 3, None)
axes[0].set_ylabel("mean square of the miss")
axes[0].text(400, 1.2, "with", color="C4", ha="right")
axes[0].text(230, 0.02, "without\nreplacement", color="C0", ha="right")

fig.set_label(
    "Mean squared distance of a batch's gradient from that of all examples, against the batch "
    "size, both axes logarithmic, for a line through 366 days and for softmax regression on "
    "1,797 digits. Dots, measured with 546 and 111 draws, lie on the formulas. With replacement "
    f"it is a straight line that falls as 1/b, from {batch_variance(days, 1):.0f} to "
    f"{batch_variance(days, 100, True):.2f} at 100 days; without, it falls faster, to "
    f"{batch_variance(days, 100):.2f} at 100 days, and to 0 when the batch is everything."
)
plt.show()
