"""
The exponential begins as the slowest and ends as the fastest
=============================================================

Four formulas and one table of choices, all from a rate of 1. How do they fall over 200 epochs?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.learning_rate_decay import (
    exponential,
    inverse_square_root,
    inverse_time,
    manual,
    staircase,
)

plt.style.use("textbook.book")

# %%
# The horizontal axis counts from 1, so that all of the curves begin in the same place.

epoch = np.arange(200)
patterns = {
    "inverse square root": (inverse_square_root(epoch + 1, 1), "C0", "-"),
    "manual": (manual(epoch, [0, 15, 70, 130], [1, 0.1, 0.3, 0.03]), "C6", ":"),
    "inverse time": (inverse_time(epoch, 1, decay_rate=2), "C0", "-"),
    "staircase": (staircase(epoch, 1, factor=0.2, every=50), "C6", "-"),
    "exponential": (exponential(epoch, 1, factor=0.95), "C4", "-"),
}

fig, ax = plt.subplots(figsize=(7, 4))
for name, (rates, color, style) in patterns.items():
    ax.loglog(epoch + 1, rates, color, linestyle=style)
    lift = {"staircase": 5, "inverse time": -5}.get(name, 0)
    ax.annotate(
        name, (200, rates[-1]), (6, lift), textcoords="offset points", va="center"
    )
    print(f"{name:20} {rates[9]:.3f} in the tenth epoch, {rates[-1]:.5f} in the last")
ax.set(
    xlabel="epoch, counted from 1", ylabel=r"learning rate $\alpha_t$", xlim=(1, 200)
)

first, last = (
    {name: rates[i] for name, (rates, _, _) in patterns.items()} for i in (9, -1)
)
fig.set_label(
    "Learning rates over 200 epochs, both axes logarithmic, all from 1. After ten "
    "epochs and after 200: "
    + "; ".join(f"{name} {first[name]:.2f} and {last[name]:.5f}" for name in patterns)
    + ". The manual one also rises once."
)
plt.show()
