"""
Having read as much, the smaller batches are far ahead
======================================================

How warm will the day become, if the night was so cold? Three descents look for the line, with one
learning rate and another number of days to a step.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_temperatures
from textbook.gradient_descent import (
    least_squares_cost,
    least_squares_gradients,
    mini_batch_descent,
)

plt.style.use("textbook.book")

_, y, lowest = load_temperatures()
x = np.column_stack([np.ones(366), lowest / 10])
best, *_ = np.linalg.lstsq(x, y, rcond=None)

sizes = {"batch": 366, "mini-batch": 50, "stochastic": 1}
paths = {
    name: mini_batch_descent(
        lambda theta, batch: least_squares_gradients(x[batch], y[batch], theta).mean(0),
        *([0, 0], 366, size, 0.1, 5, np.random.default_rng(0)),
    )
    for name, size in sizes.items()
}

# %%
# Each frame shows what was done after as many days had been read.

theta_0, theta_1 = np.linspace(-1, 11, 60), np.linspace(-1, 19, 60)
costs = [
    [least_squares_cost(x, y, [a, b]) - least_squares_cost(x, y, best) for a in theta_0]
    for b in theta_1
]
read = [0, 1, 5, 15, 30, 50, 100, 200, 366, 732, 1098, 1464, 1830]

fig, axes = plt.subplots(1, 3, figsize=(7, 3.8), sharey=True)
ends = {}
for ax, (name, path) in zip(axes, paths.items(), strict=True):
    ax.contour(
        *(theta_0, theta_1, costs),
        levels=[0.3, 3, 10, 30, 60, 100],
        colors="#767676",
        linewidths=0.6,
        alpha=0.6,
    )
    ax.plot(*best, "C3*", markersize=11, zorder=3)
    per_epoch = (len(path) - 1) // 5
    # When a step has been taken: after the days of its epoch that it needs
    within = np.minimum(np.arange(1, per_epoch + 1) * sizes[name], 366)
    taken_at = np.concatenate([[0], *(366 * epoch + within for epoch in range(5))])
    marker, width = ("", 0.6) if name == "stochastic" else (".", 1.2)
    for frame, (before, now) in enumerate(zip([0, *read], read, strict=False)):
        first, last = (
            np.searchsorted(taken_at, days, side="right") for days in (before, now)
        )
        (line,) = ax.plot(
            *path[max(first - 1, 0) : last].T,
            "C0" + marker,
            linestyle="-",
            linewidth=width,
        )
        line.set_gid(f"from-{frame}")
        (dot,) = ax.plot(*path[last - 1], "C6o", markersize=6)
        dot.set_gid(f"at-{frame}")
    ends[name] = least_squares_cost(x, y, path[-1]) - least_squares_cost(x, y, best)
    ax.set(
        title=f"{name}, b = {sizes[name]}",
        xlabel=r"$\theta_0$",
        xticks=[0, 5, 10],
        yticks=[0, 5, 10, 15],
    )
for frame, days in enumerate(read):
    count = axes[0].text(10.8, -0.5, f"{days:,} days read", ha="right")
    count.set_gid(f"at-{frame}")
axes[0].set_ylabel(r"$\theta_1$")
print({name: (len(paths[name]) - 1, round(end, 3)) for name, end in ends.items()})

fig.set_label(
    "Paths of three descents over the contours of the cost, all from 0 with a rate of 0.1 and "
    "all after 5 times 366 days. Batch descent has taken 5 steps, smooth and straight, and is "
    f"{ends['batch']:.1f} above the lowest cost; mini-batches of 50 took 40 and are "
    f"{ends['mini-batch']:.2f} above it; stochastic descent took 1,830 and wanders about the "
    f"minimum, at the end {ends['stochastic']:.2f} above it."
)
plt.show()
