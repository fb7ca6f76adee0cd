"""Logistic regression: boundaries, losses, maximum likelihood, gradient, descent, wrong calls."""

import itertools
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
from textbook import logistic_regression
from textbook.activations import sigmoid
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.logistic_regression import (
    add_intercept,
    boundary_line,
    cost,
    gradient,
    gradient_descent,
    likelihood,
    loss,
    predict,
    probability,
    quadratic_features,
    sample_labels,
    squared_loss,
)

LINE, CIRCLE = [-3, 1, 1], [-1, 0, 0, 1, 1]
GRID = np.stack(np.meshgrid(np.arange(-90, 91), np.arange(-90, 91)), axis=-1).reshape(-1, 2)
GRID.setflags(write=False)


@st.composite
def problems(draw, max_examples=6, max_features=3):
    """Draw x with its column of ones, labels, theta and lambda."""
    m, n = draw(st.integers(1, max_examples)), draw(st.integers(1, max_features))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    x = np.column_stack([np.ones(m), rng.normal(size=(m, n))])
    y = rng.integers(0, 2, size=m).astype(float)
    return x, y, rng.normal(size=n + 1), draw(floats(0, 10))


# The boundaries of the notes


def test_the_prediction_is_1_on_and_above_the_line_x1_plus_x2_equals_3():
    labels = predict(add_intercept(GRID), LINE)
    np.testing.assert_array_equal(labels, GRID.sum(axis=1) >= 3)
    assert labels.dtype == np.int_


def test_the_prediction_is_1_on_and_outside_the_circle():
    x = GRID / 64.0  # exact in binary, so that the points on the circle are on it
    np.testing.assert_array_equal(predict(quadratic_features(x), CIRCLE), np.sum(x**2, axis=1) >= 1)


@given(problems())
def test_predicting_1_means_a_probability_of_at_least_one_half(problem):
    x, _, theta, _ = problem
    np.testing.assert_array_equal(predict(x, theta), probability(x, theta) >= 0.5)


def test_the_probability_on_the_boundary_is_one_half():
    x1 = np.linspace(-5, 5, 11)
    on_the_line = add_intercept(np.column_stack([x1, boundary_line(LINE, x1)]))
    np.testing.assert_array_equal(probability(on_the_line, LINE), np.full(11, 0.5))


@given(arrays(3).filter(lambda theta: abs(theta[2]) > 0.01), arrays((2, 2)))
def test_the_boundary_line_is_where_the_score_is_0(theta, x1):
    x2 = call_without_writing(boundary_line, theta, x1)
    assert x2.shape == x1.shape
    np.testing.assert_allclose(theta[0] + theta[1] * x1 + theta[2] * x2, 0, atol=1e-12)


@given(problems())
def test_the_probability_is_the_formula_example_by_example(problem):
    x, _, theta, _ = problem
    one_by_one = [
        1 / (1 + np.exp(-sum(t * x_j for t, x_j in zip(theta, row, strict=True)))) for row in x
    ]
    np.testing.assert_allclose(probability(x, theta), one_by_one, rtol=1e-13)


@given(arrays((3, 2)))
def test_the_features_are_1_then_x_then_its_squares(x):
    np.testing.assert_array_equal(
        quadratic_features(x), [[1, a, b, a * a, b * b] for a, b in x.tolist()]
    )
    np.testing.assert_array_equal(add_intercept(x), [[1, a, b] for a, b in x.tolist()])


# The losses


@pytest.mark.parametrize(("h", "y"), [(1, 1), (0, 0)])
def test_right_and_sure_costs_nothing_and_not_minus_nothing(h, y):
    assert (loss(h, y), squared_loss(h, y)) == (0, 0)
    assert not np.signbit(loss(h, y))


@pytest.mark.parametrize(("h", "y"), [(0, 1), (1, 0)])
def test_sure_and_wrong_costs_infinitely_much_or_only_1_and_no_warning(h, y):
    with no_warnings():
        assert (loss(h, y), squared_loss(h, y)) == (np.inf, 1)


def test_the_loss_grows_without_bound_and_the_squared_loss_does_not():
    assert round(loss(1e-300, 1), 1) == 690.8
    assert squared_loss(1e-300, 1) == 1


