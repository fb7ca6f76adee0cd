"""
What regularization is worth depends on what there is to forget
===============================================================

Four ways to regularize one network on the same 1,000 digits. How many of 4,000 others does each
read right?
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# Price, rate and epoch are those with the lowest validation loss in each run, kept by
# ``make experiments``. The images were shifted by up to two pixels.

here = Path(sys.argv[0]).resolve().parent
file = here.parent / "experiments" / "regularization_dropout.json"
kept = json.loads(file.read_text(encoding="utf-8"))


def choose(runs):
    """Return the test accuracies where the validation loss is lowest, for runs of several kinds."""
    runs = np.array(runs)
    return runs[runs[:, :, 1].argmin(axis=0), range(runs.shape[1]), 2]


found = {}
for labels in ("clean", "noisy"):
    part = kept[labels]
    found[labels] = {
        "nothing": choose([part["dropout 0.0"]]),
        "early stopping": choose(np.swapaxes(part["history"], 0, 1)),
        "weight decay": choose(
            [part["dropout 0.0"], *(part[f"decay {price}"] for price in (3, 10, 30))]
        ),
        "dropout": choose([part[f"dropout {rate}"] for rate in kept["rates"]]),
        "shifted images": choose([part["shifted"]]),
    }
    for name, accuracy in found[labels].items():
        print(
            f"{labels} {name:15} {np.median(accuracy):.1f} "
            f"({accuracy.min():.1f} to {accuracy.max():.1f})"
        )

# %%
# A dot is one run, the stroke the median of twelve.

titles = {"clean": "clean labels", "noisy": "a fifth of the labels wrong"}
names = list(found["clean"])[::-1]
rng = np.random.default_rng(0)
fig, axes = plt.subplots(1, 2, figsize=(7, 3.3), sharey=True, sharex=True)
for ax, labels in zip(axes, titles, strict=True):
    for row, name in enumerate(names):
        accuracy = found[labels][name]
        color = "C6" if name == "nothing" else "C0"
        jitter = row + rng.uniform(-0.15, 0.15, size=12)
        ax.plot(accuracy, jitter, "o", color=color, markersize=4, alpha=0.5)
        middle = np.median(accuracy)
        ax.plot([middle] * 2, [row - 0.32, row + 0.32], color=color, linewidth=3)
    ax.set(yticks=range(len(names)), yticklabels=names, title=titles[labels])
    ax.set_xlabel("right, in %")
    ax.tick_params(axis="y", length=0, labelcolor="#222222")
    ax.spines.left.set_visible(False)
fig.set_label(
    "Test accuracy of twelve runs for five ways of training. "
    + " ".join(
        f"With {titles[labels]}, medians: "
        + ", ".join(f"{name} {np.median(a):.1f} %" for name, a in found[labels].items())
        + "."
        for labels in titles
    )
)
plt.show()
