"""
A kernel has 3 weights where a dense layer has 24
=================================================

Six inputs, a kernel of three: how many connections are left, and how many different weights?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.convolution import convolution_matrix

plt.style.use("textbook.book")

colors = ["C0", "C1", "C3"]
shared = convolution_matrix([[1, 2, 3]], height=1, width=6)
connections = np.argwhere(shared)
print("connections:", len(connections), "of", shared.size)

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.4))
outputs = np.arange(len(shared)) + 1
for ax in (left, right):
    ax.plot(np.arange(6), np.zeros(6), "C6o", markersize=11, markerfacecolor="none")
    ax.plot(outputs, np.ones(4), "C6o", markersize=11, markerfacecolor="none")
    ax.set(xlim=(-0.5, 5.5), ylim=(-0.25, 1.25))
    ax.axis("off")
    ax.text(-0.4, -0.14, "inputs $x$", va="top")
    ax.text(0.6, 1.12, "outputs $y$", va="bottom")

for i, j in connections:
    color = colors[int(shared[i, j]) - 1]
    left.plot([j, outputs[i]], [0.065, 0.935], color, linewidth=1.8)
for i, j in np.ndindex(shared.shape):
    right.plot([j, outputs[i]], [0.065, 0.935], color="#767676", linewidth=0.8)
left.set_title(f"kernel: {len(connections)} lines, {len(colors)} weights")
right.set_title(f"dense: {shared.size} lines, {shared.size} weights")

fig.set_label(
    f"Left: six inputs and four outputs, each output joined to three neighbors: {len(connections)} "
    f"connections in {len(colors)} colors, for there are only {len(colors)} weights. Right: the "
    f"dense layer with all {shared.size} connections, each a weight of its own."
)
plt.show()
