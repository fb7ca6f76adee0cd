"""
In 56 plain layers the gradient grows thousands of times on its way back
========================================================================

Before the first step, with batch normalization in every layer: how large is the gradient in each
block?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.architectures.resnet import cifar_resnet
from textbook.network import initialize

plt.style.use("textbook.book")


def norms(shortcut, seed):
    """Return the size of the gradient in the first weights of each block."""
    rng = np.random.default_rng(seed)
    network, shape = cifar_resnet(56, shortcut=shortcut, width=1 / 2), (12, 12, 3)
    params = initialize(network, rng, shape, np.float64)
    y, cache = network.forward(params, rng.normal(size=(6, *shape)), training=True)
    _, gradients = network.backward(rng.normal(size=y.shape), params, cache)
    blocks = [gradients[name] for name in gradients if "_" in name]
    mains = [block.get("main") or block["add"]["main"] for block in blocks]
    return [np.linalg.norm(main["conv1"]["weights"]) for main in mains]


found = {
    name: np.array([norms(shortcut, seed) for seed in range(5)])
    for name, shortcut in (("plain", "none"), ("residual", "A"))
}
growth = {name: np.median(sizes[:, 0] / sizes[:, -1]) for name, sizes in found.items()}
for name, sizes in found.items():
    ratios = sizes[:, 0] / sizes[:, -1]
    print(f"{name}: first by last block {ratios.min():.3g} to {ratios.max():.3g}")

# %%
# Medians and whole ranges of five starts, each divided by its last block's.

fig, ax = plt.subplots(figsize=(7, 3.9))
blocks = np.arange(1, 28)
for (name, sizes), color in zip(found.items(), ("C4", "C0"), strict=True):
    relative = sizes / sizes[:, -1:]
    low, middle, high = np.quantile(relative, [0, 0.5, 1], axis=0)
    ax.semilogy(blocks, middle, color)
    ax.fill_between(blocks, low, high, color=color, alpha=0.2, linewidth=0)
    ax.text(2.2, middle[1] * 1.6, name, ha="left", va="bottom")
for end in (9, 18):
    ax.axvline(end + 0.5, color="#767676", linestyle=":", linewidth=1)
ax.set(
    xlabel="block, from the image to the scores",
    ylabel="gradient, by that of the last block",
    xticks=[1, 9, 18, 27],
    ylim=(0.5, 2e4),
)

fig.set_label(
    "Size of the gradient in the first weights of each of 27 blocks before training, relative to "
    "the last block, on a logarithmic axis, medians of five starts. In the plain network it rises "
    f"from 1 in the last block to {growth['plain']:.0f} in the first, in the residual one to "
    f"{growth['residual']:.1f}. Dotted lines mark where the maps are halved."
)
plt.show()
