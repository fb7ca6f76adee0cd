"""
No one dropout rate is best: level with clean labels, a hill with wrong ones
============================================================================

The notes' experiment: dropout in all hidden layers at rates from 0.0 to 0.9, 20 epochs each. Is 0.2
the best rate?
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# Twelve runs for each rate, with clean labels and with a fifth of the training labels wrong; kept
# by ``make experiments``.

here = Path(sys.argv[0]).resolve().parent
file = here.parent / "experiments" / "regularization_dropout.json"
kept = json.loads(file.read_text(encoding="utf-8"))
rates = kept["rates"]
runs = {
    labels: np.array([kept[labels][f"dropout {rate}"] for rate in rates])
    for labels in ("clean", "noisy")
}
medians = {labels: np.median(run, axis=1) for labels, run in runs.items()}
for labels, median in medians.items():
    print(labels, "accuracy", median[:, 0].round(1).tolist())
    print(labels, "loss    ", median[:, 1].round(2).tolist())

# %%
# At 0.9 most runs answer at random, which is below the axis.

fig, axes = plt.subplots(2, 2, figsize=(7, 5), sharex=True, sharey="row")
titles = {"clean": "clean labels", "noisy": "a fifth of the labels wrong"}
colors = {"clean": "C0", "noisy": "C4"}
for column, labels in zip(axes.T, titles, strict=True):
    for row, (ax, what) in enumerate(zip(column, ("accuracy", "loss"), strict=True)):
        ax.axvline(0.2, color="#767676", linewidth=6, alpha=0.25)
        for rate, dots in zip(rates, runs[labels][:, :, row], strict=True):
            ax.plot([rate] * 12, dots, "o", color=colors[labels], ms=3, alpha=0.4)
        ax.plot(rates, medians[labels][:, row], color=colors[labels])
        if labels == "clean":
            ax.set_ylabel(f"validation {what}" + (", in %" if row == 0 else ""))
    column[0].set(title=titles[labels], ylim=(58, 93))
    column[1].set(xlabel="rate of dropping", ylim=(0.28, 1.5))
    column[1].set_xticks([0, 0.2, 0.4, 0.6, 0.8])
axes[1, 0].text(0.215, 1.42, "0.2", color="#767676", va="center")
lowest = {labels: median[:, 1].argmin() for labels, median in medians.items()}
fig.set_label(
    "Validation accuracy and loss of twelve runs for each of ten dropout rates. "
    + " ".join(
        f"With {titles[labels]} the median accuracy is {m[0, 0]:.1f} % at 0.0, {m[2, 0]:.1f} at "
        f"0.2, {m[5, 0]:.1f} at 0.5 and {m[8, 0]:.1f} at 0.8, and the loss is lowest at "
        f"{rates[lowest[labels]]}."
        for labels, m in medians.items()
    )
)
plt.show()
