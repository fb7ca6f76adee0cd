"""
The right weights carry a signal through thirty layers, both ways
=================================================================

Thirty layers of 256 units, filled with random weights of four sizes. How large is what reaches each
layer from the input, and how large what comes back to it from the output?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import relu, tanh
from textbook.initialization import he, initial_parameters, spread_by_depth

plt.style.use("textbook.book")

n, depth, seeds = 256, 30, range(5)

# %%
# One set of random numbers for each seed, drawn by He's rule. The other starts are the same numbers
# made larger or smaller. Where a layer has as many outputs as inputs, LeCun and Glorot agree.

sizes = {"1": 1.0, "He": np.sqrt(2 / n), "LeCun": np.sqrt(1 / n), "0.01": 0.01}
spreads = {(f, name): [] for f in (relu, tanh) for name in sizes}
for seed in seeds:
    rng = np.random.default_rng(seed)
    weights, biases = initial_parameters([n] * (depth + 1), he, rng)
    x, da = rng.normal(size=(2, 1, n))
    for (f, name), found in spreads.items():
        scaled = [theta * sizes[name] / sizes["He"] for theta in weights]
        found.append(spread_by_depth(da, x, scaled, biases, [f] * depth))

last, first = {}, {}  # the activations of the last layer, the errors of the first
for case, found in spreads.items():
    last[case] = np.median([spread.activations[-1] for spread in found])
    first[case] = np.median([spread.errors[0] for spread in found])
    f, name = case
    print(f"{f.__name__}  {name:5}  {last[case]:7.1e} forward  {first[case]:7.1e} back")

# %%
# A stroke is the median of five starts, its band reaches from the least of them to the largest.

looks = {
    "1": ("C6", "--"),
    "He": ("C0", "-"),
    "LeCun": ("C4", "-"),
    "0.01": ("C6", ":"),
}
labels = [
    [
        [
            ("1", 6.2, 1e5),
            ("He", 22, 5),
            ("LeCun, Glorot", 16, 1e-5),
            ("0.01", 0.5, 1e-5),
        ],
        [("1, He", 18, 5), ("LeCun, Glorot", 12, 7e-3), ("0.01", 0.5, 1e-5)],
    ],
    [
        [
            ("1", 21, 1e5),
            ("He", 4, 5),
            ("LeCun, Glorot", 2, 2e-6),
            ("0.01", 26.2, 3e-6),
        ],
        [
            ("1", 12, 1e5),
            ("He", 4, 20),
            ("LeCun, Glorot", 2, 0.01),
            ("0.01", 25.2, 3e-6),
        ],
    ],
]
fig, axes = plt.subplots(2, 2, figsize=(7, 5.8), sharex=True, sharey=True)
for row, part in enumerate(("activations", "errors")):
    for column, f in enumerate((relu, tanh)):
        ax = axes[row, column]
        for name, (color, style) in looks.items():
            curves = np.array([getattr(spread, part) for spread in spreads[f, name]])
            layers = np.arange(row, depth + 1)
            ax.semilogy(layers, np.median(curves, axis=0), color, linestyle=style)
            ends = curves.min(axis=0), curves.max(axis=0)
            ax.fill_between(layers, *ends, color=color, alpha=0.2, linewidth=0)
        for text, layer, height in labels[row][column]:
            ax.text(layer, height, text)
axes[0, 0].set(title="ReLU", ylabel="size of the activations", ylim=(1e-6, 1e6))
axes[0, 1].set(title="tanh")
axes[1, 0].set(xlabel="layer", ylabel="size of the errors")
axes[1, 1].set(xlabel="layer")

fig.set_label(
    "Root mean square by layer, on a logarithmic scale. With ReLU, He's weights keep "
    f"it near 1 in both directions, LeCun's let it fall to {last[relu, 'LeCun']:.0e}; "
    f"weights of size 1 take it to {last[relu, '1']:.0e}, of size 0.01 to "
    f"{last[relu, '0.01']:.0e}. With tanh, activations end at {last[tanh, 'He']:.2f} "
    f"for He and {last[tanh, 'LeCun']:.2f} for LeCun; with weights of size 1 they stay "
    f"near 1 while the errors grow to {first[tanh, '1']:.0e}."
)
plt.show()

# %%
# Tanh holds the activations below 1 whatever the weights, so the way forward looks healthy even
# where the way back explodes.