def test_far_on_the_wrong_side_only_the_logarithm_still_pushes():
    z = np.array([-10.0])
    by_square = numerical_gradient(lambda z: squared_loss(sigmoid(z), [1])[0], z)
    by_logarithm = numerical_gradient(lambda z: loss(sigmoid(z), [1])[0], z)
    assert f"{by_square[0]:.2e}" == "-9.08e-05"
    assert round(by_logarithm[0], 4) == -1


@pytest.mark.parametrize("f", [loss, squared_loss])
@given(h=arrays(5, 0, 1))
def test_the_curve_for_0_is_the_curve_for_1_in_the_mirror(f, h):
    np.testing.assert_allclose(f(h, np.zeros(5)), f(1 - h, np.ones(5)), rtol=1e-15, atol=1e-15)


def test_the_loss_is_convex_in_the_score_and_the_squared_loss_is_not():
    z = np.linspace(-6, 6, 61)
    bend = {f: np.diff(f(sigmoid(z), np.ones(61)), 2) for f in (loss, squared_loss)}
    assert np.all(bend[loss] > 0)
    assert bend[squared_loss].min() < -1e-4


@pytest.mark.parametrize("f", [loss, squared_loss])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_a_loss_has_the_shape_of_the_probabilities(f, shape):
    result = call_without_writing(f, np.full(shape, 0.25), np.ones(shape))
    assert np.shape(result) == shape
    assert type(result) is (float if shape == () else np.ndarray)


# Cost, likelihood and gradient


@given(problems())
def test_the_cost_is_the_mean_loss_and_minus_the_mean_log_likelihood(problem):
    x, y, theta, _ = problem
    j = cost(x, y, theta)
    assert j == pytest.approx(np.mean(loss(probability(x, theta), y)), rel=1e-12)
    assert j == pytest.approx(-np.log(likelihood(x, y, theta)) / len(y), rel=1e-12)


@given(problems())
def test_the_likelihoods_of_all_possible_labels_sum_to_1(problem):
    x, _, theta, _ = problem
    m = len(x)
    every_label = (np.arange(2**m)[:, None] >> np.arange(m)) & 1
    assert sum(likelihood(x, y, theta) for y in every_label) == pytest.approx(1, rel=1e-12)


@given(problems())
def test_the_penalty_is_lambda_over_2m_times_the_squares_without_the_intercept(problem):
    x, y, theta, regularization = problem
    penalty = regularization / (2 * len(y)) * sum(t * t for t in theta[1:])
    assert cost(x, y, theta, regularization) == pytest.approx(cost(x, y, theta) + penalty)


@given(problems())
def test_the_gradient_is_the_limit_of_differences(problem):
    x, y, theta, regularization = problem
    found = call_without_writing(gradient, x, y, theta, regularization)
    numerical = numerical_gradient(lambda theta: cost(x, y, theta, regularization), theta)
    assert relative_error(found, numerical) <= 1e-8


@given(problems())
def test_the_gradient_is_the_mean_of_error_times_example(problem):
    x, y, theta, _ = problem
    one_by_one = [
        (h - label) * row for h, label, row in zip(probability(x, theta), y, x, strict=True)
    ]
    np.testing.assert_allclose(gradient(x, y, theta), np.mean(one_by_one, axis=0), atol=1e-15)
    single = [gradient([row], [label], theta) for row, label in zip(x, y, strict=True)]
    np.testing.assert_allclose(gradient(x, y, theta), np.mean(single, axis=0), atol=1e-15)


@given(problems())
def test_the_penalty_adds_lambda_over_m_times_theta_and_nothing_to_the_intercept(problem):
    x, y, theta, regularization = problem
    pull = gradient(x, y, theta, regularization) - gradient(x, y, theta)
    np.testing.assert_allclose(pull[1:], regularization / len(y) * theta[1:], atol=1e-14)
    assert pull[0] == 0


@given(problems())
def test_the_intercepts_slope_is_how_far_the_mean_prediction_is_off(problem):
    x, y, theta, regularization = problem
    off = np.mean(probability(x, theta)) - np.mean(y)
    assert gradient(x, y, theta, regularization)[0] == pytest.approx(off, abs=1e-15)


