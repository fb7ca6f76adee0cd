"""A kept result is what its script computes: a slice of it is computed again."""

import importlib.util
import itertools
import json

import numpy as np
import pytest

from book.contents import ROOT
from textbook.datasets import load_digit_network
from textbook.network import load_parameters, summary

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


def test_a_run_of_the_forms_of_lenet():
    script, kept = load("lenet_forms")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["epochs"] == script.EPOCHS
    settings = [(run["form"], run["rate"]) for run in kept["runs"]]
    assert settings == list(itertools.product(script.FORMS, script.RATES))
    assert all(np.shape([both for both, _ in run["runs"]]) == (5, 2) for run in kept["runs"])
    # the smoothest form, whose numbers hardly depend on the order in which a library adds
    (run,) = (r for r in kept["runs"] if (r["form"], r["rate"]) == ("tanh, mean", 0.003))
    percent, cost = script.train("tanh, mean", 0.003, 3)
    np.testing.assert_allclose(percent, run["runs"][3][0], atol=0.5)
    np.testing.assert_allclose(cost, run["runs"][3][1], rtol=1e-2)


def test_the_forms_of_lenet_are_made_of_what_their_names_say():
    script, _ = load("lenet_forms")
    for form in script.FORMS:
        kinds = [type(layer).__name__ for layer in script.network_of(form).layers.values()]
        assert ("Tanh" in kinds, "ReLU" in kinds) == ("tanh" in form, "tanh" not in form)
        assert ("AveragePool2D" in kinds, "MaxPool2D" in kinds) == (
            "mean" in form,
            "mean" not in form,
        )
        assert kinds.count("Dropout") == 2 * (form == "dropout")


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


def test_some_tones_heard_by_the_pitch_network_and_by_shifts():
    script, kept = load("applications_pitch")
    assert kept["seeds"] == list(script.SEEDS)
    assert (list(kept["kinds"]), kept["decibels"]) == (script.KINDS, script.DECIBELS)
    for kind, ways in kept["kinds"].items():
        again = script.heard(kind, 0, 3, script.load_pitch_network())
        for name, found in ways.items():
            assert np.shape(found) == (7, 5, 2)
            np.testing.assert_allclose(again[name], found[4][3], rtol=1e-2, atol=0.011)


def test_the_first_epoch_on_shuffled_digits():
    script, kept = load("applications_shuffle")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["tiles"] == script.TILES
    for name in script.NETWORKS:
        assert np.shape(kept["accuracies"][name]) == (5, 5)
        again = script.run(name, 28, 3, epochs=1)
        assert abs(again - kept["one_epoch"][name]) < 0.5


