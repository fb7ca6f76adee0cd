"""
An average that begins at 0 is too cold until 0 is forgotten
============================================================

The first hundred days of 2012 in Seattle, averaged from 0. What does the division by 1 - beta^t
mend, and for how long is it needed?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_temperatures
from textbook.exponential_average import corrected_average, exponential_average

plt.style.use("textbook.book")

_, highest, _ = load_temperatures()
t = np.arange(1, 101)

fig, axes = plt.subplots(1, 2, figsize=(7, 3.7), sharey=True)
told = []
for ax, beta in zip(axes, (0.9, 0.98), strict=True):
    plain = exponential_average(highest, beta)[:100]
    corrected = corrected_average(highest, beta)[:100]
    ax.plot(t, highest[:100], ".", color="#767676", markersize=4, alpha=0.7)
    ax.plot(t, plain, "C2", linewidth=2)
    ax.plot(t, corrected, "C0", linewidth=2)
    ax.set(title=rf"$\beta = {beta}$", xlabel="day $t$", xticks=[1, 50, 100])
    missing = ", ".join(
        f"{corrected[i - 1] - plain[i - 1]:.1f} on day {i}" for i in (1, 20, 100)
    )
    told.append(f"with beta {beta} it lacks {missing}")
    print(told[-1])
axes[0].set(ylabel="temperature, °C")
axes[1].text(36, 2.1, "from 0", color="C2")
axes[1].text(28, 10.3, "corrected", color="C0")

fig.set_label(
    "Two panels of daily temperatures with two averages, one from 0 and one corrected. The "
    "average from 0 starts far below the other and approaches it: "
    + "; ".join(told)
    + " degrees."
)
plt.show()