@given(problems())
def test_naming_the_classes_the_other_way_round_turns_theta_round(problem):
    x, y, theta, regularization = problem
    assert cost(x, 1 - y, -theta, regularization) == pytest.approx(
        cost(x, y, theta, regularization)
    )
    assert_same(gradient(x, 1 - y, -theta, regularization), -gradient(x, y, theta, regularization))


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_examples_does_not_matter_and_twice_the_data_is_the_same_mean(
    problem, random
):
    x, y, theta, _ = problem
    order = random.sample(range(len(y)), len(y))
    for same_x, same_y in ((x[order], y[order]), (np.tile(x, (2, 1)), np.tile(y, 2))):
        assert cost(same_x, same_y, theta) == pytest.approx(cost(x, y, theta))
        assert_same(gradient(same_x, same_y, theta), gradient(x, y, theta))


@given(problems(), st.integers(0, 10**6), floats(0, 1))
def test_the_cost_is_convex_along_every_line(problem, seed, t):
    x, y, here, regularization = problem
    there = np.random.default_rng(seed).normal(scale=10, size=here.shape)
    chord = (1 - t) * cost(x, y, here, regularization) + t * cost(x, y, there, regularization)
    assert cost(x, y, (1 - t) * here + t * there, regularization) <= chord * (1 + 1e-12)
    tangent = cost(x, y, here, regularization) + gradient(x, y, here, regularization) @ (
        there - here
    )
    assert cost(x, y, there, regularization) >= tangent - 1e-12 * abs(tangent)


def test_undecided_each_example_costs_the_logarithm_of_2():
    assert cost([[1, 5], [1, -5], [1, 0]], [0, 1, 1], [0, 0]) == pytest.approx(np.log(2), rel=1e-15)


@pytest.mark.parametrize("label", [0, 1])
def test_scores_of_ten_thousand_cost_ten_thousand_or_nothing(label):
    x = [[1, 1e4], [1, -1e4]]
    with no_warnings():
        assert cost(x, [label, label], [0, 1]) == 5000
        assert gradient(x, [label, label], [0, 1]).tolist() == [0.5 - label, 5000]
        assert probability(x, [0, 1]).tolist() == [1, 0]
        assert likelihood(x, [1, 0], [0, 1]) == 1
        assert likelihood(x, [label, label], [0, 1]) == 0


# Gradient descent


@given(problems(), floats(0.01, 2), st.integers(0, 5))
def test_each_step_goes_against_the_gradient_from_zero(problem, learning_rate, steps):
    x, y, theta, regularization = problem
    path = call_without_writing(gradient_descent, x, y, learning_rate, steps, regularization)
    assert path.shape == (steps + 1, len(theta))
    assert not path[0].any()
    for here, there in itertools.pairwise(path):
        step = -learning_rate * gradient(x, y, here, regularization)
        np.testing.assert_allclose(there - here, step, atol=1e-14)


@given(problems())
def test_the_first_step_is_known_by_hand(problem):
    x, y, _, _ = problem
    path = gradient_descent(x, y, learning_rate=2, steps=1)
    np.testing.assert_allclose(path[1], 2 * x.T @ (y - 0.5) / len(y), atol=1e-14)


@given(problems())
def test_no_step_of_1_over_the_largest_curvature_goes_uphill(problem):
    x, y, _, regularization = problem
    curvature = (np.linalg.norm(x, 2) ** 2 / 4 + regularization) / len(y)
    path = gradient_descent(x, y, 1 / curvature, 20, regularization)
    costs = [cost(x, y, theta, regularization) for theta in path]
    assert np.all(np.diff(costs) <= 1e-14)


def test_the_descent_finds_the_line_that_made_the_labels():
    rng = np.random.default_rng(0)
    x = add_intercept(rng.uniform(0, 3, size=(2000, 2)))
    y = sample_labels(x, [-9, 3, 3], rng)
    theta = gradient_descent(x, y, learning_rate=0.5, steps=3000)[-1]
    assert np.abs(boundary_line(theta, [0, 1.5, 3]) - [3, 1.5, 0]).max() < 0.15


def test_a_weight_without_a_penalty_grows_for_ever_on_separable_data():
    x, y = [[1, -1], [1, 1]], [0, 1]
    free = gradient_descent(x, y, 1, 400)
    held = gradient_descent(x, y, 1, 400, regularization=1)
    assert free[400, 1] > free[200, 1] + 0.5
    assert held[400, 1] == pytest.approx(held[200, 1], rel=1e-12)


# Labels drawn from the model


def test_as_many_labels_are_1_as_the_probability_says():
    x = np.tile([1.0, 2.0, 2.0], (10_000, 1))
    share = sample_labels(x, LINE, np.random.default_rng(1)).mean()
    assert abs(share - sigmoid(1)) < 4 * np.sqrt(sigmoid(1) * sigmoid(-1) / 10_000)


