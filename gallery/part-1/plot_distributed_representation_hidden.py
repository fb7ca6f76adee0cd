"""
The hidden layer moves the disc into a corner, and a plane cuts the corner off
==============================================================================

A trained network tells a disc from the ring around it. Where do the points lie as its output unit
sees them?
"""

import itertools

import matplotlib.pyplot as plt
import numpy as np
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from textbook.activations import identity, tanh
from textbook.backprop import forward_rows, train
from textbook.distributed_representation import (
    linear_readout,
    readout_accuracy,
    rings,
)
from textbook.initialization import glorot, initial_parameters

plt.style.use("textbook.book")

rng = np.random.default_rng(0)
x, labels = rings(100, rng)
weights, biases = initial_parameters([2, 3, 1], glorot, rng)
target = np.where(labels == 1, 1, -1)[:, None]
bends = [tanh, identity]
weights, biases, _ = train(x, target, weights, biases, 0.3, 600, bends)
_, a = forward_rows(x, weights, biases, bends)

shares = [
    readout_accuracy(layer, labels, linear_readout(layer, labels, 2)) for layer in a[:2]
]
print("read linearly, before and after: {:.3f}, {:.3f}".format(*shares))

# %%
# On the left, each line is where one hidden unit is 0; it rises towards its number. On the right,
# a point's place is what the three units say, and the plane is where the output is 0. The signs are
# those of the three units in the corner of the disc and in its three neighbors.

grid = np.linspace(-2.7, 2.7, 201)
points = np.stack(np.meshgrid(grid, grid), axis=-1)
_, over_grid = forward_rows(points.reshape(-1, 2), weights, biases, bends)
hidden = over_grid[1].reshape(201, 201, 3)

fig = plt.figure(figsize=(7, 3.7))
flat = fig.add_subplot(1, 2, 1)
space = fig.add_subplot(1, 2, 2, projection="3d", computed_zorder=False)
kinds = ((1, "C1^"), (0, "C5o"))
for label, style in kinds:
    flat.plot(*x[labels == label].T, style, markersize=4, markeredgewidth=0)
flat.contour(grid, grid, over_grid[2].reshape(201, 201), [0], colors="C0")
for j in range(3):
    flat.contour(
        grid, grid, hidden[..., j], [0], colors="C4", linewidths=1.2, linestyles="--"
    )
    direction = weights[0][:, j] / np.linalg.norm(weights[0][:, j])
    nearest = -biases[0][j] * weights[0][:, j] / np.sum(weights[0][:, j] ** 2)
    along = np.array([-direction[1], direction[0]])
    place = nearest + 0.3 * direction + 2.3 * along
    if np.abs(place).max() > 2.6:
        place = nearest + 0.3 * direction - 2.3 * along
    flat.text(*place, f"{j + 1}", ha="center", va="center")
flat.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
flat.set(xlim=(-2.7, 2.7), ylim=(-2.7, 2.7), title="what comes in")

# The cube of all that three tanh units can say, and the polygon that the plane cuts out of it.
w, b = weights[1][:, 0], biases[1][0]
cuts = []
for axis in range(3):
    for ends in itertools.product([-1.0, 1.0], repeat=2):
        edge = np.insert(np.array([ends, ends]), axis, [-1.0, 1.0], axis=1)
        space.plot(*edge.T, color="#767676", linewidth=0.6, zorder=0)
        first, last = edge @ w + b
        if first * last < 0:
            cuts.append(edge[0] + first / (first - last) * (edge[1] - edge[0]))
polygon = np.array(cuts)
_, _, frame = np.linalg.svd(polygon - polygon.mean(axis=0))
inside = (polygon - polygon.mean(axis=0)) @ frame[:2].T
polygon = polygon[np.argsort(np.arctan2(*inside.T))]
space.add_collection3d(Poly3DCollection([polygon], color="C0", alpha=0.25, zorder=2))

for label, style in kinds:
    part = a[1][labels == label]
    space.plot(*part.T, style, markersize=4, markeredgewidth=0, zorder=3)
beside = {(1, 1, 1): (0, 0, 0.25), (-1, 1, 1): (0, 0, 0.25)}
beside |= {(1, -1, 1): (-0.5, 0, -0.25), (1, 1, -1): (0, 0, -0.3)}
for corner, step in beside.items():
    signs = " ".join("+" if side > 0 else "\N{MINUS SIGN}" for side in corner)
    space.text(*np.add(corner, step), signs, ha="center", va="center")
space.set_title("what the hidden layer makes of it", y=1.09)
space.set_axis_off()
space.set_box_aspect((1, 1, 1), zoom=1)
space.set_proj_type("ortho")
space.view_init(elev=16, azim=-68)

fig.set_label(
    "Left, the disc inside the ring, the closed boundary between them that the network draws, "
    "and three dashed lines, one for each hidden unit, around the disc. Right, the same points "
    "at the activations of the three units, in the cube from -1 to 1: the disc lies in one corner, "
    "and a plane cuts it off; the ring lies at and between the neighboring corners. A linear "
    f"readout gets {shares[0]:.0%} of the inputs right and "
    f"{shares[1]:.0%} of the activations."
)
plt.show()
