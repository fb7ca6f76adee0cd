"""
By chance, nearly every tested day has a neighbor to copy from
==============================================================

A year of highest temperatures in Seattle. Each tested day is given the value of the nearest day
that was kept to learn from.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.data_splits import split, time_split
from textbook.datasets import load_temperatures

plt.style.use("textbook.book")

days, highest, _ = load_temperatures()
parts = {
    "dealt out by chance": split(366, [0.7, 0.3], np.random.default_rng(0)),
    "in the order of time": time_split(366, [0.7, 0.3]),
}

fig, axes = plt.subplots(2, 1, figsize=(7, 5), sharex=True, sharey=True)
told = []
for ax, (name, (train, test)) in zip(axes, parts.items(), strict=True):
    gap = np.abs(test[:, None] - train)
    predicted = highest[train][gap.argmin(axis=1)]
    off = np.mean(np.abs(predicted - highest[test]))
    neighbors = np.mean(gap.min(axis=1) == 1)
    ax.vlines(test, predicted, highest[test], "C2", linewidth=0.9)
    ax.plot(train, highest[train], "o", color="#767676", markersize=2.5)
    ax.plot(test, highest[test], "C3o", markersize=3.5)
    ax.set_title(f"{name}: {off:.1f} degrees off on average")
    told.append(
        f"{name}, {neighbors:.0%} of the tested days have a neighbor in the training part, and "
        f"the nearest day is off by {off:.1f} degrees on average"
    )
    print(told[-1])
axes[0].set(ylim=(-2, 36), xlim=(-3, 369))
fig.supylabel("highest temperature (°C)", fontsize=12)
firsts = np.array(["2012-01", "2012-04", "2012-07", "2012-10"], "datetime64[D]")
months = np.searchsorted(days, firsts)
axes[1].set_xticks(months, ["January", "April", "July", "October"], ha="left")
fig.set_label(
    "The highest temperature of each day of 2012, twice. "
    + "; ".join(told).capitalize()
    + ". In the second case the errors grow with the distance from the last known day."
)
plt.show()
