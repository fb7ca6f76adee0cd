"""
Lifted by its squared distance, a ring can be cut off with a plane
==================================================================

A disc lies inside a ring, and no line parts them. What changes when each point rises?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.distributed_representation import (
    circle_plane,
    lift,
    linear_readout,
    readout_accuracy,
    rings,
)
from textbook.logistic_regression import add_intercept

plt.style.use("textbook.book")

x, labels = rings(60, np.random.default_rng(2))
raised = lift(x)

# %%
# The best line found, and the plane at the height 1.25 squared, which cuts along the circle of
# radius 1.25.

flat_share = readout_accuracy(x, labels, linear_readout(x, labels, classes=2))
theta = circle_plane([0, 0], 1.25)
parted = (add_intercept(raised) @ theta < 0) == labels
print(f"a line: {flat_share:.1%} right, the plane: {parted.mean():.1%}")

# %%
# Each frame shows the points at a share of their full height.

fig = plt.figure(figsize=(6.4, 4.6))
ax = fig.add_subplot(projection="3d", computed_zorder=False)
shares = np.linspace(0, 1, 6)
for frame, share in enumerate(shares):
    for label, style, order in ((1, "C1^", 1), (0, "C5o", 3)):
        u, v, height = raised[labels == label].T
        (artist,) = ax.plot(
            u, v, share * height, style, markersize=5, markeredgewidth=0, zorder=order
        )
        artist.set_gid(f"at-{frame}")

height = -theta[0]
corners = 2.2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
plane = ax.plot_surface(
    corners[[0, 3], 0][:, None] * [[1, -1], [1, -1]],
    np.array([[-2.2, -2.2], [2.2, 2.2]]),
    np.full((2, 2), height),
    color="C0",
    alpha=0.2,
    zorder=2,
)
(edge,) = ax.plot(*corners.T, np.full(5, height), "C0", linewidth=1.2, zorder=2)
angle = np.linspace(0, 2 * np.pi, 101)
(circle,) = ax.plot(
    1.25 * np.cos(angle), 1.25 * np.sin(angle), height, "C0", linewidth=2.2, zorder=2
)
for artist in (plane, edge, circle):
    artist.set_gid(f"from-{len(shares) - 1}")
ax.set(xlabel="$x_1$", ylabel="$x_2$", zlim=(0, 6.25), zticks=[0, 2, 4, 6])
ax.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2])
ax.text2D(0.7, 0.9, "height $x_1^2 + x_2^2$", transform=ax.transAxes)
ax.grid(False)
for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
    axis.pane.set_visible(False)
ax.set_box_aspect((1, 1, 0.9), zoom=0.95)
ax.view_init(elev=14, azim=-60)

fig.set_label(
    f"Points of a disc (triangles) and of a ring (dots) rise in {len(shares)} frames from the "
    "plane to the height of their squared distance from the origin. On the plane the best line "
    f"found is right for {flat_share:.0%}. At full height a level plane at {height:.4f} has "
    f"all of the disc below it and all of the ring above, {parted.mean():.0%} right."
)
plt.show()
