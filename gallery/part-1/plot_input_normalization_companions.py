"""
Normalized by themselves, test scans are read the worse the fewer come together
===============================================================================

Softmax regression learned on standardized digits. The test scans arrive in batches, and each batch
is standardized by its own mean and spread. What is left of the accuracy?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.data_splits import split
from textbook.datasets import load_digits
from textbook.input_normalization import fit, hessian, transform
from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import gradient_descent, one_hot, predict

plt.style.use("textbook.book")

images, labels = load_digits()
pixels = images.reshape(len(images), -1)
sizes = [1, 2, 3, 5, 10, 20, 50, 100, 599]


def share_right(batches, theta):
    right = [
        predict(add_intercept(transform(pixels[b], *scale)), theta) == labels[b]
        for b, scale in batches
    ]
    return 100 * np.concatenate(right).mean()


by_itself = {size: [] for size in sizes}
as_trained, one_digit = [], []
for seed in range(10):
    rng = np.random.default_rng(seed)
    train_set, test_set = split(len(labels), [2 / 3, 1 / 3], rng)
    scale = fit(pixels[train_set])
    x = add_intercept(transform(pixels[train_set], *scale))
    rate = 4 / np.linalg.eigvalsh(hessian(x))[-1]
    theta = gradient_descent(x, one_hot(labels[train_set], 10), rate, 100)[-1]
    as_trained.append(share_right([(test_set, scale)], theta))
    for size in sizes:
        parts = np.split(test_set, range(size, len(test_set), size))
        by_itself[size].append(share_right([(p, fit(pixels[p])) for p in parts], theta))
    parts = [test_set[labels[test_set] == digit] for digit in range(10)]
    one_digit.append(share_right([(p, fit(pixels[p])) for p in parts], theta))


def told(found):
    return f"{np.median(found):.1f} ({min(found):.1f} to {max(found):.1f})"


print("training set's numbers", told(as_trained))
for size in sizes:
    print(size, told(by_itself[size]))
print("one digit to a batch", told(one_digit))

fig, ax = plt.subplots(figsize=(7, 3.6))
ax.axhline(np.median(as_trained), color="C3", linewidth=1.2)
ax.text(1, np.median(as_trained) + 2, "training set's numbers", va="bottom")
for size in sizes:
    ax.plot([size] * 10, by_itself[size], "C0o", markersize=3.5, alpha=0.6)
ax.plot(sizes, [np.median(found) for found in by_itself.values()], "C0", linewidth=1.2)
ax.plot([60] * 10, one_digit, "C2o", markersize=3.5, alpha=0.6)
ax.text(52, np.median(one_digit), "all of one digit", ha="right", va="center")
ax.text(4.4, 70, "mixed digits")
ax.set(
    xscale="log",
    ylim=(0, 108),
    xticks=sizes,
    xticklabels=sizes,
    yticks=[0, 25, 50, 75, 100],
    xlabel="test scans that are standardized together",
    ylabel="read right, %",
)
ax.minorticks_off()
fig.set_label(
    "Share of 599 test scans read right against the number of scans standardized together, ten "
    f"splits. With the training set's numbers {told(as_trained)} %. By themselves: "
    + ", ".join(f"{size}: {np.median(by_itself[size]):.1f}" for size in sizes)
    + f". Batches of about 60 scans of one digit: {told(one_digit)} %."
)
plt.show()
