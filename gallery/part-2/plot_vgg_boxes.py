"""
From 3.2 million numbers to 25,088: VGG16's maps shrink faster than they grow channels
======================================================================================

What does each of sixteen layers make, all boxes on one scale?
"""

import matplotlib.pyplot as plt

from textbook.architectures.vgg import vgg
from textbook.network import summary

plt.style.use("textbook.book")

rows = [row for row in summary(vgg(16), (224, 224, 3)).rows if row.values]
maps = [row for row in rows if len(row.output) == 3]
lines = [row for row in rows if len(row.output) == 1]
for row in rows:
    print(f"{row.name:8} {' x '.join(map(str, row.output)):15} {row.values:9,} numbers")

# %%
# A channel is a tenth of a pixel wide. The top of a box leans back, for the columns of its map.

CHANNEL, LEAN, GAP = 0.1, 0.18, 6
COLORS = {"Conv2D": "C0", "MaxPool2D": "#767676", "Dense": "C2"}
fig, ax = plt.subplots(figsize=(7, 4.2))
x = 0.0
middle = {}  # of each block, for its label
for row in maps:
    side, _, channels = row.output
    color = COLORS.get(row.kind, "C6")
    wide, lean = CHANNEL * channels, LEAN * side
    front = [(x, 0), (x + wide, 0), (x + wide, side), (x, side)]
    top = [(x, side), (x + wide, side), (x + wide + lean, side + lean)]
    top.append((x + lean, side + lean))
    for face, alpha in ((front, 0.75), (top, 0.35)):
        ax.fill(*zip(*face, strict=True), color=color, alpha=alpha, linewidth=0.4)
    middle.setdefault(side, []).append((x, x + wide, channels))
    x += wide + GAP
for side, places in middle.items():
    words = f"{side} × {side} × {places[-1][2]}"
    ax.text(places[0][0] + LEAN * side, (1 + LEAN) * side + 5, words, fontsize=10)
for place, row in enumerate(lines):
    y = -30 - 22 * place
    (units,) = row.output
    ax.plot([0, CHANNEL * units], [y, y], color=COLORS["Dense"], linewidth=1.5)
    ax.text(CHANNEL * units + 6, y, f"{row.name}, {units}", va="center", fontsize=10)
for k, (kind, word) in enumerate(
    (("Conv2D", "convolution"), ("MaxPool2D", "pooling"), ("Dense", "dense layer"))
):
    ax.text(430, 230 - 24 * k, word, color=COLORS[kind], fontsize=12)
ax.set(aspect="equal")
ax.axis("off")

first, last = maps[1], maps[-1]
fig.set_label(
    f"A row of {len(maps)} boxes on one scale. The image is {maps[0].output[0]} pixels tall; boxes "
    + ", ".join(
        f"{side} tall with {places[-1][2]} channels" for side, places in middle.items()
    )
    + f". The first holds {first.values:,} numbers, the last {last.values:,}. Below, three lines "
    + "of "
    + ", ".join(f"{row.values:,}" for row in lines)
    + " units."
)
plt.show()
