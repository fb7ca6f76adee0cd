"""
A small network takes away more noise than a filter, and leaves the edges
=========================================================================

Noise of 25 gray values lies on a photograph. Three ways to take it away, each of which was set on
another photograph: what is left?
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from textbook.applications import gaussian_filter, median_filter, psnr
from textbook.datasets import load_photograph
from textbook.network import Conv2D, ReLU, Residual, Sequential, load_parameters
from textbook.training import predict

plt.style.use("textbook.book")

here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
file = here.parent / "experiments" / "applications_denoise.json"
tried = json.loads(file.read_text(encoding="utf-8"))["tried"]
photograph = load_photograph("camera")
noisy = photograph + np.random.default_rng(0).normal(scale=25, size=photograph.shape)

layers = {}
for n in (1, 2, 3):
    layers |= {f"conv{n}": Conv2D(16, 3, padding="SAME"), f"relu{n}": ReLU()}
network = Residual(Sequential(**layers, noise=Conv2D(1, 3, padding="SAME")))
params = load_parameters(file.with_suffix(".npz"))
x = (noisy / 255).astype(np.float32)[None, :, :, None]
pictures = {
    "as it was": photograph,
    "as it came": noisy,
    "median": median_filter(noisy, tried["median"]["best"]),
    "bell": gaussian_filter(noisy, tried["bell"]["best"]),
    "network": 255.0 * predict(network, params, x)[0, :, :, 0],
}
pictures["noise it found"] = 128 + noisy - pictures["network"]
decibels = {
    name: psnr(picture, photograph) for name, picture in list(pictures.items())[1:-1]
}
for name, found in decibels.items():
    print(f"{name:10} {found:.2f} dB")

# %%
# Shown is a part. The last picture is what the network took away, on a gray ground: where it shows
# the photographer, something of him was lost.

fig, axes = plt.subplots(2, 3, figsize=(7, 5.1))
for ax, (name, picture) in zip(axes.flat, pictures.items(), strict=True):
    part = picture[30:130, 70:170]
    ax.imshow(part, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    ax.set_title(f"{name}: {decibels[name]:.1f} dB" if name in decibels else name)
    ax.axis("off")
fig.set_label(
    "The photographer's head and camera, six times. As it was; and in decibels from there: "
    + ", ".join(f"{name} {found:.1f}" for name, found in decibels.items())
    + ". The median is blotchy, the bell soft, the network smooth with firm edges. The sixth "
    "picture, what the network took away, is noise in which no outline can be seen."
)
plt.show()
