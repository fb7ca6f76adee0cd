"""Training: losses, the loop step by step, resuming to the bit, what is not finite, wrong calls."""

import copy
import sys
from functools import partial
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import arrays, assert_same, call_without_writing, check_wrong_call, floats, ids, shapes
from textbook import network as network_module
from textbook import training
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.gradient_descent import mini_batches
from textbook.learning_rate_decay import exponential, staircase
from textbook.network import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Frozen,
    Heads,
    Layer,
    MaxPool2D,
    ReLU,
    Residual,
    Sequential,
    initialize,
    named_parameters,
    nested_parameters,
)
from textbook.optimizers import adam_step, momentum_step, plain_step
from textbook.regularization import random_shifts
from textbook.softmax_regression import cost as softmax_regression_cost
from textbook.softmax_regression import gradient as softmax_regression_gradient
from textbook.softmax_regression import one_hot, softmax
from textbook.training import (
    History,
    Plateau,
    Run,
    accuracy,
    fit,
    load_run,
    mean_squared_error,
    plateau_rate,
    predict,
    save_run,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
)
from textbook.vanishing_gradients import clip_by_norm

# A network with everything in it that makes resuming hard, and images small enough to be quick
NETWORK = Sequential(
    conv1=Conv2D(3, 3, bias=False),
    norm1=BatchNorm(),
    relu1=ReLU(),
    block=Residual(Sequential(conv2=Conv2D(3, 3, padding=1), norm2=BatchNorm())),
    pool=MaxPool2D(2),
    flat=Flatten(),
    drop=Dropout(0.7),
    scores=Dense(3),
)
INPUT = (6, 6, 1)
of_data = np.random.default_rng(5)
X = of_data.normal(size=(22, *INPUT)).astype(np.float32)
LABELS = of_data.integers(0, 3, 22)
CHECK_X = of_data.normal(size=(9, *INPUT)).astype(np.float32)
CHECK_LABELS = of_data.integers(0, 3, 9)


def first_params(network=NETWORK, shape=INPUT, dtype=np.float32, seed=1):
    return initialize(network, np.random.default_rng(seed), shape, dtype)


SHIFTS = partial(random_shifts, most=1)


def train(epochs=3, seed=2, network=NETWORK, data=(X, LABELS), params=None, **settings):
    settings = {"batch_size": 8, **settings}
    params = first_params(network, data[0].shape[1:]) if params is None else params
    rng = np.random.default_rng(seed)
    return fit(network, params, *data, epochs=epochs, rng=rng, **settings)


def assert_same_tree(found, wanted):
    found, wanted = named_parameters(found), named_parameters(wanted)
    assert list(found) == list(wanted)
    for name in wanted:
        assert found[name].dtype == wanted[name].dtype
        np.testing.assert_array_equal(found[name], wanted[name])


