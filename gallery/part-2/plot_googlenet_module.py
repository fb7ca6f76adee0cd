"""
GoogLeNet's first module squeezes 192 channels to 16 before its 5 x 5, and makes 256
====================================================================================

Four branches read one map. How wide is each at every step?
"""

import matplotlib.pyplot as plt

from textbook.architectures.googlenet import inception
from textbook.network import summary

plt.style.use("textbook.book")

module, shape = inception(64, 96, 128, 16, 32, 32), (28, 28, 192)
steps = {
    name: [row for row in summary(branch, shape).rows if row.values and row.kind]
    for name, branch in module.layers.items()
}
for name, rows in steps.items():
    print(name, "; ".join(f"{row.name} {row.output[-1]}" for row in rows))

# %%
# A bar is as wide as its layer has channels. From below: what is read, two steps, what is joined.

COLORS = {"ones": "C6", "threes": "C0", "fives": "C2", "pooled": "C4"}
WORDS = {"ones": "1 × 1", "threes": "3 × 3", "fives": "5 × 5", "pooled": "1 × 1"}
HEIGHT, GAP = 0.3, 34
fig, ax = plt.subplots(figsize=(7, 4.6))


def bar(center, width, level, color, alpha=0.8):
    ax.barh(level, width, HEIGHT, center - width / 2, color=color, alpha=alpha)


def link(below, above, level, color):
    (x0, w0), (x1, w1) = below, above
    x = [x0 - w0 / 2, x0 + w0 / 2, x1 + w1 / 2, x1 - w1 / 2]
    bottom = level + HEIGHT / 2
    ax.fill(
        x,
        [bottom, bottom, bottom + 1 - HEIGHT, bottom + 1 - HEIGHT],
        color=color,
        alpha=0.12,
    )


def label(x, level, words, side="center", **where):
    ax.text(x, level, words, ha=side, va="center", fontsize=10, **where)


places, left = {}, 0.0
for name, rows in steps.items():
    widest = max(row.output[-1] for row in rows)
    places[name] = left + max(widest, 60) / 2
    left += max(widest, 60) + GAP
middle, total = (left - GAP) / 2, module.output_shape(shape)[-1]
bar(middle, shape[-1], 0, "#767676")
label(middle, 0, f"{shape[-1]} channels, 28 × 28")
joined = middle - total / 2
for name, rows in steps.items():
    x, color = places[name], COLORS[name]
    reads, filters = (middle, shape[-1]), rows[-1].output[-1]
    level = 0
    if len(rows) == 2:
        width = rows[0].output[-1]
        link(reads, (x, width), 0, color)
        bar(x, width, 1, color, 0.45)
        words = "max 3 × 3" if name == "pooled" else "1 × 1"
        label(x, 1.25, f"{words}, {width}")
        reads, level = (x, width), 1
    else:  # nothing stands in between: pass the first level by
        link(reads, (x, filters), 0, color)
        ax.barh(1, filters, HEIGHT, x - filters / 2, color=color, alpha=0.12)
        reads, level = (x, filters), 1
    link(reads, (x, filters), level, color)
    bar(x, filters, 2, color)
    label(x, 2.25, f"{WORDS[name]}, {filters}")
    link((x, filters), (joined + filters / 2, filters), 2, color)
    bar(joined + filters / 2, filters, 3, color)
    label(joined + filters / 2, 3.25, f"{filters}")
    joined += filters
label(joined + 12, 3, f"{total} channels, joined", side="left")
ax.set(ylim=(-0.25, 3.4))
ax.axis("off")

fig.set_label(
    f"A module from below: a map of {shape[-1]} channels is read by four branches. "
    + "; ".join(
        f"{name}: " + ", then ".join(f"{row.output[-1]} channels" for row in rows)
        for name, rows in steps.items()
    )
    + f". The last bars of the four stand side by side on top, {total} channels together."
)
plt.show()
