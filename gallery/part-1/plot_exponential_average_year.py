"""
The longer the memory, the smoother the curve and the later it comes
====================================================================

The highest temperature of each day of 2012 in Seattle, and its averages with three values of beta.
When is the year at its warmest?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_temperatures
from textbook.exponential_average import corrected_average, memory

plt.style.use("textbook.book")

days, highest, _ = load_temperatures()
fig, ax = plt.subplots(figsize=(7, 4.4))
ax.plot(days, highest, ".", color="#767676", markersize=4, alpha=0.6)

told = []
for beta, color, width in ((0.5, "C4", 1), (0.9, "C0", 2), (0.98, "C6", 2.4)):
    average = corrected_average(highest, beta)
    top = average.argmax()
    ax.plot(days, average, color, linewidth=width)
    ax.plot(days[top], average[top], color + "o", markersize=8)
    rough = np.sqrt(np.mean(np.diff(average) ** 2))
    told.append(
        f"beta {beta} is at its highest with {average[top]:.1f} degrees on {days[top]} "
        f"and changes by {rough:.2f} from day to day"
    )
    print(told[-1])
for degrees, beta, color in ((32, 0.5, "C4"), (29.5, 0.9, "C0"), (27, 0.98, "C6")):
    label = rf"$\beta = {beta}$, {memory(beta):.0f} days"
    ax.text(days[2], degrees, label, color=color)

months = np.arange("2012-01", "2013-02", 2, dtype="datetime64[M]")
ax.set_xticks(months.astype("datetime64[D]"))
ax.set_xticklabels(["Jan", "Mar", "May", "Jul", "Sep", "Nov", "Jan"])
ax.set(ylabel="highest temperature, °C", ylim=(-3, 36))

fig.set_label(
    "A year of daily temperatures as gray points between "
    f"{highest.min():.1f} and {highest.max():.1f} degrees, with three averages, each "
    "marked where it is highest: " + "; ".join(told) + "."
)
plt.show()
