"""
Ten linear layers cannot do what two ReLUs can
==============================================

Exclusive or: the answer is 1 where exactly one of two inputs is 1. Which network can give it?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import collapse_linear_layers, relu
from textbook.logistic_regression import add_intercept

plt.style.use("textbook.book")

x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])

# %%
# The best that any stack of linear layers can do is the best that one can do. Least squares finds
# it: 0.5 for every point, whatever the ten layers above it would have been.

rng = np.random.default_rng(0)
ten = [(rng.normal(size=(2, 2)), rng.normal(size=2)) for _ in range(10)]
weights, bias = collapse_linear_layers(ten)
print("ten layers became one, of shape", weights.shape)

theta, *_ = np.linalg.lstsq(add_intercept(x), y, rcond=None)
linear = add_intercept(x) @ theta
print("best linear answers:", linear.round(4).tolist())

# %%
# Two hidden ReLUs with weights set by hand give 0, 1, 1, 0 exactly: the first counts the ones, the
# second notices when there are two.

hidden = relu(x @ [[1, 1], [1, 1]] + [0, -1])
bent = hidden @ [1, -2]
print("with two ReLUs:", bent.tolist())

# %%
# Along the diagonal from (0, 0) to (1, 1) the answer has to rise and come down again.

diagonal = np.linspace(-0.25, 1.25, 301)[:, None] * [1, 1]
along_linear = add_intercept(diagonal) @ theta
along_bent = relu(diagonal @ [[1, 1], [1, 1]] + [0, -1]) @ [1, -2]

fig, ax = plt.subplots(figsize=(7, 3.4))
ax.plot(diagonal[:, 0], along_linear, "C4")
ax.plot(diagonal[:, 0], along_bent, "C0")
ax.plot([0, 0.5, 1], [0, 1, 0], "C3o", markersize=9, markerfacecolor="none")
ax.text(-0.24, 0.54, "best linear network")
ax.text(0.94, 0.2, "two ReLUs")
ax.text(0.54, 1.0, "wanted", va="center")
ax.set(xlabel="both inputs, $x_1 = x_2$", ylabel="output", ylim=(-0.6, 1.15))
fig.set_label(
    "Output along the diagonal of the unit square. The best linear network stays at "
    f"{linear.mean():.1f}; the network with two ReLUs rises from {bent[0]:.0f} at (0, "
    "0) to 1 in the "
    f"middle and returns to {bent[3]:.0f} at (1, 1), through all wanted points."
)
plt.show()
