"""
On a thousand digits no form of LeNet-5 stands clear of the others
==================================================================

LeNet-5 with two bends and two poolings, and with dropout: which change shows?
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# Each form has the learning rate that is best on other digits, the smaller of two equal ones. The
# runs take some minutes: ``make experiments`` repeats them.

file = Path("../experiments/lenet_forms.json")
kept = json.loads(file.read_text(encoding="utf-8"))
best = {}
for run in kept["runs"]:
    chosen, test = np.array([scores for scores, _ in run["runs"]]).T
    if run["form"] not in best or np.median(chosen) > best[run["form"]][0]:
        best[run["form"]] = np.median(chosen), run["rate"], np.sort(test)

fig, ax = plt.subplots(figsize=(7, 3))
told = []
for y, (form, (_, rate, test)) in enumerate(best.items()):
    color = "C4" if form.startswith("tanh") else "C0"
    ax.plot(test, [y] * len(test), "o", color=color, alpha=0.5, ms=7)
    ax.plot([np.median(test)] * 2, [y - 0.28, y + 0.28], color=color, linewidth=2.5)
    told.append(f"{form}, {np.median(test):.1f} ({test[0]:.1f} to {test[-1]:.1f})")
    print(f"{told[-1]}, rate {rate:g}")
names = ["ReLU, largest, dropout" if form == "dropout" else form for form in best]
ax.set(
    yticks=range(len(best)),
    yticklabels=names,
    ylim=(len(best) - 0.5, -0.5),
    xlabel="read right, % of 4,000 others",
)
ax.tick_params(axis="y", length=0, labelcolor="#222222")
ax.spines["left"].set_visible(False)

fig.set_label(
    "Share of test digits read right, medians and ranges of five seeds in %: "
    + "; ".join(told)
    + "."
)
plt.show()
