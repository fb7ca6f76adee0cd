"""Input normalization: scale and back, constants, curvatures, closed forms, wrong calls."""

from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import (
    arrays,
    assert_same,
    call_without_writing,
    check_wrong_call,
    floats,
    ids,
    no_warnings,
)
from textbook import input_normalization
from textbook.activations import identity
from textbook.backprop import squared_error, train
from textbook.datasets import load_digits, load_temperatures
from textbook.gradient_checking import numerical_gradient
from textbook.input_normalization import (
    best_learning_rate,
    condition_number,
    excess_cost,
    fit,
    fold_into_weights,
    hessian,
    inverse_transform,
    steps_to_converge,
    transform,
)
from textbook.logistic_regression import add_intercept
from textbook.optima import numerical_hessian
from textbook.softmax_regression import predict


@st.composite
def batches(draw, rows=7):
    """Draw examples whose features have means and spreads of very different sizes."""
    m, n = draw(st.integers(2, rows)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    powers = 10.0 ** rng.integers(-3, 4, size=(2, n))
    return powers[0] * rng.normal(size=n) + powers[1] * rng.normal(size=(m, n))


@st.composite
def bowls(draw, largest=4):
    """Draw a Hessian by its curvatures, with the start's distance from the minimum."""
    n = draw(st.integers(1, largest))
    curvatures = draw(arrays(n, 0.1, 10))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    directions, _ = np.linalg.qr(rng.normal(size=(n, n)))
    h = directions @ np.diag(curvatures) @ directions.T
    return (h + h.T) / 2, curvatures, rng.normal(size=n)


# Scale and back


@given(batches())
def test_the_training_set_gets_mean_0_and_variance_1(x):
    mean, std = call_without_writing(fit, x)
    standardized = call_without_writing(transform, x, mean, std)
    assert standardized.shape == x.shape
    # the mean is known to some digits of itself, which are more when told in spreads
    doubt = 1e-14 * np.abs(x).max(axis=0) / std
    assert np.all(np.abs(standardized.mean(axis=0)) < doubt + 1e-14)
    np.testing.assert_allclose(np.mean(standardized**2, axis=0), 1, atol=doubt.max() + 1e-12)


@given(batches())
def test_mean_and_spread_are_those_of_the_formula(x):
    mean, std = fit(x)
    by_formula = x.sum(axis=0) / len(x)
    np.testing.assert_allclose(mean, by_formula, rtol=1e-12, atol=1e-12 * np.abs(x).max())
    squares = ((x - by_formula) ** 2).sum(axis=0) / len(x)
    np.testing.assert_allclose(std, np.sqrt(squares), rtol=1e-9)


@given(batches(), st.integers(0, 999))
def test_the_inverse_undoes_the_transform_for_other_examples_too(x, seed):
    scale = fit(x)
    other = x[:1] + np.random.default_rng(seed).normal(size=(3, x.shape[1])) * scale[1]
    there = transform(other, *scale)
    back = call_without_writing(inverse_transform, there, *scale)
    np.testing.assert_allclose(back, other, rtol=1e-12, atol=1e-12 * np.abs(x).max())
    np.testing.assert_allclose(transform(back, *scale), there, atol=1e-8)


@given(batches(), floats(0.1, 10), floats(-100, 100))
def test_the_unit_does_not_matter_and_its_direction_does(x, factor, shift):
    wanted = transform(x, *fit(x))
    # a constant of 100 costs digits where the spread is small
    atol = 1e-13 * ((np.abs(x).max() + 1000) / fit(x)[1].min()) + 1e-12
    for sign in (1, -1):
        other = sign * factor * x + shift
        np.testing.assert_allclose(transform(other, *fit(other)), sign * wanted, atol=atol)


def test_a_test_set_is_measured_by_the_training_set_and_moves_no_number_of_it():
    mean, std = fit([[2], [4], [4], [4], [5], [5], [7], [9]])
    assert (mean.tolist(), std.tolist()) == ([5], [2])
    assert transform([[11], [13]], mean, std).tolist() == [[3], [4]]
    assert transform([[11]], mean, std).tolist() == [[3]]
    own = fit([[11], [13]])
    assert transform([[11], [13]], *own).tolist() == [[-1], [1]]


def test_a_transformed_example_does_not_depend_on_its_companions():
    images, _ = load_digits()
    pixels = images.reshape(len(images), -1)
    scale = fit(pixels[:1200])
    together = transform(pixels[1200:1300], *scale)
    for i in range(100):
        assert_same(transform(pixels[[1200 + i]], *scale), together[[i]], rtol=0, atol=0)


# Constant features


@pytest.mark.parametrize("value", [0, 0.1, -36.6, 1e-300, 1e300, 7])
@pytest.mark.parametrize("m", [1, 2, 3, 10, 1000])
def test_a_constant_feature_has_spread_0_exactly_and_becomes_0_exactly(value, m):
    x = np.full((m, 1), value, np.float64)
    mean, std = fit(x)
    assert (mean.tolist(), std.tolist()) == ([value], [0])
    assert not transform(x, mean, std).any()
    assert_same(inverse_transform(np.zeros((m, 1)), mean, std), x, rtol=0, atol=0)


def test_a_constant_feature_that_changes_later_is_told_in_its_own_unit():
    mean, std = fit([[300], [300]])
    assert transform([[302], [299.5]], mean, std).tolist() == [[2], [-0.5]]
    assert inverse_transform([[2], [-0.5]], mean, std).tolist() == [[302], [299.5]]
    assert fold_into_weights([1, 4], mean, std).tolist() == [1 - 4 * 300, 4]


def test_one_example_is_all_constants():
    mean, std = fit([[3, -2]])
    assert (mean.tolist(), std.tolist()) == ([3, -2], [0, 0])


@pytest.mark.parametrize("scale", [1e-130, 1e-9, 1, 1e9, 1e130])
def test_a_feature_that_changes_is_not_taken_for_a_constant(scale):
    x = scale * np.array([[1.0], [2], [4], [5]])
    with no_warnings():
        mean, std = fit(x)
        standardized = transform(x, mean, std)
    assert mean[0] == pytest.approx(3 * scale, rel=1e-14)
    assert std[0] == pytest.approx(np.sqrt(2.5) * scale, rel=1e-14)
    np.testing.assert_allclose(standardized[:, 0], np.array([-2, -1, 1, 2]) / np.sqrt(2.5))


def test_a_small_spread_far_from_0_is_found():
    mean, std = fit(1e9 + np.array([[0.0], [0.25], [0.75], [1]]))
    assert (mean[0], std[0]) == (1e9 + 0.5, pytest.approx(np.sqrt(0.15625), rel=1e-14))


def test_blank_pixels_stay_finite_and_rare_ones_get_large():
    images, _ = load_digits()
    pixels = images.reshape(len(images), -1)
    standardized = transform(pixels, *fit(pixels))
    assert np.isfinite(standardized).all()
    assert np.flatnonzero(~standardized.any(axis=0)).tolist() == [0, 32, 39]
    assert 42 < standardized.max() < 43


# Weights


@given(batches(), st.integers(0, 3), st.integers(0, 999))
def test_folded_weights_score_raw_features_alike(x, classes, seed):
    rng = np.random.default_rng(seed)
    shape = (x.shape[1] + 1, classes) if classes else (x.shape[1] + 1,)
    theta = rng.normal(size=shape)
    scale = fit(x)
    folded = call_without_writing(fold_into_weights, theta, *scale)
    assert folded.shape == shape
    doubt = 1e-13 * (1 + np.abs(x).max() / scale[1].min())
    wanted = add_intercept(transform(x, *scale)) @ theta
    np.testing.assert_allclose(add_intercept(x) @ folded, wanted, atol=doubt)


def test_a_folded_model_reads_raw_digits_alike():
    images, _ = load_digits()
    pixels = images.reshape(len(images), -1)
    theta = np.random.default_rng(0).normal(size=(65, 10))
    scale = fit(pixels[:1000])
    wanted = predict(add_intercept(transform(pixels, *scale)), theta)
    folded = fold_into_weights(theta, *scale)
    assert predict(add_intercept(pixels), folded).tolist() == wanted.tolist()


# Curvatures


@given(batches(rows=5), st.integers(0, 999))
def test_the_hessian_is_that_of_the_squared_error(x, seed):
    x = x / np.abs(x).max()
    y = np.random.default_rng(seed).normal(size=(len(x), 1))

    def cost(theta):
        return squared_error((x @ theta)[:, np.newaxis], y)

    by_trying = numerical_hessian(cost, np.ones(x.shape[1]), h=1e-2)
    np.testing.assert_allclose(call_without_writing(hessian, x), by_trying, atol=1e-9)


@given(batches())
def test_the_hessian_of_standardized_features_holds_their_correlations(x):
    if len(x) < 3 or x.shape[1] < 2:
        return
    h = hessian(transform(x, *fit(x)))
    np.testing.assert_allclose(h, np.corrcoef(x.T), atol=1e-6)


@given(floats(-100, 100), floats(0.1, 10))
def test_one_feature_with_an_intercept(mean, std):
    x = mean + std * np.array([[-1], [1]])
    wanted = [[1, mean], [mean, mean**2 + std**2]]
    np.testing.assert_allclose(hessian(add_intercept(x)), wanted, rtol=1e-12, atol=1e-12)
    assert condition_number(hessian(add_intercept(transform(x, *fit(x))))) == pytest.approx(1)


@given(bowls(), floats(1e-3, 1e3))
def test_the_condition_number_is_the_ratio_of_the_curvatures_in_any_unit(bowl, factor):
    h, curvatures, _ = bowl
    wanted = curvatures.max() / curvatures.min()
    assert call_without_writing(condition_number, h) == pytest.approx(wanted, rel=1e-10)
    assert condition_number(factor * h) == pytest.approx(wanted, rel=1e-10)
    assert wanted == pytest.approx(np.linalg.cond(h), rel=1e-10)


@pytest.mark.parametrize("h", [[[1, 0], [0, 0]], [[1, 1], [1, 1]], np.diag([5, 3, 1e-17])])
def test_a_flat_direction_makes_it_infinite(h):
    assert condition_number(h) == np.inf


@given(floats(-0.95, 0.95))
def test_two_standardized_features_with_a_correlation(rho):
    wanted = (1 + abs(rho)) / (1 - abs(rho))
    assert condition_number([[1, rho], [rho, 1]]) == pytest.approx(wanted, rel=1e-12)


def test_three_thermometers_and_the_fourth():
    _, highest, _ = load_temperatures()
    today = highest[:-1, np.newaxis]

    def steps(x):
        return steps_to_converge(condition_number(hessian(add_intercept(x))), 0.001)

    assert steps(today) == 5_639
    assert steps(1.8 * today + 32) == 294_901
    assert steps(today + 273.15) == pytest.approx(481_438_077, rel=1e-6)
    h = hessian(add_intercept(transform(today, *fit(today))))
    np.testing.assert_allclose(h, np.eye(2), atol=1e-14)


# Descent


def descend(h, offset, rate, steps):
    for _ in range(steps):
        offset = offset - rate * h @ offset
    return offset @ h @ offset / 2


@given(bowls(), floats(0.01, 0.3), st.integers(0, 30))
def test_the_closed_form_is_what_descent_does(bowl, rate, steps):
    h, _, offset = bowl
    found = call_without_writing(excess_cost, h, offset, rate, steps)
    np.testing.assert_allclose(found, descend(h, offset, rate, steps), rtol=1e-9, atol=1e-13)


def test_the_closed_form_is_what_backprop_does_to_a_linear_unit():
    rng = np.random.default_rng(0)
    x, y = rng.normal(2, 3, size=(20, 1)), rng.normal(size=(20, 1))
    with_ones = add_intercept(x)
    best = np.linalg.lstsq(with_ones, y[:, 0], rcond=None)[0]
    lowest = squared_error(with_ones @ best[:, np.newaxis], y)
    start = [np.zeros((1, 1))], [np.zeros(1)]
    _, _, costs = train(x, y, *start, 0.1, 50, [identity])
    found = excess_cost(hessian(with_ones), -best, 0.1, np.arange(51))
    np.testing.assert_allclose(found, costs - lowest, rtol=1e-9, atol=1e-14)


@given(bowls())
def test_a_first_small_step_gains_the_square_of_the_slope(bowl):
    h, _, offset = bowl
    slope = numerical_gradient(lambda v: float(v @ h @ v / 2), offset)
    start, after = excess_cost(h, offset, 1e-6, [0, 1])
    assert start == pytest.approx(offset @ h @ offset / 2, rel=1e-9)
    assert (start - after) / 1e-6 == pytest.approx(slope @ slope, rel=1e-3)


@given(bowls())
def test_at_the_best_rate_both_ends_shrink_alike_and_no_other_rate_is_better(bowl):
    h, curvatures, _ = bowl
    rate = call_without_writing(best_learning_rate, h)
    low, high = curvatures.min(), curvatures.max()
    condition = high / low
    assert 1 - rate * low == pytest.approx(rate * high - 1, abs=1e-10)
    assert 1 - rate * low == pytest.approx((condition - 1) / (condition + 1), abs=1e-10)

    def slowest(rate):
        return np.abs(1 - rate * curvatures).max()

    assert all(slowest(rate) <= slowest(factor * rate) for factor in (0.9, 0.999, 1.001, 1.1))
    assert rate < 2 / high + 1e-12


@given(floats(1.01, 1e4), floats(1e-6, 0.9))
def test_the_count_of_steps_is_the_first_that_is_enough(condition, tolerance):
    steps = steps_to_converge(condition, tolerance)
    factor = (condition - 1) / (condition + 1)
    assert factor**steps <= tolerance * (1 + 1e-9)
    assert factor ** (steps - 1) > tolerance * (1 - 1e-9)
    # along the flattest direction, where the share of the cost is the square of the distance's
    h = np.diag([1, 1 / condition])
    costs = excess_cost(h, [0, 1], best_learning_rate(h), [0, steps - 1, steps])
    assert costs[2] <= costs[0] * tolerance**2 * (1 + 1e-6)
    assert costs[1] > costs[0] * tolerance**2 * (1 - 1e-6)


def test_the_edges_of_the_count():
    assert steps_to_converge(1, 0.5) == 1
    assert steps_to_converge(1, 1) == steps_to_converge(50, 1) == 0
    assert steps_to_converge(1e15, 1e-3) == pytest.approx(1e15 / 2 * np.log(1000), rel=1e-9)
    assert type(steps_to_converge(2, 0.5)) is int


def test_a_rate_beyond_the_steepest_curvature_runs_away_and_below_it_does_not():
    h = np.diag([1, 10])
    with no_warnings():
        below = excess_cost(h, [1, 1], 0.199, [0, 100, 10_000, 1e9])
        beyond = excess_cost(h, [1, 1], 0.201, [0, 100, 10_000, 1e9])
        assert np.all(np.diff(below) <= 0)
        assert below[-1] == 0
        assert np.all(np.diff(beyond) > 0)
        assert beyond[-1] == np.inf
        # the steep direction does not matter to who has no distance along it
        assert excess_cost(h, [1, 0], 0.201, 1e9) == 0
        assert excess_cost(h, [0, 0], 1e300, 1e9) == 0


def test_a_flat_direction_costs_nothing_and_stays():
    assert excess_cost(np.diag([2, 0]), [1, 5], 0.25, [0, 1]).tolist() == [1, 0.25]
    assert best_learning_rate(np.diag([2, 0])) == 1


# Types and shapes


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_excess_costs_have_the_shape_of_the_steps(shape):
    costs = excess_cost(np.eye(2), [3, 4], 0.5, np.full(shape, 2))
    assert np.shape(costs) == shape
    assert type(costs) is (float if shape == () else np.ndarray)
    assert np.all(costs == 12.5 / 16)


def test_no_later_example_is_fine_and_no_training_example_is_not():
    assert transform(np.zeros((0, 2)), [1, 2], [3, 4]).shape == (0, 2)
    assert inverse_transform(np.zeros((0, 2)), [1, 2], [3, 4]).shape == (0, 2)
    with pytest.raises(ValueError, match="at least one example"):
        fit(np.zeros((0, 2)))


def test_integers_lists_and_layouts_give_the_same():
    x = [[1, 200], [2, 500], [6, 800]]
    wanted = transform(np.array(x, np.float64), *fit(np.array(x, np.float64)))
    for same in (x, np.array(x), np.array(x, np.uint16), np.asfortranarray(x)):
        standardized = transform(same, *fit(same))
        assert standardized.dtype == np.float64
        assert_same(standardized, wanted, rtol=1e-15)


def test_float32_stays_float32_and_is_summed_in_double_precision():
    rng = np.random.default_rng(0)
    x = (1000 + rng.normal(size=(200_000, 2))).astype(np.float32)
    mean, std = fit(x)
    assert mean.dtype == std.dtype == np.float32
    exact = x.astype(np.float64)
    np.testing.assert_allclose(mean, exact.mean(axis=0), rtol=1e-7)
    np.testing.assert_allclose(std, exact.std(axis=0), rtol=1e-6)
    assert transform(x[:2], mean, std).dtype == np.float32
    # a scale in double precision does not turn the examples into it
    assert transform(x[:2], *fit(exact)).dtype == np.float32
    assert inverse_transform(x[:2], *fit(exact)).dtype == np.float32
    assert fold_into_weights(np.ones(3, np.float32), *fit(exact)).dtype == np.float32
    assert hessian(x).dtype == np.float64


def test_trap_12_one_number_is_a_python_float():
    h = np.array([[2, 1], [1, 2]], np.float32)
    for number in (condition_number(h), best_learning_rate(h), excess_cost(h, [1, 1], 0.1, 3)):
        assert type(number) is float
    assert type(condition_number([[0, 0], [0, 1]])) is float


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("standard_scaler"), ids=itemgetter("name"))
def test_scale_and_transform_agree_with_scikit_learn(case, source):
    theirs = generate.expected(case, source)
    train_set, test_set = case["inputs"]["train"], case["inputs"]["test"]
    mean, std = fit(train_set)
    assert_same(mean, theirs["mean"])
    assert_same(std**2, theirs["variance"])
    assert_same(transform(train_set, mean, std), theirs["train"], rtol=1e-12)
    assert_same(transform(test_set, mean, std), theirs["test"], rtol=1e-12)


