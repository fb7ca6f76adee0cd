"""A kept result is what its script computes: a slice of it is computed again."""

import importlib.util
import itertools
import json

import numpy as np
import pytest

from book.contents import ROOT
from textbook.network import summary

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


def test_the_first_steps_of_the_three_descents_that_were_timed():
    script, kept = load("gradient_descent_time")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["batch_sizes"] == script.TIMED
    assert kept["machine"].keys() == {"processor", "threads"}
    assert all(seconds > 0 for seconds in kept["seconds_per_step"])
    assert {run["batch_size"]: len(run["costs"]) for run in kept["runs"]} == {1: 5, 100: 5, 6000: 5}
    for run in kept["runs"]:
        tried = {float(rate): end for rate, end in run["trials"].items()}
        assert list(tried) == script.RATES
        assert run["learning_rate"] == min(tried, key=tried.get)
        assert run["steps"] == script.recorded_steps(run["batch_size"])
        again = script.costs(run["batch_size"], run["learning_rate"], 3, run["steps"][:3])
        np.testing.assert_allclose(again, run["costs"][3][:3], rtol=1e-3)


def test_an_epoch_of_the_optimizers_on_digits():
    script, kept = load("optimizers_digits")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["epochs"] == script.RECORDED
    assert list(kept["runs"]) == [step.__name__ for step in script.STEPS]
    assert all(list(runs) == list(map(str, script.RATES)) for runs in kept["runs"].values())
    parts = script.digits()
    for step in script.STEPS:
        again = script.train(step, 0.01, seed=3, parts=parts, epochs=1)
        kept_run = kept["runs"][step.__name__]["0.01"][3]
        np.testing.assert_allclose(again["train"], kept_run["train"][:1], rtol=1e-3)


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


def test_the_first_epoch_of_the_networks_with_and_without_batch_norm():
    script, kept = load("normalization_training")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["epochs"] == script.EPOCHS
    assert [entry["rate"] for entry in kept["by_rate"]] == 4 * script.RATES
    assert [entry["size"] for entry in kept["by_size"]] == 2 * script.SIZES
    bends = {f.__name__: f for f in script.BENDS}
    for entry in kept["by_rate"]:
        if entry["rate"] == 0.3:
            again, _ = script.run(entry["normalized"], bends[entry["bend"]], 0.3, 3, epochs=1)
            assert abs(again[0] - entry["accuracies"][3][0]) < 0.5
    entry = kept["by_size"][6]
    again, _ = script.run(True, script.relu, 0.1, 3, size=entry["size"], epochs=1)
    assert abs(again[0] - entry["accuracies"][3][0]) < 0.5
    entry = kept["by_noise"][2]
    again, _ = script.run(True, script.sigmoid, 1.0, 3, noise=entry["noise"], epochs=1)
    assert abs(again[0] - entry["accuracies"][3][0]) < 0.5


@pytest.mark.parametrize("way", ["plain", "shifted"])
def test_the_first_epoch_of_a_network_like_lenet(way):
    script, kept = load("training_lenet")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["epochs"] == script.EPOCHS
    assert kept["machine"].keys() == {"processor", "threads"}
    assert kept["processor_seconds_of_one_run"] > 0 < kept["peak_megabytes"]
    assert list(kept["runs"]) == list(script.WAYS)
    assert {size: len(ends) for size, ends in kept["from_few"].items()} == {
        str(size): 5 for size in script.SIZES
    }
    run = kept["runs"][way][3]
    assert run["best_epoch"] == np.argmin(run["validation_cost"])
    again = script.with_validation(3, way, epochs=1)
    # in float32 the order in which a library adds shows in the last digits
    np.testing.assert_allclose(again["cost"], run["cost"][:1], rtol=1e-2)
    assert abs(again["validation_accuracy"][0] - run["validation_accuracy"][0]) < 1.5


@pytest.mark.parametrize("kind", ["plain", "residual"])
def test_the_first_epoch_of_eight_layers_on_small_digits(kind):
    script, kept = load("resnet_degradation")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["epochs"] == script.EPOCHS
    settings = [(run["rate"], run["depth"], run["kind"]) for run in kept["runs"]]
    assert settings == [
        (rate, depth, kind)
        for rate, depths in script.DEPTHS.items()
        for depth, kind in itertools.product(depths, script.KINDS)
    ]
    for run in kept["runs"]:
        assert np.shape(run["wrong"]) == np.shape(run["costs"]) == (5, script.EPOCHS)
    history, _ = script.run(8, script.KINDS[kind], 0.1, seed=3, epochs=1)
    (run,) = (r for r in kept["runs"] if (r["rate"], r["depth"], r["kind"]) == (0.1, 8, kind))
    # in float32 the order in which a library adds shows in the last digits
    np.testing.assert_allclose(history[0][1], run["costs"][3][0], rtol=1e-2)


def test_every_architecture_was_timed_at_full_size():
    script, kept = load("architectures_full_size")
    networks = {name: (network, shape) for name, network, shape in script.networks()}
    assert list(kept["networks"]) == list(networks)
    for name, (network, shape) in networks.items():
        counts, measured = summary(network, shape), kept["networks"][name]
        assert measured["multiply_adds"] == counts.multiply_adds
        assert measured["parameter_bytes"] == 4 * counts.parameters
        assert measured["value_bytes"] == 4 * counts.values
        assert measured["seconds"] > 0
    # what NumPy allocates is the same everywhere
    _, peak = script.measure(*networks["cifar_resnet-20"], seeds=[0])
    assert abs(peak / kept["networks"]["cifar_resnet-20"]["peak_bytes"] - 1) < 0.2
