"""
Shuffled pixels cost a convolution its lead, and a dense network nothing
========================================================================

2,000 digits, their pixels in another order, the same in all of them. Which networks read them as
before?
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from textbook.applications import shuffle_pixels
from textbook.datasets import load_mnist

plt.style.use("textbook.book")

here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
file = here.parent / "experiments" / "applications_shuffle.json"
kept = json.loads(file.read_text(encoding="utf-8"))
tiles = kept["tiles"]

# %%
# Pixels change places within tiles only, from tiles of one pixel, which moves nothing, to a tile
# that is the whole image. Lines are medians of five seeds, bands the range.

rng = np.random.default_rng(0)
digit = load_mnist()[0][:1]
fig = plt.figure(figsize=(7, 4.6))
grid = fig.add_gridspec(2, len(tiles), height_ratios=[1, 3])
for column, k in enumerate(tiles):
    places = np.arange(784).reshape(28 // k, k, 28 // k, k).swapaxes(1, 2)
    moved = rng.permuted(places.reshape(-1, k * k), axis=1)
    order = moved.reshape(28 // k, 28 // k, k, k).swapaxes(1, 2).ravel()
    ax = fig.add_subplot(grid[0, column])
    ax.imshow(shuffle_pixels(digit, order)[0], cmap="gray_r", interpolation="nearest")
    ax.axis("off")

ax = fig.add_subplot(grid[1, :])
told = []
steps = np.arange(len(tiles))
colors = ("C0", "C4", "C6")
for (name, found), color in zip(kept["accuracies"].items(), colors, strict=True):
    low, middle, high = np.quantile(found, [0, 0.5, 1], axis=1)
    ax.plot(steps, middle, color, marker="o", markersize=4)
    ax.fill_between(steps, low, high, color=color, alpha=0.2, linewidth=0)
    ax.text(len(tiles) - 0.9, middle[-1], name, va="center")
    ends = ", ".join(f"{k}: {m:.1f}" for k, m in zip(tiles, middle, strict=True))
    told.append(f"{name} {ends}")
    print(told[-1])
ax.set(
    xlim=(-0.5, len(tiles) - 0.5),
    xticks=steps,
    xticklabels=[f"{k} × {k}" for k in tiles],
    xlabel="tiles within which pixels are shuffled",
    ylabel="read right (%)",
)
fig.set_label(
    "A digit, its pixels shuffled within tiles of 1, 4, 7, 14 and 28 pixels a side, and below, the "
    "share of other digits that three networks read right, in %, by the size of the tiles: "
    + "; ".join(told)
    + "."
)
plt.show()
