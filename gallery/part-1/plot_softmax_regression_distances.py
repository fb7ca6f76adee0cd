"""
Sure and wrong costs far more in cross entropy than in squared distance
=======================================================================

Two outcomes. The first has probability p, the forecast says q. What does a wrong q cost?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.softmax_regression import (
    cross_entropy,
    entropy,
    kl_divergence,
    squared_distance,
)

plt.style.use("textbook.book")

q = np.linspace(0.001, 0.999, 999)
forecasts = np.column_stack([q, 1 - q])

fig, axes = plt.subplots(1, 3, figsize=(7, 3.5), sharey=True)
at_the_ends = {}
for ax, first in zip(axes, [0.5, 0.1, 0.8], strict=True):
    p = np.full(forecasts.shape, [first, 1 - first])
    surprise = cross_entropy(p, forecasts)
    square = squared_distance(p, forecasts)
    worst = surprise.argmax()
    at_the_ends[first] = q[worst], surprise[worst], square[worst]
    print(
        f"p = {first}: least at q = {q[surprise.argmin()]:.1f} and {q[square.argmin()]:.1f}; "
        f"H(p) = {entropy([first, 1 - first]):.4f}; at q = {q[worst]:.3f} cross entropy "
        f"{surprise[worst]:.2f}, squared distance {square[worst]:.2f}"
    )
    ax.plot(q, surprise, "C0")
    ax.plot(q, kl_divergence(p, forecasts), "C0", linestyle=(0, (3, 2)), linewidth=1.2)
    ax.plot(q, square, "C4")
    ax.axvline(first, color="C3", linewidth=0.9)
    ax.set(
        title=f"$p = {first}$", xlabel="forecast $q$", ylim=(0, 3.2), xticks=[0, 0.5, 1]
    )
axes[0].set_ylabel("cost")
axes[1].text(0.9, 3.0, "cross entropy", ha="right", va="top")
axes[1].annotate(
    "less $H(p)$",
    (0.62, 0.62),
    (0.2, 1.2),
    arrowprops={"arrowstyle": "-", "linewidth": 0.6, "color": "#222222"},
)
axes[1].text(0.99, 0.35, "squared", ha="right", va="top")
fig.set_label(
    "Cross entropy, the same less its minimum H(p), and squared distance against the forecast q, "
    "for p = 0.5, 0.1 and 0.8. All are least at q = p. "
    + " ".join(
        f"For p = {first} at q = {end:.3f}: cross entropy {surprise:.2f}, squared distance "
        f"{square:.2f}."
        for first, (end, surprise, square) in at_the_ends.items()
    )
)
plt.show()

# %%
# Near q = p the dashed curve is a parabola with the factor 1 / (2 p (1 - p)), the squared distance
# one with the factor 2. They agree to second order at p = 0.5 and nowhere else.

for first in (0.5, 0.1, 0.8):
    near = first + 0.001
    p, forecast = [first, 1 - first], [near, 1 - near]
    ratio = kl_divergence(p, forecast) / squared_distance(p, forecast)
    print(f"p = {first}: {ratio:.2f} times")
