"""
What counts grows with the square root of the depth
===================================================

The field of kernels of 3 by 3 grows by two pixels a layer. How fast does the spread of the
gradient within it grow?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.receptive_field import expected_spread, input_gradient, spread

plt.style.use("textbook.book")

depths, channels, seeds = np.array([5, 10, 20, 40, 80]), 8, range(5)

# %%
# A unit gradient goes back from one output through random weights. Its squares, added up over
# channels and columns, are spread over the rows.

spreads = np.empty((len(seeds), len(depths)))
for seed in seeds:
    rng = np.random.default_rng(seed)
    for column, depth in enumerate(depths):
        kernels = rng.normal(size=(depth, 3, 3, channels, channels))
        kernels /= np.sqrt(9 * channels)
        gradient = input_gradient(np.eye(channels)[:1, None], list(kernels))
        spreads[seed, column] = spread(np.sum(gradient**2, axis=(1, 2)))

slopes = np.polyfit(np.log(depths), np.log(spreads).T, 1)[0]
print("medians:", np.median(spreads, axis=0).round(2).tolist())
print(
    f"exponent {np.median(slopes):.2f}, from {slopes.min():.2f} to {slopes.max():.2f}"
)

# %%
fine = np.arange(5, 81)
expected = [expected_spread([(3, 1, 1, 1)] * int(depth)) for depth in fine]
fig, ax = plt.subplots(figsize=(7, 4))
ax.loglog(fine, fine, "C6")
ax.text(27, 36, "half the field, $L$", ha="right")
ax.loglog(fine, expected, "C0")
ax.text(24, 3.2, r"expected spread, $\sqrt{2L/3}$", va="top")
for found in spreads:
    ax.loglog(depths, found, "C2o", markersize=5, alpha=0.7, markeredgewidth=0)
ax.text(5.4, 1.35, "measured, five draws each", va="center")
ax.set(
    xlabel="layers $L$",
    ylabel="pixels",
    xticks=depths,
    xticklabels=depths,
    yticks=[1, 3, 10, 30, 100],
    yticklabels=[1, 3, 10, 30, 100],
    ylim=(1, 110),
)
ax.minorticks_off()

fig.set_label(
    "Pixels against layers, both axes logarithmic. Half the field rises from 5 to 80 pixels. The "
    f"expected spread rises from {expected[0]:.1f} to {expected[-1]:.1f}, with half the slope, and "
    "the spreads of five random stacks at each depth lie around it; their medians are "
    f"{np.median(spreads, axis=0)[0]:.1f} and {np.median(spreads, axis=0)[-1]:.1f}."
)
plt.show()
