"""A kept result is what its script computes: a slice of it is computed again."""

import importlib.util
import json

import numpy as np

from book.contents import ROOT

FOLDER = ROOT / "gallery" / "experiments"


def load(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script, json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_every_experiment_has_its_result_with_seeds_versions_and_command():
    for script in FOLDER.glob("*.py"):
        result = json.loads(script.with_suffix(".json").read_text(encoding="utf-8"))
        assert {"command", "versions", "seeds"} <= set(result)
        assert len(result["seeds"]) >= 5


def test_the_first_hundred_steps_of_the_activations_race():
    script, kept = load("activations_race")
    assert kept["seeds"] == list(script.SEEDS)
    assert list(kept["costs"]) == [f.__name__ for f in script.ACTIVATIONS]
    for f in script.ACTIVATIONS:
        again = script.costs_of_one_start(f, seed=3, steps=100)
        np.testing.assert_allclose(again, kept["costs"][f.__name__][3][: len(again)], rtol=1e-5)
