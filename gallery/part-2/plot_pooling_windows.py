"""
Four windows, four largest values, four means
=============================================

What is left of sixteen pixels when windows of two by two are pooled?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.pooling import average_pool2d, max_pool2d

plt.style.use("textbook.book")

image = np.array([[1, 3, 2, 0], [5, 7, 1, 1], [4, 0, 6, 8], [2, 2, 9, 5]])
batch = image[None, :, :, None]
largest = max_pool2d(batch, 2)[0, :, :, 0].astype(int)
mean = average_pool2d(batch, 2)[0, :, :, 0].astype(int)
print(largest.tolist(), mean.tolist())

fig, axes = plt.subplots(1, 3, figsize=(7, 3.3), width_ratios=[4, 2, 2])
grids = ((image, "image"), (largest, "largest"), (mean, "mean"))
for ax, (grid, title) in zip(axes, grids, strict=True):
    size = len(grid)
    for k in range(size + 1):
        color, width = ("C6", 1.6) if k % 2 == 0 and size == 4 else ("#767676", 0.6)
        ax.plot([0, size], [k, k], color, linewidth=width)
        ax.plot([k, k], [0, size], color, linewidth=width)
    ax.set(xlim=(-0.1, size + 0.1), ylim=(4.1, -0.1), aspect="equal", title=title)
    ax.axis("off")
for (i, j), value in np.ndenumerate(image):
    axes[0].text(j + 0.5, i + 0.5, f"{value}", ha="center", va="center", fontsize=13)

# Frame by frame one more window is done. Its winner is ringed.

for frame, (i, j) in enumerate(np.ndindex(2, 2)):
    window = image[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
    row, column = np.unravel_index(window.argmax(), (2, 2))
    (ring,) = axes[0].plot(
        2 * j + column + 0.5, 2 * i + row + 0.5, "C0o", ms=25, mfc="none", mew=1.8
    )
    ring.set_gid(f"from-{frame}")
    (seen,) = axes[0].fill(
        2 * j + np.array([0, 2, 2, 0]),
        2 * i + np.array([0, 0, 2, 2]),
        color="C0",
        alpha=0.25,
    )
    seen.set_gid(f"at-{frame}")
    a, b, c, d = window.ravel()
    sums = (
        f"largest of\n{a}, {b}, {c}, {d}",
        f"({a} + {b} + {c} + {d}) / 4",
    )
    for ax, grid, words in zip(axes[1:], (largest, mean), sums, strict=True):
        (made,) = ax.fill(
            j + np.array([0, 1, 1, 0]),
            i + np.array([0, 0, 1, 1]),
            color="C0",
            alpha=0.25,
        )
        value = ax.text(
            *(j + 0.5, i + 0.5, f"{grid[i, j]}"), ha="center", va="center", fontsize=13
        )
        terms = ax.text(1, 2.4, words, ha="center", va="top", fontsize=11)
        value.set_gid(f"from-{frame}")
        made.set_gid(f"at-{frame}")
        terms.set_gid(f"at-{frame}")

fig.set_label(
    "A 4 by 4 image in four windows of 2 by 2, and two results of 2 by 2. Largest values: "
    f"{largest[0, 0]} and {largest[0, 1]} above, {largest[1, 0]} and {largest[1, 1]} below, each "
    f"ringed in the image. Means: {mean[0, 0]} and {mean[0, 1]}, {mean[1, 0]} and {mean[1, 1]}."
)
plt.show()
