"""
Clipping by norm keeps the direction, clipping by value does not
================================================================

Three gradients of a cost in two weights, and what is left of them at a threshold of 1.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.vanishing_gradients import clip_by_norm, clip_by_value

plt.style.use("textbook.book")

gradients = np.array([[3.0, 0.6], [-1.2, 1.5], [-0.5, -0.4]])
angle = np.linspace(0, 2 * np.pi, 200)
square = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1], [1, 1]])

# %%
# In vermilion the gradient, in blue what clipping leaves of it. The third is short enough for both.

clips = {
    "by norm": (clip_by_norm, (np.cos(angle), np.sin(angle))),
    "by value": (clip_by_value, square.T),
}
fig, axes = plt.subplots(1, 2, figsize=(7, 2.9), sharey=True)
for ax, (title, (clip, border)) in zip(axes, clips.items(), strict=True):
    ax.plot(*border, "C6:", linewidth=1)
    for gradient in gradients:
        (clipped,) = clip([gradient], threshold=1)
        print(f"{title:8}  {gradient.tolist()} becomes {clipped.round(2).tolist()}")
        for end, color, width in ((gradient, "C2", 1.4), (clipped, "C0", 3)):
            ax.plot(*np.array([[0, 0], end]).T, color, linewidth=width)
            ax.plot(*end, color + "o", markersize=4 + width)
    ax.set(title=title, xlabel="slope in the first weight", aspect="equal")
axes[0].set_ylabel("slope in the second")
fig.set_label(
    "Gradients (3, 0.6), (-1.2, 1.5) and (-0.5, -0.4), clipped at 1. By norm the first "
    "two end on the unit circle, in their own directions, at (0.98, 0.2) and (-0.62, "
    "0.78). By value they end on the border of a square, at (1, 0.6) and (-1, 1), "
    "turned. The third stays as it is."
)
plt.show()
