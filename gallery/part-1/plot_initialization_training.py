"""
With weights a little too small, ten layers learn late or never
===============================================================

Ten hidden layers of 24 ReLUs learn a surface of hills and hollows from 100 points. Only the size of
the first weights differs.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import identity, relu
from textbook.backprop import train
from textbook.initialization import he, initial_parameters

plt.style.use("textbook.book")

widths = [2] + [24] * 10 + [1]
bends = [relu] * 10 + [identity]
steps = 400

# %%
# He's weights, and the same numbers made smaller. A factor of 0.71 makes them LeCun's.

factors = {"He": 1.0, "LeCun": np.sqrt(0.5), "half of He": 0.5}
costs = {name: [] for name in factors}
for seed in range(5):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1.7, 1.7, size=(100, 2))
    target = np.sin(2 * x[:, :1]) * np.cos(x[:, 1:])
    weights, biases = initial_parameters(widths, he, rng)
    for name, factor in factors.items():
        start = [factor * theta for theta in weights]
        cost = train(x, target, start, biases, 0.05, steps, bends)[2]
        costs[name].append(cost / (target.var() / 2))

# %%
# The cost is given as a share of what the best constant answer costs.

colors = {"He": "C0", "LeCun": "C4", "half of He": "C6"}
fig, ax = plt.subplots(figsize=(7, 3.6))
ends = {}
for name, color in colors.items():
    curves = np.array(costs[name])
    median, least, largest = np.quantile(curves, [0.5, 0, 1], axis=0)
    ax.plot(median, color)
    ax.fill_between(
        range(steps + 1), least, largest, color=color, alpha=0.2, linewidth=0
    )
    ax.text(steps + 6, median[-1], name, va="center")
    ends[name] = median[-1], least[-1], largest[-1]
    print("{:10}  {:.2f} ({:.2f} to {:.2f})".format(name, *ends[name]))
ax.set(xlabel="step", ylabel="share of the best constant's cost", ylim=(0, 1.2))
fig.set_label(
    "Cost over 400 steps as a share of the best constant answer's, medians and ranges "
    "of five starts. With He's weights "
    + "{:.2f} ({:.2f} to {:.2f}) is left, with LeCun's ".format(*ends["He"])
    + "{:.2f} ({:.2f} to {:.2f}), with half of He's ".format(*ends["LeCun"])
    + "{:.2f} ({:.2f} to {:.2f}).".format(*ends["half of He"])
)
plt.show()
