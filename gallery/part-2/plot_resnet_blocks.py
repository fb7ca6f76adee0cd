"""
A block of ResNet-50 costs the same at every size; its weights pile up at the end
=================================================================================

Sixteen blocks, drawn from the network's own description. How large are their maps, and what do they
take?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.architectures.resnet import resnet
from textbook.network import summary

plt.style.use("textbook.book")

network, shape = resnet(50), (224, 224, 3)
sizes = network.input_shapes(shape)
names = [name for name in network.layers if "_" in name]
sides, channels = zip(
    *(network.layers[name].output_shape(sizes[name])[1:] for name in names), strict=True
)
counts = [summary(network.layers[name], sizes[name]) for name in names]
products = np.array([c.multiply_adds for c in counts]) / 1e6
weights = np.array([c.trained for c in counts]) / 1e6
for name, side, n, p, w in zip(names, sides, channels, products, weights, strict=True):
    print(
        f"{name} {side:2} x {side:2} x {n:4}  {p:4.0f} million products, {w:.2f} weights"
    )

# %%
# The boxes are as tall as the maps are. Below them stands what each block costs.

fig, (top, middle, low) = plt.subplots(
    3, 1, figsize=(7, 5.2), sharex=True, height_ratios=[1.5, 1, 1]
)
places = np.arange(len(names))
first = [i for i, name in enumerate(names) if name.endswith("_1")]
top.bar(places, sides, 0.8, bottom=-np.array(sides) / 2, color="C0", alpha=0.35)
for i, end in zip(first, [*first[1:], len(names)], strict=True):
    text = f"{sides[i]} x {sides[i]} x {channels[i]}"
    top.text((i + end - 1) / 2, sides[i] / 2 + 3, text, ha="center", fontsize=11)
top.set(ylim=(-30, 40))
top.axis("off")
for ax, values, label in (
    (middle, products, "multiply-adds\n(millions)"),
    (low, weights, "weights\n(millions)"),
):
    colors = ["C6" if i in first else "C0" for i in places]
    ax.bar(places, values, 0.8, color=colors)
    ax.set(ylabel=label)
low.set(xticks=places, xticklabels=[name.removeprefix("conv") for name in names])
middle.text(3, products[3] + 12, "with a projection", ha="center", fontsize=11)
middle.set(ylim=(0, 480))

same = sorted({round(float(p)) for i, p in enumerate(products) if i not in first})
fig.set_label(
    "Three rows over the sixteen blocks of ResNet-50. Above, maps of "
    + ", ".join(f"{sides[i]}" for i in first)
    + " pixels a side with "
    + ", ".join(f"{channels[i]}" for i in first)
    + " channels. In the middle, multiply-adds: "
    + " or ".join(map(str, same))
    + " million in each block without a projection, "
    + ", ".join(f"{products[i]:.0f}" for i in first)
    + " in the four with one. Below, weights: from "
    + f"{weights.min():.2f} million in the second block to {weights.max():.1f} in the first of "
    + f"the last three, which have {weights[-3:].sum() / weights.sum():.0%} of all."
)
plt.show()
