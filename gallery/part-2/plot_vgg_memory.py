"""
In a batch of 28 photographs, VGG16's outputs take more memory than all that has to do with weights
===================================================================================================

What fills a card in training, and what when the network is used?
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from textbook.architectures.vgg import vgg
from textbook.network import summary

plt.style.use("textbook.book")

table = summary(vgg(16), (224, 224, 3))
rows = [row for row in table.rows if row.values]
batch = np.arange(1, 65)
outputs = 4 * table.values * batch / 1e9
weights = 4 * table.parameters / 1e9
pairs = pairwise(rows)
passing = 4 * max(a.values + b.values for a, b in pairs) * batch / 1e9
meet = 3 * table.parameters / table.values
print(f"three times the parameters: {3 * weights:.2f} GB, met at {meet:.1f} images")
print(f"64 images: {outputs[-1]:.2f} GB kept, {passing[-1]:.2f} GB passing through")

# %%
# In use, an output can go as soon as the next layer has read it.

fig, ax = plt.subplots(figsize=(7, 4))
ax.plot(batch, outputs, "C0")
ax.plot(batch, passing, "C0", linestyle=":")
ax.plot(batch[[0, -1]], [3 * weights] * 2, "C2")
ax.plot(batch[[0, -1]], [weights] * 2, "C2", linestyle=":")
ax.plot(meet, 3 * weights, "o", color="C6")
ax.annotate(
    f"{meet:.0f} images",
    (meet, 3 * weights),
    (meet - 3, 3 * weights + 0.9),
    ha="right",
    arrowprops={"arrowstyle": "-", "color": "C6", "shrinkB": 5},
)
ax.text(64, 2.7, "outputs, kept", color="C0", ha="right")
ax.text(64, passing[-1] - 0.62, "outputs, passing", color="C0", ha="right")
ax.text(1, 3 * weights + 0.08, "weights, slopes, velocities", color="C2")
ax.text(64, weights + 0.08, "weights alone", color="C2", ha="right")
ax.set(xlabel="images in a batch", ylabel="memory (GB)", xlim=(0, 65), ylim=(0, 4.1))
ax.set(xticks=[1, 16, 32, 48, 64])

fig.set_label(
    f"Memory against the size of a batch, up to 64. In training, solid: outputs rise to "
    f"{outputs[-1]:.1f} gigabytes and cross the level line of weights, slopes and velocities, "
    f"{3 * weights:.2f}, at {meet:.0f} images. In use, dotted: outputs rise to {passing[-1]:.1f}, "
    f"the weights alone take {weights:.2f}."
)
plt.show()
