"""
A border gives every pixel its place; zeros darken the rim, a mirror does not
=============================================================================

A filter that takes the mean of nine pixels has one place on a 3 x 3 image. What happens with a
border of zeros, and what with a mirror image?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.convolution import cross_correlate2d, symmetric_pad, zero_pad

plt.style.use("textbook.book")

image = np.array([[1, 9, 5], [5, 3, 12], [6, 2, 11]])
mean = np.full((3, 3), 1 / 9)
borders = {
    "zeros (1, 1)": zero_pad(image, 1, 1),
    "symmetric (1, 1)": symmetric_pad(image, 1, 1),
}
outputs = {name: cross_correlate2d(padded, mean) for name, padded in borders.items()}
for name, output in outputs.items():
    print(name, output.round(1).tolist())

fig, axes = plt.subplots(2, 2, figsize=(7, 6.2), width_ratios=[5, 3])
for (left, right), name in zip(axes, borders, strict=True):
    for ax, size in ((left, 5), (right, 3)):
        for k in range(size + 1):
            ax.plot([0, size], [k, k], color="#767676", linewidth=0.6)
            ax.plot([k, k], [0, size], color="#767676", linewidth=0.6)
        ax.set(xlim=(-0.1, size + 0.1), ylim=(size + 0.1, -0.1), aspect="equal")
        ax.axis("off")
    left.plot([1, 4, 4, 1, 1], [1, 1, 4, 4, 1], "C6", linewidth=2)
    left.set_title(name)
    right.set_title("means of nine")
    for (i, j), value in np.ndenumerate(borders[name].astype(int)):
        inside = 1 <= i <= 3 and 1 <= j <= 3
        left.text(
            *(j + 0.5, i + 0.5, f"{value}"),
            ha="center",
            va="center",
            fontsize=13,
            color="C6" if inside else "#767676",
        )

for frame, (i, j) in enumerate(np.ndindex(3, 3)):
    for (left, right), name in zip(axes, borders, strict=True):
        (seen,) = left.fill(
            j + np.array([0, 3, 3, 0]),
            i + np.array([0, 0, 3, 3]),
            color="C0",
            alpha=0.25,
        )
        (made,) = right.fill(
            j + np.array([0, 1, 1, 0]),
            i + np.array([0, 0, 1, 1]),
            color="C0",
            alpha=0.25,
        )
        value = right.text(
            *(j + 0.5, i + 0.5, f"{outputs[name][i, j]:.1f}"),
            ha="center",
            va="center",
            fontsize=13,
        )
        value.set_gid(f"from-{frame}")
        seen.set_gid(f"at-{frame}")
        made.set_gid(f"at-{frame}")

zeros, mirror = outputs.values()
fig.set_label(
    "The notes' 3 by 3 image inside a border one pixel wide, of zeros above and of mirrored pixels "
    "below, and the nine means that a 3 by 3 filter takes. The middle is "
    f"{zeros[1, 1]:.1f} in both. The lower right corner is {zeros[2, 2]:.1f} with zeros and "
    f"{mirror[2, 2]:.1f} with the mirror, where the pixel itself is 11."
)
plt.show()

# %%
# The middle, which sees no border, is the same in both; the corners are not.
