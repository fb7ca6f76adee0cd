"""
A sine network learns the parabola as well as tanh and ReLU
===========================================================

Six networks with sixteen hidden units fit x² - 1, each from twenty starts. Only the activation
differs.
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# A minute of training lies behind this figure, so its result is kept in a file;
# ``make experiments`` makes it again.

here = Path(sys.argv[0]).resolve().parent
result = json.loads(
    (here.parent / "experiments" / "activations_race.json").read_text(encoding="utf-8")
)
final = {name: np.array(costs)[:, -1] for name, costs in result["costs"].items()}
for name, costs in final.items():
    print(
        f"{name:11} median {np.median(costs):.5f}   from {costs.min():.5f} to "
        f"{costs.max():.5f}"
    )

# %%
# A dot is one start; the stroke is the median of twenty.

rng = np.random.default_rng(0)
order = sorted(final, key=lambda name: -np.median(final[name]))
fig, ax = plt.subplots(figsize=(7, 3.2))
for row, name in enumerate(order):
    color = "C0" if name == "sine" else "#767676"
    ax.plot(
        final[name],
        row + rng.uniform(-0.18, 0.18, size=len(final[name])),
        "o",
        color=color,
        markersize=4,
        alpha=0.6,
    )
    ax.plot(
        [np.median(final[name])] * 2, [row - 0.32, row + 0.32], color=color, linewidth=3
    )
ax.set(
    xscale="log",
    yticks=range(len(order)),
    yticklabels=[name.replace("_", " ") for name in order],
)
ax.set_xlabel(f"cost after {result['steps'][-1]:,} steps")
ax.tick_params(axis="y", length=0, labelcolor="#222222")
ax.spines.left.set_visible(False)

fig.set_label(
    "Final cost of six activations, twenty starts each. Median for the sine "
    f"{np.median(final['sine']):.5f}, tanh {np.median(final['tanh']):.5f}, ReLU "
    f"{np.median(final['relu']):.5f}, "
    f"sigmoid {np.median(final['sigmoid']):.4f}; the identity, which cannot bend, "
    "stays at "
    f"{np.median(final['identity']):.2f}."
)
plt.show()
