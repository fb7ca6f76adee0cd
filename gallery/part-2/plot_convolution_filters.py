"""
Four kernels of nine numbers: two slopes, an outline, a sharper picture
=======================================================================

What does each of the notes' kernels see in a photograph?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.convolution import (
    classic_kernel,
    cross_correlate2d,
    filter_image,
    symmetric_pad,
)
from textbook.datasets import load_photograph

plt.style.use("textbook.book")

photograph = load_photograph("camera")[30:190, 40:200]
padded = symmetric_pad(photograph, 1, 1)
names = ("sobel_x", "sobel_y", "laplacian", "sharpen")
signed = {name: cross_correlate2d(padded, classic_kernel(name)) for name in names}
for name, values in signed.items():
    outside = np.mean((values < 0) | (values > 255))
    print(
        f"{name:10} {values.min():7.0f} to {values.max():5.0f}, {outside:4.0%} to clip"
    )

# %%
# A slope has a sign, so the first two show gray where there is none, white for a rise to the right
# or downward, black for a fall. The other two are clipped to 0 to 255.

shown = {
    "photograph": photograph,
    "Sobel X": np.clip(128 + signed["sobel_x"] / 4, 0, 255),
    "Sobel Y": np.clip(128 + signed["sobel_y"] / 4, 0, 255),
    "Laplacian": filter_image(photograph, classic_kernel("laplacian")),
    "sharpen": filter_image(photograph, classic_kernel("sharpen")),
}
fig, axes = plt.subplots(2, 3, figsize=(7, 5))
axes[1, 2].remove()
for ax, (title, picture) in zip(axes.flat, shown.items(), strict=False):
    ax.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    ax.set_title(title)
    ax.axis("off")
lowest, highest = signed["sharpen"].min(), signed["sharpen"].max()
fig.set_label(
    "A photographer with his camera, and the picture after four kernels. Sobel X draws the upright "
    "edges, bright or dark by their direction, Sobel Y the level ones, the Laplacian thin outlines "
    "on black. Sharpen keeps the picture and makes its edges harder; before clipping its values "
    f"run from {lowest:.0f} to {highest:.0f}."
)
plt.show()
