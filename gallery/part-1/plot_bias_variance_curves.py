"""
Two curves that have met ask for another model, two that gape for more data
===========================================================================

Softmax regression learns the digits from 20 to 1,200 images. Would more images help?
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import NullLocator

from textbook.bias_variance import error_rate, learning_curve
from textbook.datasets import load_digits
from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import gradient_descent, one_hot, predict

plt.style.use("textbook.book")

images, labels = load_digits()
pixels = images.reshape(-1, 64) / 16
means = images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16) / 16


def softmax(x, labels):
    y = one_hot(labels, 10)
    theta = gradient_descent(add_intercept(x), y, learning_rate=0.5, steps=200)[-1]
    return lambda x: predict(add_intercept(x), theta)


# %%
# The optimal error is not known. The nearest of 1,200 images is an upper bound for it: what one
# program does can be done.

sizes = [20, 50, 100, 200, 400, 1200]
curves = {"means": [], "pixels": []}
nearest = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(labels))
    train, dev = order[:1200], order[1200:]
    squares = np.sum(pixels[train] ** 2, axis=1) - 2 * pixels[dev] @ pixels[train].T
    nearest.append(100 * error_rate(labels[dev], labels[train][squares.argmin(axis=1)]))
    for name, x in (("means", means), ("pixels", pixels)):
        found = learning_curve(
            softmax, x[train], labels[train], x[dev], labels[dev], sizes, rng
        )
        curves[name].append(100 * np.array(found))
optimum = np.median(nearest)

# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 3.7), sharey=True)
titles = {"means": "16 inputs: high bias", "pixels": "64 inputs: variance, then bias"}
ends = {}
for ax, (name, found) in zip(axes, curves.items(), strict=True):
    for row, (kind, color) in enumerate((("training", "C0"), ("dev", "C2"))):
        runs = np.array(found)[:, row]
        median, least, largest = np.quantile(runs, [0.5, 0, 1], axis=0)
        ax.semilogx(sizes, median, color + "o-", markersize=4)
        ax.fill_between(sizes, least, largest, color=color, alpha=0.2, linewidth=0)
        ends[name, kind] = median[-1], least[-1], largest[-1]
        print(
            f"{name:6} {kind:8}",
            [
                f"{a:.1f} ({b:.1f} to {c:.1f})"
                for a, b, c in zip(median, least, largest, strict=True)
            ],
        )
    ax.axhline(optimum, color="C3", linestyle="--", linewidth=1.2)
    ax.set(xlabel="images to learn from", title=titles[name], ylim=(0, 50))
    ax.set_xticks([20, 100, 400, 1200], ["20", "100", "400", "1,200"])
    ax.xaxis.set_minor_locator(NullLocator())
axes[0].set_ylabel("wrong answers in %")
axes[0].text(150, 32, "dev", color="C2")
axes[0].text(110, 9, "training", color="C0")
axes[1].text(60, 20, "dev", color="C2")
axes[1].text(20, 3, "training", color="C0")
axes[0].text(1200, optimum + 1, "nearest neighbor, 64 inputs", ha="right")
fig.set_label(
    "Error against the number of training images, medians and ranges of five splits. "
    "With 16 inputs both errors meet, at 1,200 images "
    "{:.1f} % in training and {:.1f} % on dev. With 64 inputs ".format(
        ends["means", "training"][0], ends["means", "dev"][0]
    )
    + "the training error is 0 and the dev error far above it at first; at 1,200 they are "
    "{:.1f} % and {:.1f} %. The nearest neighbor errs in {:.1f} %.".format(
        ends["pixels", "training"][0], ends["pixels", "dev"][0], optimum
    )
)
plt.show()