def test_the_tiles_keep_their_pixels():
    script, _ = load("applications_shuffle")
    rng = np.random.default_rng(0)
    assert script.order_within_tiles(1, rng).tolist() == list(range(784))
    rows, columns = np.divmod(script.order_within_tiles(7, rng), 28)
    places = np.arange(784)
    assert np.array_equal(rows // 7, places // 28 // 7)
    assert np.array_equal(columns // 7, places % 28 // 7)
    assert np.mean(script.order_within_tiles(28, rng) == places) < 0.02


def test_the_first_epoch_on_the_table_of_tumors():
    script, kept = load("applications_table")
    assert kept["seeds"] == list(script.SEEDS)
    for name in script.NETWORKS:
        assert all(np.shape(kept[order][name]) == (10, 2) for order in ("in order", "shuffled"))
        np.testing.assert_allclose(
            script.run(name, True, 3, epochs=1), kept["one_epoch"][name], atol=0.6
        )


def test_the_thresholds_of_the_coins_and_the_first_epoch_of_a_network():
    script, kept = load("applications_coins")
    assert kept["seeds"] == list(script.SEEDS)
    assert {name: script.best_spread(name) for name in script.HALVES} == kept["spreads"]
    for judged, ways in kept["networks"].items():
        image, mask = script.half(judged)
        assert round(script.thresholded(image, mask), 4) == kept["thresholds"][judged]["brightness"]
        assert list(ways) == list(script.WAYS)
        assert all(np.shape(found) == (5, 2) for found in ways.values())
    again = script.overlap(script.train("as it is", "top", 3, epochs=1), "top")
    assert abs(again - kept["one_epoch"]) < 0.02
    for way in script.WAYS:  # the weights of the figure are those of the first seed
        name = f"applications_coins_{way.replace(' ', '_')}.npz"
        params = load_parameters(FOLDER / name)
        assert abs(script.overlap(params, "top") - kept["networks"]["top"][way][0][1]) < 1e-3


def test_the_filters_and_the_first_epoch_of_the_network_against_noise():
    script, kept = load("applications_denoise")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["tested"] == script.TESTED
    assert all(np.shape(found) == (3, 5) for found in kept["decibels"].values())
    for name, (function, sizes) in script.FILTERS.items():
        tried = kept["tried"][name]
        assert tried["best"] == sizes[int(np.argmax(tried["decibels"]))]
        again = script.decibels(lambda x, f=function, t=tried: f(x, t["best"]), 25.0, 3)
        assert abs(again - kept["decibels"][name][1][3]) < 1e-3
    params = load_parameters(FOLDER / "applications_denoise.npz")
    again = script.decibels(lambda x: script.cleaned(params, x), 25.0, 0)
    assert abs(again - kept["decibels"]["network"][1][0]) < 1e-2
    again = script.decibels(lambda x: script.cleaned(script.train(3, epochs=1), x), 25.0, 3)
    assert abs(again - kept["one_epoch"]) < 0.05


def test_the_first_epoch_of_the_shipped_digit_network_and_what_it_reads():
    script, kept = load("lenet_weights")
    assert kept["seeds"] == list(script.SEEDS)
    assert kept["epochs"] == script.EPOCHS
    told = kept["runs"][kept["shipped"]]
    again = script.train(kept["shipped"], epochs=1)
    np.testing.assert_allclose(again.history.cost, told["first_costs"][:1], rtol=1e-3)
    costs = [run["validation"][0] for run in kept["runs"]]
    assert costs.index(min(costs)) == kept["shipped"]
    _, choose, judge = script.digits()
    # half precision may move a digit across the line
    for pair, wanted in ((choose, told["validation"]), (judge, told["test"])):
        np.testing.assert_allclose(
            script.judged(load_digit_network(), pair)[1], wanted[1], atol=0.4
        )


def test_a_source_of_five_digits_and_what_some_ways_make_of_it():
    script, kept = load("transfer_learning")
    assert (kept["seeds"], kept["counts"]) == (list(script.SEEDS), script.COUNTS)
    assert list(kept["tasks"]) == list(script.TASKS)
    for task, found in kept["tasks"].items():
        assert list(found["test"]) == ["nearest", *script.WAYS]
        assert list(found["chosen"]) == list(found["validation"]) == list(script.WAYS)
        for name in script.WAYS:
            assert list(found["test"][name]) == list(map(str, script.counts(task, name)))
        assert all(len(ends) == 10 for ways in found["test"].values() for ends in ways.values())
        for count in script.COUNTS:  # no training, so to the last digit
            x, labels, asked, answers = script.draw(task, count, 3, choosing=False)
            right = np.mean(script.nearest_neighbor(asked, x, labels) == answers)
            assert script.percent(right) == found["test"]["nearest"][str(count)][3]
        # the way whose setting lies at the edge of the grid, from there on with more time
        assert found["chosen"]["3 frozen"]["epochs"] == [script.LONGER[0]]
        assert found["longer"][0] == found["validation"]["3 frozen"]
        assert len(found["longer"]) == len(script.LONGER)
    task, found = "other digits", kept["tasks"]["other digits"]
    taken, cost, held = script.source(task, 3)
    # in float32 the order in which a library adds shows in the last digits
    np.testing.assert_allclose(cost, found["source"]["first cost"][3], rtol=1e-3)
    assert abs(held - found["source"]["held out"][3]) < 1
    parts = script.draw(task, 5, 3, choosing=False)
    for name in ("from scratch", "random features", "3 frozen", "2 tuned"):
        way, setting = script.WAYS[name], found["chosen"][name]
        (again,) = script.transfer(task, way, taken, parts, 3, **setting)
        assert abs(again - found["test"][name]["5"][3]) < 2
