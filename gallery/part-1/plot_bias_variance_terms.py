"""
Each degree takes from the bias and pays with the same amount of variance
=========================================================================

Two thousand training sets of 20 points, one polynomial for each. Where is the error lowest?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.bias_variance import (
    decompose,
    expected_terms,
    fit_polynomial,
    polynomial,
)

plt.style.use("textbook.book")

x = np.linspace(-1, 1, 20)
truth, noise = np.sin(3 * x + 1), 0.3
rng = np.random.default_rng(0)
targets = truth + noise * rng.normal(size=(2000, 20))
fresh = truth + noise * rng.normal(size=(2000, 20))

degrees = np.arange(10)
fits, measured, expected, errors = [], [], [], []
for degree in degrees:
    fits.append([fit_polynomial(x, y, degree) for y in targets])
    predictions = np.array([polynomial(x, theta) for theta in fits[-1]])
    measured.append(decompose(predictions, truth))
    expected.append(expected_terms(x, truth, degree, noise))
    errors.append(
        (np.mean((predictions - targets) ** 2), np.mean((predictions - fresh) ** 2))
    )
measured, expected, errors = map(np.array, (measured, expected, errors))
for degree, (bias, variance), (training, dev) in zip(
    degrees, measured, errors, strict=True
):
    print(
        f"{degree}  bias^2 {bias:.4f}  variance {variance:.4f}  "
        f"sum with noise {bias + variance + noise**2:.4f}  dev {dev:.4f}  training {training:.4f}"
    )

# %%
# Left, eight of the fits and the truth; right, the terms. A frame is a degree.

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.8), width_ratios=[1, 1.15])
grid = np.linspace(-1, 1, 31)
left.plot(grid, np.sin(3 * grid + 1), "C3", linewidth=2.4, zorder=3)
left.text(-0.95, 1.3, "truth", color="C3")
for degree in degrees:
    for theta in fits[degree][:8]:
        (line,) = left.plot(grid, polynomial(grid, theta), "C0", linewidth=0.8)
        line.set_gid(f"at-{degree}")
    told = left.text(
        0.97, 0.03, f"degree {degree}", ha="right", transform=left.transAxes
    )
    told.set_gid(f"at-{degree}")
left.set(xlabel="$x$", ylim=(-2, 1.7), title="eight training sets")

right.plot(degrees, expected[:, 0], "C0")
right.plot(degrees, measured[:, 0], "C0o", markersize=4)
right.plot(degrees, expected[:, 1], "C4")
right.plot(degrees, measured[:, 1], "C4o", markersize=4)
right.axhline(noise**2, color="#767676", linestyle="--", linewidth=1.2)
right.plot(degrees, expected.sum(axis=1) + noise**2, "C2")
right.plot(degrees, errors[:, 1], "C2o", markersize=4)
for degree in degrees:
    marked = right.axvline(degree, color="#767676", linewidth=0.8, zorder=0)
    marked.set_gid(f"at-{degree}")
for name, height, color in (
    ("error", errors[9, 1] + 0.01, "C2"),
    ("noise", noise**2, "#767676"),
    ("variance", measured[9, 1], "C4"),
    ("bias²", 0, "C0"),
):
    right.text(9.35, height, name, color=color, va="center")
right.set(xlabel="degree", title="squared error, mean", ylim=(0, 0.6))
right.set_xlim(-0.3, 9.2)
right.set_xticks(degrees)
best = int(errors[:, 1].argmin())
fig.set_label(
    "Left: eight polynomials of each degree from 0 to 9, each from another training set, "
    "beside the sine they came from. Right: bias squared falls from "
    f"{measured[0, 0]:.3f} to {measured[9, 0]:.4f}, variance rises evenly from "
    f"{measured[0, 1]:.4f} to {measured[9, 1]:.4f}, the noise is {noise**2:.2f}; the error "
    f"on new targets is lowest at degree {best}, {errors[best, 1]:.3f}."
)
plt.show()
