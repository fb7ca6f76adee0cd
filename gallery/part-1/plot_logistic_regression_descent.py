"""
Gradient descent turns the line until it lies on the truth
==========================================================

Two thousand labels are drawn from theta = (-3, 1, 1). Can descent find the line they came from?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.logistic_regression import (
    add_intercept,
    boundary_line,
    cost,
    gradient_descent,
    sample_labels,
)

plt.style.use("textbook.book")

rng = np.random.default_rng(0)
points = rng.uniform(-1, 5, size=(2000, 2))
x = add_intercept(points)
y = sample_labels(x, [-3, 1, 1], rng)

path = gradient_descent(x, y, learning_rate=0.3, steps=1000)
costs = np.array([cost(x, y, theta) for theta in path])
truth = cost(x, y, [-3, 1, 1])
print("theta after 1,000 steps:", path[-1].round(3).tolist())
print(f"its cost {costs[-1]:.4f}; the cost of the true theta {truth:.4f}")

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.7), width_ratios=[1, 1.1])
shown = slice(None, 200)
left.plot(*points[shown][y[shown] == 0].T, "C5o", markersize=3, markeredgewidth=0)
left.plot(*points[shown][y[shown] == 1].T, "C1^", markersize=3.5, markeredgewidth=0)
ends = np.array([-1.0, 5.0])
for step, alpha in [(1, 0.25), (10, 0.45), (100, 0.7)]:
    heights = boundary_line(path[step], ends)
    left.plot(ends, heights, "C0", alpha=alpha, linewidth=1.2)
    left.text(
        *(-0.95, heights[0]),
        f"{step:,}",
        va="center",
        fontsize=10,
        bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1},
    )
left.plot(ends, boundary_line([-3, 1, 1], ends), "C3--", linewidth=1.6)
left.set(
    xlim=(-1, 5),
    ylim=(-1, 5),
    xlabel="$x_1$",
    ylabel="$x_2$",
    aspect="equal",
    title="the line after 1 to 1,000 steps",
)

right.axhline(truth, color="C3", linestyle="--", linewidth=1.2)
right.semilogx(np.arange(1, 1001), costs[1:], "C0")

# The frames: the line, and where its cost stands, at steps that grow like powers.
for frame, step in enumerate(np.unique(np.geomspace(1, 1000, 40).round().astype(int))):
    (line,) = left.plot(ends, boundary_line(path[step], ends), "C0", linewidth=2)
    (dot,) = right.plot(step, costs[step], "C0o", markersize=6)
    count = right.text(
        0.97, 0.9, f"step {step:,}", ha="right", transform=right.transAxes
    )
    for artist in (line, dot, count):
        artist.set_gid(f"at-{frame}")

right.text(1.2, truth + 0.003, "cost of the true $\\theta$")
right.set(xlabel="step", title="cost $J$")

fig.set_label(
    "Left: the boundary after 1, 10, 100 and 1,000 steps of gradient descent "
    "approaches the line x1 + x2 = 3, dashed. "
    f"Right: the cost falls from {costs[1]:.3f} after one step to {costs[-1]:.4f} "
    "after 1,000, a little below the "
    f"{truth:.4f} of the true theta, since theta has been fitted to these very labels."
)
plt.show()
