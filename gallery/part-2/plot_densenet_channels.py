"""
The last step of DenseNet-121's third block reads 992 channels to make 32
=========================================================================

Who made the channels that each of the 24 steps is given?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.architectures.densenet import densenet

plt.style.use("textbook.book")

network, growth = densenet(121), 32
block = network.layers["block3"]
shapes = block.input_shapes(network.input_shapes((224, 224, 3))["block3"])
reads = np.array([shape[2] for shape in shapes.values()])
start = reads[0]
for name, channels in zip(shapes, reads, strict=True):
    print(f"{name:6} reads {channels:3} channels, {channels - start} of them new")

# %%
# Each row is a step. Gray: what the block was given. Blue, darker or lighter by turns: what earlier
# steps made.

fig, ax = plt.subplots(figsize=(7, 4.6))
for row, channels in enumerate(reads):
    ax.barh(row, start, 0.8, color="#767676", alpha=0.5)
    for step in range(row):
        shade = 0.9 if step % 2 else 0.45
        ax.barh(row, growth, 0.8, start + growth * step, color="C0", alpha=shade)
    ax.barh(row, growth, 0.8, channels, fill=False, edgecolor="C2", linewidth=1)
ax.text(start / 2, -1.3, "given to the block", ha="center")
ax.text(640, 2, "the new 32", color="C2")
ax.annotate(
    "",
    (reads[3] + growth + 8, 3),
    (635, 2.3),
    arrowprops={"arrowstyle": "->", "color": "C2"},
)
ax.set(
    xlabel="channels",
    ylabel="step",
    yticks=[0, 5, 11, 17, 23],
    yticklabels=["1", "6", "12", "18", "24"],
    xticks=[0, 256, 512, 768, 1024],
    ylim=(23.6, -1.9),
)
fig.set_label(
    f"A staircase of {len(reads)} rows, one for each step of the third block of DenseNet-121. All "
    f"begin with the {start} channels that the block was given; each row is {growth} channels "
    f"longer than the one above. The last reads {reads[-1]} channels and adds {growth}, "
    f"which makes {reads[-1] + growth}."
)
plt.show()
