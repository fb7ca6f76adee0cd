"""
AlexNet's cards speak to each other four times, and send 60,672 numbers, not 260,448
====================================================================================

Which layers read what the other card has made?
"""

from math import prod

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from textbook.architectures.alexnet import alexnet
from textbook.network import Conv2D, Dense

plt.style.use("textbook.book")

network = alexnet()
shapes = network.input_shapes((227, 227, 3))
readers = [
    name for name, layer in network.layers.items() if isinstance(layer, Conv2D | Dense)
]
apart = [name for name in readers if getattr(network.layers[name], "groups", 1) == 2]
between = [name for name in readers[1:] if name not in apart]
sent = {name: prod(shapes[name]) for name in between}
spared = {name: prod(shapes[name]) for name in apart}
print("sent for an image:", sent, sum(sent.values()))
print("and if every layer read both halves:", sum(sent.values()) + sum(spared.values()))

# %%
# What each layer reads, half of it on each card: a row of a map is 3 units tall and 6 channels are
# a unit wide; 40 numbers of a dense layer are a unit tall.

boxes = []  # left end, width and height of a half, and its size in words
x = 0.0
for name in [*readers[1:], "scores"]:
    shape = {"scores": (1000,), "fc6": shapes["flat"]}.get(name, shapes.get(name))
    if len(shape) == 3:
        wide, tall = shape[-1] / 2 / 6, 3 * shape[0]
        words = f"{shape[0]} × {shape[1]}\n× {shape[2] // 2}"
    else:
        wide, tall = 3, shape[0] / 2 / 40
        words = f"{shape[0] // 2}"
    boxes.append((x, wide, tall, words))
    x += wide + 34

fig, ax = plt.subplots(figsize=(7, 4.4))
CARDS = {1: (95, "C0"), -1: (-95, "C4")}
image = (-42, 0)
for card, (y, color) in CARDS.items():
    ax.plot([image[0], boxes[0][0]], [0, y], color="#767676", linewidth=1)
    for left, wide, tall, words in boxes:
        ax.add_patch(
            Rectangle((left, y - tall / 2), wide, tall, color=color, linewidth=0)
        )
        place = y + card * (tall / 2 + 6)
        align = "bottom" if card > 0 else "top"
        ax.text(
            left + wide / 2,
            place,
            words,
            ha="center",
            va=align,
            fontsize=10,
            color="C6",
        )
    ax.text(image[0] - 22, y, f"card {2 - (card + 1) // 2}", color=color, va="center")
ax.text(image[0] - 3, 0, "image", ha="right", va="center")
for place, name in enumerate(readers[1:]):
    (left, wide, *_), (right, *_) = boxes[place : place + 2]
    for y, _ in CARDS.values():
        ends = [y, -y] if name in between else [y]
        for end in ends:
            crossing = end != y
            ax.plot(
                [left + wide + 2, right - 2],
                [y, end],
                color="C6" if crossing else "#767676",
                linewidth=1.4 if crossing else 1,
            )
    middle = (left + wide + right) / 2
    ax.text(middle, -205, name, ha="center", fontsize=11)
    if name in between:
        ax.text(middle, 205, f"{sent[name]:,}", ha="center", fontsize=11)
ax.text((image[0] + boxes[0][0]) / 2, -205, "conv1", ha="center", fontsize=11)
ax.text(image[0] - 22, 205, "sent:", fontsize=11)
ax.set(xlim=(-75, x - 25), ylim=(-215, 222))
ax.axis("off")

fig.set_label(
    f"Two rows of {len(boxes)} boxes, one for each card, with lines for what a layer reads. Lines "
    "cross from card to card in front of "
    + ", ".join(f"{name} ({n:,} numbers)" for name, n in sent.items())
    + f", together {sum(sent.values()):,}. In front of "
    + ", ".join(apart)
    + f" they do not, which spares {sum(spared.values()):,}. The image goes to both."
)
plt.show()