def test_the_labels_come_from_the_generator_alone_and_one_draw_each():
    x = add_intercept(GRID[:100])
    rng, twin = np.random.default_rng(7), np.random.default_rng(7)
    first, second = (sample_labels(x, [0, 0, 0], rng) for _ in range(2))
    assert first.dtype == np.int_
    np.testing.assert_array_equal(first, twin.random(100) < 0.5)
    assert (first != second).any()


def test_a_label_is_1_where_the_draw_is_below_the_probability_not_where_it_is_equal():
    draws = np.random.default_rng(3).random(1000)
    z = np.log(draws / (1 - draws))
    equal = sigmoid(z) == draws
    labels = sample_labels(z[:, None], [1], np.random.default_rng(3))
    assert equal.any()
    assert not labels[equal].any()


def test_sure_probabilities_give_sure_labels():
    x = add_intercept([[1e4], [-1e4]] * 50)
    assert sample_labels(x, [0, 1], np.random.default_rng(0)).tolist() == [1, 0] * 50


# Types, shapes and layouts

X, Y, THETA = [[1, 0, 2], [1, 1, 1]], [0, 1], [-3, 1, 1]
CALLS = {
    "add_intercept": (X,),
    "quadratic_features": ([[1, 2], [3, 4]],),
    "probability": (X, THETA),
    "predict": (X, THETA),
    "boundary_line": (THETA, [1, 2]),
    "loss": ([0.5, 0.25], Y),
    "squared_loss": ([0.5, 0.25], Y),
    "likelihood": (X, Y, THETA),
    "cost": (X, Y, THETA, 0.5),
    "gradient": (X, Y, THETA, 0.5),
    "gradient_descent": (X, Y, 0.5, 3, 0.5),
    "sample_labels": (X, THETA, 3),  # the last is the seed
}
every_function = pytest.mark.parametrize("name", CALLS)


def run(name, convert):
    args = [convert(a) if isinstance(a, list) else a for a in CALLS[name]]
    if name == "sample_labels":
        args[-1] = np.random.default_rng(args[-1])
    return call_without_writing(getattr(logistic_regression, name), *args)


def test_every_function_of_the_module_is_called_here():
    assert set(CALLS) == set(logistic_regression.__all__)


@every_function
@pytest.mark.parametrize(
    "convert",
    [
        np.array,
        lambda a: np.array(a, np.float64),
        lambda a: np.asfortranarray(a, np.float64),
        lambda a: np.repeat(np.array(a, np.float64), 2, axis=-1)[..., ::2],
        lambda a: np.array(a, np.float64)[::-1][::-1],
        lambda a: tuple(map(tuple, a)) if isinstance(a[0], list) else tuple(a),
    ],
    ids=["integers", "float64", "fortran", "strided", "reversed-twice", "tuples"],
)
def test_lists_integers_and_any_memory_layout_give_the_same(name, convert):
    assert_same(np.asarray(run(name, convert)), np.asarray(run(name, list)), rtol=1e-15, atol=0)


@every_function
def test_float32_stays_float32_and_labels_stay_integers(name):
    result = run(name, lambda a: np.array(a, np.float32))
    if isinstance(result, np.ndarray):
        assert result.dtype == (np.int_ if name in ("predict", "sample_labels") else np.float32)


@every_function
def test_trap_11_integers_are_computed_in_float64(name):
    result = run(name, np.array)
    if isinstance(result, np.ndarray):
        assert result.dtype == (np.int_ if name in ("predict", "sample_labels") else np.float64)


@pytest.mark.parametrize("labels", [[0, 1], [False, True], np.array([0, 1], np.int8)])
@pytest.mark.parametrize("setting", [0.5, np.float64(0.5)])
def test_neither_labels_nor_settings_turn_float32_into_float64(labels, setting):
    x, theta = np.array(X, np.float32), np.array(THETA, np.float32)
    assert gradient(x, labels, theta, setting).dtype == np.float32
    assert gradient_descent(x, labels, setting, 2, setting).dtype == np.float32
    assert loss(probability(x, theta), labels).dtype == np.float32
    assert squared_loss(probability(x, theta), labels).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float64, np.float32, int])
