"""
Standardized, a valley forty times as long as wide becomes a circle
===================================================================

The same days, the same line, two units for today's temperature. What do its two weights cost?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_temperatures
from textbook.input_normalization import condition_number, fit, hessian, transform
from textbook.logistic_regression import add_intercept

plt.style.use("textbook.book")

_, highest, _ = load_temperatures()
today, tomorrow = highest[:-1, np.newaxis], highest[1:]
panels = {
    "in degrees Celsius": (today, 1.85, 1000, (-2.8, 5.2), (-0.35, 1.95)),
    "standardized": (transform(today, *fit(today)), 1.0, 1, (-4, 36), (-14, 26)),
}

fig, axes = plt.subplots(1, 2, figsize=(7, 2.5), width_ratios=[2.1, 1])
told = []
for ax, (name, panel) in zip(axes, panels.items(), strict=True):
    x, share_of_steepest, steps, across, upward = panel
    x = add_intercept(x)
    h = hessian(x)
    best = np.linalg.lstsq(x, tomorrow, rcond=None)[0]
    rate = share_of_steepest / np.linalg.eigvalsh(h)[-1]
    path = [np.zeros(2)]
    for _ in range(steps):
        path.append(path[-1] - rate * h @ (path[-1] - best))
    path = np.array(path)
    away = np.linalg.norm(path[[-1]] - best) / np.linalg.norm(best)
    told.append((condition_number(h), steps, away))
    print(
        f"{name}: {told[-1][0]:.0f} times, after {steps} steps {away:.3f} of the way left"
    )

    theta = np.stack(
        np.meshgrid(np.linspace(*across, 300), np.linspace(*upward, 300)), -1
    )
    above = np.einsum("...i,ij,...j", theta - best, h, theta - best) / 2
    ax.contour(
        *(theta[..., 0], theta[..., 1], above),
        levels=[1, 10, 40, 90, 160],
        colors="#767676",
        linewidths=0.8,
    )
    ax.plot(*path.T, "C0", linewidth=1.2)
    ax.plot(*path[[0, -1]].T, "C0o", markersize=6)
    ax.plot(*best, "C3x", markersize=9, markeredgewidth=2.2)
    count = f"{steps:,} step{'s' if steps > 1 else ''}"
    ax.set(
        title=f"{name}, {count}",
        xlabel=r"$\theta_0$",
        ylabel=r"$\theta_1$",
        aspect="equal",
    )
    ax.set(xlim=across, ylim=upward)

fig.set_label(
    "Lines of equal cost over the two weights. Left, in degrees Celsius, condition number "
    f"{told[0][0]:.0f}: a slender ellipse between strips that look parallel. {told[0][1]:,} steps "
    "from the weights 0 zigzag across the valley and then creep along it; "
    f"{100 * told[0][2]:.0f} % of the distance is left. Right, standardized, condition number "
    f"{told[1][0]:.0f}: circles, and a single step arrives."
)
plt.show()
