"""
The 2-2-2 network, forward and backward, with its numbers
=========================================================

Every number of the worked example in its place.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.backprop import (
    backward_example,
    forward_example,
    squared_error_gradient,
    worked_example,
)

plt.style.use("textbook.book")

x, target, weights, biases = worked_example()
z, a = forward_example(x, weights, biases)
da = squared_error_gradient(a[-1], target)
weight_gradients, e = backward_example(da, weights, z, a)

# %%
# Forward, a unit shows its activation and an edge its weight; beside a unit stands what it sums to.
# Backward, a unit shows its error e and an edge the slope of the cost in its weight. The number on
# an edge stands near the unit where the edge begins.

forward = {
    "edges": [[[f"{w:.2f}" for w in row] for row in theta] for theta in weights],
    "units": [[f"{value:.4f}" for value in layer] for layer in a],
    "beside": [
        ["$x_1$", "$x_2$"],
        *[[f"$z = {value:.4f}$" for value in layer] for layer in z],
    ],
    "color": "C0",
}
backward = {
    "edges": [
        [[f"{g:.6f}" for g in row] for row in weight_gradients[0]],
        [
            [f"{g:.4f}".replace("-", "\N{MINUS SIGN}") for g in row]
            for row in weight_gradients[1]
        ],
    ],
    "units": [
        ["0.05", "0.10"],
        *[
            [f"{value:.4f}".replace("-", "\N{MINUS SIGN}") for value in layer]
            for layer in e
        ],
    ],
    "beside": [
        ["$x_1$", "$x_2$"],
        ["$e_1^{(1)}$", "$e_2^{(1)}$"],
        ["$e_1^{(2)}$", "$e_2^{(2)}$"],
    ],
    "color": "C2",
}

columns, heights = [0.0, 2.6, 5.2], [1.0, 0.0]
for shown in (forward, backward):
    fig, ax = plt.subplots(figsize=(7, 3.6))
    for layer, edges in enumerate(shown["edges"]):
        for (i, j), number in np.ndenumerate(np.array(edges)):
            start = np.array([columns[layer], heights[i]])
            step = np.array([columns[layer + 1], heights[j]]) - start
            ax.plot(*np.array([start, start + step]).T, shown["color"], linewidth=1.2)
            ax.text(
                *(start + 0.36 * step),
                number,
                ha="center",
                va="center",
                bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1.5},
            )
    for column, numbers, notes in zip(
        columns, shown["units"], shown["beside"], strict=True
    ):
        for height, number, note, side in zip(
            heights, numbers, notes, [0.33, -0.33], strict=True
        ):
            ax.plot(
                column,
                height,
                "o",
                markersize=56,
                markerfacecolor="#ffffff",
                markeredgecolor="#222222",
            )
            ax.text(column, height, number, ha="center", va="center")
            ax.text(column, height + side, note, ha="center", va="center")
    ax.set(xlim=(-0.5, 5.7), ylim=(-0.5, 1.5))
    ax.axis("off")
    if shown is forward:
        fig.set_label(
            f"The network forward: inputs {x[0]} and {x[1]}; hidden units "
            f"{a[1][0]:.4f} and {a[1][1]:.4f}; outputs "
            f"{a[2][0]:.4f} and {a[2][1]:.4f}, with the eight weights on the edges."
        )
    else:
        fig.set_label(
            f"The network backward: output errors {e[1][0]:.4f} and {e[1][1]:.4f}; "
            f"hidden errors {e[0][0]:.4f} and "
            f"{e[0][1]:.4f}. The first output weight has the slope "
            f"{weight_gradients[1][0, 0]:.4f}, the first hidden "
            f"weight {weight_gradients[0][0, 0]:.6f}, almost two hundred times less."
        )
plt.show()

print(f"{weight_gradients[1][0, 0] / weight_gradients[0][0, 0]:.0f}")
