"""
Against examples the smallest batch leads, against the clock the middle one
===========================================================================

Softmax regression on 6,000 digits of 28 × 28 pixels. What does a step cost in seconds, and who is
first?
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

plt.style.use("textbook.book")

# %%
# The runs and the clock's readings are kept in a file, with the machine that took them.

here = Path(sys.argv[0]).resolve().parent
kept = json.loads(
    (here.parent / "experiments" / "gradient_descent_time.json").read_text(
        encoding="utf-8"
    )
)
print(kept["machine"], kept["versions"])
sizes, seconds = np.array(kept["batch_sizes"]), np.array(kept["seconds_per_step"])

# %%
# Two costs explain the readings well: a fixed one for a step, and one for each example.

per_example = seconds[sizes == 1000][0] / 1000
per_step = seconds[0] - per_example
fig, ax = plt.subplots(figsize=(7, 3.2))
ax.loglog(sizes, 1e6 * (per_step / sizes + per_example), "C6", linewidth=1, alpha=0.5)
ax.loglog(sizes, 1e6 * seconds / sizes, "C0o")
ax.text(1.3, 1e6 * seconds[0], "an example alone", va="center")
ax.text(1000, 2.2e6 * per_example, "in company", ha="center")
ax.set(xlabel="batch size $b$", ylabel="microseconds per example")
for axis, ticks in (
    (ax.xaxis, [1, 10, 100, 1000, 6000]),
    (ax.yaxis, [1, 2, 5, 10, 20, 50]),
):
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter("{x:,.0f}")
    axis.set_minor_locator(NullLocator())
by_size = dict(zip(sizes.tolist(), (1e6 * seconds / sizes).tolist(), strict=True))
print({size: round(time, 1) for size, time in by_size.items()})
fig.set_label(
    "Microseconds per example against the batch size, both axes logarithmic: "
    f"{by_size[1]:.0f} alone, {by_size[10]:.1f} in batches of 10, {by_size[100]:.1f} in batches "
    f"of 100 and {by_size[6000]:.1f} in one batch of 6,000. A curve for a fixed cost per step "
    "plus a cost per example runs near the dots."
)

# %%
# Each descent has the rate whose curve lay lowest in a trial with another seed.

colors = {1: "C6", 100: "C0", 6000: "C4"}
fig, axes = plt.subplots(1, 2, figsize=(7, 3.6), sharey=True)
ends = {}
for run in kept["runs"]:
    size, steps = run["batch_size"], np.array(run["steps"])
    costs = np.array(run["costs"])
    middle = np.median(costs, axis=0)
    ends[size] = (middle[-1], steps[-1] * seconds[sizes == size][0])
    for ax, scale in zip(axes, (size, seconds[sizes == size][0]), strict=True):
        ax.fill_between(
            *(steps * scale, costs.min(axis=0), costs.max(axis=0)),
            color=colors[size],
            alpha=0.25,
            linewidth=0,
        )
        ax.loglog(steps * scale, middle, colors[size])
        if size == 6000:  # below its end is the next curve
            ax.text(steps[0] * scale, middle[0] * 1.2, f"{size:,}", color=colors[size])
        else:
            ax.text(
                *(steps[-1] * scale, middle[-1] * 0.94, str(size)),
                color=colors[size],
                ha="right",
                va="top",
            )
axes[0].set(xlabel="examples seen", ylabel="cost of all examples", ylim=(0.085, None))
axes[1].set(xlabel="seconds")
axes[0].yaxis.set_major_locator(FixedLocator([0.1, 0.2, 0.5, 1, 2, 5]))
axes[0].yaxis.set_major_formatter("{x:g}")
axes[0].yaxis.set_minor_locator(NullLocator())
print(ends)
fig.set_label(
    "Cost of softmax regression on 6,000 digits for batch sizes of 1, 100 and 6,000, on "
    "logarithmic axes, medians of five seeds. Against examples seen stochastic descent leads at "
    f"first and levels off at {ends[1][0]:.2f}; batches of 100 go on to {ends[100][0]:.2f}; all "
    "at once is far behind. Against seconds the batches of 100 are first, with "
    f"{ends[100][1]:.1f} seconds to their end, where stochastic descent takes "
    f"{ends[1][1]:.1f} and batch descent {ends[6000][1]:.1f}."
)
plt.show()
