"""
A photograph survives the mirror, a digit does not
==================================================

Three changes that cost nothing, made to a photograph and to a handwritten 4. Which of them leave
the label as it is?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_mnist, load_photograph
from textbook.regularization import crop, mirror, shift

plt.style.use("textbook.book")

# %%
# The portrait is of Eileen Collins (NASA), at half of its size. Images of a class are many; one is
# enough to look at.

portrait = load_photograph("astronaut").reshape(128, 2, 128, 2, 3).mean(axis=(1, 3))
images, labels = load_mnist()
four = images[np.flatnonzero(labels == 4)[0]]

rows = [
    [
        portrait,
        mirror(portrait),
        shift(portrait, 12, -16),
        crop(portrait, 0, 24, 96, 96),
    ],
    [four, mirror(four), shift(four, 2, -3), crop(four, 2, 2, 24, 24)],
]
names = ["as it is", "mirrored", "shifted", "cropped"]
verdicts = [["Collins"] * 4, ["4", "no digit", "4", "4"]]
for name, *changed in zip(names, *rows, strict=True):
    print(f"{name:9}", *(image.shape for image in changed))

# %%
# Pixels are drawn as they are, on a light page and on a dark one.

fig, axes = plt.subplots(2, 4, figsize=(7, 4.3))
for row, what in zip(axes, zip(rows, verdicts, strict=True), strict=True):
    for ax, name, image, verdict in zip(row, names, *what, strict=True):
        ax.imshow(image / 255, cmap="gray", vmin=0, vmax=1, interpolation="none")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.set_xlabel(verdict, color="#D55E00" if verdict == "no digit" else "#222222")
        if image.ndim == 3:
            ax.set_title(name, loc="center")
fig.set_label(
    "A portrait and a handwritten 4, each as it is, mirrored, shifted and cropped. The portrait "
    "shows the same person in all four; of the digits, the mirrored one is not a 4 any more, nor "
    "any other digit."
)
plt.show()
