"""
From three layers on, another one more than doubles the time on the plateau
===========================================================================

A chain of linear units with one weight per layer, all of them equal, should answer 1. From weights
of 0.3, how long does gradient descent take?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.optima import chain_cost, chain_gradient

plt.style.use("textbook.book")

rate, start = 0.1, 0.3
layers = np.arange(3, 10)
steps = []
for depth in layers:
    theta, taken = np.full(depth, start), 0
    while chain_cost(theta) > 0.05 and taken < 10_000:
        theta, taken = theta - rate * chain_gradient(theta), taken + 1
    steps.append(taken)
print(dict(zip(layers.tolist(), steps, strict=True)))

# %%
# While the weights w are small, their slope is w to the power of depth - 1. Integrated from 0.3
# on, this gives the dotted line.

integral = start ** (2.0 - layers) / (rate * (layers - 2))

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.8))
w = np.linspace(-1.2, 1.3, 101)
for depth, style in [(2, ":"), (4, "--"), (8, "-")]:
    left.plot(w, [chain_cost(np.full(depth, v)) for v in w], "C0", linestyle=style)
left.text(-0.66, 0.38, "8", ha="center")
left.text(0.0, 0.3, "2 layers", ha="center")
left.text(-0.45, 0.38, "4", ha="center")
left.set(xlabel="all weights $w$", ylabel="cost $J$", ylim=(0, 0.65))
right.semilogy(layers, steps, "C0o")
right.semilogy(layers, integral, "C6:")
right.set(xlabel="layers", ylabel="steps to a cost of 0.05", xticks=layers)

fig.set_label(
    "Left: cost against the common weight for 2, 4 and 8 layers; the flat part around "
    "0, at a cost of 0.5, widens with depth. Right: steps from weights of 0.3 to a "
    "cost of 0.05, on a logarithmic axis: "
    + ", ".join(f"{n} for {depth}" for depth, n in zip(layers, steps, strict=True))
    + " layers; the integral of the slope predicts the last ones."
)
plt.show()
