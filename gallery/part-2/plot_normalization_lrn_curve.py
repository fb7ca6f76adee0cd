"""
A response keeps its share while it is small, and loses it fastest near 89
==========================================================================

Local response normalization with AlexNet's constants, for a kernel whose neighbors are silent. The
notes describe this curve; their drawing of it was lost.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.normalization import local_response_norm

plt.style.use("textbook.book")

a = np.linspace(0.5, 600, 1200)[:, np.newaxis]
b = local_response_norm(a)
share, a, b = (b / a).ravel(), a.ravel(), b.ravel()
steepest = np.sqrt(2 / (1e-4 * (2 * 0.75 + 1)))  # where the second derivative is 0
most = a[b.argmax()]
print(f"steepest at {steepest:.0f}, greatest output {b.max():.1f} at {most:.0f}")

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.3))
left.plot(a, share, "C0")
left.plot(steepest, np.interp(steepest, a, share), "C2o", markersize=7)
left.text(
    steepest + 22, np.interp(steepest, a, share) + 0.01, f"steepest, {steepest:.0f}"
)
left.text(40, 0.585, "nearly flat")
left.set(
    title="share $b / a$",
    xlabel="activation $a$",
    ylim=(0, 0.65),
    xlim=(0, 600),
    xticks=[0, 200, 400, 600],
)

right.plot(a, b, "C0")
right.plot(most, b.max(), "C0o", markersize=7)
right.text(most, b.max() + 2.5, f"most, {b.max():.0f} at {most:.0f}")
right.set(
    title="output $b$",
    xlabel="activation $a$",
    ylim=(0, 62),
    xlim=(0, 600),
    xticks=[0, 200, 400, 600],
)

fig.set_label(
    "Left: the share b/a of a lone activation a. It starts at "
    f"{share[0]:.4f}, is still {np.interp(10, a, share):.4f} at 10, falls fastest at "
    f"{steepest:.0f}, and is {share[-1]:.4f} at 600. Right: the output b rises to "
    f"{b.max():.1f} at {most:.0f} and then falls, to {b[-1]:.1f} at 600."
)
plt.show()
