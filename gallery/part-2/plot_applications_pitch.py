"""
A network hears one note in a sound whose spectrum has a higher peak elsewhere
==============================================================================

A string is plucked: 0.3 seconds of sound. Which note is it, and how sure may one be, from one
hundredth of a second to the next?
"""

import matplotlib.pyplot as plt
import numpy as np

from textbook.applications import autocorrelation_pitch, salience, salience_pitch
from textbook.datasets import load_pitch_network, load_pluck

plt.style.use("textbook.book")

samples, rate = load_pluck()
outputs = salience(samples, rate, load_pitch_network())
network = salience_pitch(outputs)
shifted = autocorrelation_pitch(samples, rate)
spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 2**16))
peak = spectrum.argmax() * rate / 2**16
strength = outputs.max(axis=1)
print(f"network          {network.min():.1f} to {network.max():.1f} Hz")
print(f"autocorrelation  {shifted.min():.1f} to {shifted.max():.1f} Hz")
print(f"highest peak of the spectrum at {peak:.1f} Hz")
print(f"salience at the peak {strength.min():.2f} to {strength.max():.2f}")

# %%
# Each column of the middle picture is one run of the network on 1,024 samples, drawn at the middle
# of its frame. Below, the dotted line is the middle C of an instrument tuned to 440 Hz.

times = 1000 * (512 + 160 * np.arange(len(outputs))) / 16000
milliseconds = 1000 * np.arange(len(samples)) / rate
pitches = 10 * 2 ** ((1997.38 + 20 * np.arange(360)) / 1200)
fig, axes = plt.subplots(
    3, 1, figsize=(7, 6.6), sharex=True, height_ratios=[1, 1.6, 1.4]
)
axes[0].plot(milliseconds, samples, "C6", linewidth=0.5)
axes[0].set(ylabel="sound", yticks=[0])
picture = axes[1].pcolormesh(
    times, pitches, outputs.T, cmap="cividis", vmin=0, vmax=1, rasterized=True
)
axes[1].set(
    yscale="log",
    ylim=(100, 1000),
    ylabel="output (Hz)",
    yticks=[100, 200, 500, 1000],
    yticklabels=["100", "200", "500", "1000"],
)
axes[1].minorticks_off()
fig.colorbar(picture, ax=axes[1], label="salience", pad=0.01)
axes[2].axhline(261.63, color="#767676", linestyle=":", linewidth=1)
axes[2].plot(times, network, "C0", marker="o", markersize=4)
axes[2].plot(times, shifted, "C4", marker="s", markersize=4)
axes[2].text(205, 260.3, "network")
axes[2].text(205, 262.35, "autocorrelation")
axes[2].set(ylabel="pitch (Hz)", xlabel="milliseconds", ylim=(259.8, 263.7))
fig.set_label(
    "Three pictures above each other, over 0.3 seconds. A sound wave that dies down. The outputs "
    f"of the network: one narrow band at 262 Hz, between {strength.min():.2f} and "
    f"{strength.max():.2f} strong, and nothing at {peak:.0f} Hz, where the spectrum is highest. "
    f"The pitch: by the network {network.min():.1f} to {network.max():.1f} Hz, by "
    f"autocorrelation {shifted.min():.1f} to {shifted.max():.1f} Hz."
)
plt.show()
