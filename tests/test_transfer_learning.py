"""Transfer learning: reuse by name, freezing, cutting, rates by branch, few examples, digits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import assert_same, call_without_writing, check_wrong_call, ids
from textbook import transfer_learning
from textbook.datasets import load_digits, load_mnist
from textbook.network import (
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    Flatten,
    Frozen,
    MaxPool2D,
    ReLU,
    Sequential,
    check_parameters,
    initialize,
    named_parameters,
    summary,
)
from textbook.optimizers import adam_step, momentum_step, on_tree, plain_step
from textbook.training import fit, load_run, predict, save_run
from textbook.transfer_learning import (
    cut,
    few_per_class,
    freeze,
    nearest_neighbor,
    rate_by_branch,
    reuse,
    shrink_digits,
)

SHAPE = (6, 6, 1)
BODY = ["conv1", "norm1", "hidden"]


def network(classes):
    return Sequential(
        conv1=Conv2D(3, 3),
        norm1=BatchNorm(),
        relu1=ReLU(),
        pool1=MaxPool2D(2),
        flat=Flatten(),
        hidden=Dense(5),
        relu2=ReLU(),
        scores=Dense(classes),
    )


def start(net, seed, dtype=np.float64):
    return initialize(net, np.random.default_rng(seed), SHAPE, dtype)


def images(m, seed=0):
    return np.random.default_rng(seed).normal(size=(m, *SHAPE))


def same(tree, other):
    tree, other = named_parameters(tree), named_parameters(other)
    return list(tree) == list(other) and all(np.array_equal(tree[k], other[k]) for k in tree)


# Reuse


def test_named_branches_are_those_of_the_source_and_the_others_are_kept():
    params, source = start(network(2), 0), start(network(3), 1)
    source["norm1"]["mean"] = source["norm1"]["mean"] + 4
    mixed = reuse(params, source, ["conv1", "norm1"])
    for name in ("conv1", "norm1"):
        assert same(mixed[name], source[name])
    for name in ("hidden", "scores"):
        assert same(mixed[name], params[name])
    assert list(mixed) == list(params)
    check_parameters(network(2), mixed, SHAPE)


def test_reuse_leaves_both_trees_as_they_were():
    params, source = start(network(2), 0), start(network(3), 1)
    before = start(network(2), 0), start(network(3), 1)
    reuse(params, source, BODY)["conv1"]["bias"] = None  # a branch of its own
    assert same(params, before[0])
    assert same(source, before[1])


def test_a_single_array_and_a_branch_of_a_branch_have_names_with_dots():
    inner = Sequential(block=Concatenate(a=Conv2D(2, 1), b=Conv2D(1, 3, padding="SAME")))
    params, source = start(inner, 0), start(inner, 1)
    mixed = reuse(params, source, ["block.b", "block.a.weights"])
    assert same(mixed["block"]["b"], source["block"]["b"])
    assert np.array_equal(mixed["block"]["a"]["weights"], source["block"]["a"]["weights"])
    mixed = reuse(params, source, ["block.a"])
    assert same(mixed["block"]["a"], source["block"]["a"])
    assert same(mixed["block"]["b"], params["block"]["b"])


def test_a_name_is_not_the_beginning_of_another_one():
    tree = {"conv1": {"bias": np.zeros(1)}, "conv10": {"bias": np.zeros(1)}}
    other = {"conv1": {"bias": np.ones(1)}, "conv10": {"bias": np.ones(1)}}
    mixed = reuse(tree, other, ["conv1"])
    assert (mixed["conv1"]["bias"], mixed["conv10"]["bias"]) == (1, 0)


def test_what_is_taken_gets_the_precision_of_the_network():
    mixed = reuse(start(network(2), 0, np.float32), start(network(2), 1), BODY)
    assert {array.dtype.name for array in named_parameters(mixed).values()} == {"float32"}


def test_no_names_take_nothing_and_all_names_everything():
    params, source = start(network(2), 0), start(network(2), 1)
    assert same(reuse(params, source, []), params)
    assert same(reuse(params, source, list(params)), source)


# Freeze


def test_frozen_layers_have_no_gradient_and_give_the_same_in_inference():
    net = network(2)
    frozen, params, x = freeze(net, BODY), start(net, 0), images(4)
    y, cache = frozen.forward(params, x, training=True)
    dx, gradients = frozen.backward(np.ones_like(y), params, cache)
    assert list(gradients) == ["scores"]
    assert_same(y, net.forward(params, x)[0])
    assert dx.shape == x.shape
    assert summary(frozen, SHAPE).trained == 5 * 2 + 2


def test_frozen_batch_norm_stays_asleep_while_the_rest_is_trained():
    net, x = network(2), images(8)
    params = start(net, 0)
    for layer, moves in ((net, True), (freeze(net, ["norm1"]), False)):
        _, cache = layer.forward(params, x, training=True)
        renewed = layer.renew(params, cache)
        assert np.array_equal(renewed["norm1"]["mean"], params["norm1"]["mean"]) != moves
        assert np.array_equal(renewed["norm1"]["variance"], params["norm1"]["variance"]) != moves


def test_freezing_twice_is_freezing_once_and_the_network_stays_as_it_was():
    net = network(2)
    frozen = freeze(freeze(net, ["conv1"]), ["conv1", "hidden"])
    assert frozen.layers["conv1"] == Frozen(Conv2D(3, 3))
    assert frozen.layers["hidden"] == Frozen(Dense(5))
    assert list(frozen.layers) == list(net.layers)
    assert not any(isinstance(layer, Frozen) for layer in net.layers.values())


# Cut


@pytest.mark.parametrize("name", ["norm1", "flat", "hidden", "scores"])
def test_the_two_parts_in_a_row_are_the_network(name):
    net, x = network(3), images(5)
    params = start(net, 0)
    (body, of_body), (head, of_head) = cut(net, params, name)
    assert [*body.layers, *head.layers] == list(net.layers)
    assert next(iter(head.layers)) == name
    features, _ = body.forward(of_body, x)
    assert_same(head.forward(of_head, features)[0], net.forward(params, x)[0], rtol=0, atol=0)
    assert same({**of_body, **of_head}, params)
    check_parameters(body, of_body, SHAPE)
    check_parameters(head, of_head, features.shape[1:])


# Rates


def test_each_branch_moves_at_its_own_rate():
    params, slopes = start(network(2), 0), start(network(2), 1)
    step = rate_by_branch(momentum_step, {"conv1": 0.1, "norm1": 0.5})
    moved, state = step(params, slopes, None, learning_rate=0.2, beta=0.5)
    moved, state = step(moved, slopes, state, learning_rate=0.2, beta=0.5)
    for name, rate in (("conv1", 0.02), ("norm1", 0.1), ("hidden", 0.2), ("scores", 0.2)):
        for key in params[name]:
            wanted = params[name][key] - rate * 2.5 * slopes[name][key]
            assert_same(moved[name][key], wanted, rtol=1e-12, atol=1e-15)
            assert_same(state[name][key], 1.5 * slopes[name][key])


def test_without_factors_it_is_the_step_on_the_tree():
    params, slopes = start(network(2), 0), start(network(2), 1)
    by_branch, plain = rate_by_branch(adam_step, {}), on_tree(adam_step)
    found, state = by_branch(params, slopes, None, learning_rate=0.1)
    wanted, other = plain(params, slopes, None, learning_rate=0.1)
    assert same(found, wanted)
    assert same(by_branch(found, slopes, state, learning_rate=0.1)[0],
                plain(wanted, slopes, other, learning_rate=0.1)[0])  # fmt: skip


def test_a_branch_without_a_gradient_and_its_state_are_carried_over():
    step = rate_by_branch(momentum_step, {"conv1": 0.1})
    params, slopes = start(network(2), 0), start(network(2), 1)
    moved, state = step(params, slopes, None, learning_rate=0.1)
    some = {name: slopes[name] for name in ("hidden", "scores")}
    again, later = step(moved, some, state, learning_rate=0.1)
    assert same(again["conv1"], moved["conv1"])
    assert same(later["conv1"], state["conv1"])
    assert not same(again["hidden"], moved["hidden"])


def test_a_step_with_rates_is_not_walked_a_second_time_and_keeps_its_name():
    step = rate_by_branch(adam_step, {"conv1": 0.1})
    assert on_tree(step) is step
    assert on_tree(on_tree(adam_step)).__name__ == step.__name__ == "adam_step"


def test_the_trees_are_not_written_into():
    params, slopes = start(network(2), 0), start(network(2), 1)
    step = rate_by_branch(momentum_step, {"hidden": 2})
    _, state = step(params, slopes, None, learning_rate=0.1)
    before = {name: {**branch} for name, branch in state.items()}
    step(params, slopes, state, learning_rate=0.1)
    assert same(params, start(network(2), 0))
    assert same(state, before)


def test_a_factor_for_a_branch_that_is_not_there_is_told():
    step = rate_by_branch(plain_step, {"head": 0.1})
    params = {"conv1": {"bias": np.zeros(1)}}
    with pytest.raises(ValueError, match="factors must name branches of theta, conv1, got 'head'"):
        step(params, params, None, learning_rate=1.0)


# In training


def train(net, params, x, epochs=6, **settings):
    labels, rng = np.arange(len(x)) % 3, np.random.default_rng(5)
    return fit(net, params, x, labels, epochs=epochs, rng=rng, batch_size=4, **settings)


def test_features_computed_once_train_the_head_that_a_frozen_body_trains():
    net, params, x = network(3), start(network(3), 0), images(12)
    frozen = train(freeze(net, BODY), params, x).params
    (body, of_body), (head, of_head) = cut(net, params, "scores")
    after = train(head, of_head, predict(body, of_body, x)).params
    assert_same(after["scores"]["weights"], frozen["scores"]["weights"], rtol=1e-10)
    assert_same(after["scores"]["bias"], frozen["scores"]["bias"], rtol=1e-10, atol=1e-12)
    for name in BODY:
        assert same(frozen[name], params[name])


def test_the_loop_takes_a_step_with_rates_and_resumes_it_from_a_file_bit_for_bit(tmp_path):
    net, params, x = network(3), start(network(3), 0), images(12)
    step = rate_by_branch(adam_step, {"conv1": 1e-9, "hidden": 0.5})
    whole = train(net, params, x, optimizer=step)
    save_run(tmp_path / "run.npz", train(net, params, x, epochs=2, optimizer=step))
    again = train(net, params, x, optimizer=step, resume=load_run(tmp_path / "run.npz"))
    assert same(again.params, whole.params)
    moved = {
        name: np.abs(whole.params[name]["weights"] - params[name]["weights"]).max()
        for name in ("conv1", "hidden", "scores")
    }
    assert moved["conv1"] < 1e-10 < 1e-3 < moved["hidden"] < moved["scores"]


# Few examples


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(0, 10**6))
def test_every_class_gives_equally_many_and_nobody_is_lost(sizes, seed):
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(len(sizes)) * 3, sizes))
    count = int(rng.integers(1, min(sizes) + 1))
    few, rest = call_without_writing(few_per_class, labels, count, rng)
    classes, drawn = np.unique(labels[few], return_counts=True)
    assert classes.tolist() == (np.arange(len(sizes)) * 3).tolist()
    assert set(drawn.tolist()) == {count}
    assert sorted([*few, *rest]) == list(range(len(labels)))
    assert np.all(np.diff(rest) > 0)


def test_every_example_is_drawn_equally_often_and_at_every_place():
    labels, times, first = [0, 0, 0, 1, 1, 1], np.zeros(6), np.zeros(6)
    for seed in range(3000):
        few, _ = few_per_class(labels, 1, np.random.default_rng(seed))
        times[few] += 1
        first[few[0]] += 1
    assert np.all(np.abs(times / 3000 - 1 / 3) < 0.03)
    assert np.all(np.abs(first / 3000 - 1 / 6) < 0.03)


# The nearest neighbor


@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 10**6))
def test_no_other_example_is_nearer(m, n, seed):
    rng = np.random.default_rng(seed)
    x, train_x = rng.integers(0, 4, (m, 2, 3)), rng.integers(0, 4, (n, 2, 3))
    found = call_without_writing(nearest_neighbor, x, train_x, np.arange(n))
    apart = ((x[:, None] - train_x) ** 2).sum(axis=(2, 3))
    assert found.tolist() == apart.argmin(axis=1).tolist()  # the first of equally near ones


def test_single_precision_does_not_decide():
    # two neighbors a thousandth apart, far from 0: their squares differ in the ninth digit
    x = np.array([[3000.0]], np.float32)
    known = np.array([[2999.999], [3000.0]], np.float32)
    assert nearest_neighbor(x, known, ["far", "near"]).tolist() == ["near"]


# Small digits


def test_a_box_of_ink_fills_the_height_and_keeps_its_proportion():
    image = np.zeros((1, 20, 20))
    image[0, 4:12, 3:5] = 200  # 8 high, 2 wide: 32 by 8 points, in the middle
    wanted = np.zeros((8, 8))
    wanted[:, 3:5] = 16
    assert shrink_digits(image)[0].tolist() == wanted.tolist()
    image[0, 4:12, 3:15] = 200  # wider than 24 points may be
    wanted[:, 1:7] = 16
    assert shrink_digits(image)[0].tolist() == wanted.tolist()


def test_a_field_counts_its_points():
    image = np.zeros((1, 8, 8))
    image[0, :, 2:5] = 1  # 8 high, 3 wide: 12 of 32 points, from column 10 to 21
    assert shrink_digits(image)[0, 3].tolist() == [0, 0, 8, 16, 16, 8, 0, 0]


def test_neither_place_nor_unit_nor_faint_spots_around_matter():
    mnist, _ = load_mnist()
    x = mnist[:20].astype(np.float64)
    wanted = shrink_digits(x)
    padded = np.pad(x, [(0, 0), (3, 0), (1, 6)])
    assert_same(shrink_digits(padded), wanted, rtol=0, atol=0)
    units = 2.0 ** np.arange(-10, 10)  # of each image its own
    assert_same(shrink_digits(x * units[:, None, None]), wanted, rtol=0, atol=0)
    padded[:, 0, -1] = 0.3 * x.max(axis=(1, 2))
    assert_same(shrink_digits(padded), wanted, rtol=0, atol=0)


def test_a_higher_threshold_leaves_less_ink():
    x = load_mnist()[0][:100]
    means = [shrink_digits(x, t).mean() for t in (0.1, 0.35, 0.6, 0.9)]
    assert means == sorted(means, reverse=True)
    assert_same(shrink_digits(x), shrink_digits(x, 0.35), rtol=0, atol=0)


@pytest.mark.parametrize(("threshold", "points"), [(0.6, 0), (0.3, 12)])
def test_gray_is_read_along_a_line_between_the_middles_of_pixels(threshold, points):
    gap = np.array([[[1.0, 0.2, 1.0]] * 4])
    # 8 points to a pixel; the line 1 - 0.8 d is at 0.6 half a pixel, at 0.3 seven eighths away
    wanted = [0, 16, 16, points, points, 16, 16, 0]
    assert shrink_digits(gap, threshold)[0, 5].tolist() == wanted


def test_what_comes_out_resembles_the_scans():
    mnist, of_mnist = load_mnist()
    digits, labels = load_digits()
    small = shrink_digits(mnist)
    assert small.dtype == np.float32
    assert small.min() == 0
    assert small.max() == 16
    assert np.all(small == small.round())
    assert abs(small.mean() - digits.mean()) < 0.6
    answers = nearest_neighbor(digits, small, of_mnist)
    assert np.mean(answers == labels) > 0.8


def test_a_thin_stroke_is_at_least_a_point_wide():
    image = np.zeros((1, 100, 3))
    image[0, :, 1] = 1
    assert shrink_digits(image).sum() == 32


# Wrong calls

PARAMS, NET = start(network(2), 0), network(2)
ONES = np.ones((2, 4, 4))

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    ("reuse", (3, PARAMS, []), {}, TypeError, "params must be a dict of arrays .* got 3"),
    ("reuse", (PARAMS, None, []), {}, TypeError, "source must be a dict of arrays .* got None"),
    ("reuse", (PARAMS, PARAMS, "conv1"), {}, TypeError, "names must be a list .* got str 'conv1'"),
    ("reuse", (PARAMS, PARAMS, [1]), {}, TypeError, "names must be a list of names, got 1 in it"),
    (*("reuse", (PARAMS, PARAMS, ["conv"]), {}, ValueError),
     "names must be branches of params, conv1, norm1, hidden ..., got 'conv'"),
    (*("reuse", (PARAMS, {"conv1": {}}, ["conv1"]), {}, ValueError),
     "source must hold 'conv1.weights', got none"),
    (*("reuse", (PARAMS, start(network(3), 0), ["scores"]), {}, ValueError),
     r"source must have shape \(5, 2\) for 'scores.weights', got shape \(5, 3\)"),
    ("freeze", (Dense(2), []), {}, TypeError, r"network must be a Sequential, got Dense\("),
    ("freeze", (NET, "hidden"), {}, TypeError, "names must be a list of names, got str 'hidden'"),
    (*("freeze", (NET, ["hiden"]), {}, ValueError),
     "names must be layers of the network, conv1, norm1, relu1 ..., got 'hiden'"),
    ("cut", (None, {}, "a"), {}, TypeError, "network must be a Sequential, got None"),
    ("cut", (NET, [], "hidden"), {}, TypeError, r"params must be a dict of arrays .* got \[\]"),
    ("cut", (NET, PARAMS, 1), {}, TypeError, "name must be that of a layer, got 1"),
    ("cut", (NET, PARAMS, "conv1"), {}, ValueError, "name must be .* norm1, .* got 'conv1'"),
    ("cut", (NET, PARAMS, "head"), {}, ValueError, "name must be that of a .* got 'head'"),
    ("cut", (NET, {"a": {}}, "flat"), {}, ValueError, "params must hold only .* got 'a'"),
    ("rate_by_branch", (3, {}), {}, TypeError, "step must be a function, got 3"),
    ("rate_by_branch", (adam_step, 0.1), {}, TypeError, "factors must be a dict .* got 0.1"),
    ("rate_by_branch", (adam_step, {1: 0.1}), {}, TypeError, "factors must have names .* got 1"),
    ("rate_by_branch", (adam_step, {"a": "b"}), {}, TypeError, r"factors\['a'\] must be a number"),
    ("rate_by_branch", (adam_step, {"a": 0}), {}, ValueError, r"factors\['a'\] must .* got 0"),
    (*("few_per_class", ([None], 1, np.random.default_rng(0)), {}, TypeError),
     "labels must hold numbers or names, got"),
    (*("few_per_class", ([[1]], 1, np.random.default_rng(0)), {}, ValueError),
     r"labels must have shape \(m,\), got shape \(1, 1\)"),
    (*("few_per_class", ([], 1, np.random.default_rng(0)), {}, ValueError),
     r"labels must hold at least one label, got shape \(0,\)"),
    (*("few_per_class", ([1], 1.0, np.random.default_rng(0)), {}, TypeError),
     "count must be a whole number, got float 1.0"),
    (*("few_per_class", ([1], 0, np.random.default_rng(0)), {}, ValueError),
     "count must be at least 1, got 0"),
    (*("few_per_class", ([1, 1, 7], 2, np.random.default_rng(0)), {}, ValueError),
     "count must be at most 1, the size of class 7, got 2"),
    ("few_per_class", ([1], 1, 0), {}, TypeError, "rng must be a numpy.random.Generator, got 0"),
    ("nearest_neighbor", ("a", ONES, [0, 1]), {}, TypeError, "x must hold real numbers, got str"),
    ("nearest_neighbor", ([1], ONES, [0, 1]), {}, ValueError, r"x must have .* got shape \(1,\)"),
    ("nearest_neighbor", (ONES[:0], ONES, [0, 1]), {}, ValueError, r"x must .* got shape \(0, 4"),
    ("nearest_neighbor", (ONES, "a", [0, 1]), {}, TypeError, "train_x must hold real .* got str"),
    (*("nearest_neighbor", (ONES, ONES[:, :3], [0, 1]), {}, ValueError),
     r"train_x must have examples of shape \(4, 4\), as x has, got \(3, 4\)"),
    (*("nearest_neighbor", (ONES, ONES, [0]), {}, ValueError),
     r"train_labels must have one entry for each of 2 examples, got shape \(1,\)"),
    ("nearest_neighbor", (ONES, ONES, [{}]), {}, TypeError, "train_labels must hold numbers or"),
    ("shrink_digits", ("a",), {}, TypeError, "images must hold real numbers, got str 'a'"),
    ("shrink_digits", (ONES[0],), {}, ValueError, r"images must have shape \(N, H, W\), got"),
    ("shrink_digits", (ONES[:0],), {}, ValueError, r"images must hold .* got shape \(0, 4, 4\)"),
    ("shrink_digits", (-ONES,), {}, ValueError, "images must not be negative, got -1 among them"),
    ("shrink_digits", (np.eye(4)[None] * [[[1]], [[0]]],), {}, ValueError,
     "images must have ink, got a blank one at index 1"),
    ("shrink_digits", (ONES, "a"), {}, TypeError, "threshold must be a number, got str 'a'"),
    ("shrink_digits", (ONES, 1), {}, ValueError, "threshold must be finite .* below 1, got 1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(transfer_learning, name, args, kwargs, exception, message)
