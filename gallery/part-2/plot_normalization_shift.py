"""
Shifted more than an ordinary network's layers, batch norm trains as fast as before
===================================================================================

In small, an experiment of Santurkar and others: noise that is new in each step undoes
the stable means that batch normalization has made.
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# Sigmoids, learning rate 1, ten starts; kept by ``make experiments``.

here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
kept = json.loads(
    (here.parent / "experiments" / "normalization_training.json").read_text(
        encoding="utf-8"
    )
)
names = ["without", "batch norm", "batch norm,\nthen noise"]
colors = ["C4", "C0", "C6"]

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.5))
told = []
for i, (entry, name, color) in enumerate(
    zip(kept["by_noise"], names, colors, strict=True)
):
    shifts = np.array(entry["shifts"])
    jitter = i + np.linspace(-0.15, 0.15, len(shifts))
    left.semilogy(jitter, shifts, color=color, marker="o", linestyle="", markersize=4)
    low, middle, high = np.quantile(entry["accuracies"], [0, 0.5, 1], axis=0)
    right.plot(kept["epochs"], middle, color, marker="o", markersize=4)
    right.fill_between(kept["epochs"], low, high, color=color, alpha=0.2, linewidth=0)
    told.append(
        f"{name}: shift {np.median(shifts):.3f}, then "
        + ", ".join(f"{m:.1f}" for m in middle)
    )
    print(told[-1])
left.set(
    title="shift of a mean from step to step",
    xlim=(-0.5, 2.5),
    xticks=range(3),
    xticklabels=names,
    ylim=(0.004, 2),
    yticks=[0.01, 0.1, 1],
    yticklabels=["0.01", "0.1", "1"],
)
left.minorticks_off()
right.set(
    title="read right, %",
    xlabel="epochs",
    xticks=kept["epochs"],
    ylim=(0, 104),
    xlim=(0.6, 10.4),
)
right.text(2.6, 74, "with batch norm,\nnoise or not", va="top")
right.text(6.6, 24, "without", va="top")
fig.set_label(
    "Left: how far the mean of a hidden unit's input moves in one step, ten starts. Right: test "
    "accuracy in % after 1, 3 and 10 epochs. "
    + ". ".join(told).replace("\n", " ")
    + "."
)
plt.show()
