"""
Each mistake turns the boundary, until none is left
===================================================

Sixty points lie on two sides of a line that the perceptron does not know. Which points move its
boundary, and when does it come to rest?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.logistic_regression import add_intercept, boundary_line
from textbook.perceptron import mistakes, predict, train

plt.style.use("textbook.book")

rng = np.random.default_rng(0)
points = rng.uniform(-1, 1, size=(400, 2))
truth = np.array([0.1, 1.0, 1.0])
distance = add_intercept(points) @ truth / np.sqrt(2)
points = points[np.abs(distance) > 0.06][:60]
x = add_intercept(points)
y = predict(x, truth)

path, wrong = train(x, y)
left = [mistakes(x, y, theta) for theta in path]
print("updates:", len(wrong))
print("points on the wrong side after each:", left)

# %%
# One frame for each update: the ring marks the point that was wrong, the line is where it put the
# boundary. The last frame separates the points.

fig, ax = plt.subplots(figsize=(5.2, 4.6))
ax.plot(*points[y == -1].T, "C5o", markersize=5, markeredgewidth=0)
ax.plot(*points[y == 1].T, "C1^", markersize=6, markeredgewidth=0)
ends = np.array([-1.1, 1.1])
for update, theta in enumerate(path):
    words = (
        f"update {update}: {left[update]} wrong"
        if update
        else "before the first update"
    )
    shown = [ax.text(0, 1.02, words, transform=ax.transAxes)]
    if theta[2] != 0:  # weights of 0 have no boundary
        shown += ax.plot(ends, boundary_line(theta, ends), "C0", linewidth=2)
    if update:
        ring = {"markersize": 13, "markerfacecolor": "none", "markeredgewidth": 2}
        shown += ax.plot(*points[wrong[update - 1]], "C2o", **ring)
    for artist in shown:
        artist.set_gid(f"at-{update}")
ax.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), xlabel="$x_1$", ylabel="$x_2$")
ax.set_aspect("equal")

fig.set_label(
    f"Sixty points of two classes and the perceptron's boundary, one frame for each of its "
    f"{len(wrong)} updates; a ring marks the misclassified point that caused it. The number of "
    f"points on the wrong side goes from {left[1]} after the first update to "
    f"{left[-1]} after the last, with ups and downs on the way."
)
plt.show()
