"""
Cut, stretched and counted, one set of digits comes close to the other
======================================================================

MNIST has 28 × 28 gray values, the scans 8 × 8 counts of ink. How alike can they be made?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_digits, load_mnist
from textbook.transfer_learning import nearest_neighbor, shrink_digits

plt.style.use("textbook.book")

mnist, of_mnist = load_mnist()
scans, of_scans = load_digits()
small = shrink_digits(mnist)
plain = mnist[:, 2:26, 2:26].reshape(-1, 8, 3, 8, 3).mean(axis=(2, 4)) * 16 / 255


def reads(known):
    return 100 * np.mean(nearest_neighbor(scans, known, of_mnist) == of_scans)


print(f"nearest digit of MNIST, shrunk: right for {reads(small):.1f} % of the scans")
print(f"the same, means of 3 × 3: {reads(plain):.1f} %")

# %%
# The first digit of each kind. Ask for the nearest of 6,000 shrunk digits, and its label is right
# for four scans in five; for three in five with plain means.

rows = {
    "MNIST": (mnist, of_mnist, 255),
    "3 × 3 means": (plain, of_mnist, 16),
    "shrunk": (small, of_mnist, 16),
    "scans": (scans, of_scans, 16),
}
fig, axes = plt.subplots(4, 10, figsize=(7, 3.1))
for line, (name, (images, labels, most)) in zip(axes, rows.items(), strict=True):
    for digit, ax in enumerate(line):
        first = images[np.flatnonzero(labels == digit)[0]]
        ax.imshow(first, cmap="gray_r", vmin=0, vmax=most, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=11)
fig.set_label(
    "Ten digits in four rows: of MNIST in 28 by 28 pixels; the same as means of 3 by 3, faint "
    "and with a margin; the same shrunk, where they fill the height; and scans of 8 by 8, which "
    f"look like the third row. The nearest digit of MNIST names {reads(plain):.0f} % of the "
    f"scans rightly from means and {reads(small):.0f} % from shrunk digits."
)
plt.show()
