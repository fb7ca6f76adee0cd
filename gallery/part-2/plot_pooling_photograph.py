"""
The largest value brightens a photograph, the mean blurs it
===========================================================

One number in place of 64 pixels: which number, and what does the picture look like then?
"""

import matplotlib.pyplot as plt

from textbook.datasets import load_photograph
from textbook.pooling import average_pool2d, max_pool2d

plt.style.use("textbook.book")

photograph = load_photograph("camera")
batch = photograph[None, :, :, None]
pictures = {
    "photograph": photograph,
    "every eighth pixel": photograph[4::8, 4::8],
    "mean of 8 × 8": average_pool2d(batch, 8)[0, :, :, 0],
    "largest of 8 × 8": max_pool2d(batch, 8)[0, :, :, 0],
}
brightness = {title: picture.mean() for title, picture in pictures.items()}
for title, value in brightness.items():
    print(f"{title:18} {pictures[title].size:6} numbers, mean {value:.1f}")

# %%
# The legs of the tripod are thin and bright. To a maximum they fill each window that they cross;
# in a mean they drown.

fig, axes = plt.subplots(2, 2, figsize=(6.4, 6.9))
for ax, (title, picture) in zip(axes.flat, pictures.items(), strict=True):
    ax.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    ax.set_title(title)
    ax.axis("off")
fig.set_label(
    "A photographer behind a tripod in 256 by 256 pixels, and three pictures of 32 by 32. Every "
    "eighth pixel: broken outlines. Mean: blurred, its brightness "
    f"{brightness['mean of 8 × 8']:.0f} that of the photograph. Largest: sharp blocks, brightness "
    f"{brightness['largest of 8 × 8']:.0f}, and the thin legs of the tripod are thick and white."
)
plt.show()
