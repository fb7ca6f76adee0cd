"""
The lower the last rate, the nearer the end, if the rest has arrived
====================================================================

Seven schedules, twenty seeds each, 1,000 noisy steps from 100 toward 0. How far from the minimum is
the last epoch?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.learning_rate_decay import (
    expected_square,
    exponential,
    inverse_square_root,
    inverse_time,
    noisy_descent,
    staircase,
)

plt.style.use("textbook.book")

epochs = np.arange(20)
schedules = {
    "constant 0.5": np.full(20, 0.5),
    "inverse square root": inverse_square_root(epochs + 1, 0.5),
    "constant 0.05": np.full(20, 0.05),
    "inverse time": inverse_time(epochs, 0.5, decay_rate=1),
    "exponential": exponential(epochs, 0.5, factor=0.8),
    "staircase": staircase(epochs, 0.5, factor=0.1, every=7),
    "constant 0.005": np.full(20, 0.005),
}

fig, ax = plt.subplots(figsize=(7, 3.8))
found, expected = {}, {}
for row, (name, rates) in enumerate(schedules.items()):
    rates = np.repeat(rates, 50)
    paths = [
        noisy_descent(rates, 100, 1, 1, np.random.default_rng(s)) for s in range(20)
    ]
    found[name] = np.sqrt(np.mean(np.square(paths)[:, -50:], axis=1))
    expected[name] = np.sqrt(expected_square(rates, 100, 1, 1)[-50:].mean())
    color = "C2" if name.startswith("constant") else "C0"
    ax.plot(found[name], np.full(20, -row), color + "o", markersize=4, alpha=0.6)
    ax.plot([expected[name]] * 2, [-row - 0.3, -row + 0.3], color, linewidth=3)
    print(
        f"{name:20} last rate {rates[-1]:.3f}   median {np.median(found[name]):.3f}"
        f"   expected {expected[name]:.3f}"
    )
ax.set(xscale="log", yticks=-np.arange(7), yticklabels=schedules)
ax.set_xlabel("distance from the minimum over the last 50 steps")
ax.tick_params(axis="y", length=0, labelcolor="#222222")
ax.spines.left.set_visible(False)

fig.set_label(
    "Root mean square distance from the minimum over the last epoch, twenty seeds for "
    "each of seven schedules, medians: "
    + ", ".join(f"{name} {np.median(d):.3f}" for name, d in found.items())
    + ". Each median lies close to or somewhat below the expected value, "
    + "which goes from "
    + f"{min(expected.values()):.3f} to {max(expected.values()):.3f}."
)
plt.show()
