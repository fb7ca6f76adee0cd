"""
At a saddle one direction climbs and another falls
==================================================

The gradient of x² - y² is 0 at the origin. What do you meet when you walk on?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.optima import classify, numerical_hessian

plt.style.use("textbook.book")


def surface(theta):
    return theta[0] ** 2 - theta[1] ** 2


hessian = numerical_hessian(surface, [0, 0])
print(hessian.round(4).tolist(), classify(hessian))

# %%
t = np.linspace(-1, 1, 41)
x, y = np.meshgrid(t, t)
flat = np.zeros_like(t)

fig = plt.figure(figsize=(6, 4.4))
ax = fig.add_subplot(projection="3d", computed_zorder=False)
ax.plot_wireframe(
    x, y, surface([x, y]), rcount=16, ccount=16, color="#767676", linewidth=0.7
)
ax.plot(t, flat, surface([t, flat]), "C0", linewidth=3)
ax.plot(flat, t, surface([flat, t]), "C2", linewidth=3)
ax.plot([0], [0], [0], "C6o", markersize=7)
ax.text2D(0.03, 0.86, "along $x$: curvature 2", color="C0", transform=ax.transAxes)
ax.text2D(0.46, 0.12, "along $y$: curvature $-2$", color="C2", transform=ax.transAxes)
ax.set_axis_off()
ax.set_box_aspect((1, 1, 0.75), zoom=1.1)
ax.set_proj_type("ortho")
ax.view_init(elev=16, azim=-62)

fig.set_label(
    "The surface x squared minus y squared as a grid. Through the dot in its middle, "
    "where the gradient is 0, run a parabola that opens upward along x, with "
    f"curvature {hessian[0, 0]:.0f}, and one that opens downward along y, with "
    f"curvature {hessian[1, 1]:.0f}: a saddle."
)
plt.show()
