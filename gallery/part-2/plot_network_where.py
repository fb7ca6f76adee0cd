"""
The weights are in the first dense layer, the work is in the convolutions
=========================================================================

Two stacks of convolutions, 128 and 256 channels, then two dense layers, for digits of 28 × 28. How
large is what each layer makes, where are the weights, and where are the multiplications?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.network import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    summary,
)

plt.style.use("textbook.book")

network = Sequential(
    conv1_1=Conv2D(128, 3, padding=1),
    relu1_1=ReLU(),
    conv1_2=Conv2D(128, 3, padding=1),
    relu1_2=ReLU(),
    pool1=MaxPool2D(2),
    conv2_1=Conv2D(256, 3, padding=1),
    relu2_1=ReLU(),
    conv2_2=Conv2D(256, 3, padding=1),
    relu2_2=ReLU(),
    pool2=MaxPool2D(2),
    flat=Flatten(),
    fc1=Dense(512),
    relu3=ReLU(),
    scores=Dense(10),
)
table = summary(network, (28, 28, 1))
rows = [row for row in table.rows if row.values]  # what is made anew
parameters = np.array([100 * row.parameters / table.parameters for row in rows])
work = np.array([100 * row.multiply_adds / table.multiply_adds for row in rows])
for row, share, part in zip(rows, parameters, work, strict=True):
    print(f"{row.name:8} {share:5.1f} % of the weights, {part:5.1f} % of the work")

# %%
# Above, each output is drawn from its row of the table: as high as its side, and as wide as the
# root of its channels.

COLORS = {"Conv2D": "C0", "Dense": "C2"}
fig, (boxes, bars) = plt.subplots(2, 1, figsize=(7, 5.4), sharex=True)
for column, row in enumerate(rows):
    side, channels = row.output[::2] if len(row.output) == 3 else (1, *row.output)
    width = 0.85 * np.sqrt(channels / 512)
    boxes.fill(
        column + width * np.array([-0.5, 0.5, 0.5, -0.5]),
        side * np.array([-0.5, -0.5, 0.5, 0.5]),
        color=COLORS.get(row.kind, "#767676"),
        alpha=0.75,
        linewidth=0,
    )
    size = f"{side} × {side}\n{channels}" if side > 1 else f"{channels}"
    boxes.text(column, -16, size, ha="center", va="top", fontsize=10, linespacing=1.3)
boxes.set(ylim=(-25, 15))
boxes.axis("off")

columns = np.arange(len(rows))
for shares, shift, color, label in (
    (parameters, -0.2, "C2", "weights"),
    (work, 0.2, "C0", "multiply-adds"),
):
    bars.bar(columns + shift, shares, 0.36, color=color, label=label)
    for column in np.flatnonzero(shares >= 0.5):
        words = f"{shares[column]:.0f}"
        bars.text(column + shift, shares[column] + 2, words, ha="center", fontsize=10)
bars.set(ylabel="share (%)", ylim=(0, 100), xticks=columns)
bars.set_xticklabels([row.name for row in rows], rotation=40, ha="right")
bars.legend(loc="upper left")
named = {row.name: k for k, row in enumerate(rows)}
fig.set_label(
    "Above, boxes for nine outputs: 28 by 28 pixels become 14 by 14 and 7 by 7 while 128 channels "
    "become 256, then two flat boxes of 512 and 10. Below, bars: the first dense layer "
    f"has {parameters[named['fc1']]:.0f} % of the weights and {work[named['fc1']]:.0f} % of the "
    f"multiply-adds. The second convolutions of both stacks do {work[named['conv1_2']]:.0f} % of "
    f"the work each, with {parameters[named['conv1_2']]:.0f} % and "
    f"{parameters[named['conv2_2']]:.0f} % of the weights."
)
plt.show()
