"""
Units that start alike stay alike
=================================

Eight hidden units of tanh learn one period of a sine. What becomes of their weights if all of them
start with the same?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import identity, tanh
from textbook.backprop import train
from textbook.initialization import initial_parameters, lecun

plt.style.use("textbook.book")

x = np.linspace(-1, 1, 41)[:, None]
target = np.sin(np.pi * x)

# %%
# Three kinds of start: zeros, one half everywhere, and LeCun's random numbers from five seeds.

draws = [
    initial_parameters([1, 8, 1], lecun, np.random.default_rng(seed))
    for seed in range(5)
]
random, biases = draws[0]
starts = {
    "all 0": [[np.zeros_like(theta) for theta in random]],
    "all 0.5": [[np.full_like(theta, 0.5) for theta in random]],
    "random": [weights for weights, _ in draws],
}

# %%
# The training is stopped after every hundred steps, to look at the weights from the input.

paths, costs = {}, {}
for name, tries in starts.items():
    costs[name] = []
    for number, weights in enumerate(tries):
        path, b = [weights[0][0]], biases
        for _ in range(20):
            weights, b, cost = train(x, target, weights, b, 0.2, 100, [tanh, identity])
            path.append(weights[0][0])
        costs[name].append(cost[-1])
        if number == 0:
            paths[name] = np.array(path)
    end = np.array(costs[name])
    print(f"{name:8}  cost {np.median(end):.4f} ({end.min():.4f} to {end.max():.4f})")

fig, axes = plt.subplots(1, 3, figsize=(7, 3.2), sharey=True)
for ax, (name, path) in zip(axes, paths.items(), strict=True):
    ax.plot(np.arange(21) / 10, path, "C0", alpha=0.8)
    ax.set(title=name, xlabel="thousand steps", xticks=[0, 1, 2])
axes[0].set_ylabel("weights from the input")
fig.set_label(
    "The eight weights from the input during 2,000 steps. Started at 0 they stay at 0, "
    f"cost {costs['all 0'][0]:.3f}. Started at 0.5 they move as one to "
    f"{paths['all 0.5'][-1, 0]:.2f}, cost {costs['all 0.5'][0]:.3f}. Started at random "
    "they part; over five starts the median cost is "
    f"{np.median(costs['random']):.4f}, the largest {max(costs['random']):.4f}."
)
plt.show()

# %%
# Eight equal units are one unit, counted eight times.
