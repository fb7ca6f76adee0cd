"""A kept result is what its script computes: a slice of it is computed again."""

import importlib.util
import json

import numpy as np
import pytest

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


@pytest.mark.parametrize("way", ["dropout 0.0", "dropout 0.5", "decay 30", "mirrored", "shifted"])
def test_the_first_epoch_on_a_thousand_digits(way):
    script, kept = load("regularization_dropout")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["rates"] == script.RATES
    for labels, wrong in script.WRONG_LABELS.items():
        assert {*script.WAYS, "history", "after one epoch"} == set(kept[labels])
        assert all(np.shape(kept[labels][name]) == (12, 4) for name in script.WAYS)
        (again,) = script.train(3, wrong, **script.WAYS[way], epochs=1)
        # in float32 the order in which a library adds shows in the last digits
        np.testing.assert_allclose(again, kept[labels]["after one epoch"][way][3], rtol=5e-3)


def test_the_histories_end_where_the_runs_without_dropout_do():
    _, kept = load("regularization_dropout")
    for labels in ("clean", "noisy"):
        assert [run[-1] for run in kept[labels]["history"]] == kept[labels]["dropout 0.0"]
