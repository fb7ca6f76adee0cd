"""
Batch normalization trains at rates where the same network does not
===================================================================

Three hidden layers read the 8 x 8 digits, ten epochs, ten starts. Which learning rates lead
anywhere?
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
    (here.parent / "experiments" / "normalization_training.json").read_text(
        encoding="utf-8"
    )
)

fig, axes = plt.subplots(1, 2, figsize=(7, 3.5), sharey=True)
told = []
for ax, bend in zip(axes, ("sigmoid", "relu"), strict=True):
    for normalized, color, name in ((False, "C4", "without"), (True, "C0", "with")):
        runs = [
            r
            for r in kept["by_rate"]
            if (r["bend"], r["normalized"]) == (bend, normalized)
        ]
        rates = [r["rate"] for r in runs]
        ends = np.array([r["accuracies"] for r in runs])[:, :, -1]
        low, middle, high = np.quantile(ends, [0, 0.5, 1], axis=1)
        ax.semilogx(rates, middle, color, marker="o", markersize=4)
        ax.fill_between(rates, low, high, color=color, alpha=0.2, linewidth=0)
        told.append(
            f"{bend} {name}: "
            + ", ".join(f"{r:g}: {m:.0f}" for r, m in zip(rates, middle, strict=True))
        )
        print(told[-1])
    ax.set(
        title="ReLU" if bend == "relu" else "sigmoid",
        xlabel="learning rate",
        ylim=(0, 104),
        xticks=rates,
        xticklabels=[f"{r:g}" for r in rates],
    )
    ax.minorticks_off()
axes[0].set_ylabel("read right, %")
axes[0].text(0.032, 66, "with\nbatch norm")
axes[0].text(0.032, 30, "without")
fig.set_label(
    "Test accuracy after ten epochs against the learning rate, medians and whole ranges of ten "
    "starts, in %. " + ". ".join(told) + "."
)
plt.show()
