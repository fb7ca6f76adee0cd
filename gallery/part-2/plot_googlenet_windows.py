"""
A column and a row of 7 have 14 weights, three squares of 3 have 27, one square of 7 has 49
===========================================================================================

What does it cost to look at n × n pixels, in weights for each pair of channels?
"""

import matplotlib.pyplot as plt

from textbook.network import Conv2D, Sequential, summary

plt.style.use("textbook.book")


def per_pair(*kernels, channels=32):
    layers = [
        Conv2D(channels, kernel, padding="SAME", bias=False) for kernel in kernels
    ]
    return summary(Sequential(*layers), (17, 17, channels)).parameters / channels**2


sides = [3, 5, 7, 9, 11]
ways = {
    "one square": [per_pair(n) for n in sides],
    "squares of 3": [per_pair(*[3] * ((n - 1) // 2)) for n in sides],
    "a column and a row": [per_pair((n, 1), (1, n)) for n in sides],
}
for way, costs in ways.items():
    print(f"{way:19}", *(f"{cost:4.0f}" for cost in costs))

# %%
# Rings mark what the second and the third version of the module put in place of a square.

colors = {"one square": "C2", "squares of 3": "C0", "a column and a row": "C4"}
fig, ax = plt.subplots(figsize=(7, 3.8))
for way, costs in ways.items():
    ax.plot(sides, costs, "o-", color=colors[way])
    ax.text(11.2, costs[-1], way, color=colors[way], va="center")
for way, side in (
    ("squares of 3", 5),
    ("a column and a row", 3),
    ("a column and a row", 7),
):
    height = ways[way][sides.index(side)]
    ax.plot(side, height, "o", ms=13, mfc="none", mec="C6")
    x, y = (side + 0.35, height - 3) if side == 5 else (side, height - 12)
    ax.text(x, y, f"{height:.0f}", ha="center", va="center", fontsize=11)
for side, height in zip(sides, ways["one square"], strict=True):
    ax.text(side - 0.15, height + 6, f"{height:.0f}", ha="right", fontsize=11)
ax.set(
    xlabel="side of the field (pixels)",
    ylabel="weights per pair of channels",
    xticks=sides,
    xlim=(2.6, 14.2),
    ylim=(-12, 132),
)

fig.set_label(
    "Weights per pair of channels against the side of the field, from 3 to 11. "
    + "; ".join(
        f"{way}: {', '.join(f'{c:.0f}' for c in costs)}" for way, costs in ways.items()
    )
    + ". Rings mark 18 where a square of 5 has 25, 6 where a square of 3 has 9, and 14 where a "
    "square of 7 has 49."
)
plt.show()
