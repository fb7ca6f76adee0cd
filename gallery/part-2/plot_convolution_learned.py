"""
Half of a learned filter is a slope, as nearly all of Sobel's is
================================================================

A network with eight 5 x 5 filters learns 5,000 digits from a random start. Do its filters come to
look like the hand-made ones?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.activations import relu, relu_derivative
from textbook.convolution import classic_kernel, conv2d, conv2d_backward
from textbook.datasets import load_mnist
from textbook.softmax_regression import one_hot, softmax

plt.style.use("textbook.book")

images, labels = load_mnist()
x = images[..., None] / 255
y = one_hot(labels, 10).astype(np.float32)

starts, filters, right = [], [], []
for seed in range(5):
    rng = np.random.default_rng(seed)
    w = rng.normal(0, np.sqrt(2 / 25), (5, 5, 1, 8)).astype(np.float32)
    theta = rng.normal(0, np.sqrt(1 / 1152), (1152, 10)).astype(np.float32)
    b, c = np.zeros(8, np.float32), np.zeros(10, np.float32)
    starts.append(w.copy())
    for _ in range(6):
        for k in rng.permutation(5000).reshape(100, 50):
            z = conv2d(x[k], w, b, stride=2)
            a = relu(z).reshape(50, -1)
            e = (softmax(a @ theta + c) - y[k]) / 50
            dz = (e @ theta.T).reshape(z.shape) * relu_derivative(z)
            _, dw, db = conv2d_backward(dz, x[k], w, stride=2)
            theta -= 0.2 * a.T @ e
            c -= 0.2 * e.sum(axis=0)
            w -= 0.2 * dw
            b -= 0.2 * db
    filters.append(w)
    a = relu(conv2d(x[5000:], w, b, stride=2)).reshape(1000, -1)
    right.append(float(np.mean((a @ theta + c).argmax(axis=1) == labels[5000:])))
print(
    f"of 1,000 new digits right: {min(right):.3f} to {max(right):.3f} over five seeds"
)

# %%
# Two of the 25 directions that a 5 x 5 filter can point to are even slopes, across and down. How
# much of the filter's square lies in them?

down, across = np.mgrid[-2:3, -2:3] / np.sqrt(50)
shares = {}
for name, sets in (("start", starts), ("learned", filters)):
    shares[name] = np.array(
        [
            (np.vdot(f, down) ** 2 + np.vdot(f, across) ** 2) / np.vdot(f, f)
            for w in sets
            for f in w[:, :, 0].transpose(2, 0, 1)
        ]
    )
    medians = np.median(shares[name].reshape(5, 8), axis=1)
    print(
        f"{name:8} median {np.median(medians):.2f}, {medians.min():.2f} to {medians.max():.2f}"
    )
sobel, slope = classic_kernel("sobel_x"), np.mgrid[-1:2, -1:2][1] / np.sqrt(6)
print(f"Sobel X  {np.vdot(sobel, slope) ** 2 / np.vdot(sobel, sobel):.2f}")

# %%
# Orange: the filter adds. Blue: it subtracts. Above, the four of the notes; below, the eight of
# the first seed, ordered by the share of each that is a slope.

titles = {
    "sobel_x": "Sobel X",
    "sobel_y": "Sobel Y",
    "laplacian": "Laplacian",
    "sharpen": "sharpen",
}
shown = [(title, classic_kernel(name)) for name, title in titles.items()]
first = filters[0][:, :, 0].transpose(2, 0, 1)
for number in np.argsort(-shares["learned"][:8]):
    shown.append((f"{shares['learned'][number]:.2f}", first[number]))
fig, axes = plt.subplots(3, 4, figsize=(7, 6))
for ax, (title, f) in zip(axes.flat, shown, strict=True):
    for (i, j), value in np.ndenumerate(f / np.abs(f).max()):
        ax.fill(
            *(j + np.array([0, 1, 1, 0]), i + np.array([0, 0, 1, 1])),
            color="C1" if value > 0 else "C0",
            alpha=round(float(abs(value)), 2),
            linewidth=0,
        )
    side = len(f)
    ax.plot(
        [0, side, side, 0, 0], [0, 0, side, side, 0], color="#767676", linewidth=0.6
    )
    ax.set(
        xlim=(-0.1, side + 0.1), ylim=(side + 0.1, -0.1), aspect="equal", title=title
    )
    ax.axis("off")
by_seed = {name: np.median(s.reshape(5, 8), axis=1) for name, s in shares.items()}
fig.set_label(
    "The four kernels of the notes and eight learned filters of 5 by 5 weights. Most of the "
    "learned ones have a positive and a negative side, at many angles. The share of a filter that "
    f"is a slope grows from {np.median(by_seed['start']):.2f} to "
    f"{np.median(by_seed['learned']):.2f} (medians of five starts; learned from "
    f"{by_seed['learned'].min():.2f} to "
    f"{by_seed['learned'].max():.2f}). Between {min(right):.1%} and {max(right):.1%} of 1,000 new "
    "digits are read right."
)
plt.show()
