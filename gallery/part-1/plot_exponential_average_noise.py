"""
Weather outlasts an average that would remove pure chance
=========================================================

Take the yearly wave out of the temperatures and average what is left. How much of its variance
remains, in the order of the calendar and with the days shuffled?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_temperatures
from textbook.exponential_average import exponential_average, noise_factor

plt.style.use("textbook.book")

_, highest, _ = load_temperatures()
angle = 2 * np.pi * np.arange(366) / 366
wave = np.column_stack([np.ones(366), np.cos(angle), np.sin(angle)])
rest = highest - wave @ np.linalg.lstsq(wave, highest, rcond=None)[0]


def share_left(series, beta):
    """Leave out the first 60 days, in which the average begins."""
    return exponential_average(series, beta)[60:].var() / series.var()


betas = np.array([0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95])
shuffled = np.array(
    [
        [share_left(np.random.default_rng(s).permutation(rest), b) for b in betas]
        for s in range(20)
    ]
)
calendar = np.array([share_left(rest, b) for b in betas])

fig, ax = plt.subplots(figsize=(7, 3.8))
line = np.linspace(0, 0.96, 97)
ax.semilogy(line, [noise_factor(b) for b in line], "C3", linewidth=1.4)
ax.vlines(betas, shuffled.min(axis=0), shuffled.max(axis=0), "C0", linewidth=3)
ax.plot(betas, np.median(shuffled, axis=0), "C0o")
ax.plot(betas, calendar, "C6s-")
ax.text(0.72, 0.47, "in the order of the calendar", color="C6", ha="left")
ax.text(0.6, 0.11, "shuffled", color="C0", ha="right")
ax.text(0.36, 0.34, r"$(1 - \beta)/(1 + \beta)$", color="C3", ha="right")
ax.set(xlim=(0, 1), ylim=(0.008, 1.1), yticks=[0.01, 0.1, 1])
ax.set_yticklabels(["1 %", "10 %", "100 %"])
ax.set(xlabel=r"$\beta$", ylabel="share of the variance left")

told = [
    f"at {b} the formula says {noise_factor(b):.3f}, twenty shuffles have a median of "
    f"{np.median(s):.3f} ({s.min():.3f} to {s.max():.3f}), the calendar leaves {c:.3f}"
    for b, s, c in zip(betas, shuffled.T, calendar, strict=True)
    if b in (0.5, 0.9)
]
print("\n".join(told))
fig.set_label(
    "Share of the variance that an average leaves, against beta, on a logarithmic axis. "
    "The curve of the formula falls, shuffled days lie on it, and days in their own order "
    "lie above: " + "; ".join(told) + "."
)
plt.show()
