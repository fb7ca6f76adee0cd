"""
Two hidden units never part the ring from the disc, three can
=============================================================

Networks of one hidden layer learn to tell a disc from the ring around it. How wide must the layer
be?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import identity, tanh
from textbook.backprop import forward_rows, train
from textbook.distributed_representation import rings
from textbook.initialization import glorot, initial_parameters

plt.style.use("textbook.book")


def share_right(units, seed):
    rng = np.random.default_rng(seed)
    x, labels = rings(50, rng)
    start = initial_parameters([2, units, 1], glorot, rng)
    target = np.where(labels == 1, 1, -1)[:, None]
    *trained, _ = train(x, target, *start, 0.3, 600, [tanh, identity])
    _, a = forward_rows(x, *trained, [tanh, identity])
    return np.mean((a[-1] > 0) == (target > 0))


widths = [1, 2, 3, 4]
shares = np.array([[share_right(units, seed) for seed in range(8)] for units in widths])
for units, found in zip(widths, shares, strict=True):
    print(
        f"{units} units: {np.median(found):.3f} ({found.min():.3f} to {found.max():.3f})"
    )

# %%
# Each dot is a data set of its own with a start of its own.

fig, ax = plt.subplots(figsize=(7, 3.4))
ax.axhline(1, color="C3", linewidth=1.2)
for units, found in zip(widths, shares, strict=True):
    spread = units + np.linspace(-0.16, 0.16, found.size)
    ax.plot(spread, np.sort(found), "C0o", markersize=4.5, markerfacecolor="none")
    ax.plot([units - 0.24, units + 0.24], [np.median(found)] * 2, "C0")
ax.text(0.6, 1.012, "all right", color="C3", va="bottom")
ax.set(xlabel="hidden units (tanh)", ylabel="share right", xticks=widths)
ax.set(xlim=(0.5, 4.5), ylim=(0.62, 1.05))
medians = np.median(shares, axis=1)
fig.set_label(
    "Share of points on the right side after training, eight starts for each width; medians "
    + ", ".join(f"{s:.2f} with {u}" for u, s in zip(widths, medians, strict=True))
    + f" hidden units. With two units no start exceeds {shares[1].max():.2f}; with three, "
    f"{np.sum(shares[2] == 1)} of 8 are right everywhere."
)
plt.show()
