"""
Momentum and RMSProp leave a saddle early, plain descent and Adam late
======================================================================

All start on the slope to a saddle, a little off the ridge that leads into it. When do they turn
off?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.optima import chain_gradient
from textbook.optimizers import (
    adam_step,
    follow,
    momentum_step,
    nesterov_step,
    plain_step,
    rmsprop_step,
)

plt.style.use("textbook.book")

methods = {
    "gradient descent": (plain_step, "C6", "-"),
    "momentum": (momentum_step, "C0", "-"),
    "Nesterov": (nesterov_step, "C0", "--"),
    "RMSProp": (rmsprop_step, "C4", "--"),
    "Adam": (adam_step, "C4", "-"),
}
offsets = 10.0 ** -np.arange(1, 8)


def steps_to_leave(step, offset):
    path = follow(step, chain_gradient, [1 + offset, -1], 0.1, 400)
    return int(np.argmax((1 - path.prod(axis=1)) ** 2 / 2 < 0.25))


steps = {
    name: [steps_to_leave(step, offset) for offset in offsets]
    for name, (step, _, _) in methods.items()
}
for name, taken in steps.items():
    print(f"{name:17}", *(f"{count:4}" for count in taken))

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.6), width_ratios=[1.2, 1])
fig.get_layout_engine().set(wspace=0.1)
axis = np.linspace(-1.7, 1.7, 121)
u, v = np.meshgrid(axis, axis)
left.contour(
    u, v, (1 - u * v) ** 2 / 2, levels=[0.1, 0.3, 0.5, 0.8, 1.5, 3], colors="#767676",
    linewidths=0.7,
)  # fmt: skip
arm = axis[axis > 1 / 1.7]
left.plot(arm, 1 / arm, "C3", linewidth=2.2)
left.plot(-arm, -1 / arm, "C3", linewidth=2.2)
for step, color, style in methods.values():
    path = follow(step, chain_gradient, [1.001, -1], 0.1, 120)
    path = path[: np.argmax(abs(1 - path.prod(axis=1)) < 0.1) + 1]
    left.plot(*path.T, color, linestyle=style, linewidth=1.3)
left.plot(1.001, -1, "C6o", markersize=4)
left.set(xlabel=r"$\theta_1$", ylabel=r"$\theta_2$", aspect="equal")

for name, (_, color, style) in methods.items():
    right.semilogx(offsets, steps[name], color, linestyle=style, linewidth=1.4)
    lift = {"momentum": 8, "RMSProp": -8}.get(name, 0)
    right.annotate(
        name, (offsets[-1], steps[name][-1]), (6, lift), va="center",
        textcoords="offset points",
    )  # fmt: skip
right.set(
    xlabel="distance from the ridge", ylabel="steps until it is left",
    xlim=(0.2, 1e-7), ylim=(0, 180), xticks=10.0 ** -np.arange(1, 8, 2),
)  # fmt: skip

fig.set_label(
    "Left: from (1.001, -1), beside the ridge, all five paths slide towards the saddle at "
    "the origin and turn off to a green arm of minima. Right: steps until the cost is below "
    "0.25, at the rate 0.1, from a tenth and from a ten-millionth off the ridge: "
    + "; ".join(f"{name} {taken[0]} and {taken[-1]}" for name, taken in steps.items())
    + "."
)
plt.show()
