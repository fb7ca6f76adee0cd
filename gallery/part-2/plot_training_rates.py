"""
A rate ten times too large does not crash; it leaves a network that guesses
===========================================================================

The same small network, plain steps, five epochs, and learning rates from a hundredth to a thousand.
Which of them train, and how do the others fail?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_digits
from textbook.network import Dense, ReLU, Sequential, initialize
from textbook.optimizers import plain_step
from textbook.training import accuracy, fit

plt.style.use("textbook.book")

images, labels = load_digits()
x = images.reshape(-1, 64) / 16
network = Sequential(
    fc1=Dense(32), relu1=ReLU(), fc2=Dense(32), relu2=ReLU(), scores=Dense(10)
)
RATES = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000]


def misread(rate, seed, clip_norm=None):
    """Return the share of 400 other digits that is misread, or nan where the run breaks off."""
    rng = np.random.default_rng(seed)
    train, judge, _ = np.split(rng.permutation(len(x)), [1200, 1600])
    params = initialize(network, rng, (64,))
    settings = {"optimizer": plain_step, "learning_rate": rate, "clip_norm": clip_norm}
    try:
        run = fit(
            network, params, x[train], labels[train], epochs=5, rng=rng, **settings
        )
    except ValueError as wrong:
        messages.append(str(wrong))
        return np.nan
    return 100 * (1 - accuracy(network, run.params, x[judge], labels[judge]))


messages = []
found = {
    clip_norm: np.array(
        [[misread(rate, seed, clip_norm) for seed in range(5)] for rate in RATES]
    )
    for clip_norm in (None, 1.0)
}
for clip_norm, shares in found.items():
    print(f"clip_norm={clip_norm}")
    for rate, row in zip(RATES, shares, strict=True):
        print(f"{rate:7g}", np.sort(row).round(1).tolist())
print(messages[0])

# %%
# Medians of five starts with their range. Guessing misreads nine of ten; a cross marks a rate at
# which runs broke off, with how many.

fig, ax = plt.subplots(figsize=(7, 3.6))
middle = {}
for (clip_norm, shares), color in zip(found.items(), ("C0", "C4"), strict=True):
    left = np.isfinite(shares)
    low, middle[clip_norm], high = np.nanquantile(shares, [0, 0.5, 1], axis=1)
    ax.plot(RATES, middle[clip_norm], color)
    ax.fill_between(RATES, low, high, color=color, alpha=0.2, linewidth=0)
    for rate, gone in zip(RATES, 5 - left.sum(axis=1), strict=True):
        if gone:
            ax.plot(rate, 98, "x", color=color, markersize=9)
            ax.text(rate, 101, f"{gone} of 5", color=color, ha="center")
ax.axhline(90, color="#767676", linewidth=1, linestyle=":")
ax.text(0.013, 91.5, "guessing", color="#767676")
ax.text(0.45, 58, "plain steps", color="C0", ha="right")
ax.text(1.7, 27, "gradient clipped\nto length 1", color="C4", va="top")
ax.set(xscale="log", xlabel="learning rate", ylim=(0, 106), yticks=range(0, 101, 20))
ax.set_title("misread after five epochs (%)")
plain, clipped = middle[None], middle[1.0]
best, one, three = RATES.index(0.3), RATES.index(1), RATES.index(3)
gone = np.isnan(found[None][-1]).sum()
fig.set_label(
    f"Share of misread digits against the learning rate. With plain steps {plain[best]:.1f} % at "
    f"0.3, {plain[one]:.0f} % at 1 and {plain[three]:.0f} %, as good as guessing, from 3 on; at "
    f"1000 {gone} of 5 runs broke off. With the gradient clipped to length 1 it is "
    f"{clipped[best]:.1f} % at 0.3, {clipped[one]:.0f} % at 1 and {clipped[three]:.0f} % at 3."
)
plt.show()
