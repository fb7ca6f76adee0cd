"""
Clipped, a network learns that would have blown up in two steps
==================================================================

Ten hidden layers of 24 ReLUs start with weights a fifth larger than He's. The first gradients are
hundreds of times too long.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import identity, relu
from textbook.backprop import (
    backward_rows,
    forward_rows,
    gradient_step,
    squared_error,
    squared_error_gradient,
)
from textbook.initialization import he, initial_parameters
from textbook.vanishing_gradients import (
    cap_weights,
    clip_by_norm,
    clip_by_value,
    global_norm,
)

plt.style.use("textbook.book")

widths, bends = [2] + [24] * 10 + [1], [relu] * 10 + [identity]
steps, learning_rate = 300, 0.05

# %%
# Four ways: the step as it is; the gradient clipped by norm, or by value; and the formula of the
# notes, which gives every weight matrix the length that LeCun's rule would give it.

costs = {way: [] for way in ("none", "by norm", "by value", "weights capped")}
lengths = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1.7, 1.7, size=(100, 2))
    target = np.sin(2 * x[:, :1]) * np.cos(x[:, 1:])
    start, zeros = initial_parameters(widths, he, rng)
    for way, found in costs.items():
        weights, biases, path = [1.2 * theta for theta in start], zeros, []
        for step in range(steps + 1):
            z, a = forward_rows(x, weights, biases, bends)
            path.append(squared_error(a[-1], target) / (target.var() / 2))
            if path[-1] > 1e12:
                break
            da = squared_error_gradient(a[-1], target)
            dtheta, db = backward_rows(da, weights, z, a, bends)
            if step == 0 and way == "none":
                lengths.append(global_norm(dtheta + db))
            if way == "by norm":
                clipped = clip_by_norm(dtheta + db, threshold=3)
                dtheta, db = clipped[: len(dtheta)], clipped[len(dtheta) :]
            if way == "by value":
                dtheta, db = clip_by_value(dtheta, 0.1), clip_by_value(db, 0.1)
            weights = gradient_step(weights, dtheta, learning_rate)
            biases = gradient_step(biases, db, learning_rate)
            if way == "weights capped":
                weights = cap_weights(weights, np.sqrt(24))
        found.append(path)
print(
    "first gradient {:.0f} ({:.0f} to {:.0f})".format(
        *np.quantile(lengths, [0.5, 0, 1])
    )
)

ends = {}
for way, found in costs.items():
    ends[way] = np.quantile([path[-1] for path in found], [0.5, 0, 1])
    print("{:14}  {:.2g} ({:.2g} to {:.2g})".format(way, *ends[way]))
stuck = sum(path[-1] > 0.99 for path in costs["weights capped"])
print(f"{stuck} of 5 starts with capped weights end at the cost of a constant")

# %%
# Medians and whole ranges. Without clipping each start leaves the page within three steps.

fig, ax = plt.subplots(figsize=(7, 3.8))
at = np.arange(1, steps + 2)
for way, color, lift in [
    ("by norm", "C0", 5),
    ("by value", "C4", -5),
    ("weights capped", "C6", 0),
]:
    median, least, largest = np.quantile(costs[way], [0.5, 0, 1], axis=0)
    ax.loglog(at, median, color)
    ax.fill_between(at, least, largest, color=color, alpha=0.2, linewidth=0)
    ax.annotate(
        way, (at[-1], median[-1]), (6, lift), textcoords="offset points", va="center"
    )
for path in costs["none"]:
    ax.loglog(at[: len(path)], path, "C2", linewidth=1.2)
ax.text(2.3, 3e3, "not clipped")
ax.set(
    xlabel="evaluation of the cost",
    ylabel="share of the best constant's cost",
    ylim=(0.05, 1e4),
)
fig.set_label(
    "Cost over 300 steps as a share of the best constant answer's, both axes "
    "logarithmic, five starts. Unclipped it passes 1e12 at the third evaluation. With "
    "clipping by norm at 3, {:.2f} ({:.2f} to {:.2f}) is left; ".format(
        *ends["by norm"]
    )
    + "by value at 0.1, {:.2f} ({:.2f} to {:.2f}). ".format(*ends["by value"])
    + f"With capped weights {stuck} of 5 starts stay at the constant's cost."
)
plt.show()
