"""
224 pixels have room for 54 windows of 11 in steps of 4, and 227 for the 55 of the paper
========================================================================================

Where do the windows of AlexNet's first layer end?
"""

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from textbook.convolution import output_size

plt.style.use("textbook.book")

KERNEL, STRIDE = 11, 4
cases = [(224, 0), (227, 0), (224, 2)]  # pixels of a row, and zeros at each end
ends = []
for size, padding in cases:
    windows = output_size(size, KERNEL, padding, STRIDE)
    last = STRIDE * (windows - 1) - padding + KERNEL - 1
    ends.append((windows, last, size + padding - 1 - last))
    print(
        f"{size} + 2 * {padding}: {windows} windows, the last one ends at pixel {last}"
    )

# %%
# The right end of a row of pixels, numbered from 0, with the last windows below it. Dashed: the
# window that would come next.

fig, axes = plt.subplots(3, 1, figsize=(7, 4.8), sharex=True)
for ax, (size, padding), (windows, last, left_over) in zip(
    axes, cases, ends, strict=True
):
    for pixel in range(192, size + padding):
        outside = pixel >= size
        ax.add_patch(
            Rectangle(
                (pixel - 0.5, 0),
                1,
                1,
                facecolor="none" if outside else "#767676",
                edgecolor="C6" if outside else "#767676",
                alpha=0.4 if not outside else 1,
                hatch="////" if outside else None,
                linewidth=0.5,
            )
        )
    for back in range(-1, 4):
        first = last - KERNEL + 1 - STRIDE * back
        y = -0.9 - 0.75 * (3 - back)
        color, style = ("C2", "--") if back < 0 else ("C0", "-")
        ax.plot(
            [first - 0.4, first + KERNEL - 0.6],
            [y, y],
            color=color,
            linestyle=style,
            linewidth=4 if back >= 0 else 1.8,
            solid_capstyle="butt",
        )
    edge = size + padding - 0.5
    ax.plot([edge, edge], [-4.4, 1.2], color="C6", linewidth=1)
    words = f"{size} pixels" + (f", {padding} zeros at each end" if padding else "")
    ax.text(192, 1.5, f"{words}: {windows} windows", fontsize=12)
    ax.text(231.5, -0.2, f"{left_over} over" if left_over else "none over", fontsize=12)
    ax.set(xlim=(191, 238), ylim=(-4.6, 2.9), yticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(bottom=ax is axes[-1])
axes[-1].set(xlabel="pixel", xticks=range(195, 230, 5))

fig.set_label(
    "The right ends of three rows of pixels with the last four windows of 11 below each, and "
    "dashed the one that would come next. "
    + " ".join(
        f"{size} pixels with {padding} zeros at each end have {windows} windows; the last ends at "
        f"pixel {last}, and {left_over} stays over."
        for (size, padding), (windows, last, left_over) in zip(cases, ends, strict=True)
    )
)
plt.show()
