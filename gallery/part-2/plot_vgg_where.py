"""
VGG16: a convolution costs the same at four sizes of map, and one layer has 74 % of the weights
===============================================================================================

Which of the sixteen layers with weights are heavy, and which are slow?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.architectures.vgg import vgg
from textbook.network import summary

plt.style.use("textbook.book")

table = summary(vgg(16), (224, 224, 3))
rows = [row for row in table.rows if row.parameters]
work = np.array([row.multiply_adds for row in rows]) / 1e9
weights = np.array([row.parameters for row in rows]) / 1e6
for row, w, p in zip(rows, work, weights, strict=True):
    print(f"{row.name:8} {w:5.2f} billion multiply-adds, {p:6.2f} million parameters")

# %%
# Convolutions are blue, dense layers vermilion.

fig, (top, low) = plt.subplots(2, 1, figsize=(7, 4.8), sharex=True)
places = np.arange(len(rows))
blocks = [row.name[4] if row.kind == "Conv2D" else "0" for row in rows]
for ax, values, label in (
    (top, work, "multiply-adds\n(billions)"),
    (low, weights, "parameters\n(millions)"),
):
    for place, value, block in zip(places, values, blocks, strict=True):
        color, alpha = (
            ("C2", 0.9) if block == "0" else ("C0", 0.9 - 0.45 * (int(block) % 2))
        )
        ax.bar(place, value, 0.8, color=color, alpha=alpha, linewidth=0)
    ax.set(ylabel=label)
full = work.max()
top.axhline(full, color="#767676", linestyle="--", linewidth=1)
top.text(len(rows) - 0.5, full + 0.06, f"{full:.2f}", ha="right", fontsize=11)
top.set(ylim=(0, 2.2))
for place in np.flatnonzero(weights > 3.5):
    low.text(
        place, weights[place] + 2, f"{weights[place]:.0f}", ha="center", fontsize=11
    )
low.set(ylim=(0, 120), xticks=places)
low.set_xticklabels([row.name for row in rows], rotation=60, ha="right")

same = [row.name for row, w in zip(rows, work, strict=True) if np.isclose(w, full)]
share = 100 * weights / weights.sum()
fig.set_label(
    f"Two rows of bars over {len(rows)} layers. Above, multiply-adds: {len(same)} convolutions, "
    f"from {same[0]} to {same[-1]}, take {full:.2f} billion each, the first ones of blocks 2 to 4 "
    f"half of that, those of block 5 a quarter ({work[12]:.2f}), and the dense layers "
    f"{work[13:].sum():.2f} together. Below, parameters: "
    + ", ".join(
        f"{row.name} {p:.0f} million"
        for row, p in zip(rows[13:], weights[13:], strict=True)
    )
    + f", and at most {weights[:13].max():.1f} in a convolution. The layer fc6 has {share[13]:.0f} "
    "percent."
)
plt.show()
