"""
The largest value pays its winner, the mean pays everyone
=========================================================

Windows of three by three in steps of two overlap. Each has a slope of 9 to hand back. Who gets it?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.pooling import average_pool2d_backward, max_pool2d_backward

plt.style.use("textbook.book")

image = np.array(
    [
        [2, 0, 1, 3, 0],
        [1, 4, 0, 2, 1],
        [0, 2, 8, 1, 5],
        [3, 1, 2, 0, 4],
        [9, 0, 6, 3, 1],
    ]
)
batch, dy = image[None, :, :, None], np.full((1, 2, 2, 1), 9.0)
of_largest = max_pool2d_backward(dy, batch, 3, stride=2)[0, :, :, 0].astype(int)
of_mean = average_pool2d_backward(dy, batch.shape, 3, stride=2)[0, :, :, 0].astype(int)
print(
    "pixels that get a slope:", np.count_nonzero(of_largest), np.count_nonzero(of_mean)
)
print("in all:", of_largest.sum(), of_mean.sum())

grids = {"image": image, "from the largest": of_largest, "from the mean": of_mean}
fig, axes = plt.subplots(1, 3, figsize=(7, 2.7))
for ax, (title, grid) in zip(axes, grids.items(), strict=True):
    for k in range(6):
        ax.plot([0, 5], [k, k], color="#767676", linewidth=0.6)
        ax.plot([k, k], [0, 5], color="#767676", linewidth=0.6)
    for (i, j), value in np.ndenumerate(grid):
        if ax is not axes[0] and value:
            ax.fill(
                j + np.array([0, 1, 1, 0]),
                i + np.array([0, 0, 1, 1]),
                color="C2",
                alpha=0.1 + 0.5 * value / 27,
                linewidth=0,
            )
        ax.text(j + 0.5, i + 0.5, f"{value}", ha="center", va="center", fontsize=12)
    ax.set(xlim=(-0.1, 5.1), ylim=(5.1, -0.1), aspect="equal", title=title)
    ax.axis("off")
for i, j in np.ndindex(2, 2):  # the windows, drawn a little apart where they overlap
    left, top = 2 * j + 0.07 + 0.06 * j, 2 * i + 0.07 + 0.06 * i
    axes[0].plot(
        left + np.array([0, 2.8, 2.8, 0, 0]),
        top + np.array([0, 0, 2.8, 2.8, 0]),
        "C0",
        linewidth=1.4,
    )
fig.set_label(
    "A 5 by 5 image with four overlapping windows of 3 by 3, each with a slope of 9. From the "
    f"largest: {of_largest[2, 2]} for the 8 in the middle, which wins three windows, "
    f"{of_largest[4, 0]} for the 9 in a corner, which wins one, 0 for the other 23. From the mean: "
    f"{of_mean[0, 0]} for a corner, {of_mean[0, 2]} where two windows meet, {of_mean[2, 2]} in the "
    "middle."
)
plt.show()
