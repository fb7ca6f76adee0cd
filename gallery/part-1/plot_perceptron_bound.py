"""
The bound grows with the square of a narrowing strip, the updates hardly grow
=============================================================================

Two classes leave a strip free between them. As it narrows, how many updates does the perceptron
need, and how many does the bound allow?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.logistic_regression import add_intercept
from textbook.perceptron import convergence_bound, margin, predict, train

plt.style.use("textbook.book")

truth = np.array([0.0, 1.0, 1.0])


def strip(gap, rng):
    """Return a hundred points of a square, none nearer than gap to its diagonal."""
    points = rng.uniform(-1, 1, size=(2000, 2))
    far = np.abs(points.sum(axis=1)) / np.sqrt(2) >= gap
    x = add_intercept(points[far][:100])
    return x, predict(x, truth)


gaps = [0.4, 0.2, 0.1, 0.05, 0.02, 0.01]
updates, bounds, margins = [], [], []
for gap in gaps:
    runs = [strip(gap, np.random.default_rng(seed)) for seed in range(20)]
    updates.append([len(train(x, y, rng=np.random.default_rng(0))[1]) for x, y in runs])
    bounds.append(np.median([convergence_bound(x, y, truth) for x, y in runs]))
    margins.append(np.median([margin(x, y, truth) for x, y in runs]))
    print(
        f"strip {gap:4}: bound {bounds[-1]:6.0f}, updates {np.median(updates[-1]):4.1f}, "
        f"from {min(updates[-1])} to {max(updates[-1])}"
    )

# %%
# A dot is one of twenty data sets, the line their median.

fig, ax = plt.subplots(figsize=(7, 3.8))
for gap, counts in zip(margins, updates, strict=True):
    ax.loglog([gap] * len(counts), counts, "C0o", alpha=0.35, markeredgewidth=0)
ax.loglog(margins, np.median(updates, axis=1), "C0")
ax.loglog(margins, bounds, "C3--")
ax.text(0.05, 1500, "bound $(R/\\gamma)^2$")
ax.text(0.15, 20, "measured")
ax.set(xlabel="margin $\\gamma$", title="updates until nothing is wrong")
ax.set_xticks([0.02, 0.05, 0.1, 0.2, 0.4], ["0.02", "0.05", "0.1", "0.2", "0.4"])
ax.minorticks_off()

fig.set_label(
    f"Updates against the margin on logarithmic axes. From the widest strip to the narrowest the "
    f"bound rises from {bounds[0]:.0f} to {bounds[-1]:,.0f}, the median of twenty measured counts "
    f"from {np.median(updates[0]):.0f} to {np.median(updates[-1]):.0f}; no run needs more than "
    f"{max(map(max, updates))}."
)
plt.show()