# Wrong calls

INF, NAN = np.inf, np.nan
ROW, ONE = [[1.0, 2.0]], [[1.0]]

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name in ("fit", "hessian")
        for row in [
            (name, ("a",), {}, TypeError, "x must hold real numbers, got str"),
            (name, ([1, 2],), {}, ValueError, r"x must have shape \(m, n\), got shape \(2,\)"),
            (name, (np.ones((0, 2)),), {}, ValueError, r"x must hold at .* got shape \(0, 2\)"),
            (name, (np.ones((2, 0)),), {}, ValueError, r"x must hold at .* got shape \(2, 0\)"),
            (name, ([[NAN]],), {}, ValueError, r"x must be finite, got nan at index \(0, 0\)"),
        ]
    ),
    ("fit", ([[-1e308], [1e308]],), {}, ValueError, "x must have .* got a range of inf"),
    ("fit", ([[1e141], [0]],), {}, ValueError, r"x must have .* got a range of 1.0e\+141"),
    ("fit", ([[1e-150], [0]],), {}, ValueError, "x must have .* got a range of 1.0e-150"),
    *(
        (name, args, {}, exception, message.replace("x", argument, 1))
        for name, argument in [("transform", "x"), ("inverse_transform", "standardized")]
        for args, exception, message in [
            (("a", [0], [1]), TypeError, "x must hold real numbers, got str"),
            (([1], [0], [1]), ValueError, r"x must have shape \(m, n\), got shape \(1,\)"),
            (([[INF]], [0], [1]), ValueError, "x must be finite, got inf"),
        ]
    ),
    *(
        (name, (x, *args), {}, exception, message)
        for name, x in [
            ("transform", ONE),
            ("inverse_transform", ONE),
            ("fold_into_weights", [1, 2]),
        ]
        for args, exception, message in [
            (("a", [1]), TypeError, "mean must hold real numbers, got str"),
            ((0, [1]), ValueError, r"mean must have shape \(n,\), got shape \(\)"),
            (([NAN], [1]), ValueError, "mean must be finite, got nan"),
            (([0], None), TypeError, "std must hold real numbers, got NoneType"),
            (([0], [1, 1]), ValueError, r"std must have the shape .* got shape \(2,\)"),
            (([0], [INF]), ValueError, "std must be finite, got inf"),
            (([0], [-1]), ValueError, "std must not be negative, got -1.0"),
        ]
    ),
    ("transform", (ROW, [0], [1]), {}, ValueError, r"mean must .* of x, shape \(2,\), got"),
    ("inverse_transform", (ROW, [0], [1]), {}, ValueError, "mean must .* of standardized, .* got"),
    ("fold_into_weights", ("a", [0], [1]), {}, TypeError, "theta must hold real numbers, got str"),
    ("fold_into_weights", ([NAN, 1], [0], [1]), {}, ValueError, "theta must be finite, got nan"),
    ("fold_into_weights", ([1], [0], [1]), {}, ValueError, r"theta must have an .* \(2,\) or"),
    ("fold_into_weights", (1, [], []), {}, ValueError, r"theta must .* got shape \(\)"),
    (
        *("fold_into_weights", (np.ones((2, 1, 1)), [0], [1]), {}, ValueError),
        r"theta must .* got shape \(2, 1, 1\)",
    ),
    *(
        (name, (h, *rest), {}, exception, message)
        for name, rest in [
            ("condition_number", ()),
            ("best_learning_rate", ()),
            ("excess_cost", ([1, 1], 0.1, 1)),
        ]
        for h, exception, message in [
            ("a", TypeError, "hessian must hold real numbers, got str"),
            ([1, 2], ValueError, r"hessian must have shape \(n, n\), got shape \(2,\)"),
            ([[1, 2]], ValueError, r"hessian must have .* got shape \(1, 2\)"),
            (np.zeros((0, 0)), ValueError, r"hessian must have .* got shape \(0, 0\)"),
            (np.zeros((2, 2)), ValueError, r"hessian must have .* other than 0, got shape \(2, 2"),
            ([[NAN]], ValueError, "hessian must be finite, got nan"),
            ([[1, 2], [0, 9]], ValueError, "hessian must be symmetric, got differences of 2"),
            ([[1, 2], [2, 1]], ValueError, "hessian must have no negative eigenvalue, got -1"),
        ]
    ),
    *(
        ("excess_cost", (np.eye(2), *args), {}, exception, message)
        for args, exception, message in [
            (("a", 0.1, 1), TypeError, "offset must hold real numbers, got str"),
            (([1], 0.1, 1), ValueError, r"offset must have one .* \(2,\), got shape \(1,\)"),
            (([1, INF], 0.1, 1), ValueError, "offset must be finite, got inf"),
            (([1, 1], 0, 1), ValueError, "learning_rate must be finite and above 0, got 0"),
            (([1, 1], "1", 1), TypeError, "learning_rate must be a number, got str"),
            (([1, 1], 0.1, -1), ValueError, "steps must be at least 0, got -1"),
            (([1, 1], 0.1, [1, INF]), ValueError, "steps must be finite, got inf"),
            (([1, 1], 0.1, "a"), TypeError, "steps must hold real numbers, got str"),
        ]
    ),
    ("steps_to_converge", (0.9, 0.1), {}, ValueError, "condition must be .* at least 1, got 0.9"),
    ("steps_to_converge", (INF, 0.1), {}, ValueError, "condition must be finite .* got inf"),
    ("steps_to_converge", ("2", 0.1), {}, TypeError, "condition must be a number, got str"),
    ("steps_to_converge", (2, 0), {}, ValueError, "tolerance must be .* above 0 .* got 0"),
    ("steps_to_converge", (2, 1.5), {}, ValueError, "tolerance must be .* at most 1, got 1.5"),
    ("steps_to_converge", (2, None), {}, TypeError, "tolerance must be a number, got None"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(input_normalization, name, args, kwargs, exception, message)
