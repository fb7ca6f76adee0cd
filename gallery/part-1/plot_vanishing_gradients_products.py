"""
Half as much again, a hundred times over, is a four with seventeen digits after it
==================================================================================

A signal passes through the same matrix again and again. Does it grow or fade?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.vanishing_gradients import singular_values_by_depth

plt.style.use("textbook.book")

# %%
# The largest singular value is the most that a row can be stretched on its way through all layers.
# The last of these matrices stretches tenfold, but its two eigenvalues are one half.

matrices = {
    "1.5": [[1.5, 0], [0, 1.5]],
    "1": [[1, 0], [0, 1]],
    "0.5": [[0.5, 0], [0, 0.5]],
    "0.5, with 10 in the corner": [[0.5, 10], [0, 0.5]],
}
stretches = {
    name: np.array([values[0] for values in singular_values_by_depth([matrix] * 100)])
    for name, matrix in matrices.items()
}
for name, stretch in stretches.items():
    print(f"{name:27} {stretch[0]:6.2f} after 1 layer, {stretch[-1]:.2e} after 100")

fig, ax = plt.subplots(figsize=(7, 3.8))
layers = np.arange(1, 101)
for stretch, look in zip(
    stretches.values(), ["C2-", "C6-", "C0-", "C4--"], strict=True
):
    ax.semilogy(layers, stretch, look)
ax.text(50, 1e11, "1.5", ha="right")
ax.text(70, 8, "1")
ax.text(50, 1e-19, "0.5", ha="right")
ax.text(60, 1e-13, "0.5, with 10 in the corner")
ax.set(xlabel="layers", ylabel="largest stretch", yticks=[1e-30, 1e-15, 1, 1e15])
bent = stretches["0.5, with 10 in the corner"]
fig.set_label(
    "Largest stretch against the number of layers, logarithmic. 1.5 times the identity "
    f"reaches {stretches['1.5'][-1]:.1e} after 100 layers, 0.5 times the identity "
    f"{stretches['0.5'][-1]:.1e}. The matrix with 0.5 on the diagonal and 10 in the "
    f"corner begins with {bent[0]:.1f} and ends at {bent[-1]:.1e}."
)
plt.show()
