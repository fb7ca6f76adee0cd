"""Lifts, readouts, counts of separations and regions, codes, a trained classifier, wrong calls."""

import itertools
import math
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oracles import generate
from support import (
    arrays,
    assert_same,
    call_without_writing,
    check_wrong_call,
    floats,
    ids,
    leaves,
    networks,
    no_warnings,
)
from textbook import activations, distributed_representation
from textbook.activations import identity, relu, tanh
from textbook.backprop import forward_rows, train
from textbook.datasets import load_digits
from textbook.distributed_representation import (
    binary_code,
    circle_plane,
    count_patterns,
    lift,
    linear_readout,
    most_regions,
    readout_accuracy,
    rings,
    separable_labelings,
    train_classifier,
)
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.initialization import glorot, initial_parameters
from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import cost, gradient, log_softmax, one_hot, probabilities

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
CORNERS.setflags(write=False)


def separates(a, labels, steps=200):
    return readout_accuracy(a, labels, linear_readout(a, labels, 2, steps)) == 1


# Lifts


@given(arrays((4, 2)), arrays(2), floats(0.1, 10))
def test_the_score_of_a_lifted_point_is_its_squared_distance_beyond_the_circle(x, center, radius):
    theta = call_without_writing(circle_plane, center, radius)
    scores = add_intercept(call_without_writing(lift, x)) @ theta
    wanted = np.sum((x - center) ** 2, axis=1) - radius**2
    np.testing.assert_allclose(scores, wanted, atol=1e-11)
    assert not np.signbit(theta[theta == 0]).any()


@given(arrays((3, 2)))
def test_the_lift_keeps_the_point_and_adds_its_squared_distance(x):
    assert_same(lift(x), np.array([[u, v, u * u + v * v] for u, v in x.tolist()]))


def test_lifted_rings_are_separated_and_flat_ones_are_not():
    for seed in range(5):
        x, labels = rings(50, np.random.default_rng(seed))
        assert not separates(x, labels)
        assert separates(lift(x), labels)


def test_a_ring_around_another_center_is_separated_by_a_tilted_plane():
    x, labels = rings(50, np.random.default_rng(0))
    moved, theta = lift(x + np.array([4, -3])), circle_plane([4, -3], 1.25)
    assert separates(moved, labels)
    assert ((add_intercept(moved) @ theta < 0) == labels).all()


# Rings


def test_the_rings_have_their_radii_and_come_from_the_generator_alone():
    x, labels = rings(2000, np.random.default_rng(0))
    radius, angle = np.linalg.norm(x, axis=1), np.arctan2(x[:, 1], x[:, 0])
    assert labels.tolist() == [1] * 2000 + [0] * 2000
    for label, low, high in ((1, 0, 1), (0, 1.5, 2.5)):
        own = radius[labels == label]
        assert low <= own.min() < low + 0.01
        assert high - 0.01 < own.max() <= high
        assert own.mean() == pytest.approx((low + high) / 2, abs=0.03)
        assert abs(np.exp(1j * angle[labels == label]).mean()) < 0.05
    again, _ = rings(2000, np.random.default_rng(0))
    np.testing.assert_array_equal(x, again)
    assert labels.dtype == np.int_
    assert [part.shape for part in rings(1, np.random.default_rng(0))] == [(2, 2), (2,)]


# What a linear layer can read


