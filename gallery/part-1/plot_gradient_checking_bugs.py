"""
Wrong gradients that learn all the same
=======================================

Mistakes are planted in the backward pass of one network. Does the cost give them away?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import identity, relu, sigmoid
from textbook.backprop import (
    backward_rows,
    forward_rows,
    gradient_step,
    squared_error,
    squared_error_gradient,
)
from textbook.gradient_checking import numerical_gradient, relative_error

plt.style.use("textbook.book")

rng = np.random.default_rng(0)
x = rng.uniform(-2, 2, size=(200, 2))
target = ((x**2).sum(axis=1) < 1)[:, None].astype(float)
start_weights = [rng.normal(size=(2, 8)), rng.normal(size=(8, 1))]
start_biases = [rng.normal(size=8), np.zeros(1)]

# %%
# A mistake is a pair: the bends whose slopes the backward pass uses, in place of ReLU and sigmoid,
# and a factor on the gradient of the hidden layer. The slope of the identity is always 1.

mistakes = {
    "none": ([relu, sigmoid], 1),
    "slope of ReLU always 1": ([identity, sigmoid], 1),
    "slope of the sigmoid left out": ([relu, identity], 1),
    "hidden layer twice as large": ([relu, sigmoid], 2),
}

costs, checked = {}, {}
for mistake, (bends, factor) in mistakes.items():
    weights, biases, costs[mistake] = start_weights, start_biases, []
    for step in range(2001):
        z, a = forward_rows(x, weights, biases, [relu, sigmoid])
        costs[mistake].append(squared_error(a[-1], target))
        da = squared_error_gradient(a[-1], target)
        weight_gradients, bias_gradients = backward_rows(da, weights, z, a, bends)
        weight_gradients[0] = factor * weight_gradients[0]
        if step == 0:
            by_trying = numerical_gradient(
                lambda w: squared_error(
                    forward_rows(
                        x, [w, start_weights[1]], start_biases, [relu, sigmoid]
                    )[1][-1],
                    target,
                ),
                weights[0],
            )
            checked[mistake] = relative_error(weight_gradients[0], by_trying)
        weights = gradient_step(weights, weight_gradients, learning_rate=0.5)
        biases = gradient_step(biases, bias_gradients, learning_rate=0.5)

for mistake, error in checked.items():
    print(
        f"{mistake:30}  relative error {error:.0e}   cost from {costs[mistake][0]:.3f} "
        f"to {costs[mistake][-1]:.3f}"
    )

# %%
fig, ax = plt.subplots(figsize=(7, 3.8))
for (mistake, curve), color, lift in zip(
    costs.items(), ["C0", "C2", "C1", "C4"], [8, 0, -4, 0], strict=True
):
    ax.semilogx(range(1, 2002), curve, color)
    label = f"{mistake}: {checked[mistake]:.0e}"
    ax.annotate(
        label, (2001, curve[-1]), (6, lift), textcoords="offset points", va="center"
    )
ax.set(xlabel="step", ylabel="cost $J$", xlim=(1, None))
fig.set_label(
    "Cost over 2,000 steps with the right gradient and with three wrong ones. All "
    "four fall: "
    + "; ".join(
        f"{m}, from {c[0]:.3f} to {c[-1]:.3f}, relative error {checked[m]:.0e}"
        for m, c in costs.items()
    )
    + "."
)
plt.show()
