"""
AlexNet: the dense layers have 96 % of the parameters, the convolutions 92 % of the work
========================================================================================

Which of the eight layers take the parameters, the multiplications and the memory for outputs?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.architectures.alexnet import alexnet
from textbook.network import summary

plt.style.use("textbook.book")

table = summary(alexnet(), (227, 227, 3))
names = [row.name for row in table.rows if row.parameters]
stage_of, stage = {}, ""
for row in table.rows[1:]:  # normalization and pooling count with the layer in front
    stage = row.name if row.parameters else stage
    stage_of[row.name] = stage
quantities = ("parameters", "multiply_adds", "values")
counts = np.zeros((len(quantities), len(names)))
for row in table.rows[1:]:
    for k, quantity in enumerate(quantities):
        counts[k, names.index(stage_of[row.name])] += getattr(row, quantity)
shares = 100 * counts / counts.sum(axis=1, keepdims=True)
for name, part in zip(names, shares.T, strict=True):
    print(name, " ".join(f"{share:5.1f} %" for share in part))

# %%
# A strip for each count, with the layers from left to right.

fig, ax = plt.subplots(figsize=(7, 3))
convolutions = sum(name.startswith("conv") for name in names)
labels = ("parameters", "multiply-adds", "outputs")
for k, strip in enumerate(shares):
    starts = np.concatenate([[0], np.cumsum(strip)])
    for place, (name, start, share) in enumerate(
        zip(names, starts, strip, strict=False)
    ):
        color = "C0" if place < convolutions else "C2"
        ax.barh(
            -k,
            share,
            0.62,
            start,
            color=color,
            alpha=0.6 - 0.3 * (place % 2),
            linewidth=0,
        )
        if share > 1.2 * len(name):
            ax.text(start + share / 2, -k, name, ha="center", va="center", fontsize=10)
    border = starts[convolutions]
    ax.plot([border, border], [-k - 0.38, -k + 0.38], color="C6", linewidth=1.4)
    dense = 100 - border
    word = f"{dense:.0f} % dense" if dense >= 1 else f"{dense:.1f} % dense"
    ax.text(100.5, -k + 0.35, word, ha="right", va="bottom", fontsize=11, color="C2")
ax.set(
    yticks=[0, -1, -2],
    yticklabels=labels,
    xlim=(0, 101),
    ylim=(-2.5, 0.75),
    xlabel="percent",
)
ax.tick_params(left=False)
ax.spines["left"].set_visible(False)

fig.set_label(
    "Three strips of eight parts each. "
    + " ".join(
        f"Of the {label}: "
        + ", ".join(
            f"{name} {share:.1f}" for name, share in zip(names, strip, strict=True)
        )
        + " percent."
        for label, strip in zip(labels, shares, strict=True)
    )
)
plt.show()
