"""
Random filters draw outlines already, in smaller and smaller pictures
=====================================================================

Two stacks of convolutions with random weights, as they stand before the first step of training.
What does each layer make of a handwritten digit?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_mnist
from textbook.network import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    initialize,
    trace,
)

plt.style.use("textbook.book")

network = Sequential(
    conv1_1=Conv2D(16, 3, padding=1),
    relu1_1=ReLU(),
    conv1_2=Conv2D(16, 3, padding=1),
    relu1_2=ReLU(),
    pool1=MaxPool2D(2),
    conv2_1=Conv2D(32, 3, padding=1),
    relu2_1=ReLU(),
    conv2_2=Conv2D(32, 3, padding=1),
    relu2_2=ReLU(),
    pool2=MaxPool2D(2),
    flat=Flatten(),
    scores=Dense(10),
)
images, labels = load_mnist()
x = (images[:1, :, :, None] / 255).astype(np.float32)
params = initialize(network, np.random.default_rng(0), (28, 28, 1))
found = {"input": x, **trace(network, params, x)}
for name, y in found.items():
    rms, zeros = np.sqrt(np.mean(y**2)), 100 * np.mean(y == 0)
    print(f"{name:8} {y.shape[1:]!s:12} size {rms:.2f}, {zeros:3.0f} % are 0")

# %%
# Six channels of each layer. Those of 14 × 14 and 7 × 7 pixels are drawn as large as the others.

shown = ["relu1_1", "relu1_2", "pool1", "relu2_1", "relu2_2", "pool2"]
fig, axes = plt.subplots(6, 7, figsize=(7, 6.9))
for line, name in zip(axes, shown, strict=True):
    maps = [found["input"][0, :, :, 0], *np.moveaxis(found[name][0], 2, 0)[:6]]
    for ax, picture in zip(line, maps, strict=True):
        ax.axis("off")
        if ax is line[0]:
            words = f"{name}\n{found[name].shape[1]} × {found[name].shape[2]}"
            ax.text(0.9, 0.5, words, ha="right", va="center", transform=ax.transAxes)
        else:
            ax.imshow(picture, cmap="gray_r", vmin=0, interpolation="nearest")

zeros = {name: 100 * np.mean(found[name] == 0) for name in shown}
sizes = {name: np.sqrt(np.mean(found[name] ** 2)) for name in shown}
fig.set_label(
    f"Six channels of six layers for the digit {labels[0]}, ink black. Behind relu1_1 its outline "
    "from several sides at 28 by 28, at the end blots of 7 by 7. Of the numbers, "
    f"{zeros['relu1_1']:.0f} % are 0 behind relu1_1, {zeros['relu2_1']:.0f} % behind relu2_1 and "
    f"{zeros['relu2_2']:.0f} % behind relu2_2; their size goes from {sizes['relu1_1']:.2f} to "
    f"{sizes['relu2_2']:.2f}."
)
plt.show()
