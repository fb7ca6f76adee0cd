"""
Each reused layer helps with old digits; the third, frozen, harms with new ones
===============================================================================

A network has three layers before its scores. How many of them should be reused?
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# Depth 0 is training from scratch. Five labeled scans a class.

here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
kept = json.loads(
    (here.parent / "experiments" / "transfer_learning.json").read_text(encoding="utf-8")
)
titles = {
    "same digits": "learned 0 to 9, reads 0 to 9",
    "other digits": "learned 0 to 4, reads 5 to 9",
}

fig, axes = plt.subplots(1, 2, figsize=(7, 3.7), sharey=True)
told = []
for ax, (task, title) in zip(axes, titles.items(), strict=True):
    test = kept["tasks"][task]["test"]
    for kind, color in (("frozen", "C0"), ("tuned", "C4")):
        ways = ["from scratch", *(f"{depth} {kind}" for depth in (1, 2, 3))]
        low, middle, high = np.quantile(
            [test[way]["5"] for way in ways], [0, 0.5, 1], axis=1
        )
        ax.plot(range(4), middle, color, marker="o", markersize=4)
        ax.fill_between(range(4), low, high, color=color, alpha=0.15, linewidth=0)
        told.append(f"{title}, {kind}: {', '.join(f'{m:.0f}' for m in middle)}")
        print(told[-1])
    nearest = np.median(test["nearest"]["5"])
    ax.axhline(nearest, color="#767676", linewidth=1, linestyle=":")
    told.append(f"nearest neighbor {nearest:.0f}")
    ax.set(title=title, xlabel="layers reused", xticks=range(4))
axes[0].set_ylabel("read right, %")
axes[0].text(3, 83.8, "nearest", color="#767676", ha="right", va="top")
axes[1].text(2.35, 78, "frozen", color="C0", ha="right")
axes[1].text(3, 93, "trained on", color="C4", ha="right")
fig.set_label(
    "Accuracy against the number of layers reused, 0 to 3; medians and whole ranges of ten seeds, "
    "in %. " + ". ".join(told) + "."
)
plt.show()
