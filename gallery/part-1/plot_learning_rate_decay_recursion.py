"""
The printed recursions leave their own closed forms after one epoch
===================================================================

The notes give each pattern twice: as a multiple of the previous rate and, in brackets, of the
first. Are these the same?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.learning_rate_decay import (
    by_recursion,
    exponential,
    inverse_square_root,
    inverse_time,
)

plt.style.use("textbook.book")

t = np.arange(1, 21)
pairs = {
    "inverse time": (inverse_time(t, 1, decay_rate=2), 1 / (1 + 2 * t)),
    "exponential": (exponential(t, 1, factor=0.95), 0.95**t),
    "inverse square root": (inverse_square_root(t, 1), 1 / np.sqrt(t)),
}

fig, axes = plt.subplots(1, 3, figsize=(7, 3.4), sharey=True)
told = []
for ax, (name, (closed, factors)) in zip(axes, pairs.items(), strict=True):
    printed = by_recursion(1, factors)[1:]
    ax.semilogy(t, closed, "C0o-", markersize=3.5)
    ax.semilogy(t, printed, "C2s-", markersize=3.5)
    ax.set(title=name, xlabel="epoch $t$", xticks=[1, 10, 20])
    told.append(f"{name} {closed[-1]:.2g} against {printed[-1]:.1e}")
    print(told[-1])
axes[0].set(ylabel=r"learning rate $\alpha_t$", ylim=(1e-12, 3))
axes[0].text(12, 0.2, "closed", color="C0", ha="center")
axes[0].text(1, 1e-10, "as\nprinted", color="C2")

fig.set_label(
    "Three patterns over twenty epochs, the rate on a logarithmic axis: in each panel "
    "the closed form stays high and the printed recursion dives away from it after "
    f"the first epoch. After twenty epochs: {'; '.join(told)}."
)
plt.show()
