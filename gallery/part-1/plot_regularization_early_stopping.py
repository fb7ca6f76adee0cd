"""
The longer it trains, the more wrong labels it learns and the less it knows
===========================================================================

Twelve networks learn 1,000 digits, a fifth of them with a wrong label. After which epoch should
they have stopped?
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from textbook.regularization import best_epoch

plt.style.use("textbook.book")

# %%
# The histories were kept by ``make experiments``.

here = Path(sys.argv[0]).resolve().parent
file = here.parent / "experiments" / "regularization_dropout.json"
kept = json.loads(file.read_text(encoding="utf-8"))
histories = {labels: np.array(kept[labels]["history"]) for labels in ("clean", "noisy")}
best = {
    labels: np.array([best_epoch(run[:, 1]) + 1 for run in runs])
    for labels, runs in histories.items()
}
for labels, epochs in best.items():
    print(f"{labels}: lowest after epoch {sorted(epochs.tolist())}")

# %%
# Beside the loss on the digits that validate, what the network has learned by heart.

epochs = np.arange(1, kept["epochs"] + 1)
noisy = histories["noisy"]
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.3))
for run, epoch in zip(noisy, best["noisy"], strict=True):
    left.plot(epochs, run[:, 1], color="C0", linewidth=0.6, alpha=0.5)
    left.plot(epoch, run[epoch - 1, 1], "o", color="C0", markersize=4)
median = np.median(noisy, axis=0)
left.plot(epochs, median[:, 1], color="C0", linewidth=3)
left.set(xlabel="epoch", title="validation loss", xlim=(0, 20.5))
left.set_ylim(0.95 * noisy[:, :, 1].min(), 1.02 * np.quantile(noisy[:, 1:, 1], 0.99))
right.plot(epochs, median[:, 3], color="C4")
right.plot(epochs, median[:, 2], color="C0")
right.text(10.5, 87, "training", color="C4", ha="right")
right.text(20, median[-1, 2] - 1.5, "test", color="C0", ha="right", va="top")
right.axvline(np.median(best["noisy"]), color="#767676", linewidth=1, linestyle=":")
right.set(xlabel="epoch", title="agrees with the label, in %", xlim=(0, 20.5))
for ax in (left, right):
    ax.set_xticks([1, 5, 10, 15, 20])
fig.set_label(
    "Twelve runs of 20 epochs with a fifth of the training labels wrong. The median validation "
    f"loss falls to {median[:, 1].min():.2f} and rises to {median[-1, 1]:.2f}; the runs' best "
    f"epochs lie between {best['noisy'].min()} and {best['noisy'].max()}. Meanwhile agreement with "
    f"the training labels climbs to {median[-1, 3]:.0f} %, and test accuracy falls from "
    f"{median[:, 2].max():.1f} to {median[-1, 2]:.1f} %."
)
plt.show()
