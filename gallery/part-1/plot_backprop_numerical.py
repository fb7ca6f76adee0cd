"""
Twelve slopes by back-propagation, and the same twelve by trying
================================================================

Move one parameter a little to each side and see what the cost does. Is that what
back-propagation said?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.backprop import (
    backward_example,
    forward_example,
    squared_error,
    squared_error_gradient,
    worked_example,
)
from textbook.gradient_checking import numerical_gradient, relative_error

plt.style.use("textbook.book")

x, target, weights, biases = worked_example()
z, a = forward_example(x, weights, biases)
weight_gradients, bias_gradients = backward_example(
    squared_error_gradient(a[-1], target), weights, z, a
)

# %%
# All twelve parameters in one vector: eight weights, four biases.

parameters = np.concatenate([array.ravel() for array in [*weights, *biases]])
by_backprop = np.concatenate(
    [array.ravel() for array in [*weight_gradients, *bias_gradients]]
)


def cost(vector):
    w1, w2, b1, b2 = np.split(vector, [4, 8, 10])
    _, a = forward_example(x, [w1.reshape(2, 2), w2.reshape(2, 2)], [b1, b2])
    return squared_error(a[-1], target)


by_trying = numerical_gradient(cost, parameters)
print(f"largest difference {abs(by_backprop - by_trying).max():.1e}")
print(f"relative error {relative_error(by_backprop, by_trying):.1e}")

# %%
names = [
    rf"$\theta_{{{i}{j}}}^{{({n})}}$" for n in (1, 2) for i in (1, 2) for j in (1, 2)
]
names += [f"$b_{i}^{{({n})}}$" for n in (1, 2) for i in (1, 2)]

fig, ax = plt.subplots(figsize=(7, 3.4))
ax.axhline(0, color="#767676", linewidth=0.6)
ax.plot(
    by_backprop,
    "o",
    color="C2",
    markersize=12,
    markerfacecolor="none",
    markeredgewidth=1.8,
)
ax.plot(by_trying, "o", color="#222222", markersize=4)
ax.set_yscale("symlog", linthresh=1e-4, linscale=0.4)
ax.set(
    xticks=range(12),
    xticklabels=names,
    yticks=[-1e-2, -1e-3, 0, 1e-3, 1e-2, 1e-1],
    ylabel="slope of the cost",
    title="rings: by back-propagation, dots: by trying",
)
fig.set_label(
    "The slope of the cost in each of the twelve parameters on a logarithmic scale, once "
    "by back-propagation (rings) and once by numerical difference (dots). Every dot lies "
    f"in its ring, from {by_backprop[0]:.6f} to {by_backprop.max():.4f}; the largest "
    f"difference is {abs(by_backprop - by_trying).max():.0e}."
)
plt.show()
