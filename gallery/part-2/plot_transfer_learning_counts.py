"""
With one label a class reuse is worth 17 points, with fifty two
===============================================================

A few scans are labeled. How much does a network help that has learned many digits of another
scanner, and until when?
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# The runs take some minutes: ``make experiments`` repeats them.

here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
kept = json.loads(
    (here.parent / "experiments" / "transfer_learning.json").read_text(encoding="utf-8")
)
test = kept["tasks"]["same digits"]["test"]
lines = {
    "3 frozen": ("new head", "C0"),
    "from scratch": ("from scratch", "C4"),
    "nearest": ("nearest", "C6"),
    "random features": ("random features", "C2"),
}

fig, ax = plt.subplots(figsize=(7, 3.9))
told = []
for way, (name, color) in lines.items():
    low, middle, high = np.quantile(
        [test[way][str(count)] for count in kept["counts"]], [0, 0.5, 1], axis=1
    )
    ax.semilogx(kept["counts"], middle, color, marker="o", markersize=4, label=name)
    ax.fill_between(kept["counts"], low, high, color=color, alpha=0.15, linewidth=0)
    values = ", ".join(f"{m:.0f}" for m in middle)
    told.append(f"{name} {values}")
    print(told[-1])
ax.set(
    xlabel="labeled scans of each digit",
    ylabel="read right, %",
    xticks=kept["counts"],
    xticklabels=kept["counts"],
    ylim=(40, 100),
)
ax.minorticks_off()
ax.legend(loc="lower right")
fig.set_label(
    "Accuracy on the scans of other writers against the number of labeled scans of each digit, "
    f"{', '.join(map(str, kept['counts']))}; medians and whole ranges of ten seeds, in %. "
    + ". ".join(told)
    + "."
)
plt.show()
