"""Bias and variance: the notes' table, the recipe, learning curves, the two terms, the floor."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import arrays, call_without_writing, check_wrong_call, floats, ids
from textbook import bias_variance
from textbook.activations import identity, relu, sigmoid, tanh
from textbook.backprop import squared_error
from textbook.bias_variance import (
    cost_floor,
    decompose,
    diagnose,
    error_gaps,
    error_rate,
    expected_terms,
    fit_polynomial,
    learning_curve,
    next_steps,
    polynomial,
)

INF, NAN = math.inf, math.nan
errors = floats(0, 100)
TABLE = [
    (1, 11, "high variance"),
    (15, 16, "high bias"),
    (15, 30, "high bias and variance"),
    (0.5, 1, "low bias and variance"),
]


# The table and the recipe


@pytest.mark.parametrize(("training", "dev", "found"), TABLE)
@pytest.mark.parametrize("thresholds", [*itertools.product((0, 5, 13.9), (1, 5, 9.9))])
def test_the_table_of_the_notes(training, dev, found, thresholds):
    assert diagnose(training, dev, 1, *thresholds) == found


@given(errors, errors, errors)
def test_the_gaps_and_the_optimum_add_up_to_the_dev_error(training, dev, optimal):
    bias, variance = error_gaps(training, dev, optimal)
    assert optimal + bias + variance == pytest.approx(dev, abs=1e-12)
    assert (bias, variance) == (training - optimal, dev - training)


@given(errors, errors, errors, errors, errors)
def test_a_gap_is_high_if_it_is_above_its_own_threshold(training, dev, optimal, bias, variance):
    found = diagnose(training, dev, optimal, bias, variance)
    assert ("bias" in found and "high" in found and found != "high variance") == (
        training - optimal > bias
    )
    assert ("variance" in found and "high" in found) == (dev - training > variance)


def test_a_gap_of_exactly_the_threshold_is_not_high():
    assert diagnose(6, 6, 1, 5, 5) == "low bias and variance"
    assert diagnose(6, 11, 1, 5, 5) == "low bias and variance"
    assert diagnose(6, 11, 1, 4, 5) == "high bias"
    assert diagnose(6, 11, 1, 5, 4) == "high variance"


@given(errors, errors, errors, errors, errors)
def test_the_recipe_treats_bias_first_and_stops_when_both_are_low(
    training, dev, optimal, bias, variance
):
    args = training, dev, optimal, bias, variance
    found, steps = diagnose(*args), next_steps(*args)
    if "high bias" in found:
        assert "bigger network" in steps and "more data" not in steps
    elif found == "high variance":
        assert "more data" in steps and "bigger network" not in steps
    else:
        assert steps == []


def test_the_remedies_for_the_table_of_the_notes():
    a, b, c, d = (next_steps(training, dev, 1, 5, 5) for training, dev, _ in TABLE)
    assert a == ["more data", "regularization", "another architecture"]
    assert b == c == ["bigger network", "longer training", "output that fits the task"]
    assert d == []


def test_a_list_that_the_caller_changes_is_the_callers_own():
    next_steps(15, 16, 1, 5, 5).clear()
    assert len(next_steps(15, 16, 1, 5, 5)) == 3


# Error rates and learning curves


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=20))
def test_the_error_rate_counts_unequal_pairs(pairs):
    labels, predicted = np.array(pairs).T
    wanted = sum(a != b for a, b in pairs) / len(pairs)
    assert call_without_writing(error_rate, labels, predicted) == wanted
    assert error_rate(predicted, labels) == wanted


def remember(x, labels):
    """Know the labels of the examples seen, and answer -1 to any other."""
    known = {tuple(row): label for row, label in zip(x.tolist(), labels, strict=True)}
    return lambda new: np.array([known.get(tuple(row), -1) for row in new.tolist()])


@given(st.integers(1, 12), st.integers(0, 100), st.data())
def test_one_who_remembers_has_no_training_error_and_errs_on_what_is_new(m, seed, data):
    sizes = data.draw(st.lists(st.integers(1, m), max_size=4))
    x, labels = np.arange(m)[:, None] / 1.0, np.arange(m) % 3
    training, dev = call_without_writing(
        learning_curve, remember, x, labels, x, labels, sizes, np.random.default_rng(seed)
    )
    np.testing.assert_array_equal(training, np.zeros(len(sizes)))
    np.testing.assert_allclose(dev, [1 - size / m for size in sizes], atol=1e-15)


def test_the_examples_are_chosen_by_chance_and_a_smaller_set_is_part_of_a_larger():
    seen = []

    def watch(x, labels):
        seen.append((x[:, 0].tolist(), labels.tolist()))
        return lambda new: np.zeros(len(new))

    x, labels = np.arange(30.0)[:, None], np.arange(30)
    learning_curve(watch, x, labels, x, labels, [20, 5, 30], np.random.default_rng(7))
    order = np.random.default_rng(7).permutation(30)
    for size, (rows, their_labels) in zip((20, 5, 30), seen, strict=True):
        assert their_labels == rows == order[:size].tolist()
    assert seen[0][0] != sorted(seen[0][0])


def test_labels_reach_the_learner_as_the_numbers_that_they_are():
    def check(x, labels):
        assert labels.dtype.kind == "i"
        return lambda new: np.bincount(labels, minlength=9)[: len(new)] * 0

    learning_curve(check, np.ones((3, 1)), [0, 1, 2], np.ones((2, 1)), [0, 1], [2], RNG)


def test_training_error_is_that_of_the_chosen_and_dev_error_that_of_all_dev():
    def always_one(x, labels):
        return lambda new: np.ones(len(new))

    training, dev = learning_curve(
        always_one, np.ones((4, 1)), [1, 1, 1, 1], np.ones((5, 1)), [1, 0, 0, 0, 0], [1, 4], RNG
    )
    assert training.tolist() == [0, 0] and dev.tolist() == [0.8, 0.8]
    training, dev = learning_curve(always_one, np.ones((1, 1)), [0], np.ones((1, 1)), [1], [1], RNG)
    assert training.tolist() == [1] and dev.tolist() == [0]
    assert learning_curve(always_one, [[1]], [0], [[1]], [1], [], RNG)[0].shape == (0,)


# Polynomials


@given(arrays(4, -3, 3), arrays((2, 3), -2, 2))
def test_a_polynomial_is_the_sum_of_its_powers(theta, x):
    found = call_without_writing(polynomial, x, theta)
    wanted = theta[0] + theta[1] * x + theta[2] * x * x + theta[3] * x * x * x
    np.testing.assert_allclose(found, wanted, atol=1e-12)
    assert polynomial(2, [1, 0, 3]) == 13


@given(st.integers(0, 5), arrays(6, -2, 2))
def test_the_fit_of_a_polynomial_is_itself_and_its_residual_stands_on_the_powers(degree, theta):
    x = np.linspace(-1, 1, 9)
    found = call_without_writing(fit_polynomial, x, polynomial(x, theta[: degree + 1]), degree)
    np.testing.assert_allclose(found, theta[: degree + 1], atol=1e-9)
    y = np.cos(7 * x)
    residual = y - polynomial(x, fit_polynomial(x, y, degree))
    np.testing.assert_allclose([residual @ x**k for k in range(degree + 1)], 0, atol=1e-12)


def test_the_fit_agrees_with_numpys_own():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 30))
    for degree in range(7):
        wanted = np.polynomial.Polynomial.fit(x, y, degree).convert().coef
        np.testing.assert_allclose(fit_polynomial(x, y, degree), wanted, rtol=1e-8, atol=1e-10)


# The two terms


@given(arrays((5, 3), -3, 3), arrays(3, -3, 3))
def test_the_terms_sum_to_the_mean_squared_distance(predictions, truth):
    bias, variance = call_without_writing(decompose, predictions, truth)
    total = np.mean((predictions - truth) ** 2)
    assert bias + variance == pytest.approx(total, rel=1e-12, abs=1e-12)
    assert bias >= 0 and variance >= 0


@given(arrays((5, 3), -3, 3), arrays(3, -3, 3), floats(-5, 5))
def test_a_shift_of_all_predictions_is_bias_alone(predictions, truth, shift):
    _, variance = decompose(predictions, truth)
    bias, shifted = decompose(predictions + shift, truth)
    assert shifted == pytest.approx(variance, abs=1e-10)
    mean = predictions.mean(axis=0) + shift - truth
    assert bias == pytest.approx(np.mean(mean**2), abs=1e-10)


def test_one_training_set_has_no_variance_and_a_perfect_mean_no_bias():
    assert decompose([[1, 2]], [0, 0]) == (2.5, 0.0)
    assert decompose([[-1, 3], [1, 1]], [0, 2]) == (0.0, 1.0)


@pytest.mark.parametrize("degree", [0, 1, 3, 6])
def test_measured_over_many_training_sets_the_terms_are_the_expected_ones(degree):
    x = np.linspace(-1, 1, 15)
    truth, noise, rng = np.exp(x) * np.sin(4 * x), 0.4, np.random.default_rng(degree)
    targets = truth + noise * rng.normal(size=(3000, 15))
    fits = np.array([polynomial(x, fit_polynomial(x, y, degree)) for y in targets])
    bias, variance = decompose(fits, truth)
    exact_bias, exact_variance = expected_terms(x, truth, degree, noise)
    assert bias == pytest.approx(exact_bias, abs=0.003)
    assert variance == pytest.approx(exact_variance, rel=0.05)
    # what the chapter derives from them: errors in training and on new targets
    new = truth + noise * rng.normal(size=(3000, 15))
    middle = noise**2 + exact_bias
    assert np.mean((targets - fits) ** 2) == pytest.approx(middle - exact_variance, rel=0.03)
    assert np.mean((new - fits) ** 2) == pytest.approx(middle + exact_variance, rel=0.03)


@given(arrays(6, -3, 3), floats(0, 3), st.integers(0, 5))
def test_the_bias_is_what_the_best_fit_of_the_truth_misses(truth, noise, degree):
    x = np.array([-2, -1.1, 0, 0.4, 1.5, 2])
    bias, variance = call_without_writing(expected_terms, x, truth, degree, noise)
    missed = polynomial(x, fit_polynomial(x, truth, degree)) - truth
    assert bias == pytest.approx(np.mean(missed**2), abs=1e-9)
    assert variance == pytest.approx((degree + 1) / 6 * noise**2)


def test_with_a_degree_more_the_bias_never_grows_and_the_variance_always_does():
    x = np.linspace(-1, 1, 12)
    terms = np.array([expected_terms(x, np.sin(3 * x + 1), n, 0.3) for n in range(12)])
    assert np.all(np.diff(terms[:, 0]) <= 1e-15)
    np.testing.assert_allclose(np.diff(terms[:, 1]), 0.09 / 12)
    np.testing.assert_allclose(terms[-1], [0, 0.09], atol=1e-15)  # it goes through every point


def test_points_that_repeat_count_for_the_variance_but_not_for_the_degree():
    x = [0, 0, 1, 1]
    assert expected_terms(x, [0, 0, 1, 1], 1, 1) == (pytest.approx(0, abs=1e-30), 0.5)
    with pytest.raises(ValueError, match="different points, 2, got 2"):
        fit_polynomial(x, x, 2)


# The floor

RANGES = {identity: (-INF, INF), relu: (0, INF), sigmoid: (0, 1), tanh: (-1, 1)}


@given(arrays((4, 2), -3, 3), arrays((4, 2), -20, 20), st.sampled_from(list(RANGES)))
def test_no_output_of_an_activation_costs_less_than_its_floor(target, scores, activation):
    floor = call_without_writing(cost_floor, target, *RANGES[activation])
    assert squared_error(activation(scores), target) >= floor - 1e-12


@given(arrays((4, 2), -3, 3), floats(-2, 2), floats(0, 3))
def test_the_floor_is_the_cost_of_the_nearest_point_in_reach(target, low, width):
    high = low + width
    total = sum(max(low - t, t - high, 0) ** 2 / 2 for t in target.ravel().tolist())
    assert cost_floor(target, low, high) == pytest.approx(total / 4, abs=1e-12)


def test_inside_the_bounds_there_is_no_floor_and_one_example_needs_no_second_axis():
    assert cost_floor([[0], [1]], 0, 1) == 0
    assert cost_floor([2, 3], 0, 1) == cost_floor([[2, 3]], 0, 1) == 2.5
    assert cost_floor([2], 1, 1) == 0.5


def test_trap_12_one_number_is_a_python_float():
    single = np.array([0.5, 1], np.float32)
    assert type(error_rate(single, single)) is float
    assert type(cost_floor(single, 0, 1)) is float
    assert type(polynomial(1, single)) is float
    for pair in (
        decompose(single[None], single),
        expected_terms(single, single, 0, 0.1),
        error_gaps(np.float32(1), 2, 3),
    ):
        assert [type(part) for part in pair] == [float, float]
    assert type(diagnose(1, 2, 3, 4, 5)) is str


def test_float32_stays_float32():
    x = np.linspace(0, 1, 5, dtype=np.float32)
    assert fit_polynomial(x, x, 1).dtype == np.float32
    assert polynomial(x, np.ones(2, np.float32)).dtype == np.float32
    assert fit_polynomial([0, 1], [0, 1], 1).dtype == np.float64


# Wrong calls

RNG = np.random.default_rng(0)
ONE, TWO = np.ones((1, 1)), np.ones((2, 1))


def zero(x, labels):
    return lambda new: np.zeros(len(new))


def curve(fit=zero, x=TWO, labels=(0, 1), x_dev=ONE, labels_dev=(0,), sizes=(1,), rng=RNG):
    return (fit, x, labels, x_dev, labels_dev, sizes, rng)


# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name, more in (("error_gaps", ()), ("diagnose", (5, 5)), ("next_steps", (5, 5)))
        for row in [
            (name, ("1", 1, 1, *more), {}, TypeError, "training_error must be a number, got str"),
            (name, (-1, 1, 1, *more), {}, ValueError, "training_error must be .* got -1"),
            (name, (1, NAN, 1, *more), {}, ValueError, "dev_error must be finite .* got nan"),
            (name, (1, 1, None, *more), {}, TypeError, "optimal_error must be .* got None"),
        ]
    ),
    *(
        row
        for name in ("diagnose", "next_steps")
        for row in [
            (name, (1, 1, 1, -1, 5), {}, ValueError, "bias_threshold must be .* got -1"),
            (name, (1, 1, 1, [5], 5), {}, TypeError, "bias_threshold must be a number, got list"),
            (name, (1, 1, 1, 5, INF), {}, ValueError, "variance_threshold must be .* got inf"),
        ]
    ),
    ("error_rate", ("a", [1]), {}, TypeError, "labels must hold real numbers, got str"),
    ("error_rate", ([], []), {}, ValueError, r"labels must hold at least .* got shape \(0,\)"),
    ("error_rate", ([[1]], [1]), {}, ValueError, r"labels must have .* got shape \(1, 1\)"),
    ("error_rate", ([1], [NAN]), {}, ValueError, "predicted must be finite, got nan"),
    ("error_rate", ([1], [1, 1]), {}, ValueError, r"predicted must have .* got shape \(2,\)"),
    *(
        ("learning_curve", args, {}, exception, message)
        for args, exception, message in [
            (curve(fit=lambda x, y: 3), TypeError, "fit must return a function of x, got 3"),
            (
                curve(fit=lambda x, y: lambda new: 0),
                ValueError,
                r"fit must return .* each row, \(1,\), got shape \(\)",
            ),
            (curve(x=[1]), ValueError, r"x must have shape \(m, n\), got shape \(1,\)"),
            (curve(x="a"), TypeError, "x must hold real numbers, got str"),
            (curve(labels=[0]), ValueError, r"labels must have .* row of x, 2, got shape \(1,\)"),
            (curve(labels=[0, INF]), ValueError, "labels must be finite, got inf"),
            (curve(x_dev=np.ones((1, 2))), ValueError, r"x_dev must have 1 col.* \(1, 2\)"),
            (curve(labels_dev=[0, 1]), ValueError, r"labels_dev must have .* got shape \(2,\)"),
            (curve(sizes=2), TypeError, "sizes must be a list of whole numbers, got int 2"),
            (curve(sizes=[0]), ValueError, "sizes must be at least 1, got 0"),
            (curve(sizes=[1.0]), TypeError, "sizes must be a whole number, got float"),
            (curve(sizes=[3]), ValueError, "sizes must be at most 2, got 3"),
            (curve(rng=0), TypeError, "rng must be a numpy.random.Generator, got 0"),
        ]
    ),
    ("fit_polynomial", ("a", [1], 0), {}, TypeError, "x must hold real numbers, got str"),
    ("fit_polynomial", ([], [], 0), {}, ValueError, r"x must hold at least .* got shape \(0,\)"),
    ("fit_polynomial", ([1], [1, 2], 0), {}, ValueError, r"y must have .* got shape \(2,\)"),
    ("fit_polynomial", ([1], [NAN], 0), {}, ValueError, "y must be finite, got nan"),
    ("fit_polynomial", ([1, 2], [1, 2], -1), {}, ValueError, "degree must be .* 0, got -1"),
    ("fit_polynomial", ([1, 2], [1, 2], 1.0), {}, TypeError, "degree must be .* got float"),
    ("fit_polynomial", ([1, 1], [1, 2], 1), {}, ValueError, "degree must be .* 1, got 1"),
    ("polynomial", ("a", [1]), {}, TypeError, "x must hold real numbers, got str"),
    ("polynomial", ([INF], [1]), {}, ValueError, "x must be finite, got inf"),
    ("polynomial", (1, 1), {}, ValueError, r"theta must have shape \(n,\), got shape \(\)"),
    ("polynomial", (1, []), {}, ValueError, r"theta must hold at least .* got shape \(0,\)"),
    ("decompose", ("a", [1]), {}, TypeError, "predictions must hold real numbers, got str"),
    ("decompose", ([1], [1]), {}, ValueError, r"predictions must have .* got shape \(1,\)"),
    ("decompose", ([[]], []), {}, ValueError, r"predictions must hold .* got shape \(1, 0\)"),
    ("decompose", ([[1, 2]], [1]), {}, ValueError, r"truth must have one .* 2 .* \(1,\)"),
    ("decompose", ([[1]], [INF]), {}, ValueError, "truth must be finite, got inf"),
    ("expected_terms", ("a", [1], 0, 1), {}, TypeError, "x must hold real numbers, got str"),
    ("expected_terms", ([[1]], [1], 0, 1), {}, ValueError, r"x must have .* got shape \(1, 1\)"),
    ("expected_terms", ([1], [1, 2], 0, 1), {}, ValueError, r"truth must have .* shape \(2,\)"),
    ("expected_terms", ([1], [1], 1, 1), {}, ValueError, "degree must be smaller .* 1, got 1"),
    ("expected_terms", ([1], [1], None, 1), {}, TypeError, "degree must be .* got NoneType"),
    ("expected_terms", ([1], [1], 0, -1), {}, ValueError, "noise must be .* 0, got -1"),
    ("expected_terms", ([1], [1], 0, "1"), {}, TypeError, "noise must be a number, got str"),
    ("cost_floor", ("a", 0, 1), {}, TypeError, "target must hold real numbers, got str"),
    ("cost_floor", ([], 0, 1), {}, ValueError, r"target must have .* got shape \(0,\)"),
    ("cost_floor", (1, 0, 1), {}, ValueError, r"target must have .* got shape \(\)"),
    ("cost_floor", ([NAN], 0, 1), {}, ValueError, "target must be finite, got nan"),
    ("cost_floor", ([1], "0", 1), {}, TypeError, "low must be a number, got '0'"),
    ("cost_floor", ([1], NAN, 1), {}, ValueError, "low must be a number or infinite, got nan"),
    ("cost_floor", ([1], 2, 1), {}, ValueError, "low must not lie above high, 1.0, got 2.0"),
    ("cost_floor", ([1], 0, True), {}, TypeError, "high must be a number, got True"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(bias_variance, name, args, kwargs, exception, message)
