"""
Shifted digits help, mirrored digits hurt
=========================================

The same network learns 1,000 digits of MNIST three times over: as they are, each mirrored half of
the time, each moved by up to two pixels. What does it read right among 4,000 others?
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# Twelve splits of the data, kept by ``make experiments``.

here = Path(sys.argv[0]).resolve().parent
file = here.parent / "experiments" / "regularization_dropout.json"
clean = json.loads(file.read_text(encoding="utf-8"))["clean"]
ways = {"as they are": "dropout 0.0", "mirrored": "mirrored", "shifted": "shifted"}
found = {name: np.array(clean[way])[:, 2] for name, way in ways.items()}
for name, accuracy in found.items():
    print(
        f"{name:12} {np.median(accuracy):.1f} % "
        f"({accuracy.min():.1f} to {accuracy.max():.1f})"
    )

# %%
# A gray line joins the runs of one split.

order = ["mirrored", "as they are", "shifted"]
colors = {"mirrored": "C2", "as they are": "C6", "shifted": "C0"}
fig, ax = plt.subplots(figsize=(7, 2.8))
for together in zip(*(found[name] for name in order), strict=True):
    ax.plot(together, range(3), color="#767676", linewidth=0.6, alpha=0.7)
for row, name in enumerate(order):
    ax.plot(found[name], [row] * 12, "o", color=colors[name], alpha=0.6)
    middle = np.median(found[name])
    ax.plot([middle] * 2, [row - 0.3, row + 0.3], color=colors[name], linewidth=3)
ax.set(yticks=range(3), yticklabels=order, ylim=(-0.5, 2.5))
ax.set_xlabel("right among 4,000 digits, in %")
ax.tick_params(axis="y", length=0, labelcolor="#222222")
ax.spines.left.set_visible(False)
fig.set_label(
    "Test accuracy of twelve runs for each of three ways to show the training images. "
    + "; ".join(
        f"{name}: median {np.median(a):.1f} %, from {a.min():.1f} to {a.max():.1f}"
        for name, a in found.items()
    )
    + "."
)
plt.show()
