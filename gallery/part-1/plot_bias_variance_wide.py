"""
Past as many units as images, a wider network errs less again
=============================================================

A hidden layer of random ReLUs, its output fitted to 150 digits by least squares. How does the error
on others depend on the width?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import relu
from textbook.bias_variance import error_rate
from textbook.datasets import load_digits
from textbook.softmax_regression import one_hot

plt.style.use("textbook.book")

images, labels = load_digits()
x, y = images.reshape(-1, 64) / 16, one_hot(labels, 10)
widths = [20, 40, 60, 80, 100, 125, 150, 175, 200, 300, 500, 1000]
errors = np.empty((5, len(widths), 2))
for seed in range(5):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(labels))
    train, dev = order[:150], order[150:]
    for column, width in enumerate(widths):
        hidden = relu(x @ rng.normal(size=(64, width)) * np.sqrt(2 / 64))
        theta = np.linalg.lstsq(hidden[train], y[train], rcond=None)[0]
        answers = (hidden @ theta).argmax(axis=1)
        errors[seed, column] = [
            100 * error_rate(labels[part], answers[part]) for part in (train, dev)
        ]
median, least, largest = np.quantile(errors, [0.5, 0, 1], axis=0)
for width, (a, b), (_, low), (_, high) in zip(
    widths, median, least, largest, strict=True
):
    print(f"{width:4}: training {a:4.1f} %, dev {b:4.1f} % ({low:.1f} to {high:.1f})")

# %%
fig, ax = plt.subplots(figsize=(7, 3.8))
ax.fill_between(widths, least[:, 1], largest[:, 1], color="C2", alpha=0.2, linewidth=0)
ax.semilogx(widths, median[:, 1], "C2o-", markersize=4)
ax.semilogx(widths, median[:, 0], "C0o-", markersize=4)
ax.axvline(150, color="#767676", linestyle=":", linewidth=1.2)
ax.text(160, 66, "150 images")
ax.text(560, 11.5, "dev", color="C2")
ax.text(80, 2.5, "training", color="C0", ha="right")
ax.set(xlabel="hidden units", ylabel="wrong answers in %", ylim=(-1, 70))
ax.set_xticks([20, 50, 150, 400, 1000], ["20", "50", "150", "400", "1,000"])
ax.minorticks_off()
valley = int(median[:6, 1].argmin())
fig.set_label(
    "Wrong answers against the number of hidden units, medians and ranges of five seeds. On "
    f"dev they fall to {median[valley, 1]:.1f} % at {widths[valley]} units, rise to "
    f"{median[6, 1]:.0f} % at 150, as many units as images, and fall to "
    f"{median[-1, 1]:.1f} % at 1,000. The training error is 0 from 80 units on."
)
plt.show()
