"""
A sigmoid loses the gradient, a saturated tanh makes it explode
===============================================================

Thirty layers of 256 units, untrained. How long is the gradient of each layer's weights?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import relu, sigmoid, tanh
from textbook.backprop import backward_rows, forward_rows
from textbook.initialization import he, initial_parameters
from textbook.vanishing_gradients import gradient_norms

plt.style.use("textbook.book")

n, depth = 256, 30

# %%
# One example goes forward and a random error of size 1 comes back, for five draws of the weights.
# The sizes are those of the chapter on initialization; LeCun's is also Glorot's, for n units each.

sizes = {"1": 1.0, "He": np.sqrt(2 / n), "LeCun": np.sqrt(1 / n), "0.01": 0.01}
norms = {(f, name): [] for f in (sigmoid, tanh, relu) for name in sizes}
for seed in range(5):
    rng = np.random.default_rng(seed)
    weights, biases = initial_parameters([n] * (depth + 1), he, rng)
    x, da = rng.normal(size=(2, 1, n))
    for (f, name), found in norms.items():
        scaled = [theta * sizes[name] / sizes["He"] for theta in weights]
        z, a = forward_rows(x, scaled, biases, [f] * depth)
        weight_gradients, _ = backward_rows(da, scaled, z, a, [f] * depth)
        found.append(gradient_norms(weight_gradients))
medians = {case: np.median(found, axis=0) for case, found in norms.items()}
for (f, name), median in medians.items():
    print(f"{f.__name__:7}  {name:5}  first {median[0]:8.1e}  last {median[-1]:8.1e}")

# %%
looks = {
    "1": ("C6", "--"),
    "He": ("C0", "-"),
    "LeCun": ("C4", "-"),
    "0.01": ("C6", ":"),
}
labels = {
    sigmoid: [("1", 4, 1e6), ("He", 4, 1e-8), ("LeCun", 3, 1e-20), ("0.01", 20, 1e-20)],
    tanh: [("1", 10, 1e14), ("He", 10, 1e5), ("LeCun", 10, 1e-4), ("0.01", 10, 1e-18)],
    relu: [("1", 14, 1e28), ("He", 12, 1e5), ("LeCun", 10, 1e-8), ("0.01", 11, 1e-23)],
}
fig, axes = plt.subplots(1, 3, figsize=(7, 4.4), sharey=True)
for ax, f in zip(axes, (sigmoid, tanh, relu), strict=True):
    for name, (color, style) in looks.items():
        found = np.array(norms[f, name])
        layers = np.arange(1, depth + 1)
        ax.semilogy(layers, medians[f, name], color, linestyle=style)
        ends = found.min(axis=0), found.max(axis=0)
        ax.fill_between(layers, *ends, color=color, alpha=0.2, linewidth=0)
    for text, layer, height in labels[f]:
        ax.text(layer, height, text)
    ax.set(title=f.__name__, xlabel="layer", xticks=[1, 15, 30], ylim=(1e-30, 1e36))
axes[0].set(ylabel="length of the gradient", yticks=[1e-20, 1, 1e20])
axes[2].set(title="ReLU")

first = {case: f"{median[0]:.0e}" for case, median in medians.items()}
last = {case: f"{median[-1]:.0e}" for case, median in medians.items()}
fig.set_label(
    "Length of the gradient of each layer's weights, on a logarithmic scale, from the "
    "last layer to the first. Sigmoid with LeCun's weights: from "
    f"{last[sigmoid, 'LeCun']} down to {first[sigmoid, 'LeCun']}. Tanh with weights of "
    f"size 1: from {last[tanh, '1']} up to {first[tanh, '1']}; with LeCun's level, from "
    f"{last[tanh, 'LeCun']} to {first[tanh, 'LeCun']}. With ReLU all curves are level: "
    f"at {first[relu, '1']} for size 1, {first[relu, 'He']} for He, "
    f"{first[relu, 'LeCun']} for LeCun and {first[relu, '0.01']} for size 0.01."
)
plt.show()

# %%
# With ReLU no layer has less than another: what the way back has taken from the first layers, the
# way forward has taken from the last.