def test_trap_12_one_number_is_a_python_float(dtype):
    x, theta = np.array(X, dtype), np.array(THETA, dtype)
    for value in (
        likelihood(x, Y, theta),
        cost(x, Y, theta),
        cost(x, Y, theta, regularization=np.float32(1)),
        boundary_line(theta, np.array(1, dtype)),
        loss(np.array(1, dtype), 1),
        squared_loss(np.array(1, dtype), 0),
    ):
        assert type(value) is float


def test_one_example_with_one_feature_is_a_batch():
    assert cost([[2]], [1], [0.5]) == pytest.approx(np.log1p(np.exp(-1)), rel=1e-15)
    assert gradient([[2]], [1], [0.5]) == pytest.approx([2 * (sigmoid(1) - 1)], rel=1e-15)
    assert gradient_descent([[2]], [1], 1, 1).tolist() == [[0], [1]]


def test_no_step_is_the_start():
    assert gradient_descent(X, Y, 1, 0).tolist() == [[0, 0, 0]]


# The oracles


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("logistic_loss"), ids=itemgetter("name"))
def test_losses_agree_with_pytorch(case, source):
    theirs = generate.expected(case, source)
    assert_same(loss(**case["inputs"]), theirs["loss"], rtol=1e-14)


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("logistic_cost"), ids=itemgetter("name"))
def test_cost_and_gradient_agree_with_pytorch(case, source):
    theirs = generate.expected(case, source)
    assert cost(**case["inputs"]) == pytest.approx(theirs["cost"], rel=1e-14)
    assert_same(gradient(**case["inputs"]), theirs["gradient"])


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("logistic_optimum"), ids=itemgetter("name"))
def test_the_optimum_is_scikit_learns_with_c_equal_to_1_over_lambda(case, source):
    theirs = generate.expected(case, source)
    path = gradient_descent(**case["inputs"], learning_rate=1, steps=3000)
    x, theta = case["inputs"]["x"], path[-1]
    assert np.abs(gradient(**case["inputs"], theta=theirs["theta"])).max() < 1e-9
    assert_same(theta, theirs["theta"], rtol=1e-7)
    assert_same(probability(x, theta), theirs["probability"], rtol=1e-7)
    np.testing.assert_array_equal(predict(x, theta), theirs["prediction"])


# Wrong calls

NUMBERS = "must hold real numbers, got"
NONE, ONE_ROW, NAN_X = [["a"]], [1, 0, 2], [[1, 0, np.nan], [1, 1, 1]]
TURNED = np.transpose(X)
RNG = np.random.default_rng(0)

