"""
GoogLeNet does 57 % of its work before the map is 14 x 14, with 10 % of its weights
===================================================================================

How large is each map, and what do the layers and modules take that make them?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.architectures.googlenet import googlenet
from textbook.network import Concatenate, summary

plt.style.use("textbook.book")

network = googlenet()
shapes = network.input_shapes((224, 224, 3))
names = [
    name for name in shapes if summary(network.layers[name], shapes[name]).parameters
]
counts = [summary(network.layers[name], shapes[name]) for name in names]
work = np.array([count.multiply_adds for count in counts]) / 1e6
weights = np.array([count.parameters for count in counts]) / 1e6
front = np.array([14 < shapes[name][0] <= 224 for name in names])
for name, w, p in zip(names, work, weights, strict=True):
    print(f"{name:12} {w:5.0f} million multiply-adds, {p:.2f} million parameters")
print(
    f"in front: {work[front].sum() / work.sum():.1%}, {weights[front].sum() / weights.sum():.1%}"
)

# %%
# A box is as tall as its map, and 8 channels are as wide as a pixel. A module's box has a part for
# each branch.

COLORS = {"ones": "C6", "threes": "C0", "fives": "C2", "pooled": "C4"}
fig, (boxes, bars, low) = plt.subplots(3, 1, figsize=(7, 6), height_ratios=[1.3, 1, 1])
x = 0.0
for name in names:
    layer, shape = network.layers[name], shapes[name]
    output = layer.output_shape(shape)
    side = output[0] if len(output) == 3 else 1
    parts = {"all": output[-1]}
    if isinstance(layer, Concatenate):
        parts = {key: part[-1] for key, part in layer.output_shapes(shape).items()}
    start = x
    for key, channels in parts.items():
        color = COLORS.get(key, "#767676")
        boxes.bar(x, side, channels / 8, 0, align="edge", color=color, alpha=0.8)
        x += channels / 8
    if isinstance(layer, Concatenate):
        word = name.removeprefix("inception")
        boxes.text((start + x) / 2, side + 3, word, ha="center", fontsize=10)
    x += 12
for k, (key, word) in enumerate(
    zip(COLORS, ("1 × 1", "3 × 3", "5 × 5", "pooled"), strict=True)
):
    boxes.text(420 + 130 * k, 92, word, color=COLORS[key], fontsize=12)
boxes.text(420, 70, "modules on 28 × 28, 14 × 14, 7 × 7", fontsize=11)
boxes.text(10, 118, "112 × 112", fontsize=10)
boxes.text(42, 62, "56 × 56", fontsize=10)
boxes.set(xlim=(0, x), ylim=(0, 125))
boxes.axis("off")

places = np.arange(len(names))
for ax, values, label in (
    (bars, work, "multiply-adds\n(millions)"),
    (low, weights, "parameters\n(millions)"),
):
    for part, color in ((front, "C6"), (~front, "C0")):
        ax.bar(places[part], values[part], 0.8, color=color)
        share = f"{100 * values[part].sum() / values.sum():.0f} % of all"
        ax.text(
            places[part].mean(),
            1.05 * values.max(),
            share,
            ha="center",
            color=color,
            va="bottom",
        )
    ax.set(ylim=(0, 1.25 * values.max()))
    ax.set(ylabel=label, xticks=places, xlim=(-0.6, len(names) - 0.4))
bars.set_xticklabels([])
short = [name.removeprefix("inception") for name in names]
low.set_xticklabels(short, rotation=40, ha="right")

fig.set_label(
    f"Above, {len(names)} boxes on one scale, from 112 by 112 with 64 channels to 7 by 7 with "
    "1024; those of the nine modules have four parts. In the middle, multiply-adds: "
    + ", ".join(f"{name} {w:.0f}" for name, w in zip(short, work, strict=True))
    + f" million. Those up to 3b are {work[front].sum() / work.sum():.0%} of all. Below, "
    f"parameters: up to 3b {weights[front].sum() / weights.sum():.0%} of all, and from there they "
    f"rise to {weights.max():.2f} million in 5b; the scores have {weights[-1]:.2f}."
)
plt.show()
