"""
Counted in its own days, a long average forgets as any other does
=================================================================

How much does a day count in the average, by its age? And how much compared with today, if the age
is told in units of 1 / (1 - beta) days?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.exponential_average import average_weights, memory

plt.style.use("textbook.book")

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.5))
age = np.arange(151)
told = []
for beta, color, place, every in (
    (0.5, "C4", (3.5, 0.42), 1),
    (0.9, "C0", (14, 0.09), 2),
    (0.98, "C6", (45, 0.035), 10),
):
    weights = average_weights(beta, 151)
    left.plot(age[:61], weights[:61], color + "-", marker="o", markersize=2.5)
    left.text(*place, rf"$\beta = {beta}$", color=color)
    right.plot(
        age[::every] / memory(beta), weights[::every] / weights[0], color + "o", ms=4
    )
    days = round(memory(beta))
    told.append(f"for {beta} after {days} days {weights[days] / weights[0]:.2f}")
    print(f"beta {beta}: {told[-1]}")
left.set(xlabel="age $k$ in days", ylabel="weight in the average", yscale="log")
left.set(ylim=(5e-4, 1), yticks=[0.001, 0.01, 0.1, 1])

x = np.linspace(0, 3, 100)
right.plot(x, np.exp(-x), "C3", zorder=0)
right.text(0.62, 0.62, "$e^{-x}$", color="C3")
right.plot([0, 1, 1], [1 / np.e, 1 / np.e, 0], "--", color="#767676", linewidth=1)
right.text(1.06, 0.42, "$1/e$ after $1/(1 - \\beta)$ days", color="#767676")
right.set(
    xlim=(-0.03, 3), ylim=(0, 1.05), xlabel=r"age in units of $1/(1 - \beta)$ days"
)
right.set_ylabel("weight, today's = 1")

fig.set_label(
    "Left: the weight of a day by its age on a logarithmic axis, straight lines that fall "
    "steeply for beta 0.5, less for 0.9 and slowly for 0.98. Right: relative to today's "
    "weight and over the age in units of 1 / (1 - beta) days, the points of all three lie "
    "close to the curve exp(-x), those of 0.5 somewhat below. After one unit: "
    + "; ".join(told)
    + f"; 1/e is {1 / np.e:.2f}."
)
plt.show()
