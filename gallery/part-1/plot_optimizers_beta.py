"""
The best beta belongs to the ravine, not to the method
======================================================

How much of the distance is left after each step of momentum, if its learning rate is the best one?
"""

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")


def share_left(beta, ratio):
    """Return the larger root of r^2 - (1 + beta - alpha) r + beta, in absolute value.

    At this alpha the root in the flat direction, of curvature 1, is as large as in the steep one.
    """
    alpha = 2 * (1 + beta) / (1 + ratio)
    half = (1 + beta - alpha) / 2
    return np.abs(half + np.sqrt(half**2 - beta + 0j))


ravines = [(50, "C0"), (2500, "C4")]
best_betas = [((ratio**0.5 - 1) / (ratio**0.5 + 1)) ** 2 for ratio, _ in ravines]
betas = np.sort([*np.linspace(0, 1, 500)[:-1], *best_betas, 0.9, 0.99])
at_9, at_99 = np.searchsorted(betas, [0.9, 0.99])
steps = {}
for ratio, _ in ravines:
    steps[ratio] = np.log(100) / -np.log(share_left(betas, ratio))
    best = int(steps[ratio].argmin())
    print(
        f"{ratio}: {steps[ratio][0]:.0f} without, {steps[ratio][best]:.0f} at", end=" "
    )
    print(f"beta {betas[best]:.2f}, {steps[ratio][at_9]:.0f} at 0.9")

# %%
# One hundredth of the distance is left after so many steps.

fig, ax = plt.subplots(figsize=(7, 3.6))
for ratio, color in ravines:
    best = int(steps[ratio].argmin())
    ax.semilogy(betas, steps[ratio], color)
    ax.plot(betas[best], steps[ratio][best], color + "o")
    ax.annotate(
        f"{steps[ratio][best]:.0f} steps at {betas[best]:.2f}",
        (betas[best], steps[ratio][best]), (-24, 0), ha="right", va="center",
        textcoords="offset points",
    )  # fmt: skip
    ax.annotate(
        f"{ratio:,} times as steep across",
        (0.06, steps[ratio][30]), (0, 8), textcoords="offset points",
    )  # fmt: skip
ax.axvline(0.9, color="#767676", linewidth=0.8, linestyle=":")
ax.set(
    xlabel=r"$\beta$", ylabel="steps to a hundredth", xlim=(0, 1), ylim=(8, 20_000),
    xticks=[0, 0.2, 0.4, 0.6, 0.8, 0.9, 1],
)  # fmt: skip

fig.set_label(
    "Steps until a hundredth of the distance is left, against beta, each at its best "
    "learning rate, the vertical axis logarithmic. "
    + " ".join(
        f"In a ravine {ratio} times as steep across as along: {steps[ratio][0]:.0f} steps "
        f"at beta 0, {steps[ratio].min():.0f} at {betas[steps[ratio].argmin()]:.2f}, "
        f"{steps[ratio][at_9]:.0f} at 0.9 and {steps[ratio][at_99]:.0f} at 0.99."
        for ratio, _ in ravines
    )
    + " Right of its lowest point each curve rises, and there the two are one."
)
plt.show()
