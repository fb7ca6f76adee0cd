"""
Each optimizer has its own learning rate, and with it they come out alike
=========================================================================

A network of 32 hidden units reads digits, ten epochs, ten starts. What does the choice of the
optimizer change?
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# Five hundred trainings lie behind this figure; ``make experiments`` repeats them.

here = Path(sys.argv[0]).resolve().parent
result = json.loads(
    (here.parent / "experiments" / "optimizers_digits.json").read_text(encoding="utf-8")
)
styles = {
    "plain_step": ("gradient descent", "C6", "-"),
    "momentum_step": ("momentum", "C0", "-"),
    "nesterov_step": ("Nesterov", "C0", "--"),
    "rmsprop_step": ("RMSProp", "C4", "--"),
    "adam_step": ("Adam", "C4", "-"),
}
medians, tests, chosen = {}, {}, {}
for step, by_rate in result["runs"].items():
    name = styles[step][0]
    medians[name] = {
        float(rate): np.median([run["choose"] for run in runs])
        for rate, runs in by_rate.items()
    }
    chosen[name] = min(medians[name], key=medians[name].get)
    tests[name] = [100 * run["test"] for run in by_rate[str(chosen[name])]]
    print(f"{name:17} rate {chosen[name]:<5} test {np.median(tests[name]):.1f}")

# %%
# Above: the cost on the digits by which the rate is chosen, median of ten starts. Below: at the
# chosen rate, the right answers on digits that were not looked at before.

fig, (above, below) = plt.subplots(2, 1, figsize=(7, 6.2), height_ratios=[1.25, 1])
labels = {
    "momentum": "momentum,\nNesterov\n(dashed)",
    "Adam": "Adam,\nRMSProp\n(dashed)",
}
for name, color, style in styles.values():
    above.loglog(
        list(medians[name]), list(medians[name].values()), color, linestyle=style,
        linewidth=1.4,
    )  # fmt: skip
    above.plot(chosen[name], medians[name][chosen[name]], color + "o", markersize=4)
above.set(xlabel=r"learning rate $\alpha$", ylabel="cost on held-out digits")
above.set(
    ylim=(0.038, 4), yticks=[0.1, 0.3, 1, 3], yticklabels=["0.1", "0.3", "1", "3"]
)
above.minorticks_off()
for name, text in labels.items():
    above.text(chosen[name], 0.1, text, ha="center", va="top")
above.text(0.012, 1.9, "gradient descent", va="bottom")

rng = np.random.default_rng(0)
for row, name in enumerate(reversed(list(tests))):
    scatter = row + rng.uniform(-0.15, 0.15, size=len(tests[name]))
    below.plot(tests[name], scatter, "C0o", markersize=4, alpha=0.5, markeredgewidth=0)
    below.plot([np.median(tests[name])] * 2, [row - 0.3, row + 0.3], "C6", linewidth=2)
below.set(
    xlabel="right answers, %", yticks=range(5), yticklabels=list(reversed(list(tests)))
)
below.tick_params(axis="y", length=0, labelcolor="C6")
below.spines["left"].set_visible(False)

fig.set_label(
    "Above: median cost on 397 held-out digits after ten epochs against the learning rate, "
    "both axes logarithmic: five bowls of about the same width. The lowest is at "
    + ", ".join(
        f"{rate:g} for {name} (cost {medians[name][rate]:.2f})"
        for name, rate in chosen.items()
    )
    + ". Below: percent of 400 test digits read rightly at that rate, ten starts each, "
    "median and range: "
    + "; ".join(
        f"{name} {np.median(found):.1f} ({min(found):.1f} to {max(found):.1f})"
        for name, found in tests.items()
    )
    + "."
)
plt.show()
