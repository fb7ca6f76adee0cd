"""
Three scores divide the plane along straight lines
==================================================

Each class has a score that rises in its own direction. Where does which one win?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import predict, probabilities

plt.style.use("textbook.book")

theta = np.array([[-1, 0, 3], [1, 0, -1], [0, 1, -1]])
examples = np.array([[3, 1], [1, 3], [0, 0]])
a = probabilities(add_intercept(examples), theta)
print(a.round(4).tolist())

grid = np.linspace(-1, 4.5, 301)
points = np.stack(np.meshgrid(grid, grid), axis=-1)
x = add_intercept(points.reshape(-1, 2))
winner = predict(x, theta).reshape(301, 301)
certainty = probabilities(x, theta).max(axis=1).reshape(301, 301)

# %%
# Two scores are equal on a line, since their difference is a weighted sum. All three are equal at
# one point, and there each class has a third.

meeting = np.linalg.solve(
    [theta[1:, 0] - theta[1:, 1], theta[1:, 1] - theta[1:, 2]],
    [theta[0, 1] - theta[0, 0], theta[0, 2] - theta[0, 1]],
)
print("all equal at", meeting.round(4).tolist())

fig, ax = plt.subplots(figsize=(5, 4.4))
ax.contour(grid, grid, winner == 0, levels=[0.5], colors="C0", linewidths=2.2)
ax.contour(
    grid,
    grid,
    np.where(winner == 0, np.nan, winner),
    [1.5],
    colors="C0",
    linewidths=2.2,
)
faint = ax.contour(
    grid, grid, certainty, [0.9], colors="C0", linewidths=1, linestyles="dashed"
)
ax.clabel(faint, fmt="%.1f", fontsize=9, manual=[(-0.5, 2.9)])
labels_at = [(3, 0.6), (1, 3.4), (-0.22, -0.45)]
for k, (point, place) in enumerate(zip(examples, labels_at, strict=True)):
    ax.plot(*point, "C6o", markersize=6)
    label = f"class {k}: {a[k, k]:.2f}"
    ax.text(*place, label, ha="center", va="center")
ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
fig.set_label(
    "The plane cut into three regions by straight borders that meet at "
    f"({meeting[0]:.2f}, {meeting[1]:.2f}). The points (3, 1), (1, 3) and (0, 0) lie one in "
    f"each, with probabilities {a[0, 0]:.2f}, {a[1, 1]:.2f} and {a[2, 2]:.2f} for their classes."
    " Beyond the dashed curves the winner has more than 0.9."
)
plt.show()
