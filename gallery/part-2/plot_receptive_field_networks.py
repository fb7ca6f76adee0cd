"""
AlexNet and VGG16 come to the same field, in eight steps and in eighteen
========================================================================

How many pixels does one place see, layer after layer?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.receptive_field import field_by_layer, network_layers

plt.style.use("textbook.book")

names = {"lenet": "LeNet", "alexnet": "AlexNet", "vgg16": "VGG16"}
colors = {"lenet": "C6", "alexnet": "C4", "vgg16": "C0"}
images, kernels, sizes = {}, {}, {}
for name in names:
    images[name], layers = network_layers(name)
    kernels[name] = list(layers)
    sizes[name] = np.array(
        [size for size, _, _ in field_by_layer(list(layers.values()))]
    )
    print(f"{names[name]:8} image {images[name]:3}, field {sizes[name].tolist()}")

# %%
# A ring marks a pooling layer, a dot a convolution.

fig, ax = plt.subplots(figsize=(7, 4.2))
for name, label in names.items():
    ax.plot(sizes[name], colors[name], linewidth=1.4)
    for number, kernel in enumerate(kernels[name], start=1):
        inside = colors[name] if kernel.startswith("conv") else "#ffffff"
        ax.plot(number, sizes[name][number], "o", color=colors[name], mfc=inside, ms=6)
    x, y = {"lenet": (6.2, 44), "alexnet": (7.6, 204), "vgg16": (16.7, 208)}[name]
    ax.text(x, y, f"{label}, {sizes[name][-1]}", ha="right", va="center")
ax.axhline(images["vgg16"], color="#767676", linestyle="--", linewidth=1)
ax.text(0, images["vgg16"] + 4, f"VGG16's image, {images['vgg16']}", fontsize=11)
ax.axhline(images["lenet"], color="#767676", linestyle="--", linewidth=1)
ax.text(
    18,
    images["lenet"] + 4,
    f"LeNet's image, {images['lenet']}",
    fontsize=11,
    ha="right",
)
ax.set(
    xlabel="layer",
    ylabel="receptive field (pixels)",
    xticks=range(0, 19, 2),
    ylim=(0, 245),
)

fig.set_label(
    "Size of the receptive field by layer. LeNet rises to "
    f"{sizes['lenet'][-1]} pixels, the width of its image. AlexNet reaches "
    f"{sizes['alexnet'][-1]} after eight layers, VGG16 {sizes['vgg16'][-1]} after eighteen, both "
    f"less than their images of {images['alexnet']} and {images['vgg16']} pixels. VGG16's curve "
    f"bends upward: {sizes['vgg16'][6]} after six layers, {sizes['vgg16'][14]} after fourteen."
)
plt.show()