def assert_same_run(found, wanted):
    """Every bit of it: parameters, history, and what the next step would use."""
    assert_same_tree(found.params, wanted.params)
    assert_same_tree(found.best, wanted.best)
    for ours, theirs in zip(found.history, wanted.history, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert found.generator == wanted.generator
    assert repr(found.optimizer_state) == repr(wanted.optimizer_state)


# The losses


@pytest.mark.parametrize("shape", [(4, 3), (1, 5), (3, 1), (2, 3, 2, 4)])
def test_the_slopes_of_the_softmax_loss_are_numerical_slopes(shape):
    own = np.random.default_rng(0)
    scores, labels = own.normal(size=shape), own.integers(0, shape[-1], shape[:-1])
    _, slopes = call_without_writing(softmax_cross_entropy, scores, labels)
    numerical = numerical_gradient(lambda z: softmax_cross_entropy(z, labels)[0], scores)
    assert slopes.shape == shape
    assert shape[-1] == 1 or relative_error(slopes, numerical) < 1e-8
    np.testing.assert_allclose(slopes.sum(axis=-1), 0, atol=1e-15)


@given(shapes.filter(lambda shape: 0 not in shape), st.integers(0, 99))
def test_the_slopes_of_the_other_losses_are_numerical_slopes(shape, seed):
    own = np.random.default_rng(seed)
    scores, targets = own.normal(size=shape), own.uniform(size=shape)
    for loss in (sigmoid_cross_entropy, mean_squared_error):
        _, slopes = call_without_writing(loss, scores, targets)
        numerical = numerical_gradient(lambda z, loss=loss: loss(z, targets)[0], scores)
        assert slopes.shape == shape
        assert relative_error(slopes, numerical) < 1e-6


@given(arrays((4, 3)), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_the_softmax_loss_is_that_of_softmax_regression(scores, labels):
    cost, slopes = softmax_cross_entropy(scores, labels)
    x, y = np.eye(4), one_hot(labels, 3)
    assert cost == pytest.approx(softmax_regression_cost(x, y, scores), rel=1e-12, abs=1e-12)
    assert_same([slopes], [softmax_regression_gradient(x, y, scores)], atol=1e-14)


@pytest.mark.parametrize("source", generate.sources())
def test_costs_and_slopes_are_those_of_pytorch(source):
    losses = {f.__name__: f for f in (softmax_cross_entropy, sigmoid_cross_entropy)}
    losses["mean_squared_error"] = mean_squared_error
    cases = generate.stored("loss")
    assert {case["inputs"]["loss"] for case in cases} == set(losses)
    for case in cases:
        inputs, expected = case["inputs"], generate.expected(case, source)
        cost, slopes = losses[inputs["loss"]](inputs["scores"], inputs["targets"])
        assert_same([np.array(cost), slopes], [expected["cost"], expected["slopes"]], rtol=1e-12)


@given(floats(-30, 30), floats(0, 1))
def test_yes_or_no_is_a_choice_between_two_classes(score, target):
    cost, slopes = sigmoid_cross_entropy([score], [target])
    parts = [softmax_cross_entropy([[score, 0]], [label]) for label in (0, 1)]
    both = target * parts[0][0] + (1 - target) * parts[1][0]
    assert cost == pytest.approx(both, rel=1e-12, abs=1e-12)
    slope = target * parts[0][1][0, 0] + (1 - target) * parts[1][1][0, 0]
    assert slopes[0] == pytest.approx(slope, abs=1e-12)


def test_large_scores_are_told_apart():
    assert softmax_cross_entropy([[0, 1e5]], [0])[0] == 1e5
    assert sigmoid_cross_entropy([1e5, -1e5], [0, 0])[0] == 5e4
    assert sigmoid_cross_entropy([1e5], [1])[0] == 0


@pytest.mark.parametrize("loss", [softmax_cross_entropy, sigmoid_cross_entropy, mean_squared_error])
def test_single_precision_stays_and_the_cost_is_a_plain_number(loss):
    scores = np.ones((2, 3), np.float32)
    targets = [0, 2] if loss is softmax_cross_entropy else np.zeros((2, 3))
    cost, slopes = loss(scores, targets)
    assert (type(cost), slopes.dtype) == (float, np.float32)


def test_there_is_no_softmax_layer_and_the_loss_takes_scores():
    assert not [name for name in network_module.__all__ if "softmax" in name.lower()]
    scores, labels = np.array([[3.0, 0, 0]]), [0]
    wanted = -np.log(softmax(scores)[0, 0])
    assert softmax_cross_entropy(scores, labels)[0] == pytest.approx(wanted)
    assert softmax_cross_entropy(softmax(scores), labels)[0] > 5 * wanted


# The loop, against another one that is written out


def by_hand(network, params, x, labels, epochs, seed, batch_size, rate, decay, clip, augment):
    """Train as the docstring says, leaf by leaf."""
    rng = np.random.default_rng(seed)
    params, state, costs, shares = named_parameters(params), {}, [], []
    for _ in range(epochs):
        cost = share = 0
        for batch in mini_batches(len(x), batch_size, rng):
            images = augment(x[batch], rng=rng)
            tree = nested_parameters(params)
            scores, cache = network.forward(tree, images, training=True, rng=rng)
            loss, slopes = softmax_cross_entropy(scores, labels[batch])
            gradients = named_parameters(network.backward(slopes, tree, cache)[1])
            clipped = clip_by_norm(list(gradients.values()), clip)
            for name, gradient in zip(gradients, clipped, strict=True):
                theta = params[name]
                if name.endswith("weights"):
                    theta = (1 - rate * decay) * theta
                params[name], state[name] = adam_step(theta, gradient, state.get(name), rate)
            params = named_parameters(network.renew(nested_parameters(params), cache))
            cost += len(batch) / len(x) * loss
            share += np.sum(scores.argmax(axis=1) == labels[batch]) / len(x)
        costs.append(cost)
        shares.append(share)
    return nested_parameters(params), costs, shares


def test_the_loop_is_the_one_of_the_docstring():
    settings = {"decay": 0.7, "clip": 0.5, "rate": 0.02}
    wanted, costs, shares = by_hand(
        *(NETWORK, first_params(), X, LABELS, 3, 2, 8), **settings, augment=SHIFTS
    )
    run = train(augment=SHIFTS, learning_rate=0.02, weight_decay=0.7, clip_norm=0.5)
    assert_same_tree(run.params, wanted)
    np.testing.assert_allclose(run.history.cost, costs, rtol=1e-12)
    np.testing.assert_allclose(run.history.accuracy, shares, rtol=1e-12)
    assert run.history.learning_rate.tolist() == [0.02] * 3
    assert run.history.validation_cost.size == run.history.validation_accuracy.size == 0


@pytest.mark.parametrize("setting", ["weight_decay", "clip_norm", "augment", "optimizer", "loss"])
def test_every_setting_changes_something(setting):
    given = {
        "weight_decay": 0.1,
        "clip_norm": 0.1,
        "augment": SHIFTS,
        "optimizer": momentum_step,
        "loss": lambda scores, labels: tuple(2 * v for v in softmax_cross_entropy(scores, labels)),
    }
    bare, changed = train(), train(**{setting: given[setting]})
    assert np.any(bare.params["scores"]["weights"] != changed.params["scores"]["weights"])


@pytest.mark.parametrize("source", generate.sources())
def test_steps_with_decay_and_clipping_are_those_of_pytorch(source):
    optimizers = {"AdamW": adam_step, "SGD": plain_step}
    for case in generate.stored("decayed_steps"):
        inputs, expected = case["inputs"], generate.expected(case, source)
        tree = {name: np.array(inputs[name], float) for name in ("weights", "bias")}
        x, labels = np.array(inputs["x"]), np.array(inputs["labels"])
        run = fit(
            *(Dense(tree["bias"].size), tree, x, labels),
            epochs=inputs["steps"],
            rng=np.random.default_rng(0),
            optimizer=optimizers[inputs["optimizer"]],
            learning_rate=inputs["learning_rate"],
            weight_decay=inputs["weight_decay"],
            clip_norm=inputs["clip_norm"],
        )
        assert_same([run.history.cost], [expected["costs"]], rtol=1e-7)
        assert_same([run.params["weights"]], [expected["weights"]], rtol=1e-6)
        assert_same([run.params["bias"]], [expected["bias"]], rtol=1e-6)


def test_decay_shrinks_trained_weights_and_nothing_else():
    network = Sequential(
        old=Frozen(Dense(4)), norm=BatchNorm(), relu=ReLU(), deep=Sequential(new=Dense(3))
    )
    params = first_params(network, (5,))
    x = np.zeros((4, 5), np.float32)  # no slopes but those of the last bias

    def no_slopes(scores, labels):
        return 0.0, np.zeros_like(scores)

    settings = {"loss": no_slopes, "weight_decay": 0.5, "learning_rate": 0.1, "batch_size": 4}
    run = train(1, network=network, data=(x, [0, 1, 2, 0]), params=params, **settings)
    after, before = named_parameters(run.params), named_parameters(params)
    changed = [name for name in before if np.any(after[name] != before[name])]
    # nothing comes in, so that the mean stays 0
    assert changed == ["norm.variance", "deep.new.weights"]
    np.testing.assert_allclose(
        after["deep.new.weights"], 0.95 * before["deep.new.weights"], rtol=1e-6
    )


def test_with_plain_steps_the_decay_is_an_l2_penalty():
    params, delta = {"weights": np.array([[2.0, -1.0]]), "bias": np.zeros(2)}, 0.3
    x, labels = np.array([[1.0], [3.0]]), [0, 1]
    settings = {"optimizer": plain_step, "learning_rate": 0.1, "weight_decay": delta}
    run = train(1, network=Dense(2), data=(x, labels), params=params, **settings)

    def penalized(weights):
        cost, _ = softmax_cross_entropy(x @ weights, labels)
        return cost + delta / 2 * np.sum(weights**2)

    wanted = params["weights"] - 0.1 * numerical_gradient(penalized, params["weights"])
    np.testing.assert_allclose(run.params["weights"], wanted, rtol=1e-8)


def test_running_moments_are_renewed_once_a_step_from_that_steps_batch():
    run = train(1, batch_size=22, learning_rate=1e-12)
    y = NETWORK.layers["conv1"].forward(first_params()["conv1"], X)[0]
    wanted = 0.9 * 1 + 0.1 * y.var(axis=(0, 1, 2), ddof=1)
    np.testing.assert_allclose(run.params["norm1"]["variance"], wanted, rtol=1e-5)


def test_the_validation_set_is_judged_after_the_epoch_in_inference_mode():
    run = train(2, validation=(CHECK_X, CHECK_LABELS))
    scores, _ = NETWORK.forward(run.params, CHECK_X)
    cost, _ = softmax_cross_entropy(scores, CHECK_LABELS)
    assert run.history.validation_cost[-1] == pytest.approx(cost, rel=1e-6)
    share = np.mean(scores.argmax(axis=1) == CHECK_LABELS)
    assert run.history.validation_accuracy[-1] == share
    assert accuracy(NETWORK, run.params, CHECK_X, CHECK_LABELS) == share
    assert_same_tree(run.params, train(2).params)


def test_nothing_is_written_into_and_single_precision_stays():
    params, x, labels = first_params(), X.copy(), LABELS.copy()
    before = copy.deepcopy(params)
    for array in (*named_parameters(params).values(), x, labels):
        array.setflags(write=False)
    run = train(
        *(2, 2, NETWORK, (x, labels), params),
        weight_decay=0.1,
        augment=SHIFTS,
        validation=(x, labels),
        clip_norm=1.0,
    )
    assert_same_tree(params, before)
    assert {array.dtype.name for array in named_parameters(run.params).values()} == {"float32"}


def test_examples_take_the_precision_of_the_parameters():
    as_double = train(2, data=(X.astype(np.float64), LABELS))
    assert_same_run(as_double, train(2))
    params = first_params(dtype=np.float64)
    assert train(1, params=params).params["scores"]["bias"].dtype == np.float64
    whole = np.rint(3 * X).astype(np.int8)
    assert_same_run(train(1, data=(whole, LABELS)), train(1, data=(np.rint(3 * X), LABELS)))
    assert predict(NETWORK, first_params(), whole).dtype == np.float32


def test_parameters_may_be_lists():
    run = train(
        1,
        network=Dense(1),
        data=([[1.0]], [[1.0]]),
        loss=mean_squared_error,
        params={"weights": [[0.0]], "bias": [0.0]},
    )
    assert run.params["weights"].tolist() == [[pytest.approx(0.001)]]


def test_a_set_smaller_than_a_batch_is_one_batch():
    assert_same_run(train(2, batch_size=22), train(2, batch_size=1000))


def test_what_augment_returns_decides_the_shape():
    def middle(images, *, rng):
        return images[:, 1:5, 1:5].astype(np.float64)

    params = first_params(shape=(4, 4, 1))
    run = train(1, params=params, augment=middle, validation=(CHECK_X[:, 1:5, 1:5], CHECK_LABELS))
    assert_same_tree(run.params, train(1, params=params, data=(X[:, 1:5, 1:5], LABELS)).params)
    assert run.params["scores"]["bias"].dtype == np.float32


def test_a_network_may_end_in_several_heads():
    network = Sequential(hidden=Dense(4), ends=Heads(main=Dense(3), side=Dense(3)))
    x = X.reshape(22, -1)

    def both(scores, labels):
        (main, slopes), (side, more) = (softmax_cross_entropy(s, labels) for s in scores)
        return main + 0.3 * side, (slopes, 0.3 * more)

    params = first_params(network, (36,))
    run = train(2, network=network, data=(x, LABELS), loss=both, validation=(x, LABELS))
    assert run.history.cost[1] < run.history.cost[0]
    assert run.history.accuracy.size == run.history.validation_accuracy.size == 0
    main, side = predict(network, params, x, batch_size=5)
    assert main.shape == side.shape == (22, 3)
    np.testing.assert_array_equal(main, predict(network, params, x)[0])


def test_labels_that_are_no_classes_have_no_accuracy():
    x = X.reshape(22, -1)
    run = train(1, network=Dense(2), data=(x, np.zeros((22, 2))), loss=sigmoid_cross_entropy)
    assert (run.history.cost.size, run.history.accuracy.size) == (1, 0)
    whole = np.zeros((22, 2), int)
    run = train(1, network=Dense(2), data=(x, whole), loss=sigmoid_cross_entropy)
    assert run.history.accuracy.size == 0


def test_a_label_for_every_pixel():
    network = Sequential(Conv2D(4, 1), ReLU(), Conv2D(2, 1))
    labels = (X[..., 0] > 0).astype(int)
    run = train(60, network=network, data=(X, labels), learning_rate=0.03)
    assert run.history.accuracy[-1] > 0.95
    assert accuracy(network, run.params, X, labels) > 0.95


# The learning rate


def test_a_rate_may_be_a_function_of_the_epoch():
    asked = []

    def rate(epoch):
        asked.append(epoch)
        return 0.1 / (epoch + 1)

    run = train(3, learning_rate=rate)
    assert asked == [0, 1, 2]
    assert run.history.learning_rate.tolist() == [0.1, 0.05, 0.1 / 3]


@pytest.mark.parametrize(
    "schedule",
    [
        partial(staircase, initial_rate=0.1, factor=0.1, every=2),
        partial(exponential, initial_rate=0.1, factor=0.5),
    ],
)
def test_the_schedules_of_the_book_serve_as_they_are(schedule):
    run = train(4, learning_rate=schedule)
    assert run.history.learning_rate.tolist() == [schedule(epoch) for epoch in range(4)]
    first = train(1, learning_rate=schedule(0))
    assert_same_tree(train(1, learning_rate=schedule).params, first.params)


def test_a_rate_that_waits_for_the_validation_cost():
    waiting = Plateau(0.05, 0.5, patience=1)
    run = train(8, learning_rate=waiting, validation=(CHECK_X, CHECK_LABELS))
    costs = run.history.validation_cost
    wanted = [plateau_rate(costs[:epoch], 0.05, 0.5, 1) for epoch in range(8)]
    assert run.history.learning_rate.tolist() == wanted
    assert wanted[0] == 0.05 > wanted[-1]


@pytest.mark.parametrize("source", generate.sources())
def test_the_waiting_rate_is_that_of_pytorch(source):
    for case in generate.stored("plateau"):
        inputs = case["inputs"]
        rates = generate.expected(case, source)["rates"]
        settings = (inputs["initial_rate"], inputs["factor"], inputs["patience"] + 1)
        ours = [plateau_rate(inputs["costs"][:t], *settings) for t in range(len(rates))]
        np.testing.assert_allclose(ours, rates, rtol=1e-12)
        assert len(set(ours)) > 2


# The end: epochs, patience, the best


def made_to_order(costs):
    """Return a loss whose cost on the validation set follows a list, epoch by epoch."""
    left = list(costs)

    def loss(scores, labels):
        cost, slopes = softmax_cross_entropy(scores, labels)
        if len(labels) == len(CHECK_LABELS) and np.any(scores):  # not the rehearsal's zeros
            cost = left.pop(0)
        return cost, slopes

    return loss


def test_patience_ends_the_run_and_the_best_epoch_is_kept():
    settings = {
        "validation": (CHECK_X, CHECK_LABELS),
        "loss": made_to_order([5, 3, 4, 3, 6, 1]),
        "batch_size": 11,
    }
    run = train(6, patience=3, **settings)
    assert run.history.validation_cost.tolist() == [5, 3, 4, 3, 6]
    assert_same_tree(run.best, train(2, batch_size=11).params)
    assert_same_tree(run.params, train(5, batch_size=11).params)
    settings["loss"] = made_to_order([5, 3, 4, 3, 6, 1])
    run = train(6, **settings)
    assert_same_tree(run.best, run.params)


def test_without_a_validation_set_the_last_is_the_best():
    run = train(2)
    assert_same_tree(run.best, run.params)


def test_no_epochs_change_nothing():
    run = train(0)
    assert_same_tree(run.params, first_params())
    assert_same_tree(run.best, first_params())
    assert [len(column) for column in run.history] == [0] * 5
    assert run.generator == np.random.default_rng(2).bit_generator.state


# Resuming

HARD = {
    "plain": {"optimizer": plain_step},
    "momentum": {"optimizer": partial(momentum_step, beta=0.8), "weight_decay": 0.01},
    "everything": {
        "augment": SHIFTS,
        "learning_rate": partial(staircase, initial_rate=0.02, factor=0.5, every=2),
        "validation": (CHECK_X, CHECK_LABELS),
        "patience": 4,
        "weight_decay": 0.1,
        "clip_norm": 1.0,
    },
    "waiting": {
        "learning_rate": Plateau(0.05, 0.5, patience=1),
        "validation": (CHECK_X, CHECK_LABELS),
        "patience": 2,
    },
}


@pytest.mark.parametrize("settings", HARD.values(), ids=HARD)
@pytest.mark.parametrize("stop", [0, 1, 4])
@pytest.mark.parametrize("file", [False, True])
def test_a_resumed_run_is_the_unbroken_one_to_the_bit(settings, stop, file, tmp_path):
    unbroken = train(6, **settings)
    run = train(stop, **settings)
    if file:
        save_run(tmp_path / "run.npz", run)
        run = load_run(tmp_path / "run.npz")
    resumed = train(6, seed=77, resume=run, **settings)
    if settings.get("optimizer") is plain_step:
        resumed = resumed._replace(optimizer_state=unbroken.optimizer_state)
    assert_same_run(resumed, unbroken)


def test_an_early_stop_stands_when_the_run_is_resumed():
    settings = {"validation": (CHECK_X, CHECK_LABELS), "patience": 1, "learning_rate": 0.1}
    run = train(20, **settings)
    assert len(run.history.cost) < 20
    assert_same_run(train(20, resume=run, **settings), run)


class Interrupting:
    """Shifts, and Ctrl-C at the n-th batch."""

    def __init__(self, at):
        self.left = at

    def __call__(self, images, *, rng):
        self.left -= 1
        if self.left == 0:
            rng.random(100)  # the generator is somewhere else by then
            raise KeyboardInterrupt
        return random_shifts(images, 1, rng)


@pytest.mark.parametrize(("at", "whole"), [(2, 0), (4, 0), (5, 1), (8, 2), (9, 2)])
def test_an_interrupted_run_is_returned_and_goes_on_to_the_bit(at, whole):
    settings = {"validation": (CHECK_X, CHECK_LABELS), "learning_rate": 0.01}
    # three batches an epoch, and one call of the rehearsal
    run = train(5, augment=Interrupting(at), **settings)
    assert run.interrupted
    assert len(run.history.cost) == whole
    assert_same_run(run, train(whole, augment=SHIFTS, **settings))
    resumed = train(5, augment=SHIFTS, resume=run, **settings)
    assert not resumed.interrupted
    assert_same_run(resumed, train(5, augment=SHIFTS, **settings))


def test_a_run_that_is_resumed_after_its_end_counts_as_whole():
    run = train(5, augment=Interrupting(6))
    assert run.interrupted and len(run.history.cost) == 1
    whole = train(1, augment=SHIFTS, resume=run)
    assert not whole.interrupted
    assert_same_run(whole, run)


def test_the_run_that_is_resumed_stays_as_it_was():
    settings = {"weight_decay": 0.5, "validation": (CHECK_X, CHECK_LABELS)}
    run = train(2, **settings)
    before = copy.deepcopy(run)
    train(4, resume=run, **settings)
    assert_same_run(run, before)


def test_interrupted_is_kept_in_the_file(tmp_path):
    run = train(5, augment=Interrupting(6))
    save_run(tmp_path / "run.npz", run)
    assert load_run(tmp_path / "run.npz").interrupted is True
    save_run(tmp_path / "run.npz", train(1))
    assert load_run(tmp_path / "run.npz").interrupted is False


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_every_kind_of_generator_can_be_saved(kind, tmp_path):
    def generator():
        return np.random.Generator(getattr(np.random, kind)(3))

    def go_on(epochs, resume=None):
        arguments = (NETWORK, first_params(), X, LABELS)
        return fit(*arguments, epochs=epochs, rng=generator(), batch_size=8, resume=resume)

    save_run(tmp_path / "run.npz", go_on(1))
    resumed = go_on(2, resume=load_run(tmp_path / "run.npz"))
    assert_same_tree(resumed.params, go_on(2).params)


def test_a_file_holds_no_pickles_and_gives_every_bit_back(tmp_path):
    run = train(2, **HARD["everything"])
    save_run(tmp_path / "run.npz", run)
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        assert "optimizer.block.main.norm2.gamma.s" in file
        assert all(file[name].dtype != object for name in file)
    assert_same_run(load_run(tmp_path / "run.npz"), run)


# What is not finite


class Broken(Layer):
    """A layer that makes what it is told of its first number."""

    def __init__(self, value=np.nan, backward=False, training=None):
        self.value, self.on_the_way_back, self.when = value, backward, training

    def forward(self, params, x, *, training=False, rng=None):
        if self.on_the_way_back or self.when not in (None, training):
            return x, None
        return np.where(np.arange(x.size).reshape(x.shape) == 0, self.value, x), None

    def backward(self, dy, params, cache):
        return self.value * dy if self.on_the_way_back else dy, {}


class Scale(Layer):
    """A factor."""

    def __init__(self, factor):
        self.factor = factor

    def forward(self, params, x, *, training=False, rng=None):
        return self.factor * x, None

    def backward(self, dy, params, cache):
        return self.factor * dy, {}


def late(layer, at):
    """Return the layer, awake from the n-th forward pass in training on."""
    calls = iter(range(10**6))
    forward = layer.forward

    def later(params, x, *, training=False, rng=None):
        awake = next(calls) >= at
        return forward(params, x, training=training, rng=rng) if awake else (x, None)

    layer.forward = later
    return layer


def told(network, *args, **settings):
    with pytest.raises(ValueError) as caught:
        train(*args, network=network, **settings)
    return str(caught.value)


def test_the_first_layer_whose_output_is_not_finite_is_named():
    def net(**more):
        return Sequential(
            flat=Flatten(),
            block=Residual(Sequential(fc1=Dense(36), **more, relu=ReLU())),
            drop=Dropout(0.9),
            scores=Dense(3),
        )

    message = told(net(broken=late(Broken(np.inf), 4)), learning_rate=0.5)
    assert message == (
        "learning_rate must be smaller, got 0.5: 'block.main.broken' gives inf in epoch 1, step 1; "
        "clip_norm may help as well"
    )
    message = told(net(broken=Broken(np.nan)))
    assert message == (
        "params must give finite numbers, got trouble before any step: 'block.main.broken' gives "
        "nan; try smaller inputs, or smaller first weights"
    )


def test_a_layer_that_refuses_is_not_the_one_that_is_named():
    for refusing in (Dropout(0.5), BatchNorm()):
        network = Sequential(
            flat=Flatten(), fc1=Dense(4), broken=Broken(), mid=refusing, scores=Dense(3)
        )
        assert "'broken' gives nan" in told(network)


def test_a_rate_that_is_too_large_is_caught_at_its_step_without_a_warning():
    network = Sequential(flat=Flatten(), fc1=Dense(50), relu=ReLU(), scores=Dense(3))
    with np.errstate(all="raise"):
        message = told(network, 500, optimizer=plain_step, learning_rate=1e4)
    assert message.startswith("learning_rate must be smaller, got 10000: ")
    assert " in epoch " in message


def test_dropout_draws_the_same_masks_when_the_culprit_is_looked_for():
    class Picky(Broken):
        """Not finite for the masks of one step only."""

        def forward(self, params, x, *, training=False, rng=None):
            found = np.isclose(np.abs(x).sum(dtype=np.float64), sums[4], rtol=1e-5)
            return np.where(training and found, np.nan, x), None

    network = Sequential(flat=Flatten(), drop=Dropout(0.5), picky=Picky(), scores=Dense(3))
    rng, sums = np.random.default_rng(2), []
    for _ in range(2):
        for batch in mini_batches(22, 8, rng):
            kept = rng.random((len(batch), 36)) < 0.5
            sums.append(np.abs(X[batch].reshape(-1, 36) * kept / 0.5).sum(dtype=np.float64))
    assert "'picky' gives nan in epoch 1, step 1" in told(network)


def test_finite_numbers_that_are_too_large_for_a_layer_are_told():
    network = Sequential(flat=Flatten(), large=Scale(1e25), norm=BatchNorm(), scores=Dense(3))
    assert "before any step: 'norm' gets numbers up to 3.3e+25" in told(network)


def test_a_gradient_that_is_not_finite_is_named_and_of_several_the_last():
    def net(value):
        return Sequential(
            flat=Flatten(), fc1=Dense(4), fc2=Dense(4),
            broken=Broken(value, backward=True), scores=Dense(3),
        )  # fmt: skip

    message = told(net(np.inf))
    assert "got trouble before any step: the gradient of 'fc2.bias' reaches " in message
    assert "the gradient of 'fc2.bias' reaches 3.8e+29" in told(net(1e30))


def test_the_first_step_of_a_later_epoch_is_laid_to_the_rate():
    network = Sequential(flat=Flatten(), broken=late(Broken(np.inf), 3), scores=Dense(3))
    message = told(network)
    assert message.startswith("learning_rate must be smaller, got 0.001: 'broken' gives inf")
    assert "in epoch 1, step 0" in message


def test_a_cost_that_is_not_finite_is_told():
    def loss(scores, labels):
        return (np.nan if np.any(scores) else 0.0), 0 * scores

    network = Sequential(Flatten(), Dense(3))
    assert "before any step: the cost is nan" in told(network, loss=loss)


def test_trouble_in_the_validation_is_told_as_such():
    network = Sequential(flat=Flatten(), awake=Broken(np.inf, training=False), scores=Dense(3))
    message = told(network, validation=(CHECK_X, CHECK_LABELS))
    assert "'awake' gives inf in the validation after epoch 0" in message

    def loss(scores, labels):
        bad = len(labels) == 9 and np.any(scores)
        return (np.inf if bad else 0.0), 0 * scores

    network = Sequential(Flatten(), Dense(3))
    message = told(network, loss=loss, validation=(CHECK_X, CHECK_LABELS), batch_size=22)
    assert "the cost is inf in the validation after epoch 0" in message


def test_an_error_of_another_kind_is_passed_on():
    class Wrong(Broken):
        def forward(self, params, x, *, training=False, rng=None):
            raise ValueError("x must be something else")

    assert told(Sequential(flat=Flatten(), wrong=Wrong(), scores=Dense(3))) == (
        "wrong: x must be something else"
    )


@pytest.mark.parametrize("where", ["training", "validation"])
def test_a_wrong_label_is_met_before_the_first_step(where):
    wrong = np.zeros(9, int)
    wrong[mini_batches(9, 8, np.random.default_rng(2))[-1]] = 7  # whose turn comes last
    data = (CHECK_X, wrong) if where == "training" else (X, LABELS)
    validation = (CHECK_X, wrong) if where == "validation" else None
    steps = []

    def step(theta, gradient, state, learning_rate):
        steps.append(1)
        return theta, state

    with pytest.raises(ValueError, match="labels must be from 0 to 2, got 7"):
        train(1, data=data, validation=validation, optimizer=step)
    assert steps == []


# Progress


def test_a_bar_is_drawn_when_asked_for(capsys):
    train(2, progress=True)
    lines = capsys.readouterr().err.split("\n")
    assert len(lines) == 3
    assert lines[0].count("\r") == 3
    assert "\repoch 1/2 [######..............] step 1/3, cost " in lines[0]
    assert "\repoch 2/2 [####################] step 3/3, cost " in lines[1]


def test_nothing_is_written_unless_there_is_a_terminal(capsys, monkeypatch):
    train(1)
    train(1, progress=False)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    train(1)
    assert "epoch 1/1" in capsys.readouterr().err
    train(1, progress=False)
    assert capsys.readouterr().err == ""


# Recipes of the architectures' papers


def test_the_recipes_of_the_papers_can_be_told():
    momentum = {"optimizer": momentum_step, "weight_decay": 5e-4, "augment": SHIFTS}
    alexnet = {"learning_rate": Plateau(0.01, 0.1, 3), **momentum, "batch_size": 128}
    resnet = {
        "learning_rate": partial(staircase, initial_rate=0.1, factor=0.1, every=2),
        **momentum,
        "batch_size": 256,
    }
    for recipe in (alexnet, resnet):
        run = train(3, validation=(CHECK_X, CHECK_LABELS), **recipe)
        assert np.isfinite(run.history.cost).all()


# Predictions


def test_predictions_do_not_depend_on_the_batches():
    params = first_params(dtype=np.float64)
    whole = call_without_writing(predict, NETWORK, params, X)
    assert whole.shape == (22, 3)
    for size in (1, 5, 22, 100):
        np.testing.assert_allclose(predict(NETWORK, params, X, size), whole, rtol=1e-12)
    wanted, _ = NETWORK.forward(params, X.astype(np.float64))
    np.testing.assert_allclose(whole, wanted, rtol=1e-12)


def test_accuracy_counts_the_highest_scores():
    x = np.eye(4)
    params = {"weights": np.eye(4)[[0, 1, 1, 3]], "bias": np.zeros(4)}
    assert accuracy(Dense(4), params, x, [0, 1, 2, 3]) == 0.75
    assert type(accuracy(Dense(4), params, x, [0, 1, 2, 3], batch_size=3)) is float


# Wrong calls

ONE = {"weights": np.ones((2, 3)), "bias": np.zeros(3)}
TWO_X, TWO_LABELS = np.ones((2, 2)), [0, 2]
OF_FIT = (Dense(3), ONE, TWO_X, TWO_LABELS)
NEEDED = {"epochs": 1, "rng": np.random.default_rng(0)}


class State(NamedTuple):
    v: int


def row(position, value, exception, message, **more):
    args = tuple(value if i == position else arg for i, arg in enumerate(OF_FIT))
    return ("fit", args, {**NEEDED, **more}, exception, message)


def setting(name, value, exception, message, **more):
    return ("fit", OF_FIT, {**NEEDED, **more, name: value}, exception, message)


A_RUN = Run(ONE, ONE, History(*(np.zeros(0) for _ in range(5))), None, {"bit_generator": "PCG64"})

WRONG_CALLS = [
    ("softmax_cross_entropy", (["a"], [0]), {}, TypeError, "scores must hold real numbers"),
    ("softmax_cross_entropy", ([[1.0, 2]], ["a"]), {}, TypeError, "labels must be whole numbers"),
    ("softmax_cross_entropy", ([[1.0, 2]], [1.0]), {}, TypeError, "labels must be whole .*float64"),
    ("softmax_cross_entropy", ([[1.0, 2]], [True]), {}, TypeError, "labels must be whole .* bool"),
    ("softmax_cross_entropy", ([1.0, 2], [1]), {}, ValueError, r"scores must have shape \(m, K\)"),
    ("softmax_cross_entropy", (np.ones((0, 2)), []), {}, ValueError, "scores must hold at least"),
    ("softmax_cross_entropy", ([[np.nan, 2]], [1]), {}, ValueError, "scores must be finite"),
    ("softmax_cross_entropy", ([[1, 2]], [2]), {}, ValueError, "labels must be from 0 to 1, got 2"),
    ("softmax_cross_entropy", ([[1, 2]], [-1]), {}, ValueError, "labels must be from 0 .* got -1"),
    ("softmax_cross_entropy", ([[1, 2]], [0, 1]), {}, ValueError, r"labels must have shape \(1,\)"),
    ("softmax_cross_entropy", ([[1, 2]], [[0, 1]]), {}, ValueError, "labels must have shape"),
    ("sigmoid_cross_entropy", (["a"], [0]), {}, TypeError, "scores must hold real numbers"),
    ("sigmoid_cross_entropy", ([1], ["a"]), {}, TypeError, "targets must hold real numbers"),
    ("sigmoid_cross_entropy", ([], []), {}, ValueError, "scores must hold at least one"),
    ("sigmoid_cross_entropy", ([np.inf], [1]), {}, ValueError, "scores must be finite"),
    ("sigmoid_cross_entropy", ([1], [np.nan]), {}, ValueError, "targets must be finite"),
    ("sigmoid_cross_entropy", ([1], [[1]]), {}, ValueError, "targets must have the shape of"),
    ("sigmoid_cross_entropy", ([1], [2]), {}, ValueError, "targets must be from 0 to 1, got 2"),
    ("sigmoid_cross_entropy", ([1], [-1]), {}, ValueError, "targets must be from 0 to 1, got -1"),
    ("mean_squared_error", (["a"], [0]), {}, TypeError, "y must hold real numbers"),
    ("mean_squared_error", ([1], ["a"]), {}, TypeError, "target must hold real numbers"),
    ("mean_squared_error", ([], []), {}, ValueError, "y must hold at least one number"),
    ("mean_squared_error", ([1], [1, 2]), {}, ValueError, "target must have the shape of y"),
    ("mean_squared_error", ([np.nan], [1]), {}, ValueError, "y must be finite"),
    ("mean_squared_error", ([1], [np.inf]), {}, ValueError, "target must be finite"),
    row(0, "dense", TypeError, "network must be a layer, got 'dense'"),
    row(1, [1], TypeError, "params must be a dict"),
    row(1, {}, ValueError, "params must hold at least one array"),
    row(1, {"weights": ONE["weights"]}, ValueError, "params must hold 'bias'"),
    row(1, {**ONE, "bias": np.full(3, np.nan)}, ValueError, r"params\['bias'\] must be finite"),
    row(1, {**ONE, "bias": np.zeros(2)}, ValueError, r"params must have \(3,\) for 'bias'"),
    row(1, {"weights": np.full((2, 3), 1e308), "bias": np.full(3, 1e300)}, ValueError,
        "params must give finite numbers, got trouble .*'the layer' gives inf",
        ),
    row(2, ["a"], TypeError, "x must hold real numbers"),
    row(2, [1.0, 2.0], ValueError, r"x must have shape \(m, d\)"),
    row(2, np.ones((0, 2)), ValueError, r"x must have .* at least one example, got shape \(0, 2\)"),
    row(2, [[np.nan, 1]], ValueError, "x must be finite"),
    row(3, [0], ValueError, "labels must have one entry for each of 2 examples"),
    row(3, 1, ValueError, r"labels must have one entry for each of 2 examples, got shape \(\)"),
    row(3, [0, 3], ValueError, "labels must be from 0 to 2, got 3"),
    row(3, [0.0, 1.0], TypeError, "labels must be whole numbers"),
    setting("epochs", 1.5, TypeError, "epochs must be a whole number"),
    setting("epochs", -1, ValueError, "epochs must be at least 0"),
    setting("rng", 0, TypeError, "rng must be a numpy.random.Generator"),
    setting("batch_size", 1.5, TypeError, "batch_size must be a whole number"),
    setting("batch_size", 0, ValueError, "batch_size must be at least 1"),
    setting("optimizer", "adam", TypeError, "optimizer must be a function, got 'adam'"),
    setting("learning_rate", "low", TypeError, "learning_rate must be a number"),
    setting("learning_rate", 0, ValueError, "learning_rate must be finite and above 0"),
    setting("learning_rate", lambda epoch: -1, ValueError, "learning_rate must be .* above 0"),
    setting("learning_rate", lambda epoch: "x", TypeError, "learning_rate must be a number"),
    setting("learning_rate", Plateau(0.1), ValueError, "validation must be given for a rate"),
    setting("learning_rate", 1e308, ValueError, "learning_rate must be smaller, got 1e.308",
            epochs=9, batch_size=1),
    setting("loss", None, TypeError, "loss must be a function"),
    setting("weight_decay", "low", TypeError, "weight_decay must be a number"),
    setting("weight_decay", -1, ValueError, "weight_decay must be finite and at least 0"),
    setting("weight_decay", 20, ValueError, "weight_decay must be at most 1 / learning_rate, 10",
            learning_rate=0.1),
    setting("augment", 3, TypeError, "augment must be a function"),
    setting("augment", lambda x, rng: x[:0], ValueError, "augment must return 1 examples"),
    setting("augment", lambda x, rng: x[..., None], ValueError, "augment must return 1 examples"),
    setting("augment", lambda x, rng: x * np.inf, ValueError, "augment must be finite"),
    setting("validation", 3, TypeError, "validation must be a pair of x and labels"),
    setting("validation", (TWO_X,), TypeError, "validation must be a pair of x and labels"),
    setting("validation", (TWO_X, [1]), ValueError, r"validation\[1\] must have one entry"),
    setting("validation", ([1], [1]), ValueError, r"validation\[0\] must have shape"),
    setting("validation", ([[1]], [1]), ValueError, r"validation must have examples of shape \(2,"),
    setting("validation", (TWO_X, [0, 3]), ValueError, "validation: labels must be from 0 to 2"),
    setting("patience", 2, ValueError, "patience must go with a validation set, got 2"),
    setting("patience", 0, ValueError, "patience must be at least 1"),
    setting("patience", 1.5, TypeError, "patience must be a whole number"),
    setting("clip_norm", "x", TypeError, "clip_norm must be a number"),
    setting("clip_norm", 0, ValueError, "clip_norm must be finite and above 0"),
    setting("progress", 1, TypeError, "progress must be True, False or None, got 1"),
    setting("resume", 3, TypeError, "resume must be a Run"),
    setting("resume", A_RUN, ValueError, "rng must be of the kind PCG64 as in the run to resume",
            rng=np.random.Generator(np.random.MT19937(0))),
    setting("resume", A_RUN._replace(history=History(*(np.ones(k) for k in (1, 1, 1, 0, 0)))),
            ValueError, "validation must be given if and only if .* got one",
            validation=(TWO_X, TWO_LABELS)),
    setting("resume", A_RUN._replace(history=History(*(np.ones(1) for _ in range(5)))),
            ValueError, "validation must be given if and only if .* got none"),
    ("plateau_rate", (["a"], 1), {}, TypeError, "costs must hold real numbers"),
    ("plateau_rate", ([[1.0]], 1), {}, ValueError, r"costs must have shape \(T,\)"),
    ("plateau_rate", ([np.nan], 1), {}, ValueError, "costs must be finite"),
    ("plateau_rate", ([1.0], "x"), {}, TypeError, "initial_rate must be a number"),
    ("plateau_rate", ([1.0], 0), {}, ValueError, "initial_rate must be finite and above 0"),
    ("plateau_rate", ([1.0], 1, 0), {}, ValueError, "factor must be finite and above 0"),
    ("plateau_rate", ([1.0], 1, 1.1), {}, ValueError, "factor must be .* at most 1"),
    ("plateau_rate", ([1.0], 1, 0.1, 0), {}, ValueError, "patience must be at least 1"),
    ("plateau_rate", ([1.0], 1, 0.1, 1.5), {}, TypeError, "patience must be a whole number"),
    ("predict", ("dense", ONE, TWO_X), {}, TypeError, "network must be a layer"),
    ("predict", (Dense(3), 3, TWO_X), {}, TypeError, "params must be a dict"),
    ("predict", (Dense(3), {**ONE, "b": [1]}, TWO_X), {}, ValueError, "params must hold only"),
    ("predict", (Dense(3), ONE, ["a"]), {}, TypeError, "x must hold real numbers"),
    ("predict", (Dense(3), ONE, [1.0, 2.0]), {}, ValueError, "x must have shape"),
    ("predict", (Dense(3), ONE, TWO_X, 0), {}, ValueError, "batch_size must be at least 1"),
    ("predict", (Dense(3), ONE, TWO_X, 1.5), {}, TypeError, "batch_size must be a whole number"),
    ("predict", (Dense(3), {**ONE, "bias": np.full(3, 1e308)}, TWO_X * 1e308), {}, ValueError,
     "params must give finite numbers"),
    ("accuracy", ("dense", ONE, TWO_X, [0, 1]), {}, TypeError, "network must be a layer"),
    ("accuracy", (Heads(Dense(3)), {"dense_1": ONE}, TWO_X, [0, 1]), {}, ValueError,
     "network must end in one output to be counted right, got 1"),
    ("accuracy", (Dense(3), 3, TWO_X, [0, 1]), {}, TypeError, "params must be a dict"),
    ("accuracy", (Dense(3), ONE, [1.0, 2.0], [0, 1]), {}, ValueError, "x must have shape"),
    ("accuracy", (Dense(3), ONE, TWO_X, [0]), {}, ValueError, r"labels must have shape \(2,\)"),
    ("accuracy", (Dense(3), ONE, TWO_X, [0, 3]), {}, ValueError, "labels must be from 0 to 2"),
    ("accuracy", (Dense(3), ONE, TWO_X, [0.0, 1.0]), {}, TypeError, "labels must be whole"),
    ("accuracy", (Dense(3), ONE, TWO_X, [0, 1], 0), {}, ValueError, "batch_size must be at least"),
    ("save_run", (3, A_RUN), {}, TypeError, "path must be a str or a Path"),
    ("save_run", ("run.txt", A_RUN), {}, ValueError, "path must end in .npz"),
    ("save_run", ("run.npz", 3), {}, TypeError, "run must be a Run"),
    ("save_run", ("run.npz", A_RUN._replace(optimizer_state=3)), {}, TypeError,
     "run must have a tree of states"),
    ("save_run", ("run.npz", A_RUN._replace(optimizer_state={"weights": State(1)})), {}, TypeError,
     "run must have arrays or AdamStates"),
    ("load_run", (3,), {}, TypeError, "path must be a str or a Path"),
    ("load_run", ("run.txt",), {}, ValueError, "path must end in .npz"),
    ("load_run", (generate.CASES.parents[2] / "textbook" / "data" / "mnist_6000.npz",), {},
     ValueError, "path must be that of a run, got a file with .*images"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(training, name, args, kwargs, exception, message)


def test_a_batch_of_one_example_that_batch_normalization_cannot_use_is_refused_at_the_door():
    network = Sequential(fc=Dense(4), norm=BatchNorm(), scores=Dense(3))
    x = X.reshape(22, -1)
    for size in (1, 7, 21):
        message = told(network, data=(x, LABELS), batch_size=size)
        assert message.startswith(f"batch_size must leave no batch of one example here, got {size}")
    train(1, network=network, data=(x, LABELS), batch_size=8)
    assert np.isfinite(train(1, batch_size=1).history.cost).all()  # images have many pixels
