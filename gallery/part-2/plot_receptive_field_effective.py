"""
The deeper the stack, the emptier its field
===========================================

Random kernels of 3 by 3 with eight channels, and the slope of one output in every pixel that it can
see. Where do the large slopes lie?
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PolyCollection

from textbook.receptive_field import input_gradient

plt.style.use("textbook.book")

depths, channels = (5, 10, 20, 40), 8


def holding(found, share):
    """Mark the fewest pixels that hold a share of the whole."""
    falling = np.argsort(found, axis=None)[::-1]
    count = np.sum(np.cumsum(found.flat[falling]) < share * found.sum()) + 1
    marked = np.zeros(found.shape, bool)
    marked.flat[falling[:count]] = True
    return marked


# %%
# The median over five draws of the weights, of the part of the field that holds 95 percent.

energies = {depth: [] for depth in depths}
for seed in range(5):
    rng = np.random.default_rng(seed)
    for depth in depths:
        kernels = rng.normal(size=(depth, 3, 3, channels, channels))
        kernels /= np.sqrt(9 * channels)
        gradient = input_gradient(np.eye(channels)[:1, None], list(kernels))
        energies[depth].append(np.sum(gradient**2, axis=2))

areas = {}
for depth in depths:
    parts = [holding(found, 0.95).mean() for found in energies[depth]]
    areas[depth] = np.median(parts)
    print(
        f"{depth:2} layers: {areas[depth]:.1%}, from {min(parts):.1%} to {max(parts):.1%}"
    )

# %%
# The first of the draws. The frame is the whole field, drawn in the same size each time. Half of
# the squared gradient lies in the dark squares, 95 percent in all squares.


def bars(marked):
    """Return the corners of a bar for each run of marked pixels in a row."""
    edges = np.diff(np.pad(marked.astype(int), ((0, 0), (1, 1))), axis=1)
    for (row, left), (_, right) in zip(
        np.argwhere(edges == 1), np.argwhere(edges == -1), strict=True
    ):
        yield [(left, row), (right, row), (right, row + 1), (left, row + 1)]


fig, axes = plt.subplots(1, 4, figsize=(7, 2.5))
for ax, depth in zip(axes, depths, strict=True):
    found = energies[depth][0]
    size = len(found)
    for share, alpha in ((0.95, 0.4), (0.5, 1.0)):
        squares = np.array(list(bars(holding(found, share)))) / size
        ax.add_collection(
            PolyCollection(squares, facecolors="C2", alpha=alpha, edgecolors="none")
        )
    ax.add_patch(
        plt.Rectangle((0, 0), 1, 1, fill=False, edgecolor="#767676", linewidth=0.8)
    )
    ax.set(xlim=(-0.02, 1.02), ylim=(1.02, -0.02), aspect="equal")
    ax.axis("off")
    ax.set_title(f"{depth} layers", loc="center")
    ax.text(
        0.5,
        1.06,
        f"{size} × {size} pixels\n95 % in {100 * areas[depth]:.0f} %",
        ha="center",
        va="top",
        fontsize=11,
    )
fig.set_label(
    "Four squares, each the whole receptive field of a random stack. The pixels that hold 95 "
    "percent of the squared gradient form a blot around the center. Over five draws its part "
    "of the field is, in the median, "
    + ", ".join(f"{areas[depth]:.0%} at {depth} layers" for depth in depths)
    + "."
)
plt.show()
