"""
Bias is asked about first, and after every remedy both questions come again
===========================================================================

The basic recipe: which remedy belongs to which answer, and what comes after it?
"""

import textwrap

import matplotlib.pyplot as plt

from textbook.bias_variance import diagnose, next_steps

plt.style.use("textbook.book")

# %%
# The remedies are what the package's function answers for two columns of the notes' table.

settings = {"optimal_error": 1, "bias_threshold": 5, "variance_threshold": 5}
remedies = {}
for training_error, dev_error in ((15, 16), (1, 11), (0.5, 1)):
    found = diagnose(training_error, dev_error, **settings)
    remedies[found] = next_steps(training_error, dev_error, **settings)
    print(f"{training_error} %, {dev_error} %: {found}: {remedies[found]}")

# %%
# Narrow, so that nothing shrinks on a phone.

fig, ax = plt.subplots(figsize=(3.7, 5.6))
left, right = 0.8, 2.74


def box(x, y, width, height, text, color="C6", **settings):
    ax.add_patch(
        plt.Rectangle(
            (x - width / 2, y - height / 2), width, height, facecolor="none",
            edgecolor=color, linewidth=1.4, **settings,
        )
    )  # fmt: skip
    ax.text(x, y, text, ha="center", va="center", linespacing=1.3)


def arrow(*corners):
    *way, before, end = corners
    ax.plot(*zip(*way, before, strict=True), "C6", linewidth=1.2)
    ax.annotate(
        "", end, before, arrowprops={"arrowstyle": "-|>", "facecolor": "#222222",
        "edgecolor": "#222222", "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip


heights = {"train": 5.3, "bias": 4.0, "variance": 2.0, "done": 0.4}
box(left, heights["train"], 1.56, 0.6, "train, measure\nboth errors")
questions = {
    "bias": ("training error\nfar above the\noptimal error?", "high bias", "C0"),
    "variance": ("dev error\nfar above the\ntraining error?", "high variance", "C4"),
}
for name, (question, found, color) in questions.items():
    y = heights[name]
    box(left, y, 1.56, 0.95, question)
    *first, last = remedies[found]
    lines = [f"{remedy}," for remedy in first] + [textwrap.fill(f"or {last}", 15)]
    box(right, y, 1.5, 1.35, "\n".join(lines), color)
    ax.text(right - 0.75, y + 0.75, found, color=color)
    arrow((left + 0.78, y), (right - 0.75, y))
    ax.text((left + right) / 2 + 0.02, y + 0.08, "yes", ha="center")
box(left, heights["done"], 1.56, 0.6, "done: ask the\ntest set once")
arrow((left, 5.0), (left, heights["bias"] + 0.475))
for above, end in (("bias", heights["variance"] + 0.475), ("variance", 0.7)):
    start = heights[above] - 0.475
    arrow((left, start), (left, end))
    ax.text(left + 0.08, start - 0.3, "no")
for name in questions:
    ax.plot([right + 0.75, right + 0.85], [heights[name]] * 2, "C6", linewidth=1.2)
corner = right + 0.85
arrow((corner, heights["variance"]), (corner, 5.3), (left + 0.78, 5.3))
ax.set(xlim=(0, 3.6), ylim=(0.05, 5.65))
ax.axis("off")
fig.set_label(
    "Flow chart. Train, and measure both errors. Is the training error far above the "
    f"optimal one? Then {', or '.join(remedies['high bias'])}, and train again. If not: is "
    "the dev error far above the training error? Then "
    f"{', or '.join(remedies['high variance'])}, and train again. If not, done: the test "
    "set is asked once."
)
plt.show()
