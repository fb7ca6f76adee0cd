"""
In front of a bug the slopes are wrong, behind it they are right
================================================================

One ReLU in the middle of a network takes its slope from its output, by greater or equal. The output
is never below 0, so that every slope passes. Which arrays of the network notice?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.network import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    gradient_errors,
    initialize,
)

plt.style.use("textbook.book")


class FromOutput(ReLU):
    def backward(self, dy, params, cache):
        y = np.maximum(cache, 0)
        return dy * (y >= 0), {}


def network(relu):
    return Sequential(
        conv1=Conv2D(4, 3, padding=1),
        relu1=ReLU(),
        conv2=Conv2D(4, 3, padding=1),
        relu2=relu,
        pool=MaxPool2D(2),
        conv3=Conv2D(6, 3, padding=1),
        relu3=ReLU(),
        flat=Flatten(),
        fc=Dense(8),
        relu4=ReLU(),
        scores=Dense(3),
    )


# %%
# Each array is moved along one random direction, in both directions by the same small step.

rng = np.random.default_rng(0)
params = initialize(network(ReLU()), rng, (8, 8, 1), "float64")
x = rng.normal(size=(4, 8, 8, 1))
right = gradient_errors(network(ReLU()), params, x, seed=0)
wrong = gradient_errors(network(FromOutput()), params, x, seed=0)
for name in right:
    print(f"{name:15} {right[name] < 1e-6!s:5} {wrong[name] < 1e-6}")

fig, ax = plt.subplots(figsize=(7, 4.4))
rows = np.arange(len(right))
names = list(right)
ax.plot(list(right.values()), rows, "C0o", markersize=8, label="all layers right")
ax.plot(list(wrong.values()), rows, "C2D", markersize=6, label="a bug in relu2")
place = names.index("conv3.weights") - 0.5
ax.axhline(place, color="C2", linewidth=1.2, linestyle="--")
ax.text(1e-8, place - 0.15, "relu2", color="C2", va="bottom", ha="center")
ax.set(
    xscale="log", xlim=(1e-14, 8), xlabel="relative error", ylim=(len(rows) - 0.5, -0.5)
)
ax.set_yticks(rows, names)
ax.legend(loc="upper center")

before = [wrong[name] for name in names[: names.index("conv3.weights")]]
fig.set_label(
    f"Relative errors of {len(names)} arrays from the input to the scores, on a logarithmic axis. "
    "Without the bug all are below a millionth. With it, those in front of relu2, "
    f"the input and two convolutions, lie between {min(before):.2f} and {max(before):.2f}; those "
    "behind it are as small as before."
)
plt.show()
