"""
Far from zero, only the ReLU family keeps its slope
===================================================

What does each activation do to a score, and what slope does it leave for training?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import (
    derivative_of,
    identity,
    leaky_relu,
    relu,
    sigmoid,
    sine,
    tanh,
)

plt.style.use("textbook.book")

z = np.linspace(-6, 6, 601)
fig, axes = plt.subplots(2, 3, figsize=(7, 4.6), sharex=True, sharey=True)
for ax, f in zip(
    axes.flat, [sigmoid, tanh, sine, relu, leaky_relu, identity], strict=True
):
    ax.axhline(0, color="#767676", linewidth=0.6)
    ax.plot(z, f(z), "C0")
    ax.plot(z, derivative_of(f)(z), "C2", linestyle=(0, (4, 1.5)))
    ax.set(
        title=f.__name__.replace("_", " "),
        ylim=(-1.3, 2.3),
        xticks=[-5, 0, 5],
        yticks=[-1, 0, 1, 2],
    )
axes[0, 0].text(6, 1.1, "function", ha="right")
axes[0, 0].text(6, 0.12, "slope", ha="right")
fig.supxlabel("score $z$", fontsize=11)

at_five = {f.__name__: derivative_of(f)(5) for f in (sigmoid, tanh, relu, leaky_relu)}
print({name: round(slope, 5) for name, slope in at_five.items()})

fig.set_label(
    "Six activation functions with their slopes from z = -6 to 6. At z = 5 the slope "
    "of the sigmoid is "
    f"{at_five['sigmoid']:.4f} and that of tanh {at_five['tanh']:.4f}, while ReLU and "
    "leaky ReLU have "
    "1 there. Left of 0 ReLU has slope 0, leaky ReLU 0.01. The sine's slope swings "
    "between -1 and 1."
)
plt.show()

# %%
# The flat ends are where learning stops: the error that comes back is multiplied by the slope.
