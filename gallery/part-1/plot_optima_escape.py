"""
A tenth of the noise costs 24 more steps at the saddle
======================================================

Gradient descent on a network of two weights slides along a ridge into a saddle. How long until
noise throws it off?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.optima import chain_gradient, perturbed_descent

plt.style.use("textbook.book")


def descend(noise, seed):
    rng = np.random.default_rng(seed)
    path = perturbed_descent(chain_gradient, [1.4, -1.4], 0.1, 400, noise, rng)
    return path, (1 - path.prod(axis=1)) ** 2 / 2


levels = 10.0 ** np.arange(-8, 0)
steps = {
    noise: [int(np.argmax(descend(noise, seed)[1] < 0.25)) for seed in range(20)]
    for noise in levels
}
without, costs = descend(0, 0)
print(f"without noise: cost {costs[-1]} after 400 steps, end {without[-1].round(9)}")
for noise, taken in steps.items():
    print(f"{noise:.0e}: median {np.median(taken):.0f}, {min(taken)} to {max(taken)}")

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.6))
fig.get_layout_engine().set(wspace=0.08)
axis = np.linspace(-1.6, 1.6, 121)
u, v = np.meshgrid(axis, axis)
left.contour(
    u, v, (1 - u * v) ** 2 / 2, levels=[0.1, 0.3, 0.5, 0.8, 1.5, 3], colors="#767676",
    linewidths=0.7,
)  # fmt: skip
arm = axis[axis > 1 / 1.6]
left.plot(arm, 1 / arm, "C3", linewidth=2.2)
left.plot(-arm, -1 / arm, "C3", linewidth=2.2)
noisy, _ = descend(1e-2, 1)
left.plot(*noisy.T, "C0o-", markersize=2, linewidth=1)
left.plot(*without.T, "C2s", markersize=4)
left.plot(0, 0, "C6o", markersize=7)
left.set(xlabel=r"$\theta_1$", ylabel=r"$\theta_2$", aspect="equal")

for noise, taken in steps.items():
    right.semilogx([noise] * 20, taken, "C0o", markersize=3.5, alpha=0.5)
middle = np.array([np.median(taken) for taken in steps.values()])
line = middle[0] - np.log(levels / levels[0]) / np.log(1.1)
right.semilogx(levels, line, "C6:")
right.set(xlabel=r"noise $\sigma$", ylabel="steps to a cost below 0.25", ylim=(0, None))

fig.set_label(
    "Left: contours of the cost of two weights with its saddle at the origin and its "
    "minima on the two arms of a hyperbola. Without noise the descent from (1.4, -1.4) "
    "ends on the saddle; with noise it turns off to an arm. Right: steps until the "
    "cost is below 0.25, twenty seeds, against the noise: medians from "
    f"{middle[0]:.0f} at {levels[0]:.0e} to {middle[-1]:.0f} at 0.1, on a line that "
    "gains 24.2 steps for each factor of ten."
)
plt.show()
