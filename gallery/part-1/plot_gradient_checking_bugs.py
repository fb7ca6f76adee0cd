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

# %%
# A mistake is a pair: the bends whose slopes the backward pass uses, in place of ReLU and sigmoid,
# and a factor on the gradient of the hidden layer. The slope of the identity is always 1.

bends = [relu, sigmoid]
mistakes = {
    "no mistake": ([relu, sigmoid], 1),
    "slope of ReLU always 1": ([identity, sigmoid], 1),
    "slope of the sigmoid left out": ([relu, identity], 1),
    "hidden layer twice as large": ([relu, sigmoid], 2),
}

costs = {mistake: [] for mistake in mistakes}
errors = {mistake: [] for mistake in mistakes}
for seed in range(5):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-2, 2, size=(200, 2))
    target = ((x**2).sum(axis=1) < 1)[:, None].astype(float)
    start = [rng.normal(size=(2, 8)), rng.normal(size=(8, 1))]
    start_biases = [rng.normal(size=8), np.zeros(1)]

    def cost(hidden, x=x, target=target, output=start[1], biases=start_biases):
        _, a = forward_rows(x, [hidden, output], biases, bends)
        return squared_error(a[-1], target)

    by_trying = numerical_gradient(cost, start[0])
    for mistake, (wrong_bends, factor) in mistakes.items():
        weights, biases, curve = start, start_biases, []
        for step in range(1001):
            z, a = forward_rows(x, weights, biases, bends)
            curve.append(squared_error(a[-1], target))
            da = squared_error_gradient(a[-1], target)
            slopes, bias_slopes = backward_rows(da, weights, z, a, wrong_bends)
            slopes[0] = factor * slopes[0]
            if step == 0:
                errors[mistake].append(relative_error(slopes[0], by_trying))
            weights = gradient_step(weights, slopes, learning_rate=0.5)
            biases = gradient_step(biases, bias_slopes, learning_rate=0.5)
        costs[mistake].append(curve)

final = {mistake: np.array(curves)[:, -1] for mistake, curves in costs.items()}
middle = {mistake: np.median(error) for mistake, error in errors.items()}
for mistake, cost_at_end in final.items():
    print(
        f"{mistake:30} relative error {middle[mistake]:.0e}, "
        f"final cost {np.median(cost_at_end):.3f} "
        f"from {cost_at_end.min():.3f} to {cost_at_end.max():.3f}"
    )

# %%
# Five starts in each panel. The gray lines are those of the right gradient.

fig, axes = plt.subplots(2, 2, figsize=(7, 5), sharex=True, sharey=True)
for ax, (mistake, curves) in zip(axes.flat, costs.items(), strict=True):
    for right, curve in zip(costs["no mistake"], curves, strict=True):
        ax.semilogx(range(1, 1002), right, "#767676", linewidth=0.8)
        ax.semilogx(range(1, 1002), curve, "C0" if mistake == "no mistake" else "C2")
    ax.set_title(f"{mistake}\nrelative error {middle[mistake]:.0e}")
fig.supxlabel("step, counted from 1", fontsize=11)
fig.supylabel("cost $J$", fontsize=11)
fig.set_label(
    "Cost over 1,000 steps, five starts each, with the right gradient and with three wrong ones. "
    "All come down. Median relative error and final cost: "
    + "; ".join(
        f"{mistake}, {middle[mistake]:.0e} and {np.median(final[mistake]):.3f}"
        for mistake in mistakes
    )
    + "."
)
plt.show()
