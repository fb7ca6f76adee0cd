"""
In a funnel, Glorot shares the loss between the two directions
==============================================================

Ten linear layers narrow from 512 units to 16. Weights that keep the size of what goes forward are
then too small for what comes back. Is there a middle way?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import identity
from textbook.initialization import glorot, initial_parameters, lecun, spread_by_depth

plt.style.use("textbook.book")

widths = np.geomspace(512, 16, 11).round().astype(int).tolist()
print(widths)

# %%
# The third rule is LeCun's for the way back: the variance is one over the number of outputs.

schemes = {
    "LeCun": lecun,
    "Glorot": glorot,
    "1/outputs": lambda n_in, n_out, rng: lecun(n_out, n_in, rng).T,
}
forward, back = {}, {}
for name, scheme in schemes.items():
    found = []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        x, da = rng.normal(size=(1, 512)), rng.normal(size=(1, 16))
        weights, biases = initial_parameters(widths, scheme, rng)
        found.append(spread_by_depth(da, x, weights, biases, [identity] * 10))
    forward[name] = np.median([spread.activations for spread in found], axis=0)
    back[name] = np.median([spread.errors for spread in found], axis=0)
    print(f"{name:9}  forward {forward[name][-1]:.2f}  back {back[name][0]:.2f}")

# %%
# Medians of 25 starts.

colors = {"LeCun": "C4", "Glorot": "C0", "1/outputs": "C6"}
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.4), sharey=True)
for name, color in colors.items():
    left.semilogy(np.arange(11), forward[name], color)
    right.semilogy(np.arange(1, 11), back[name], color)
    for ax, end, x in ((left, forward[name][-1], 10.2), (right, back[name][0], 0.8)):
        side = "left" if ax is left else "right"
        ax.text(x, end, name, ha=side, va="center")
left.set(xlabel="layer", title="size of the activations", xlim=(0, 14.5))
right.set(xlabel="layer", title="size of the errors", xlim=(-3.5, 10))
left.set(
    xticks=[0, 5, 10],
    yticks=[0.2, 0.5, 1, 2, 5],
    yticklabels=["0.2", "0.5", "1", "2", "5"],
)
right.set(xticks=[1, 5, 10])
left.minorticks_off()
right.minorticks_off()

fig.set_label(
    "Root mean square by layer in a funnel of ten linear layers, from 512 units to "
    f"16. LeCun's weights keep the activations at {forward['LeCun'][-1]:.2f} and take "
    f"the errors to {back['LeCun'][0]:.2f}; one over the outputs keeps the errors at "
    f"{back['1/outputs'][0]:.2f} and lets the activations grow to "
    f"{forward['1/outputs'][-1]:.1f}; Glorot's lie between, at "
    f"{forward['Glorot'][-1]:.1f} and {back['Glorot'][0]:.2f}."
)
plt.show()
