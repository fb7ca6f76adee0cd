"""
Among random curvatures minima die out far faster than coin tosses say
======================================================================

Draw symmetric matrices that prefer no direction. How many of them curve the same way everywhere?
"""

import math

import matplotlib.pyplot as plt
import numpy as np

from textbook.optima import share_definite

plt.style.use("textbook.book")

measured = {
    n: [share_definite(n, 50_000, np.random.default_rng(seed)) for seed in range(5)]
    for n in range(1, 6)
}

# %%
# Three values are known exactly. From there on each factor is the one before, divided by the
# square root of 3.

known = [1, 1 - 1 / math.sqrt(2), (math.pi - 2 * math.sqrt(2)) / (2 * math.pi)]
while len(known) < 8:
    known.append(known[-1] * known[-1] / known[-2] / math.sqrt(3))
for n, shares in measured.items():
    print(f"{n}: measured {np.median(shares):.5f}   known {known[n - 1]:.5f}")

fig, ax = plt.subplots(figsize=(7, 3.8))
dimensions = np.arange(1, 9)
ax.semilogy(dimensions, known, "C3")
ax.semilogy(dimensions, 2.0 ** (1 - dimensions), "#767676", linestyle="--")
for n, shares in measured.items():
    ax.semilogy([n] * 5, shares, "C0o")
ax.annotate("known", (8, known[-1]), (6, 0), textcoords="offset points", va="center")
ax.annotate(
    "tosses of a coin", (8, 2.0**-7), (6, 0), textcoords="offset points", va="center"
)
ax.set(xlabel="dimension $n$", ylabel="share that is definite", xticks=dimensions)

fig.set_label(
    "Share of random symmetric matrices whose eigenvalues have one sign, against the "
    "dimension, on a logarithmic axis. Medians of five seeds: "
    + ", ".join(f"{np.median(s):.4f} for {n}" for n, s in measured.items())
    + f". They follow the known curve, which is at {known[-1]:.0e} for 8 dimensions; "
    "coin tosses would give 0.008."
)
plt.show()
