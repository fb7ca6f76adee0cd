"""
A 2 x 2 filter has nine places on a 4 x 4 image, and finds the edge
===================================================================

What does a filter compute at each place, and how many places are there?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.convolution import cross_correlate2d

plt.style.use("textbook.book")

image = np.array([[9, 8, 1, 0], [8, 9, 0, 1], [9, 9, 1, 1], [8, 8, 0, 0]])
kernel = np.array([[1, -1], [1, -1]])
output = cross_correlate2d(image, kernel).astype(int)
print(output)

fig, axes = plt.subplots(1, 3, figsize=(7, 3.2), width_ratios=[4, 2, 3])
grids = ((image, "image"), (kernel, "filter"), (output, "output"))
for ax, (grid, title) in zip(axes, grids, strict=True):
    height, width = grid.shape
    for k in range(height + 1):
        ax.plot([0, width], [k, k], color="#767676", linewidth=0.6)
    for k in range(width + 1):
        ax.plot([k, k], [0, height], color="#767676", linewidth=0.6)
    ax.set(xlim=(-0.1, 4.1 if ax is axes[0] else width + 0.1), ylim=(4.1, -0.1))
    ax.set(aspect="equal", title=f"{title} {height} × {width}")
    ax.axis("off")
for ax, grid in zip(axes[:2], (image, kernel), strict=True):
    for (i, j), value in np.ndenumerate(grid):
        ax.text(
            j + 0.5,
            i + 0.5,
            f"{value}".replace("-", "−"),
            ha="center",
            va="center",
            fontsize=13,
        )

# Frame by frame the window moves on, and one more number of the output is known.
for frame, (i, j) in enumerate(np.ndindex(output.shape)):
    window = image[i : i + 2, j : j + 2]
    (seen,) = axes[0].fill(
        j + np.array([0, 2, 2, 0]), i + np.array([0, 0, 2, 2]), color="C0", alpha=0.25
    )
    (made,) = axes[2].fill(
        j + np.array([0, 1, 1, 0]), i + np.array([0, 0, 1, 1]), color="C0", alpha=0.25
    )
    value = axes[2].text(
        *(j + 0.5, i + 0.5, f"{output[i, j]}".replace("-", "−")),
        ha="center",
        va="center",
        fontsize=13,
    )
    value.set_gid(f"from-{frame}")
    a, b, c, d = window.ravel()
    terms = axes[1].text(
        *(0.0, 2.5, f"{a} − {b}\n+ {c} − {d}\n= {output[i, j]}".replace("= -", "= −")),
        va="top",
        fontsize=12,
    )
    for artist in (seen, made, terms):
        artist.set_gid(f"at-{frame}")

fig.set_label(
    "A 4 by 4 image, bright on the left and dark on the right; a 2 by 2 filter with 1 in its left "
    "and minus 1 in its right column; and the 3 by 3 output. Along the edge the output is "
    f"{output[0, 1]}, {output[1, 1]} and {output[2, 1]}; beside it no number is larger than "
    f"{np.abs(output[:, [0, 2]]).max()} in size."
)
plt.show()
