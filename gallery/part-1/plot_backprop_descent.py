"""
Ten thousand steps take the cost from 0.298 to 0.000035
=======================================================

The same example is shown again and again. What do the steps achieve, and does it matter whether the
biases move, or whether the output layer moves first?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.backprop import train, worked_example

plt.style.use("textbook.book")

x, target, weights, biases = worked_example()
ways = {
    "weights only, all at once": {"train_biases": False},
    "weights only, output layer first": {"train_biases": False, "layer_by_layer": True},
    "weights and biases": {"train_biases": True},
}
costs = {
    name: train([x], [target], weights, biases, 0.5, 10_000, **settings)[2]
    for name, settings in ways.items()
}
for name, c in costs.items():
    print(f"{name:33}  after one step {c[1]:.10f}  after 10,000 {c[-1]:.3e}")

steps = np.arange(1, 10_001)
fig, ax = plt.subplots(figsize=(7, 3.6))
all_at_once, layer_by_layer, with_biases = costs.values()
ax.loglog(steps, all_at_once[1:], "C0")
ax.loglog(steps, layer_by_layer[1:], "C1", linestyle=(0, (1, 3)), linewidth=3)
ax.loglog(steps, with_biases[1:], "C4")
ax.annotate(
    "weights only,\nboth ways",
    (900, all_at_once[900]),
    (12, 6),
    textcoords="offset points",
)
ax.annotate(
    "weights and biases",
    (300, with_biases[300]),
    (-10, -12),
    textcoords="offset points",
    ha="right",
    va="top",
)
ax.set(xlabel="step", ylabel="cost $J$")

fig.set_label(
    "Cost over 10,000 steps with learning rate 0.5, both axes logarithmic. With the "
    "biases left alone it falls from "
    f"{all_at_once[0]:.3f} to {all_at_once[-1]:.2e}; updating the output layer first "
    "follows the same curve, to "
    f"{layer_by_layer[-1]:.2e}. With the biases trained too it reaches "
    f"{with_biases[-1]:.2e}."
)
plt.show()
