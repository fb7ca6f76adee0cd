"""
The best step is neither small nor large
========================================

A numerical derivative moves a parameter by h to both sides. How far off is it, as h shrinks?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.logistic_regression import add_intercept, cost, gradient, sample_labels

plt.style.use("textbook.book")

rng = np.random.default_rng(0)
x = add_intercept(rng.uniform(-1, 5, size=(200, 2)))
y = sample_labels(x, [-3, 1, 1], rng)
theta = np.array([-1.0, 0.5, 0.2])
exact = gradient(x, y, theta)

steps = 10.0 ** np.linspace(-13, 0, 66)
errors = {}
for dtype in (np.float64, np.float32):
    x_given, theta_given = x.astype(dtype), theta.astype(dtype)
    wide = steps[
        steps > np.finfo(dtype).eps * 4
    ]  # a smaller step would leave theta where it is
    by_trying = [
        numerical_gradient(lambda t, x=x_given: cost(x, y, t), theta_given, h)
        for h in wide
    ]
    errors[dtype.__name__] = (
        wide,
        np.array([relative_error(exact, estimate) for estimate in by_trying]),
    )

best = {}
for name, (wide, error) in errors.items():
    best[name] = wide[error.argmin()], error.min()
    print(f"{name}: smallest error {error.min():.0e} at h = {wide[error.argmin()]:.0e}")

fig, ax = plt.subplots(figsize=(7, 3.8))
ax.loglog(*errors["float64"], "C0")
ax.loglog(*errors["float32"], "C4")
ax.axhline(1e-7, color="#767676", linewidth=0.8)
ax.text(3e-9, 3e-10, "float64", ha="right")
ax.text(3e-5, 2e-2, "float32")
ax.set(xlabel="step $h$", ylabel="relative error", ylim=(1e-13, 1))
fig.set_label(
    "Relative error of the numerical gradient against the step h, both axes "
    "logarithmic, each curve a V. In float64 the "
    f"error is least, {best['float64'][1]:.0e}, at h = {best['float64'][0]:.0e}; in "
    "float32 it is never below "
    f"{best['float32'][1]:.0e}, at h = {best['float32'][0]:.0e}."
)
plt.show()

# %%
# On the right of a V the curve of the cost is to blame: twice the step, four times the error. On
# the left it is rounding: two nearly equal costs are subtracted, and the rest divided by a small h.
