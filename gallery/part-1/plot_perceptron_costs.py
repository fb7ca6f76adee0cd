"""
The count of mistakes has no slope to follow, the sum of wrong scores has
=========================================================================

The boundary is turned about the origin, all the way round. What do the two costs of the notes say?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.perceptron import cost, mistakes

plt.style.use("textbook.book")

rng = np.random.default_rng(0)
points = rng.normal(size=(12, 2))
y = np.where(points @ [1, 0] >= 0, 1, -1)
angles = np.linspace(-180, 180, 2001)
turned = np.column_stack([np.cos(np.radians(angles)), np.sin(np.radians(angles))])
count = [mistakes(points, y, theta) for theta in turned]
total = [cost(points, y, theta) for theta in turned]
free = angles[np.array(count) == 0]
print(f"no mistake from {free.min():.0f} to {free.max():.0f} degrees")

# %%
# Theta has length 1 and points in the direction of the angle. The labels were made at 0 degrees.

fig, (above, below) = plt.subplots(2, 1, figsize=(7, 4.4), sharex=True)
above.plot(angles, count, "C0")
above.set_title("mistakes: flat between jumps")
below.plot(angles, total, "C0")
below.set_title("sum of the wrong scores: sloped wherever a point is wrong")
below.set(
    xlabel="direction of $\\theta$ (degrees)",
    xticks=[-180, -90, 0, 90, 180],
    ylim=(0, None),
)
for ax in (above, below):
    ax.axvspan(free.min(), free.max(), color="C3", alpha=0.2, linewidth=0)
above.text(free.max() + 4, 7.5, "no mistake")

fig.set_label(
    "Two costs of twelve points over the direction of theta. Above, the count of mistakes is a "
    f"staircase from 0 to {max(count)}, flat between its jumps. Below, the sum of the wrong scores "
    f"rises in unbroken curves from 0 to {max(total):.1f}. Both are 0 between {free.min():.0f} and "
    f"{free.max():.0f} degrees."
)
plt.show()
