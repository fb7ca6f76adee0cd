"""
LeNet-5 turns 784 pixels into 8,094 numbers, and the last ten are scores
========================================================================

What does each layer make of a digit, once the network has seen a thousand?
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from textbook.architectures.lenet import lenet5
from textbook.datasets import load_mnist
from textbook.network import initialize, summary, trace
from textbook.training import fit

plt.style.use("textbook.book")

images, labels = load_mnist()
x = (images[:1001, :, :, None] / np.float32(255) - 0.13) / 0.31
rng = np.random.default_rng(0)
network = lenet5()
params = initialize(network, rng, (28, 28, 1))
run = fit(
    *(network, params, x[:1000], labels[:1000]), epochs=3, rng=rng, learning_rate=3e-3
)
seen = trace(network, run.params, x[1000:])
table = summary(network, (28, 28, 1))
made = {row.name: row.values for row in table.rows}
print(f"digit {labels[1000]}, answer {seen['output'].argmax()}")
print(f"{table.values - made['input']:,} numbers after the image")

# %%
# All maps are drawn to one scale: a pixel is as large in the first column as in the last. The dense
# layers are columns of numbers, as many to a row as make them readable.

fig, ax = plt.subplots(figsize=(7, 4.6))
maps = {"input": x[1000], **{name: seen[name][0] for name in ("c1", "s2", "c3", "s4")}}
left, gap, top = 0.0, 4, 0.0
for name, values in maps.items():
    side, channels = values.shape[0], values.shape[2]
    rows = 6 if channels > 1 else 1
    columns = -(-channels // rows)
    high = rows * (side + gap) - gap
    for channel in range(channels):
        row, column = channel % rows, channel // rows
        corner = left + column * (side + gap), -high / 2 + row * (side + gap)
        ax.imshow(
            values[:, :, channel],
            cmap="gray_r",
            extent=(corner[0], corner[0] + side, corner[1] + side, corner[1]),
            interpolation="none",
        )
        ax.add_patch(Rectangle(corner, side, side, fill=False, ec="#767676", lw=0.5))
    right = left + columns * (side + gap) - gap
    ax.text((left + right) / 2, high / 2 + 3, name, ha="center", va="top")
    ax.text(
        (left + right) / 2,
        -high / 2 - 3,
        f"{channels} × {side}²" if channels > 1 else f"{side}²",
        ha="center",
        fontsize=11,
    )
    left = right + 12
for name, across in (("c5", 4), ("f6", 4), ("output", 1)):
    values = seen[name].reshape(-1, across)
    wide, high = 3 * across, 3 * len(values)
    extent = (left, left + wide, high / 2, -high / 2)
    ax.imshow(values, cmap="gray_r", extent=extent, interpolation="none")
    ax.add_patch(
        Rectangle((left, -high / 2), wide, high, fill=False, ec="#767676", lw=0.5)
    )
    ax.text(left + wide / 2, high / 2 + 3, name, ha="center", va="top")
    ax.text(
        left + wide / 2, -high / 2 - 3, f"{seen[name].size}", ha="center", fontsize=11
    )
    left += wide + 14
ax.set(xlim=(-2, left - 10), ylim=(112, -112), aspect="equal")
ax.axis("off")

fig.set_label(
    f"A handwritten {labels[1000]} and what LeNet-5 makes of it, drawn to one scale: the image of "
    "28 by 28; c1, 6 maps of 28 by 28; s2, 6 of 14 by 14; c3, 16 of 10 by 10; s4, 16 of 5 by 5; "
    "then 120, 84 and 10 numbers as columns. The maps of c1 still show the digit, those of s4 are "
    f"25 blots each. The largest of the ten is that of the {seen['output'].argmax()}."
)
plt.show()
