"""
A network for masks fails in a light that it has not learned
============================================================

One half of a photograph is lit from the upper left, the other evenly. Whoever learned coins in the
even light: does he find them in the other?
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from textbook.applications import intersection_over_union, otsu_threshold
from textbook.datasets import load_coin_mask, load_photograph
from textbook.network import Conv2D, ReLU, Sequential, load_parameters
from textbook.pooling import average_pool2d
from textbook.training import predict

plt.style.use("textbook.book")

photograph, outlines = load_photograph("coins"), load_coin_mask().astype(np.float64)
both = average_pool2d(np.stack([photograph, outlines], axis=-1)[None], 2)[0, :75]
image, truth = both[..., 0], both[..., 1] >= 0.5

# %%
# The weights are those of one of the kept runs, which learned from the lower half.

layers = {}
for n, dilation in enumerate((1, 2, 4, 8, 1), start=1):
    layers[f"conv{n}"] = Conv2D(8, 3, padding="SAME", dilation=dilation)
    layers[f"relu{n}"] = ReLU()
network = Sequential(**layers, scores=Conv2D(1, 1))
here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
x = ((image - 128) / 64).astype(np.float32)[None, :, :, None]
masks = {"Otsu's threshold": image > otsu_threshold(image)}
for file, title in (
    ("as_it_is", "network"),
    ("other_light", "network, other light"),
):
    params = load_parameters(
        here.parent / "experiments" / f"applications_coins_{file}.npz"
    )
    masks[title] = predict(network, params, x)[0, :, :, 0] > 0
overlaps = {name: intersection_over_union(mask, truth) for name, mask in masks.items()}
for name, overlap in overlaps.items():
    print(f"{name:22} {overlap:.3f}")

# %%
# Green is the outline that was drawn by eye.

fig, axes = plt.subplots(2, 2, figsize=(7, 4))
axes[0, 0].imshow(image, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
axes[0, 0].set_title("upper half")
for ax, (name, mask) in zip(axes.flat[1:], masks.items(), strict=True):
    ax.imshow(mask, cmap="gray", interpolation="nearest")
    ax.set_title(f"{name}: {overlaps[name]:.2f}")
for ax in axes.flat:
    ax.contour(truth, levels=[0.5], colors="C3", linewidths=1.2)
    ax.axis("off")
fig.set_label(
    "The upper half of the photograph with twelve coins, brighter at the top left, and three masks "
    "with the true outlines. Intersection over union: "
    + ", ".join(f"{name} {overlap:.2f}" for name, overlap in overlaps.items())
    + ". The threshold takes bright ground at the upper left for coin, and leaves holes in coins. "
    "The networks fill the coins, and take a strip of bright ground along the whole upper edge for "
    "coin."
)
plt.show()
