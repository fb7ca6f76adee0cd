"""
On data that a line separates, the weights never stop growing
=============================================================

Four points, two on each side. What does gradient descent make of theta?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.logistic_regression import gradient_descent

plt.style.use("textbook.book")

x = np.array([[1, 0, 0], [1, 1, 1], [1, 2, 2], [1, 3, 3]])
y = np.array([0, 0, 1, 1])
steps = np.arange(1, 10_001)

fig, ax = plt.subplots(figsize=(7, 3.5))
final = {}
for regularization, color in [(0, "C2"), (0.01, "C4"), (0.1, "C0")]:
    path = gradient_descent(x, y, 0.5, 10_000, regularization)
    size = np.linalg.norm(path[1:, 1:], axis=1)
    final[regularization] = size[-1]
    ax.semilogx(steps, size, color)
    ax.annotate(
        rf"$\lambda = {regularization}$",
        (steps[-1], size[-1]),
        (6, 0),
        textcoords="offset points",
        va="center",
    )
ax.set(xlabel="step", ylabel=r"size of $(\theta_1, \theta_2)$")
print({regularization: round(float(size), 3) for regularization, size in final.items()})

fig.set_label(
    "Length of the weight vector over 10,000 steps on four separable points. Without "
    "a penalty it keeps growing with "
    f"the logarithm of the step, to {final[0]:.1f}; with lambda = 0.01 it settles at "
    f"{final[0.01]:.1f} and "
    f"with 0.1 at {final[0.1]:.1f}."
)
plt.show()

# %%
# Every increase makes the right answers surer and so lowers the cost a little: there is no minimum
# to arrive at. The smallest penalty gives it one.
