"""
Theta grows faster than one line and slower than another, so it must stop
=========================================================================

Two facts bound the length of theta after k updates: at least k times the margin, at most the
root of k times the longest example. How does a run on real digits,
eights against threes, keep to both?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_digits
from textbook.logistic_regression import add_intercept
from textbook.perceptron import convergence_bound, margin, mistakes, train

plt.style.use("textbook.book")

images, labels = load_digits()
chosen = np.isin(labels, [3, 8])
x = add_intercept(images[chosen].reshape(-1, 64) / 16)
y = np.where(labels[chosen] == 8, 1, -1)

path, wrong = train(x, y)
lengths = np.linalg.norm(path[1:], axis=1)
gamma = margin(x, y, path[-1])
radius = np.linalg.norm(x, axis=1).max()
bound = convergence_bound(x, y, path[-1])
print(
    f"{len(x)} images, {len(wrong)} updates, {mistakes(x, y, path[-1])} mistakes left"
)
print(f"margin {gamma:.4f}, longest example {radius:.4f}, bound {bound:,.0f}")

# %%
# Both axes are logarithmic: the two limits are straight lines, and they cross at the bound.

k = np.geomspace(1, 3 * bound, 50)
fig, ax = plt.subplots(figsize=(7, 3.8))
ax.loglog(k, radius * np.sqrt(k), "#767676")
ax.loglog(k, gamma * k, "#767676")
ax.loglog(np.arange(1, len(lengths) + 1), lengths, "C0", linewidth=2.5)
ax.plot(bound, radius * np.sqrt(bound), "C3o")
ax.text(1.2, radius * 4.2, "at most $R\\sqrt{k}$", color="#222222")
ax.text(9, gamma * 2.4, "at least $k\\gamma$", color="#222222")
ax.text(
    len(lengths),
    lengths[-1] * 0.55,
    f"the run ends:\n$k$ = {len(lengths)}",
    ha="center",
    va="top",
)
ax.text(
    bound * 0.8, radius * np.sqrt(bound) * 1.6, f"the bound {bound:,.0f}", ha="right"
)
ax.set(xlabel="updates $k$", title="length of $\\theta$")

fig.set_label(
    f"Length of theta after k updates, on logarithmic axes. The run's curve lies between the line "
    f"k gamma below and R root k above and ends after {len(lengths)} updates at {lengths[-1]:.1f}; "
    f"the two limits cross at {bound:,.0f} updates, where no run can go on."
)
plt.show()
