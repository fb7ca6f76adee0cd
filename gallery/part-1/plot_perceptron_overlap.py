"""
Where no line separates, the perceptron never rests; its best weights can be kept
=================================================================================

Odd digits against even ones, 1,797 of them, ten rounds. How good are the weights along the way?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_digits
from textbook.logistic_regression import add_intercept
from textbook.perceptron import mistakes, pocket, train

plt.style.use("textbook.book")

images, labels = load_digits()
x = add_intercept(images.reshape(-1, 64) / 16)
y = np.where(labels % 2 == 1, 1, -1)

path, wrong = train(x, y, epochs=10)
counts = np.array([mistakes(x, y, theta) for theta in path])
kept = mistakes(x, y, pocket(x, y, path))
half = np.median(counts[len(counts) // 2 :])
print(f"{len(wrong)} updates; mistakes at the end {counts[-1]}, in the pocket {kept}")
print(
    f"median over the second half {half:.0f}, from {counts[len(counts) // 2 :].min()}"
)

# %%
# The lower line is what the pocket holds: the best weights met so far.

fig, ax = plt.subplots(figsize=(7, 3.6))
ax.plot(100 * counts / len(x), "C0", linewidth=0.8, alpha=0.7)
ax.plot(100 * np.minimum.accumulate(counts) / len(x), "C4", linewidth=2.5)
ax.text(
    len(counts),
    100 * kept / len(x) - 5,
    f"pocket: {100 * kept / len(x):.1f} %",
    ha="right",
)
ax.set(xlabel="updates", title="digits on the wrong side (%)", ylim=(0, 60))

fig.set_label(
    f"Share of wrong digits over {len(wrong)} updates. It jumps up and down to the end, around a "
    f"median of {100 * half / len(x):.1f} percent in the second half; the best weights met so far "
    f"go down to {100 * kept / len(x):.1f} percent."
)
plt.show()
