"""
Ten digits by heart, and labels that mean nothing: two runs with a known end
============================================================================

Before a long run come short ones whose outcome is known. What does a loop that is right make of ten
digits, and of labels that were shuffled?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_digits
from textbook.network import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    initialize,
)
from textbook.training import fit

plt.style.use("textbook.book")

images, labels = load_digits()
x = images[:, :, :, None] / 16
network = Sequential(
    conv1=Conv2D(8, 3),
    relu1=ReLU(),
    pool1=MaxPool2D(2),
    flat=Flatten(),
    fc2=Dense(64),
    relu2=ReLU(),
    scores=Dense(10, start=0.01),
)
EPOCHS = 30


def train(seed, size, shuffled):
    rng = np.random.default_rng(seed)
    known, unknown = np.split(rng.permutation(len(x)), [size])
    told = rng.permutation(labels[known]) if shuffled else labels[known]
    params = initialize(network, rng, (8, 8, 1))
    judge = unknown[:400]
    settings = {"epochs": EPOCHS, "rng": rng, "learning_rate": 0.01, "batch_size": 32}
    validation = x[judge], labels[judge]
    return fit(network, params, x[known], told, validation=validation, **settings)


RUNS = {"ten digits": (10, False), "300 digits": (300, False), "shuffled": (300, True)}
found = {}
for name, setting in RUNS.items():
    histories = [train(seed, *setting).history for seed in range(5)]
    found[name] = [
        np.array([getattr(history, column) for history in histories])
        for column in ("cost", "validation_cost")
    ]
    ends = [np.median(costs[:, -1]) for costs in found[name]]
    print(f"{name}: training {ends[0]:.4f}, validation {ends[1]:.2f}")

# %%
# Medians of five starts with their range. The last weights start small, so that all begin at the
# logarithm of 10.

epochs = np.arange(1, EPOCHS + 1)
fig, axes = plt.subplots(1, 3, figsize=(7, 3.2), sharey=True)
titles = ("ten digits", "300 digits", "300, labels shuffled")
for ax, title, (seen, unseen) in zip(axes, titles, found.values(), strict=True):
    for costs, color in ((seen, "C4"), (unseen, "C0")):
        ax.plot(epochs, np.median(costs, axis=0), color)
        low, high = costs.min(axis=0), costs.max(axis=0)
        ax.fill_between(epochs, low, high, color=color, alpha=0.2, linewidth=0)
    ax.axhline(np.log(10), color="#767676", linewidth=1, linestyle=":")
    ax.set(yscale="log", ylim=(2e-4, 30), xlim=(1, EPOCHS), xlabel="epoch")
    ax.set_title(title)
axes[0].set_ylabel("cost")
axes[0].text(29, 3.2, "log 10", color="#767676", ha="right")
axes[1].text(29, 0.55, "validation", color="C0", ha="right")
axes[1].text(3, 3e-3, "training", color="C4")
ten, honest, shuffled = (
    [np.median(costs[:, -1]) for costs in pair] for pair in found.values()
)
fig.set_label(
    "Cost by epoch on a logarithmic scale, for three kinds of training set; all begin near 2.3. "
    f"Ten digits: training falls to {ten[0]:.4f}, validation ends at {ten[1]:.1f}. 300 digits: "
    f"{honest[0]:.4f} and {honest[1]:.2f}. 300 digits with shuffled labels: {shuffled[0]:.2f} and "
    f"{shuffled[1]:.1f}."
)
plt.show()
