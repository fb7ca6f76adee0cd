"""
A large rate does not settle, a small one is late, a decay is neither
=====================================================================

One thousand noisy steps from 100 to the minimum at 0, with three choices of the learning rate. How
far away is each, step by step?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.learning_rate_decay import expected_square, noisy_descent, staircase

plt.style.use("textbook.book")

schedules = {
    "always 0.5": (np.full(20, 0.5), "C2"),
    "always 0.005": (np.full(20, 0.005), "C4"),
    "0.5, 0.05, 0.005": (staircase(np.arange(20), 0.5, factor=0.1, every=7), "C0"),
}

fig, axes = plt.subplots(1, 3, figsize=(7, 3.4), sharey=True)
last = {}
for ax, (name, (rates, color)) in zip(axes, schedules.items(), strict=True):
    rates = np.repeat(rates, 50)  # an epoch has 50 steps
    path = noisy_descent(rates, 100, 1, 1, np.random.default_rng(0))
    expected = np.sqrt(expected_square(rates, 100, 1, 1))
    ax.semilogy(np.abs(path), color, linewidth=0.7)
    ax.semilogy(expected, color="C6", linewidth=1.6, linestyle=(0, (1, 1.5)))
    ax.set(title=name, xlabel="step", xticks=[0, 500, 1000])
    last[name] = expected[-1]
axes[0].set(ylabel="distance from the minimum", ylim=(1e-3, 130))
print({name: round(float(distance), 3) for name, distance in last.items()})

fig.set_label(
    "Distance from the minimum over 1,000 steps, on a logarithmic axis, each with the "
    "expected distance as a dotted line. At a rate of 0.5 it drops in ten steps and "
    f"then stays around {last['always 0.5']:.2f}; at 0.005 it is still falling, at "
    f"{last['always 0.005']:.2f}; the staircase drops as fast as the first, then steps down twice, "
    f"to {last['0.5, 0.05, 0.005']:.2f}."
)
plt.show()
