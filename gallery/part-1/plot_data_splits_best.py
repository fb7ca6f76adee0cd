"""
The more settings are tried, the more the best one flatters
===========================================================

A setting is a choice of 24 of 64 pixels, with 200 scans to learn from. The best of those tried so
far is picked by 100 scans, and then read 1,000 fresh ones.
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.data_splits import standard_error
from textbook.datasets import load_digits

plt.style.use("textbook.book")

images, labels = load_digits()
x = images.reshape(-1, 64).astype(np.float32)
tries = np.arange(1, 51)
reported, kept = np.zeros((2, 20, 50))
for seed in range(20):
    rng = np.random.default_rng(seed)
    order = rng.permutation(1797)
    train, others = order[:200], order[200:]
    on_dev, on_fresh = [], []
    for t in range(50):
        seen = x[:, rng.permutation(64)[:24]]
        off = (seen[train] ** 2).sum(axis=1) - 2 * seen[others] @ seen[train].T
        right = labels[train][off.argmin(axis=1)] == labels[others]
        on_dev.append(100 * right[:100].mean())
        on_fresh.append(100 * right[-1000:].mean())
        best = int(np.argmax(on_dev))
        reported[seed, t], kept[seed, t] = on_dev[best], on_fresh[best]

# %%
# The two part by a little more than one standard error of a test with 100 scans.

for t in (1, 2, 5, 10, 20, 50):
    one, other = reported[:, t - 1], kept[:, t - 1]
    gap = one - other
    print(
        f"best of {t:2}: reported {one.mean():.1f}, fresh {other.mean():.1f}, "
        f"too good by {gap.mean():.1f} ({gap.min():.1f} to {gap.max():.1f})"
    )
share = kept[:, -1].mean() / 100
print(f"one standard error: {100 * standard_error(share, 100):.1f}")

fig, ax = plt.subplots(figsize=(7, 3.6))
ax.plot(tries, reported.mean(axis=0), "C0")
ax.plot(tries, kept.mean(axis=0), "C3")
ax.text(50.5, reported[:, -1].mean(), "dev set", va="center")
ax.text(50.5, kept[:, -1].mean(), "fresh scans", va="center")
ax.set(xlabel="settings tried", ylabel="best so far (% right)", xlim=(0, 60))
ax.set_xticks([1, 10, 20, 30, 40, 50])
fig.set_label(
    "Mean accuracy over 20 seeds of the best setting so far, against the number of settings tried. "
    + " ".join(
        f"After {t}: {reported[:, t - 1].mean():.1f} % on the dev set, "
        f"{kept[:, t - 1].mean():.1f} % on fresh scans."
        for t in (1, 10, 50)
    )
)
plt.show()
