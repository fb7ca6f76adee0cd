"""
Without its correction Adam starts with steps up to 6.6 times too long
======================================================================

A slope that never changes should be answered by steps of length alpha. Is it, from the first
one on?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.optimizers import adam_step, follow

plt.style.use("textbook.book")

t = np.arange(1, 5001)
path = follow(adam_step, np.ones_like, [0.0], learning_rate=0.001, steps=5000)
corrected = -np.diff(path[:, 0]) / 0.001

# %%
# What the two corrections are divided by, for three settings of the second beta:

fig, ax = plt.subplots(figsize=(7, 3.6))
ax.semilogx(t, corrected, "C0")
ax.text(300, 0.45, "corrected")
longest = {}
for beta2, style in ((0.9, "-"), (0.99, "-"), (0.999, "-")):
    bare = (1 - 0.9**t) / np.sqrt(1 - beta2**t)
    longest[beta2] = (bare.max(), int(t[bare.argmax()]), bare[0], bare[999])
    print(
        f"{beta2}: first {bare[0]:.2f}, longest {bare.max():.2f} at {t[bare.argmax()]}"
    )
    ax.semilogx(t, bare, "C2", linestyle=style, linewidth=1.3)
for beta2, place in ((0.9, (6, 0.2)), (0.99, (5, 2.3)), (0.999, (33, 5.7))):
    ax.text(*place, rf"not corrected, $\beta_2$ = {beta2}")
ax.set(
    xlabel="step",
    ylabel=r"length of the step, in $\alpha$",
    ylim=(0, 7),
    xlim=(1, 5000),
)

fig.set_label(
    "Length of Adam's steps on a constant slope, in learning rates, against the number of "
    "the step, logarithmic. With both corrections it is 1 from the first step on. Without "
    "them, at beta1 0.9: "
    + "; ".join(
        f"beta2 {beta2} starts with {first:.2f} and is longest, {most:.2f}, at step {at}"
        for beta2, (most, at, first, _) in longest.items()
    )
    + f". At 0.999 it is still {longest[0.999][3]:.2f} at step 1,000."
)
plt.show()
