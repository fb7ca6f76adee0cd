"""
Kelvins need 85,000 times the steps of Celsius, standardized inputs one
=======================================================================

Descent fits a line from today's temperature to tomorrow's, with today's in four units. How fast
does the cost fall in each?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.datasets import load_temperatures
from textbook.input_normalization import (
    best_learning_rate,
    condition_number,
    excess_cost,
    fit,
    hessian,
    steps_to_converge,
    transform,
)
from textbook.logistic_regression import add_intercept

plt.style.use("textbook.book")

_, highest, _ = load_temperatures()
today, tomorrow = highest[:-1, np.newaxis], highest[1:]
units = {
    "standardized": transform(today, *fit(today)),
    "Celsius": today,
    "Fahrenheit": 1.8 * today + 32,
    "kelvins": today + 273.15,
}

# A logarithmic axis has no 0: step 0 is drawn at 0.4.
steps = np.concatenate([[0], np.geomspace(1, 1e10, 400)])
places = np.maximum(steps, 0.4)
fig, ax = plt.subplots(figsize=(7, 3.6))
needed = {}
for unit, x in units.items():
    x = add_intercept(x)
    h = hessian(x)
    best = np.linalg.lstsq(x, tomorrow, rcond=None)[0]
    needed[unit] = steps_to_converge(condition_number(h), 0.001)
    print(f"{unit:12} condition {condition_number(h):.4g}, {needed[unit]:,} steps")
    above = excess_cost(h, 0 - best, best_learning_rate(h), steps)
    ax.loglog(places, np.maximum(above, 1e-12), "C0")
    ax.text(places[np.argmax(above < 10)] * 1.35, 10, unit, va="center")
print(f"kelvins to Celsius: {needed['kelvins'] / needed['Celsius']:,.0f}")

ax.set(
    ylim=(1e-4, 400),
    xlim=(0.4, 3e10),
    xlabel="step",
    ylabel="cost above the lowest",
    xticks=[0.4, 1, 1e2, 1e4, 1e6, 1e8, 1e10],
    xticklabels=["0", "1", "100", "$10^4$", "$10^6$", "$10^8$", "$10^{10}$"],
    yticks=[1e-4, 1e-2, 1, 100],
)
ax.minorticks_off()
fig.set_label(
    "Cost above the lowest against steps, both axes logarithmic. Each curve is level at "
    f"{above[0]:.0f} and then drops steeply. To a thousandth of the distance: standardized "
    f"{needed['standardized']} step, Celsius {needed['Celsius']:,}, Fahrenheit "
    f"{needed['Fahrenheit']:,}, kelvins {needed['kelvins']:,}."
)
plt.show()
