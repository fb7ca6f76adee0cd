"""
In 1998, 36 of the 96 pairs of maps were not connected
======================================================

Which of the six maps of S2 does each of the sixteen maps of C3 see?
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from textbook.architectures.lenet import lenet5
from textbook.network import summary

plt.style.use("textbook.book")

# %%
# The first six maps see three neighbors each, counted around; the next six see four neighbors;
# three see two pairs; the last sees all.

seen = np.zeros((16, 6), bool)
for i in range(6):
    seen[i, [(i + k) % 6 for k in range(3)]] = True
    seen[6 + i, [(i + k) % 6 for k in range(4)]] = True
for i in range(3):
    seen[12 + i, [i, i + 1, (i + 3) % 6, (i + 4) % 6]] = True
seen[15] = True
kernels = int(seen.sum())
today = {row.name: row.parameters for row in summary(lenet5(), (28, 28, 1)).rows}["c3"]
print(f"{kernels} of {seen.size} kernels: {25 * kernels + 16:,} instead of {today:,}")

fig, ax = plt.subplots(figsize=(7, 3))
for i, j in np.ndindex(seen.shape):
    if seen[i, j]:
        color = "C4" if i < 6 else "C0" if i < 12 else "C1" if i < 15 else "C6"
        ax.add_patch(Rectangle((i + 0.08, j + 0.08), 0.84, 0.84, color=color, lw=0))
    else:
        outline = {"fill": False, "ec": "#767676", "lw": 0.6}
        ax.add_patch(Rectangle((i + 0.08, j + 0.08), 0.84, 0.84, **outline))
for start, wide, words in (
    (0, 6, "3 each"),
    (6, 6, "4 each"),
    (12, 3, "4"),
    (15, 1, "6"),
):
    ax.text(start + wide / 2, -0.25, words, ha="center")
ax.set(
    xlim=(-0.1, 16.1),
    ylim=(6.1, -0.9),
    aspect="equal",
    xticks=np.arange(16) + 0.5,
    xticklabels=range(16),
    yticks=np.arange(6) + 0.5,
    yticklabels=range(6),
    xlabel="map of C3",
    ylabel="map of S2",
)
ax.tick_params(length=0)
ax.spines[:].set_visible(False)

fig.set_label(
    "A grid of 6 rows, the maps of S2, and 16 columns, those of C3. Filled where connected: 3 in "
    "each of the first six columns, 4 in each of the next nine, all 6 in the last. That makes "
    f"{kernels} of {seen.size}; {seen.size - kernels} squares are empty."
)
plt.show()
