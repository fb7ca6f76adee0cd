"""
Outputs with a lower bound do not get colder than the bound
===========================================================

Four small networks learn the nights of a year in Seattle. They differ in the bend of their output.
"""

import math

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import identity, relu, sigmoid, tanh
from textbook.backprop import forward_rows, train
from textbook.bias_variance import cost_floor
from textbook.datasets import load_temperatures
from textbook.initialization import he, initial_parameters

plt.style.use("textbook.book")

_, _, lowest = load_temperatures()
mean, spread = lowest.mean(), lowest.std()
target = (lowest[:, None] - mean) / spread
angle = 2 * np.pi * np.arange(366) / 366
x = np.column_stack([np.cos(angle), np.sin(angle)])
print(f"mean {mean:.1f} degrees, standard deviation {spread:.1f}")

# %%
# The target is standardized, so half of it is negative. Five starts each; the curve is the first.

outputs = {
    identity: (-math.inf, math.inf, "no bend"),
    relu: (0, math.inf, "ReLU"),
    sigmoid: (0, 1, "sigmoid"),
    tanh: (-1, 1, "tanh"),
}
fig, axes = plt.subplots(2, 2, figsize=(7, 4.8), sharex=True, sharey=True)
days = np.arange(1, 367)
told = []
for ax, (bend, (low, high, name)) in zip(axes.flat, outputs.items(), strict=True):
    costs, curves = [], []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        weights, biases = initial_parameters([2, 4, 1], he, rng)
        weights, biases, cost = train(
            x, target, weights, biases, 0.3, 600, [tanh, bend]
        )
        costs.append(cost[-1])
        curves.append(forward_rows(x, weights, biases, [tanh, bend])[1][-1])
    floor = cost_floor(target, low, high)
    middle, least, largest = np.median(costs), min(costs), max(costs)
    told.append(
        f"{name} {middle:.3f} ({least:.3f} to {largest:.3f}), floor {floor:.3f}"
    )
    print(told[-1])
    ax.plot(days[::3], lowest[::3], "C3o", markersize=2.5, markeredgewidth=0)
    ax.plot(days, mean + spread * curves[0][:, 0], "C0", linewidth=2.4)
    ax.set(title=f"{name}: cost {middle:.2f}, floor {floor:.2f}", xlim=(0, 366))
for ax in axes[1]:
    ax.set(xlabel="day of 2012", xticks=[1, 100, 200, 300])
for ax in axes[:, 0]:
    ax.set(ylabel="lowest, °C")
fig.set_label(
    "The lowest temperature of every third day as dots, and what four networks answer. Without a "
    "bend in the output the curve follows winter and summer; ReLU and sigmoid stay flat in "
    f"winter at the year's mean, {mean:.1f} degrees, sigmoid and tanh are cut off in summer "
    f"as well. Costs after 600 steps, medians and ranges of five starts: {'; '.join(told)}."
)
plt.show()
