"""
Eight times through 5,000 digits, and a few in a hundred new ones are misread
=============================================================================

A network of 61,706 numbers learns to read. How soon does it, and which digits does it get wrong?
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba

from textbook.datasets import load_mnist
from textbook.network import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    ReLU,
    Sequential,
    initialize,
)
from textbook.softmax_regression import softmax
from textbook.training import fit, predict

plt.style.use("textbook.book")

images, labels = load_mnist()
x = images[:, :, :, None] / 255
rng = np.random.default_rng(0)
train, choose, judge = np.split(rng.permutation(6000), [5000, 5500])
network = Sequential(
    conv1=Conv2D(6, 5, padding=2),
    relu1=ReLU(),
    pool1=MaxPool2D(2),
    conv2=Conv2D(16, 5),
    relu2=ReLU(),
    pool2=MaxPool2D(2),
    flat=Flatten(),
    fc3=Dense(120),
    relu3=ReLU(),
    fc4=Dense(84),
    relu4=ReLU(),
    scores=Dense(10),
)
params = initialize(network, rng, (28, 28, 1))
validation = x[choose], labels[choose]
run = fit(
    network, params, x[train], labels[train], epochs=8, rng=rng, validation=validation
)

probabilities = softmax(predict(network, run.best, x[judge]))
answers = probabilities.argmax(axis=1)
wrong = np.flatnonzero(answers != labels[judge])
print(f"{len(wrong)} of {len(judge)} misread")

# %%
# What is still wrong after each epoch. The training digits are counted while the network learns
# from them, so that in the first epoch most of them meet a worse network than the validation digits
# do.

epochs = np.arange(1, 9)
seen, unseen = (
    100 * (1 - run.history.accuracy),
    100 * (1 - run.history.validation_accuracy),
)
fig, ax = plt.subplots(figsize=(7, 3.2))
ax.plot(epochs, seen, "C4o-")
ax.plot(epochs, unseen, "C0o-")
ax.text(1.1, seen[0], "training digits, as they passed", color="C4", va="center")
ax.text(8.1, unseen[-1], "validation", color="C0", va="center")
ax.text(8.1, seen[-1], "training", color="C4", va="center")
ax.set(yscale="log", xlabel="epoch", xlim=(0.8, 9), xticks=epochs)
ax.set(yticks=[1, 2, 5, 10, 20], yticklabels=["1", "2", "5", "10", "20"])
ax.minorticks_off()
ax.set_title("misread (%)")
fig.set_label(
    "Share of misread digits by epoch, on a logarithmic scale. Of the training digits "
    f"{seen[0]:.1f} % in the first epoch and {seen[-1]:.1f} % in the eighth, of the validation "
    f"digits {unseen[0]:.1f} % and {unseen[-1]:.1f} %."
)
plt.show()

# %%
# Of 500 digits that played no part, those that it got wrong and was surest about.

sure = probabilities.max(axis=1)
shown = wrong[np.argsort(-sure[wrong])][:6]
corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
fig, axes = plt.subplots(1, 6, figsize=(7, 1.9))
for ax, i in zip(axes, shown, strict=False):
    image = images[judge[i]]
    inked = np.argwhere(image > 25)
    squares = corners + inked[:, None, ::-1]
    ink = [to_rgba("C6", round(float(image[tuple(at)]) / 255, 2)) for at in inked]
    ax.add_collection(PolyCollection(squares, facecolors=ink, edgecolors="none"))
    ax.set_title(f"{labels[judge[i]]} as {answers[i]}\n{sure[i]:.2f}", fontsize=11)
for ax in axes:
    ax.set(xlim=(0, 28), ylim=(28, 0), aspect="equal")
    ax.axis("off")
fig.set_label(
    f"{len(shown)} of the {len(wrong)} misread digits, with the probability given to the answer: "
    + ", ".join(
        f"a {labels[judge[i]]} read as {answers[i]} ({sure[i]:.2f})" for i in shown
    )
    + "."
)
plt.show()
