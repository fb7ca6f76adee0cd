"""
Three units that share the work tell seven places apart, three specialists three
================================================================================

Either each unit has a place of its own, or each answers one question about every place. How many
places can three units name?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.distributed_representation import count_patterns, most_regions

plt.style.use("textbook.book")

grid = np.linspace(-2, 2, 401)
points = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)

# %%
# Specialists: the nearest of three centers wins. Sharers: three lines, each with an on side.

angles = np.pi * np.array([1 / 2, 7 / 6, 11 / 6])
centers = 1.1 * np.column_stack([np.cos(angles), np.sin(angles)])
nearest = ((points[:, None] - centers) ** 2).sum(axis=-1).argmin(axis=1)

weights, bias = centers.T, np.full(3, 0.6)
z = points @ weights + bias
pattern = (z > 0) @ [4, 2, 1]
print("places:", len(np.unique(nearest)), "and", count_patterns(z))
print("at most", most_regions(3, 2), "of", 2**3, "patterns")

fig, axes = plt.subplots(1, 2, figsize=(7, 3.8))
one_winner, shared = axes
for k in range(3):
    one_winner.plot(*np.outer([0, -4], centers[k]).T, "C0", linewidth=1.6)
    code = "".join("1" if j == k else "0" for j in range(3))
    one_winner.text(*centers[k], code, ha="center", va="center")
one_winner.set_title("a unit for each place")

for j in range(3):
    shared.contour(
        grid, grid, z[:, j].reshape(401, 401), [0], colors="C0", linewidths=1.6
    )
for k in np.unique(pattern):
    middle = points[pattern == k].mean(axis=0)
    shared.text(*middle, f"{k:03b}", ha="center", va="center")
shared.set_title("a question for each unit")
for ax in axes:
    ax.set(aspect="equal", xticks=[], yticks=[], xlim=(-2, 2), ylim=(-2, 2))
    for side in ax.spines.values():
        side.set_visible(True)
        side.set_color("#767676")

fig.set_label(
    "A square cut in two ways by three units. Left, each unit owns the points nearest to its "
    f"center: {len(np.unique(nearest))} places, 100, 010 and 001. Right, each unit is on at "
    f"one side of its line: {count_patterns(z)} places, each with its own pattern of on and "
    "off; of the eight patterns only 000 is missing."
)
plt.show()