# Every function of (x, theta), or of (x, y, theta), refuses the same things in the same words.
MODEL = {
    "probability": lambda x, theta: (x, theta),
    "predict": lambda x, theta: (x, theta),
    "sample_labels": lambda x, theta: (x, theta, RNG),
    "likelihood": lambda x, theta: (x, Y, theta),
    "cost": lambda x, theta: (x, Y, theta),
    "gradient": lambda x, theta: (x, Y, theta),
}
LABELS = {
    "likelihood": lambda y: (X, y, THETA),
    "cost": lambda y: (X, y, THETA),
    "gradient": lambda y: (X, y, THETA),
    "gradient_descent": lambda y: (X, y, 1, 0),
}
BATCHES = {
    **{name: (lambda x, call=call: call(x, THETA)) for name, call in MODEL.items()},
    "add_intercept": lambda x: (x,),
    "quadratic_features": lambda x: (x,),
    "gradient_descent": lambda x: (x, Y, 1, 1),
}
PAIRS = ("loss", "squared_loss")

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name, call in BATCHES.items()
        for row in [
            (name, call(NONE), {}, TypeError, f"x {NUMBERS} list"),
            (name, call(ONE_ROW), {}, ValueError, r"x must have shape \(m, .*\), got shape \(3,\)"),
            (name, call([[1, 2], [3]]), {}, TypeError, "x must hold .* rows of one length, got"),
            (name, call(np.ones((0, 3))), {}, ValueError, r"x must hold at .* got shape \(0, 3\)"),
            (name, call(np.ones((2, 0))), {}, ValueError, r"x must hold at .* got shape \(2, 0\)"),
            (name, call(NAN_X), {}, ValueError, r"x must be finite, got nan at index \(0, 2\)"),
            (name, call([[-np.inf, 1]]), {}, ValueError, r"x must be finite, got -inf .*\(0, 0\)"),
        ]
    ),
    *(
        row
        for name, call in MODEL.items()
        for row in [
            (name, call(X, "a"), {}, TypeError, f"theta {NUMBERS} str"),
            (name, call(X, [1, 2]), {}, ValueError, r"theta must .* \(3,\), got shape \(2,\)"),
            (name, call(X, [THETA]), {}, ValueError, r"theta must .*, got shape \(1, 3\)"),
            (name, call(X, [1, np.nan, 1]), {}, ValueError, "theta must be finite, got nan at"),
            (name, call(TURNED, THETA), {}, ValueError, r"theta must .* \(2,\), got shape \(3,\)"),
        ]
    ),
    *(
        row
        for name, call in LABELS.items()
        for row in [
            (name, call([-1, 1]), {}, ValueError, r"y must hold only .* 0 and 1, got \[-1.0\]"),
            (name, call([0.5, 1]), {}, ValueError, r"y must hold only .* 0 and 1, got \[0.5\]"),
            (name, call([np.nan, 1]), {}, ValueError, r"y must hold only .* 0 and 1, got \[nan\]"),
            (name, call([0, 1, 1]), {}, ValueError, r"y must have .* \(2,\), got shape \(3,\)"),
            (name, call([[0], [1]]), {}, ValueError, r"y must have .*\(m,\), got shape \(2, 1\)"),
            (name, call(["no", "yes"]), {}, TypeError, f"y {NUMBERS} list"),
        ]
    ),
    *(
        row
        for name in PAIRS
        for row in [
            (name, ([0.5], ["a"]), {}, TypeError, f"y {NUMBERS} list"),
            (name, (None, [1]), {}, TypeError, f"h {NUMBERS} NoneType"),
            (name, ([1.5], [1]), {}, ValueError, "h must hold probabilities .* got 1.5"),
            (name, ([0.1, -0.5], [1, 1]), {}, ValueError, "h must hold probabilities .* got -0.5"),
            (name, (np.nan, 1), {}, ValueError, "h must hold probabilities .* got nan"),
            (name, ([0.5], [-1]), {}, ValueError, r"y must hold only .* got \[-1.0\]"),
            (name, ([[0.5], [0.5]], [0, 1]), {}, ValueError, r"y must .* \(2, 1\), got .* \(2,\)"),
            (name, ([0.5, 0.5], 1), {}, ValueError, r"y must .* of h, \(2,\), got shape \(\)"),
        ]
    ),
    *(
        row
        for name in ("cost", "gradient")
        for row in [
            (name, (X, Y, THETA, -1), {}, ValueError, "regularization must .* at least 0, got -1"),
            (name, (X, Y, THETA, None), {}, TypeError, "regularization must be a number, got None"),
            (name, (X, Y, THETA, np.inf), {}, ValueError, "regularization must be .* got inf"),
        ]
    ),
    ("gradient_descent", (X, Y, 0, 1), {}, ValueError, "learning_rate must .* above 0, got 0"),
    ("gradient_descent", (X, Y, "1", 1), {}, TypeError, "learning_rate must be a .* got str '1'"),
    ("gradient_descent", (X, Y, 1, -1), {}, ValueError, "steps must be at least 0, got -1"),
    ("gradient_descent", (X, Y, 1, 10.0), {}, TypeError, "steps must be a whole .* got float 10.0"),
    ("gradient_descent", (X, Y, 1, 0, -1), {}, ValueError, "regularization must .* got -1"),
    ("quadratic_features", (X,), {}, ValueError, r"x must have shape \(m, 2\), got shape \(2, 3\)"),
    ("boundary_line", ([1, 2], 0), {}, ValueError, r"theta must have .*\(3,\), got .*\(2,\)"),
    ("boundary_line", ([THETA], 0), {}, ValueError, r"theta must have shape .* \(1, 3\)"),
    ("boundary_line", ([1, 2, 0], 0), {}, ValueError, r"theta\[2\] must not be 0 .* theta \[1.0"),
    ("boundary_line", (None, 0), {}, TypeError, f"theta {NUMBERS} NoneType"),
    ("boundary_line", (THETA, "a"), {}, TypeError, f"x1 {NUMBERS} str"),
    ("sample_labels", (X, THETA, 0), {}, TypeError, "rng must be a numpy.random.Generator, got 0"),
    ("sample_labels", (X, THETA, np.random), {}, TypeError, "rng must be .* got <module"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(logistic_regression, name, args, kwargs, exception, message)
