"""
A wider window minds a shift less, and reads worse
==================================================

Softmax regression reads digits from pooled edges. It is trained on digits where they stand, and
tested on digits moved to the right. How large should the windows be?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_mnist
from textbook.input_normalization import fit, transform
from textbook.logistic_regression import add_intercept
from textbook.pooling import average_pool2d, max_pool2d
from textbook.softmax_regression import (
    one_hot,
    predict,
    stochastic_gradient_descent,
)

plt.style.use("textbook.book")

images, labels = load_mnist()
images, labels = images[:2000] / 255, labels[:2000]
SHIFTS = range(5)


def edges(x):
    p = np.pad(x, [(0, 0), (1, 1), (1, 1)])
    right, down = p[:, 1:-1, 2:] - p[:, 1:-1, :-2], p[:, 2:, 1:-1] - p[:, :-2, 1:-1]
    return np.maximum(np.stack([right, -right, down, -down], axis=-1), 0)


moved = [edges(np.pad(images, [(0, 0), (0, 0), (d, 0)])[:, :, :28]) for d in SHIFTS]


def accuracies(pool, k):
    features = [pool(x, k).reshape(2000, -1) for x in moved]
    found = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        train, test = np.split(rng.permutation(2000), [1200])
        scale = fit(features[0][train])
        x = [add_intercept(transform(f, *scale)) for f in features]
        y = one_hot(labels[train], 10)
        theta = stochastic_gradient_descent(x[0][train], y, 0.01, 3, rng)[-1]
        found.append(
            [100 * np.mean(predict(f[test], theta) == labels[test]) for f in x]
        )
    return np.median(found, axis=0), np.min(found, axis=0), np.max(found, axis=0)


def every(x, k):
    return x[:, k // 2 :: k, k // 2 :: k]


found = {}
for pool in (max_pool2d, average_pool2d):
    for k in (4, 7, 28):
        found[pool, k] = accuracies(pool, k)
        print(f"{pool.__name__} {k:2}", found[pool, k][0].round(1).tolist())
unpooled = accuracies(every, 4)
print("every fourth pixel", unpooled[0].round(1).tolist())

# %%
# Lines are medians of five splits, bands the range. The largest window holds the whole image.

fig, axes = plt.subplots(1, 2, figsize=(7, 3.8), sharey=True)
titles = ("largest of each window (%)", "mean of each window (%)")
for ax, pool, title in zip(axes, (max_pool2d, average_pool2d), titles, strict=True):
    for k, color in ((4, "C0"), (7, "C4"), (28, "C3")):
        middle, low, high = found[pool, k]
        ax.plot(SHIFTS, middle, color)
        ax.fill_between(SHIFTS, low, high, color=color, alpha=0.2, linewidth=0)
        ax.text(4.12, middle[4], f"{k} × {k}", va="center")
    ax.plot(SHIFTS, unpooled[0], "C6--", linewidth=1.2)
    ax.set(xlim=(0, 4), ylim=(0, 100), xticks=SHIFTS, xlabel="pixels to the right")
    ax.set_title(title)
axes[0].text(0.1, 53, "every fourth pixel,\nnot pooled", fontsize=11, va="top")
small, wide, whole = (found[average_pool2d, k][0] for k in (4, 7, 28))
fig.set_label(
    "Accuracy against shift, for maxima on the left and means on the right. With means over 4 by 4 "
    f"pixels {small[0]:.0f} % without a shift and {small[3]:.0f} % at three pixels; over 7 by 7 "
    f"{wide[0]:.0f} % and {wide[3]:.0f} %; over the whole image {whole[0]:.0f} % at all shifts. "
    f"Every fourth pixel without pooling: {unpooled[0][0]:.0f} % and {unpooled[0][3]:.0f} %."
)
plt.show()
