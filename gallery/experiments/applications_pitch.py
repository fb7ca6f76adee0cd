"""How often two ways to hear a pitch are right in noise: the network, and autocorrelation.

Tones of a frame each, from 100 to 800 Hz: a sine, six partials of random strength, and the second
to fifth partial without the first. Right is what lies within 50 cents, half a semitone. The seed is
that of the tones and the noise; the network is one, and is not trained here. Run by
``make experiments``; the result is the file next to this one, and a test repeats a slice of it.
"""

import json
import os
import platform
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from textbook.applications import autocorrelation_pitch, pitch
from textbook.datasets import load_pitch_network

SEEDS = range(5)
TONES = 100
RATE = 16000
KINDS = ["sine", "six partials", "first missing"]
DECIBELS = [40, 20, 10, 5, 0, -5, -10]  # of the tone over the noise


def tone(kind, hertz, rng):
    """Return a frame of 1,024 samples with a deviation of 1."""
    if kind == "sine":
        partials, strength = np.array([1]), np.ones(1)
    elif kind == "six partials":
        partials = np.arange(1, 7)
        strength = rng.random(6) / partials
    else:
        partials, strength = np.arange(2, 6), np.ones(4)
    phases = rng.uniform(0, 2 * np.pi, size=len(partials))
    seconds = np.arange(1024)[:, None] / RATE
    waves = strength * np.sin(2 * np.pi * hertz * partials * seconds + phases)
    sound = waves.sum(axis=1)
    return sound / sound.std()


def sounds(kind, decibels, seed):
    """Return tones in noise, one frame behind the other, and their pitches."""
    rng = np.random.default_rng(seed)
    hertz = 100 * 2 ** rng.uniform(0, 3, size=TONES)
    clean = np.concatenate([tone(kind, f, rng) for f in hertz])
    return clean + 10 ** (-decibels / 20) * rng.normal(size=clean.size), hertz


def heard(kind, decibels, seed, params):
    """Return for each way the share within 50 cents, and the median distance in cents."""
    samples, hertz = sounds(kind, decibels, seed)
    answers = {
        "network": pitch(samples, RATE, params, hop=1024),
        "autocorrelation": autocorrelation_pitch(samples, RATE, hop=1024),
    }
    found = {}
    for name, answer in answers.items():
        apart = np.abs(1200 * np.log2(answer / hertz))
        found[name] = [
            round(float(np.mean(apart < 50)), 2),
            round(float(np.median(apart)), 2),
        ]
    return found


if __name__ == "__main__":
    params = load_pitch_network()
    result = {
        "command": "make experiments",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seeds": list(SEEDS),
        "decibels": DECIBELS,
        "kinds": {},
    }
    for kind in KINDS:
        runs = [[heard(kind, d, seed, params) for seed in SEEDS] for d in DECIBELS]
        result["kinds"][kind] = {
            name: [[run[name] for run in at_one] for at_one in runs]
            for name in ("network", "autocorrelation")
        }
        for name, found in result["kinds"][kind].items():
            print(f"{kind:14} {name:16}", np.median(found, axis=1).tolist())
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(result) + "\n", encoding="utf-8"
    )
