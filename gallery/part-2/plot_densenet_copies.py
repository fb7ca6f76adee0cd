"""
Each step copies what is there: a block fills twenty times what it makes
========================================================================

A forward pass remembers the input of every layer for the way back. How many of these numbers does a
dense block have twice?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.architectures.densenet import densenet

plt.style.use("textbook.book")

network = densenet(121)
shape = network.input_shapes((224, 224, 3))["block3"]
side = shape[0]
given = [inputs[2] for inputs in network.layers["block3"].input_shapes(shape).values()]
new = np.cumsum([side * side * 32 for _ in given]) * 4 / 2**20
joined = np.cumsum([side * side * (channels + 32) for channels in given]) * 4 / 2**20
print(f"after step 24: {new[-1]:.2f} MB made, {joined[-1]:.1f} MB joined")

# %%
# Joined are all arrays that the concatenations of the third block of DenseNet-121 allocate.

fig, ax = plt.subplots(figsize=(7, 3.6))
steps = np.arange(1, len(given) + 1)
ax.plot(steps, joined, "C2")
ax.plot(steps, new, "C0")
ax.text(19, joined[18] + 0.5, "joined by copying", ha="right", va="bottom", color="C2")
ax.text(19, new[18] + 0.6, "made", ha="left", va="bottom", color="C0")
ax.set(xlabel="steps", ylabel="MB for one image", xticks=[1, 6, 12, 18, 24])
fig.set_label(
    "Memory in one image's pass through a block of 24 steps. The new channels are a straight line "
    f"that ends at {new[-1]:.1f} MB. The joined arrays, each with all channels so far, grow with "
    f"the square of the steps, from {joined[0]:.1f} to {joined[-1]:.1f} MB, "
    f"{joined[-1] / new[-1]:.1f} times as much."
)
plt.show()
