"""
A strong kernel dims the two next to it, and itself
===================================================

Fifteen kernels look at one place. All answer 50, but for one, which answers 200.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.normalization import local_response_norm

plt.style.use("textbook.book")

a = np.full(15, 50.0)
a[7] = 200
b = local_response_norm(a)
print(b.round(1).tolist())
print(f"peak to far {a[7] / a[3]:.2f} before, {b[7] / b[3]:.2f} after")
print(f"peak to near {a[7] / a[6]:.2f} before, {b[7] / b[6]:.2f} after")
print(f"far to near {a[3] / a[6]:.2f} before, {b[3] / b[6]:.2f} after")

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.2))
for ax, values, title in ((left, a, "before, $a_i$"), (right, b, "after, $b_i$")):
    ax.bar(range(15), values, color="C0", width=0.7)
    ax.set(title=title, xlabel="kernel $i$", xticks=[0, 5, 7, 9, 14])
for i in (3, 6, 7):
    left.text(i, a[i] + 4, f"{a[i]:.0f}", ha="center", fontsize=11)
    right.text(i, b[i] + 1, f"{b[i]:.0f}", ha="center", fontsize=11)
left.set_ylim(0, 220)
right.set_ylim(0, 55)
fig.set_label(
    "Bars for fifteen kernels before and after. Before: 50 everywhere, 200 in the middle. After: "
    f"{b[7]:.0f} in the middle, {b[6]:.0f} at the two kernels on either side of it, {b[3]:.0f} "
    "further away. The middle is 4 times its neighbors as before, but only "
    f"{b[7] / b[3]:.1f} times the others."
)
plt.show()
