"""
Five pixels in the middle, three at the border
==============================================

Two layers with kernels of 3 and a padding of 1, the second with stride 2, on a row of nine pixels.
Which pixels does each place of the second layer see?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.receptive_field import receptive_field, seen_pixels, sizes_by_layer

plt.style.use("textbook.book")

layers = [(3, 1, 1, 1), (3, 2, 1, 1)]
pixels, middle, places = sizes_by_layer(layers, 9)
size, jump, start = receptive_field(layers)
seen = [seen_pixels(layers, place, pixels) for place in range(places)]
print(f"field of {size} pixels, the first begins at {start}, the next {jump} further")
for place, found in enumerate(seen):
    print(f"place {place} sees {len(found)}: {found.tolist()}")

# %%
# Every entry is drawn above the pixel in the middle of its field.

fig, ax = plt.subplots(figsize=(7, 4.9))
heights = {"input": 0.0, "layer 1": 1.4, "layer 2": 2.8}
for (name, height), count, step in zip(
    heights.items(), (pixels, middle, places), (1, 1, 2), strict=True
):
    ax.plot(step * np.arange(count), np.full(count, height), "o", color="#767676", ms=7)
    ax.text(9.7, height, name, va="center")
    if step == 1:
        ends = [-1, count]
        ax.plot(ends, [height, height], "o", mfc="none", mec="#767676", ms=7)

for place, found in enumerate(seen):
    (box,) = ax.plot(
        found[[0, -1]], [-0.75 - 0.42 * place] * 2, "C0", linewidth=7, alpha=0.8
    )
    label = ax.text(
        9.7,
        -0.75 - 0.42 * place,
        f"place {place}: {len(found)} pixels",
        va="center",
        fontsize=11,
    )
    for artist in (box, label):
        artist.set_gid(f"from-{place}")

    at = []
    for k in range(-1, 2):
        below = jump * place + k
        at += ax.plot(
            [jump * place, below], [heights["layer 2"], heights["layer 1"]], "C0"
        )
        if 0 <= below < middle:
            for q in range(-1, 2):
                at += ax.plot(
                    [below, below + q],
                    [heights["layer 1"], heights["input"]],
                    "C0",
                    linewidth=1.2,
                )
    at += ax.plot(jump * place, heights["layer 2"], "C0o", markersize=9)
    at += ax.plot(found, np.zeros(len(found)), "C0o", markersize=9)
    for artist in at:
        artist.set_gid(f"at-{place}")
ax.set(xlim=(-1.4, 12.8), ylim=(-2.75, 3.1))
ax.axis("off")

counts = ", ".join(str(len(found)) for found in seen)
fig.set_label(
    "Three rows of dots: nine pixels, nine places of layer 1, five of layer 2, with a ring of "
    "padding at both ends of the lower two. Lines lead from a place of layer 2 down to "
    f"the pixels that it sees. Bars below: places 0 to 4 see {counts} pixels, "
    f"though the formula gives {size} to each; at the ends the rest lies in the padding."
)
plt.show()