@st.composite
def features(draw):
    """Draw a batch of features in general position, with labels of three classes."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    m, d = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    return rng.normal(size=(m, d)), rng.integers(0, 3, size=m), rng


@given(features())
def test_what_is_read_does_not_depend_on_how_the_features_are_mixed_or_moved(problem):
    a, labels, rng = problem
    mix, move = rng.normal(size=(a.shape[1],) * 2) + 3 * np.eye(a.shape[1]), rng.normal(size=3)
    assume(np.linalg.cond(mix) < 100)
    other = 100 * (a @ mix) + move[: a.shape[1]]
    found = [
        probabilities(add_intercept(b), call_without_writing(linear_readout, b, labels, 3))
        for b in (a, other)
    ]
    np.testing.assert_allclose(*found, rtol=1e-6, atol=1e-9)


@given(features(), st.integers(0, 5))
def test_no_step_goes_uphill_and_no_step_is_the_uniform_forecast(problem, steps):
    a, labels, _ = problem
    x, y = add_intercept(a), one_hot(labels, 3)
    before, after = (cost(x, y, linear_readout(a, labels, 3, n)) for n in (steps, steps + 1))
    assert after <= before + 1e-12
    assert not linear_readout(a, labels, 3, steps=0).any()


def test_after_many_steps_the_gradient_of_softmax_regression_is_0():
    rng = np.random.default_rng(0)
    a, labels = rng.normal(size=(60, 2)) * [1, 50] + [0, 7], rng.integers(0, 3, size=60)
    theta = linear_readout(a, labels, 3, steps=5000)
    assert np.abs(gradient(add_intercept(a), one_hot(labels, 3), theta)).max() < 1e-8


def test_one_step_has_the_learning_rate_of_2_where_the_features_are_orthonormal():
    a, labels = np.array([[1.0], [-1.0], [1.0], [-1.0]]), [0, 1, 0, 1]
    theta = linear_readout(a, labels, 2, steps=1)
    np.testing.assert_allclose(theta, [[0, 0], [1, -1]], atol=1e-15)


def test_constant_and_repeated_features_do_no_harm():
    x, labels = rings(20, np.random.default_rng(0))
    rich = np.column_stack([lift(x), np.ones(40), lift(x)[:, 2], np.zeros(40)])
    with no_warnings():
        assert separates(rich, labels)
    np.testing.assert_allclose(
        probabilities(add_intercept(rich), linear_readout(rich, labels, 2)),
        probabilities(add_intercept(lift(x)), linear_readout(lift(x), labels, 2)),
        atol=1e-9,
    )


@pytest.mark.parametrize("scale", [1e-4, 1, 1e4])
def test_one_example_one_class_and_extreme_features(scale):
    with no_warnings():
        assert linear_readout([[scale]], [0], 1).tolist() == [[0], [0]]
        assert readout_accuracy([[scale]], [2], linear_readout([[scale]], [2], 3)) == 1
        assert separates(scale * np.array([[1], [2], [3]]), [0, 0, 1])


def test_the_accuracy_is_the_share_with_the_largest_score():
    theta = [[0, 1, 2], [1, 0, -1]]
    assert readout_accuracy([[0], [3], [1], [-5]], [2, 0, 0, 1], theta) == 0.75
    assert readout_accuracy([[1]], [1], theta) == 0  # of equal scores the first counts


def test_the_learned_layer_makes_the_rings_readable_and_two_units_never_do():
    shares = {2: [], 3: []}
    for units, seed in itertools.product(shares, range(3)):
        rng = np.random.default_rng(seed)
        x, labels = rings(100, rng)
        start = initial_parameters([2, units, 1], glorot, rng)
        target = np.where(labels == 1, 1, -1)[:, None]
        *net, _ = train(x, target, *start, 0.3, 600, [tanh, identity])
        _, a = forward_rows(x, *net, [tanh, identity])
        shares[units].append(readout_accuracy(a[1], labels, linear_readout(a[1], labels, 2)))
    assert max(shares[2]) < 0.95
    assert np.median(shares[3]) == 1


# Separable labelings


def test_of_the_corners_of_a_square_a_line_separates_all_but_exclusive_or():
    raised = np.column_stack([CORNERS, CORNERS.prod(axis=1)])
    every = list(itertools.product([0, 1], repeat=4))
    refused = [y for y in every if 0 < sum(y) < 4 and not separates(CORNERS, y)]
    assert refused == [(0, 1, 1, 0), (1, 0, 0, 1)]
    assert len(every) - len(refused) == separable_labelings(4, 2)
    assert all(separates(raised, y) for y in every if 0 < sum(y) < 4)


@pytest.mark.parametrize(("m", "n"), [(3, 1), (5, 1), (5, 2), (6, 2), (5, 3), (6, 3)])
def test_random_planes_find_as_many_labelings_as_counted_and_never_more(m, n):
    found = []
    for seed in range(8):  # a labeling with a narrow gap may be missed
        rng = np.random.default_rng(seed)
        x, theta = add_intercept(rng.normal(size=(m, n))), rng.normal(size=(n + 1, 50_000))
        found.append(count_patterns((x @ theta).T))
    assert max(found) == separable_labelings(m, n)


def cells(m, n):
    """Count labelings by adding one point: those that stay plus those that the point splits."""
    if m == 1 or n == 0:
        return 2
    return cells(m - 1, n) + cells(m - 1, n - 1)


@given(st.integers(1, 12), st.integers(0, 12))
def test_the_count_obeys_covers_recursion_and_its_limits(m, n):
    assert separable_labelings(m, n) == cells(m, n)
    assert (separable_labelings(m, n) == 2**m) == (m <= n + 1)
    assert separable_labelings(2 * (n + 1), n) == 2 ** (2 * n + 1)
    assert separable_labelings(m, n) == 2 * most_regions(m - 1, n)


# Regions


@given(st.integers(0, 12), st.integers(0, 12))
def test_a_new_hyperplane_adds_as_many_regions_as_it_is_cut_into(units, dimension):
    added = most_regions(units + 1, dimension + 1) - most_regions(units, dimension + 1)
    assert added == most_regions(units, dimension)
    assert (most_regions(units, dimension) == 2**units) == (units <= dimension)
    assert most_regions(units, 1) == units + 1
    assert most_regions(units, 2) == 1 + units + math.comb(units, 2)


@pytest.mark.parametrize("units", [1, 2, 3, 4])
def test_random_lines_reach_the_maximum(units):
    rng = np.random.default_rng(1)
    grid = np.linspace(-20, 20, 401)
    plane = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    z = plane @ rng.normal(size=(2, units)) + rng.normal(size=units)
    assert count_patterns(z) == most_regions(units, 2)


def test_the_numbers_grow_without_overflow():
    assert most_regions(200, 200) == 2**200
    assert separable_labelings(201, 5000) == 2**201
    assert type(most_regions(3, 2)) is type(separable_labelings(3, 2)) is int


@given(arrays((6, 3), -2, 2))
def test_patterns_are_counted_once_and_0_is_off(z):
    wanted = {tuple(value > 0 for value in row) for row in z.tolist()}
    assert call_without_writing(count_patterns, z) == len(wanted)
    assert count_patterns(np.tile(z, (2, 1))) == len(wanted)
    assert count_patterns(3 * z[::-1]) == len(wanted)
    assert count_patterns([[0.0], [-1.0]]) == 1


# Codes


@given(st.integers(1, 12), st.data())
def test_the_code_is_the_number_in_base_2(units, data):
    numbers = data.draw(st.lists(st.integers(0, 2**units - 1), max_size=5))
    code = binary_code(np.array(numbers, np.int64), units)
    assert code.shape == (len(numbers), units)
    assert ["".join(str(int(bit)) for bit in row) for row in code] == [
        f"{number:0{units}b}" for number in numbers
    ]


def test_n_units_name_2_to_the_n_things_and_one_hot_only_n():
    for units in range(1, 9):
        names = binary_code(np.arange(2**units), units)
        assert len(np.unique(names, axis=0)) == 2**units == count_patterns(names)
        assert count_patterns(one_hot(np.arange(units), units)) == units
    assert binary_code([2**52 - 1], 52).sum() == 52
    assert binary_code([], 3).shape == (0, 3)


def test_without_one_unit_half_of_the_names_are_left():
    names = binary_code(np.arange(16), 4)
    assert [count_patterns(np.delete(names, j, axis=1)) for j in range(4)] == [8] * 4


# Training


def mean_cross_entropy(network, labels, weights, biases):
    _, a = forward_rows(network.x, weights, biases, network.activations)
    return -np.mean(log_softmax(a[-1])[np.arange(len(labels)), labels])


@given(networks(), st.integers(0, 100))
def test_a_step_with_the_whole_batch_goes_against_the_gradient_of_the_cross_entropy(network, seed):
    classes = network.weights[-1].shape[1]
    labels = np.random.default_rng(seed).integers(0, classes, size=len(network.x))
    weights, biases = call_without_writing(
        train_classifier,
        *(network.x, labels, network.weights, network.biases, 0.5, 1),
        np.random.default_rng(seed),
        network.activations,
    )
    for i, (before, after) in enumerate(zip(network.weights, weights, strict=True)):

        def of_weight(theta, i=i):
            changed = [*network.weights[:i], theta, *network.weights[i + 1 :]]
            return float(mean_cross_entropy(network, labels, changed, network.biases))

        slope = numerical_gradient(of_weight, before)
        if np.abs(slope).max() > 1e-6:
            assert relative_error((before - after) / 0.5, slope) < 1e-6
    for i, (before, after) in enumerate(zip(network.biases, biases, strict=True)):

        def of_bias(b, i=i):
            changed = [*network.biases[:i], b, *network.biases[i + 1 :]]
            return float(mean_cross_entropy(network, labels, network.weights, changed))

        slope = numerical_gradient(of_bias, before)
        if np.abs(slope).max() > 1e-6:
            assert relative_error((before - after) / 0.5, slope) < 1e-6


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 9])
def test_an_epoch_uses_each_example_once_in_the_order_of_the_generator(batch_size):
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(5, 2)), np.array([0, 1, 2, 1, 0])
    start = initial_parameters([2, 3, 3], glorot, rng)
    bends = [tanh, identity]
    found = train_classifier(x, labels, *start, 0.2, 2, np.random.default_rng(7), bends, batch_size)
    twin, wanted = np.random.default_rng(7), start
    for _ in range(2):
        order = twin.permutation(5)
        for i in range(0, 5, batch_size):
            part = order[i : i + batch_size]
            wanted = train_classifier(
                x[part], labels[part], *wanted, 0.2, 1, np.random.default_rng(0), bends
            )
    assert_same(list(found), list(wanted), rtol=1e-12, atol=1e-14)


def test_without_epochs_nothing_changes_and_the_generator_is_not_asked():
    start = initial_parameters([2, 2], glorot, np.random.default_rng(0))
    rng = np.random.default_rng(3)
    assert_same(list(train_classifier([[1, 2]], [1], *start, 1, 0, rng)), list(start))
    assert rng.random() == np.random.default_rng(3).random()


def test_a_bottleneck_of_two_units_reads_digits_better_than_two_components():
    images, digit = load_digits()
    x, digit = images[:600].reshape(-1, 64) / 16, digit[:600]
    rng = np.random.default_rng(0)
    start, bends = initial_parameters([64, 32, 2, 10], glorot, rng), [tanh, identity, identity]
    net = train_classifier(x[:400], digit[:400], *start, 0.2, 60, rng, bends)
    _, _, v = np.linalg.svd(x[:400] - x[:400].mean(axis=0), full_matrices=False)
    shares = [
        readout_accuracy(a[400:], digit[400:], linear_readout(a[:400], digit[:400], 10))
        for a in (forward_rows(x, *net, bends)[1][2], x @ v[:2].T)
    ]
    assert shares[0] > shares[1] + 0.1


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_extreme_scores_train_without_a_warning(scale):
    with no_warnings():
        weights, biases = train_classifier(
            [[scale], [-scale]], [0, 1], [[[-1, 1]]], [[0, 0]], 0.1, 3, RNG, [identity]
        )
    assert np.isfinite(weights[0]).all() and np.isfinite(biases[0]).all()


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("classifier"), ids=itemgetter("name"))
def test_the_trained_network_agrees_with_pytorch(case, source):
    given_, theirs = case["inputs"], generate.expected(case, source)
    bends = [getattr(activations, name) for name in given_["activations"]]
    weights, biases = train_classifier(
        *(given_[name] for name in ("x", "labels", "weights", "biases", "learning_rate", "steps")),
        np.random.default_rng(0),
        bends,
    )
    assert_same([weights, biases], [list(theirs["weights"]), list(theirs["biases"])], rtol=1e-12)


# Types and layouts

A, LABELS = [[1, 0], [0, 1], [2, 2]], [0, 1, 1]
NET = ([[[1, -1], [0.5, 2]]], [[0, 1]])
CALLS = {
    "lift": lambda c: lift(c(A)),
    "circle_plane": lambda c: circle_plane(c([1, 2]), 3),
    "linear_readout": lambda c: linear_readout(c(A), LABELS, 2),
    "binary_code": lambda c: binary_code(c([1, 0, 5]), 3),
    "readout_accuracy": lambda c: readout_accuracy(c(A), LABELS, c([[1, 0], [0, 1], [0, 2]])),
    "count_patterns": lambda c: count_patterns(c(A)),
    "train_classifier": lambda c: train_classifier(
        c(A), LABELS, [c(NET[0][0])], [c(NET[1][0])], 0.5, 2, np.random.default_rng(0)
    ),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def results(value):
    return list(value) if isinstance(value, tuple) else [np.asarray(value)]


@every_call
@pytest.mark.parametrize(
    "convert",
    [
        np.array,
        lambda a: np.asfortranarray(a, np.float64),
        lambda a: np.repeat(np.array(a, np.float64), 2, axis=-1)[..., ::2],
        lambda a: tuple(map(tuple, a)) if isinstance(a[0], list) else tuple(a),
    ],
    ids=["integers", "fortran", "strided", "tuples"],
)
def test_lists_integers_and_any_memory_layout_give_the_same(call, convert):
    assert_same(results(call(convert)), results(call(list)), rtol=1e-12, atol=1e-12)


@every_call
@pytest.mark.parametrize(("dtype", "wanted"), [(np.float32, np.float32), (np.int8, np.float64)])
def test_trap_11_float32_stays_and_integers_become_float64(call, dtype, wanted):
    value = call(lambda a: np.array(a, np.float32 if dtype == np.float32 else None))
    if not isinstance(value, (int, float)):
        assert {part.dtype for part in leaves(results(value))} == {np.dtype(wanted)}


def test_trap_12_one_number_is_a_python_number():
    assert type(readout_accuracy(A, LABELS, [[1, 0], [0, 1], [0, 2]])) is float
    assert type(count_patterns(A)) is int


# Wrong calls

INF, NAN = np.inf, np.nan
RNG = np.random.default_rng(0)
THETA = [[0, 1], [1, 0], [1, 1]]


def trained(**changed):
    given_ = {"x": A, "labels": LABELS, "weights": NET[0], "biases": NET[1]}
    given_ |= {"learning_rate": 0.1, "epochs": 1, "rng": RNG, **changed}
    return (), given_


# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name, call in {
            "lift": lambda x: (x,),
            "linear_readout": lambda x: (x, LABELS, 2),
            "readout_accuracy": lambda x: (x, LABELS, THETA),
            "count_patterns": lambda x: (x,),
        }.items()
        for letter in ["x" if name == "lift" else "z" if name == "count_patterns" else "a"]
        for row in [
            (name, call("a"), {}, TypeError, f"{letter} must hold real numbers, got str"),
            (name, call([1, 2]), {}, ValueError, rf"{letter} must have shape .* got shape \(2,\)"),
            (name, call(np.ones((0, 2))), {}, ValueError, rf"{letter} must hold .* \(0, 2\)"),
            (name, call([[1, NAN]]), {}, ValueError, f"{letter} must be finite, got nan"),
        ]
    ),
    ("lift", ([[1, 2, 3]],), {}, ValueError, r"x must have shape \(m, 2\), got shape \(1, 3\)"),
    ("circle_plane", ("a", 1), {}, TypeError, "center must hold real numbers, got str"),
    ("circle_plane", ([1, 2], "1"), {}, TypeError, "radius must be a number, got str"),
    ("circle_plane", ([1, 2, 3], 1), {}, ValueError, r"center must .* got shape \(3,\)"),
    ("circle_plane", (1, 1), {}, ValueError, r"center must have shape .* got shape \(\)"),
    ("circle_plane", ([1, INF], 1), {}, ValueError, "center must be finite, got inf"),
    ("circle_plane", ([1, 2], 0), {}, ValueError, "radius must be finite and above 0, got 0"),
    ("rings", (0, RNG), {}, ValueError, "m must be at least 1, got 0"),
    ("rings", (2.0, RNG), {}, TypeError, "m must be a whole number, got float"),
    ("rings", (2, 0), {}, TypeError, "rng must be a numpy.random.Generator, got 0"),
    ("linear_readout", (A, ["a"], 2), {}, TypeError, "labels must hold real numbers, got list"),
    ("linear_readout", (A, [0, 1], 2), {}, ValueError, "labels must have .* of a, 3, got 2"),
    ("linear_readout", (A, [0, 1, 2], 2), {}, ValueError, "labels must be whole .* 0 to 1, got 2"),
    ("linear_readout", (A, LABELS, 0), {}, ValueError, "classes must be at least 1, got 0"),
    ("linear_readout", (A, LABELS, 2.0), {}, TypeError, "classes must be a whole .* got float"),
    ("linear_readout", (A, LABELS, 2, -1), {}, ValueError, "steps must be at least 0, got -1"),
    ("linear_readout", (A, LABELS, 2, None), {}, TypeError, "steps must be a whole .* got None"),
    ("readout_accuracy", (A, LABELS, "a"), {}, TypeError, "theta must hold real .* got str"),
    ("readout_accuracy", (A, LABELS, A[:2]), {}, ValueError, r"theta must .* got shape \(2, 2\)"),
    ("readout_accuracy", (A, LABELS, np.ones((3, 0))), {}, ValueError, r"theta must .* \(3, 0\)"),
    ("readout_accuracy", (A, LABELS, [1, 2, 3]), {}, ValueError, r"theta must .* shape \(3,\)"),
    ("readout_accuracy", (A, LABELS, [[INF]] * 3), {}, ValueError, "theta must be finite, got inf"),
    ("readout_accuracy", (A, [0, 1], THETA), {}, ValueError, "labels must have .* 3, got 2"),
    ("readout_accuracy", (A, [0, 1, 2], THETA), {}, ValueError, "labels must be .* got 2"),
    ("separable_labelings", (0, 1), {}, ValueError, "points must be at least 1, got 0"),
    ("separable_labelings", (1.0, 1), {}, TypeError, "points must be a whole number, got float"),
    ("separable_labelings", (1, -1), {}, ValueError, "dimension must be at least 0, got -1"),
    ("separable_labelings", (1, "1"), {}, TypeError, "dimension must be a whole number, got str"),
    ("most_regions", (-1, 1), {}, ValueError, "units must be at least 0, got -1"),
    ("most_regions", (True, 1), {}, TypeError, "units must be a whole number, got bool"),
    ("most_regions", (1, -1), {}, ValueError, "dimension must be at least 0, got -1"),
    ("most_regions", (1, 1.5), {}, TypeError, "dimension must be a whole number, got float"),
    ("binary_code", (["a"], 2), {}, TypeError, "numbers must hold real numbers, got list"),
    ("binary_code", ([4], 2), {}, ValueError, "numbers must be whole and from 0 to 3, got 4"),
    ("binary_code", ([0, -1], 2), {}, ValueError, "numbers must be whole .* got -1"),
    ("binary_code", ([0.5], 2), {}, ValueError, "numbers must be whole .* got 0.5"),
    ("binary_code", ([NAN], 2), {}, ValueError, "numbers must be whole .* got nan"),
    ("binary_code", ([[1]], 2), {}, ValueError, r"numbers must have shape \(m,\), got shape"),
    ("binary_code", ([1], 0), {}, ValueError, "units must be at least 1, got 0"),
    ("binary_code", ([1], 53), {}, ValueError, "units must be at most 52, got 53"),
    ("binary_code", ([1], 2.0), {}, TypeError, "units must be a whole number, got float"),
    *(
        ("train_classifier", *trained(**changed), exception, message)
        for changed, exception, message in [
            ({"x": "a"}, TypeError, "x must hold real numbers, got str"),
            ({"x": np.ones((0, 2))}, ValueError, r"x must hold at least .* got shape \(0, 2\)"),
            ({"x": [[1, INF]]}, ValueError, "x must be finite, got inf"),
            ({"labels": [0, 1]}, ValueError, "labels must have one entry .* of x, 3, got 2"),
            ({"labels": [0, 1, 2]}, ValueError, "labels must be whole .* from 0 to 1, got 2"),
            ({"weights": []}, ValueError, "weights must hold at least one array, got 0"),
            ({"weights": [[[1, 2]]]}, ValueError, r"weights\[0\] must take 2 inputs, got shape"),
            ({"biases": [[1]]}, ValueError, r"biases\[0\] must have shape \(2,\), got shape"),
            ({"learning_rate": 0}, ValueError, "learning_rate must be .* above 0, got 0"),
            ({"learning_rate": "1"}, TypeError, "learning_rate must be a number, got str"),
            ({"epochs": -1}, ValueError, "epochs must be at least 0, got -1"),
            ({"epochs": 1.0}, TypeError, "epochs must be a whole number, got float"),
            ({"rng": None}, TypeError, "rng must be a numpy.random.Generator, got None"),
            ({"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0"),
            ({"activations": [relu] * 2}, ValueError, "activations must name one .* got 2"),
        ]
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(distributed_representation, name, args, kwargs, exception, message)
