"""
Plain networks learn less the deeper they are; residual ones of 20 layers do not
================================================================================

A thousand small digits, eight epochs, five starts. How many does a network get wrong while it
learns them?
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# The runs take a quarter of an hour: ``make experiments`` repeats them.

here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
kept = json.loads(
    (here.parent / "experiments" / "resnet_degradation.json").read_text(
        encoding="utf-8"
    )
)

fig, axes = plt.subplots(1, 2, figsize=(7, 3.7), sharey=True)
epochs = np.arange(1, kept["epochs"] + 1)
told = []
for ax, kind in zip(axes, ("plain", "residual"), strict=True):
    for depth, color in ((8, "C6"), (20, "C0"), (56, "C4")):
        (run,) = (
            run
            for run in kept["runs"]
            if (run["kind"], run["depth"], run["rate"]) == (kind, depth, 0.1)
        )
        low, middle, high = np.quantile(run["wrong"], [0, 0.5, 1], axis=0)
        ax.plot(epochs, middle, color)
        ax.fill_between(epochs, low, high, color=color, alpha=0.2, linewidth=0)
        beside = {8: 3, 20: -1}.get(depth, 0) if kind == "residual" else 0
        place = (epochs[-1] + 0.15, middle[-1] + beside)
        ax.text(*place, f"{depth}", va="center", color=color)
        told.append(
            f"{kind}, {depth} layers: {middle[-1]:.1f} ({low[-1]:.1f} to {high[-1]:.1f})"
        )
        print(told[-1])
    ax.set(title=kind, xlabel="epoch", xticks=epochs, ylim=(0, 100))
axes[0].set_ylabel("wrong in training, %")

fig.set_label(
    "Training error by epoch at a rate of 0.1, medians and whole ranges of five starts, for 8, 20 "
    "and 56 layers. In the last epoch, in percent: " + "; ".join(told) + "."
)
plt.show()
