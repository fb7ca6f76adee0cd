"""
The logistic loss punishes certainty, the squared loss shrugs
=============================================================

How much does a prediction cost, from sure and right to sure and wrong?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import sigmoid
from textbook.gradient_checking import numerical_gradient
from textbook.logistic_regression import loss, squared_loss

plt.style.use("textbook.book")

h = np.linspace(0.002, 0.998, 499)
fig, axes = plt.subplots(1, 2, figsize=(7, 3.5), sharey=True)
for ax, y in zip(axes, [1, 0], strict=True):
    labels = np.full(h.shape, y)
    ax.plot(h, loss(h, labels), "C0")
    ax.plot(h, squared_loss(h, labels), "C4")
    ax.set(
        title=f"the label is {y}",
        xlabel="predicted probability $h$ of a 1",
        ylim=(0, 5),
    )
axes[0].set_ylabel("loss")
axes[0].text(0.10, 3.0, r"$-\log h$")
axes[0].text(0.02, 0.3, "$(h - y)^2$")
axes[1].text(0.90, 3.0, r"$-\log(1 - h)$", ha="right")
axes[1].text(0.98, 0.3, "$(h - y)^2$", ha="right")

worst = loss(0.01, 1), squared_loss(0.01, 1)
fig.set_label(
    "Two losses against the predicted probability. For the label 1 and h = 0.01 the "
    f"logistic loss is {worst[0]:.2f} "
    f"and grows without bound towards h = 0; the squared loss is {worst[1]:.2f} and "
    "ends at 1. For the label 0 "
    "the picture is mirrored."
)
plt.show()

# %%
# What training feels is the slope in the score z. At z = -10 with label 1 the squared loss is
# almost flat.

z = np.array([-10.0])
for name, f in [("logistic", loss), ("squared", squared_loss)]:
    slope = numerical_gradient(lambda z, f=f: float(f(sigmoid(z), [1])[0]), z)
    print(f"{name:8}  {slope[0]:.2e}")
