"""
In noise a trained network hears a pitch longer than autocorrelation does
=========================================================================

Without noise a short formula reads a pitch more exactly than 487,096 trained numbers. What are they
good for?
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("textbook.book")

# %%
# Five times a hundred tones at each level of noise; lines are medians, bands the range. Tone and
# noise of equal strength are 0 decibels.

here = Path(__file__).parent if "__file__" in globals() else Path.cwd()
file = here.parent / "experiments" / "applications_pitch.json"
kept = json.loads(file.read_text(encoding="utf-8"))
decibels = kept["decibels"]

fig, axes = plt.subplots(1, 3, figsize=(7, 3.4), sharey=True)
told = []
for ax, (kind, ways) in zip(axes, kept["kinds"].items(), strict=True):
    for (way, found), color in zip(ways.items(), ("C0", "C4"), strict=True):
        right = 100 * np.array(found)[:, :, 0]
        low, middle, high = np.quantile(right, [0, 0.5, 1], axis=1)
        ax.plot(decibels, middle, color, marker="o", markersize=4)
        ax.fill_between(decibels, low, high, color=color, alpha=0.2, linewidth=0)
        at = {d: f"{m:.0f}" for d, m in zip(decibels, middle, strict=True)}
        told.append(f"{kind}, {way}: {at[40]}, {at[0]}, {at[-10]} %")
        print(told[-1])
    ax.set(title=kind, xticks=[-10, 0, 10, 20, 40], ylim=(0, 103), xlabel="decibels")
axes[0].set_ylabel("within 50 cents (%)")
axes[0].text(9, 67, "auto-\ncorrelation")
axes[2].text(8, 77, "network")
fig.set_label(
    "Share of tones heard to half a semitone against the strength of the tone over the noise, at "
    "40, 0 and -10 decibels. " + ". ".join(told) + "."
)
plt.show()
