"""Gradient descent: batches, steps, three descents from one loop, variances, wrong calls."""

import itertools
from math import comb
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
from textbook import gradient_descent
from textbook import logistic_regression as logistic
from textbook import softmax_regression as softmax
from textbook.datasets import load_temperatures
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.gradient_descent import (
    batch_variance,
    least_squares_cost,
    least_squares_gradients,
    measured_variance,
    mini_batch_descent,
    mini_batches,
)

sizes = st.integers(1, 40).flatmap(lambda m: st.tuples(st.just(m), st.integers(1, m)))
seeds = st.integers(0, 999)


@st.composite
def lines(draw, max_examples=8, max_features=3):
    """Draw x with its column of ones, targets and theta."""
    m, n = draw(st.integers(1, max_examples)), draw(st.integers(1, max_features))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    x = np.column_stack([np.ones(m), rng.normal(size=(m, n))])
    return x, rng.normal(size=m), rng.normal(size=n + 1)


def year():
    """Return the problem of the chapter: lowest and highest temperatures of 366 days."""
    _, highest, lowest = load_temperatures()
    return np.column_stack([np.ones(366), lowest / 10]), highest


def mean_gradient(x, y):
    return lambda theta, batch: least_squares_gradients(x[batch], y[batch], theta).mean(axis=0)


# Least squares


@given(lines())
def test_the_mean_of_the_gradients_is_the_gradient_of_the_cost(line):
    x, y, theta = line
    gradients = call_without_writing(least_squares_gradients, x, y, theta)
    assert gradients.shape == x.shape
    by_trying = numerical_gradient(lambda t: least_squares_cost(x, y, t), theta)
    np.testing.assert_allclose(gradients.mean(axis=0), by_trying, atol=1e-7)


@given(lines())
def test_each_row_is_the_gradient_of_its_example_alone(line):
    x, y, theta = line
    gradients = least_squares_gradients(x, y, theta)
    for i in range(len(y)):
        one = numerical_gradient(
            lambda t, i=i: least_squares_cost(x[i : i + 1], y[i : i + 1], t), theta
        )
        assert relative_error(gradients[i], one) < 1e-5


@given(lines())
def test_the_cost_is_half_the_mean_square(line):
    x, y, theta = line
    errors = [sum(a * b for a, b in zip(row, theta, strict=True)) for row in x.tolist()] - y
    assert least_squares_cost(x, y, theta) == pytest.approx(np.mean(errors**2) / 2, rel=1e-12)


def test_where_the_line_fits_cost_and_gradients_are_0():
    x = np.array([[1, 0], [1, 2], [1, 5]])
    assert least_squares_cost(x, x @ [3, -2], [3, -2]) == 0
    assert not least_squares_gradients(x, x @ [3, -2], [3, -2]).any()


def test_at_the_best_line_of_the_year_the_gradients_cancel():
    x, y = year()
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    gradients = least_squares_gradients(x, y, best)
    assert np.abs(gradients.mean(axis=0)).max() < 1e-12
    assert np.abs(gradients).max() > 10


# Batches


@given(sizes, seeds)
def test_an_epoch_shows_each_example_once_in_full_batches_and_a_rest(size, seed):
    m, b = size
    batches = mini_batches(m, b, np.random.default_rng(seed))
    assert sorted(np.concatenate(batches).tolist()) == list(range(m))
    assert [len(batch) for batch in batches] == [b] * (m // b) + [m % b] * (m % b > 0)
    assert all(batch.dtype.kind == "i" for batch in batches)


def test_the_deal_is_new_in_every_epoch_and_comes_from_the_generator_alone():
    rng, twin = np.random.default_rng(3), np.random.default_rng(3)
    first, second = (mini_batches(30, 7, rng) for _ in range(2))
    assert_same(first, mini_batches(30, 7, twin))
    assert np.concatenate(first).tolist() != np.concatenate(second).tolist()


def test_every_pair_is_as_likely_as_any_other_to_share_a_batch():
    rng, shared = np.random.default_rng(0), np.zeros((5, 5))
    for _ in range(4000):
        for batch in mini_batches(5, 2, rng):
            for i, j in itertools.combinations(sorted(batch.tolist()), 2):
                shared[i, j] += 1
    found = shared[np.triu_indices(5, k=1)] / 4000
    np.testing.assert_allclose(found, 2 / comb(5, 2), atol=0.03)


def test_the_first_place_is_open_to_every_example():
    rng = np.random.default_rng(0)
    first = [int(mini_batches(4, 3, rng)[0][0]) for _ in range(2000)]
    np.testing.assert_allclose(np.bincount(first) / 2000, 0.25, atol=0.04)


# The descents


@given(lines(), seeds)
def test_batch_descent_is_the_power_of_a_matrix(line, seed):
    x, y, theta = line
    m, rng = len(y), np.random.default_rng(seed)
    hessian = x.T @ x / m
    rate = 1 / np.linalg.eigvalsh(hessian)[-1]
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    path = call_without_writing(mini_batch_descent, mean_gradient(x, y), theta, m, m, rate, 5, rng)
    for t in range(6):
        left = np.linalg.matrix_power(np.eye(len(theta)) - rate * hessian, t) @ (theta - best)
        np.testing.assert_allclose(path[t] - best, left, atol=1e-9)


@given(lines(), seeds, floats(0.01, 0.3), st.data())
def test_each_step_is_that_of_its_batch(line, seed, rate, data):
    x, y, theta = line
    b = data.draw(st.integers(1, len(y)))
    path = mini_batch_descent(
        mean_gradient(x, y), theta, len(y), b, rate, 2, np.random.default_rng(seed)
    )
    rng, wanted = np.random.default_rng(seed), [theta]
    for _ in range(2):
        for batch in mini_batches(len(y), b, rng):
            slope = x[batch].T @ (x[batch] @ wanted[-1] - y[batch]) / len(batch)
            wanted.append(wanted[-1] - rate * slope)
    np.testing.assert_allclose(path, wanted, atol=1e-12)


def softmax_problem():
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(9), rng.normal(size=(9, 2))])
    return x, softmax.one_hot(rng.integers(0, 3, size=9), 3)


def test_the_batch_descents_of_the_chapters_before_are_this_loop():
    x, y = softmax_problem()
    start, rng = np.zeros((3, 3)), np.random.default_rng(0)
    found = mini_batch_descent(
        lambda theta, batch: softmax.gradient(x[batch], y[batch], theta),
        *(start, 9, 9, 0.3, 20, rng),
    )
    np.testing.assert_allclose(found, softmax.gradient_descent(x, y, 0.3, 20), atol=1e-13)
    marks = y[:, 0]
    found = mini_batch_descent(
        lambda theta, batch: logistic.gradient(x[batch], marks[batch], theta),
        *(np.zeros(3), 9, 9, 0.3, 20, rng),
    )
    np.testing.assert_allclose(found, logistic.gradient_descent(x, marks, 0.3, 20), atol=1e-13)


def test_the_stochastic_descent_of_softmax_regression_is_this_loop_to_the_last_bit():
    x, y = softmax_problem()
    found = mini_batch_descent(
        lambda theta, batch: softmax.gradient(x[batch], y[batch], theta),
        *(np.zeros((3, 3)), 9, 1, 0.3, 6, np.random.default_rng(7)),
        keep_every=9,
    )
    theirs = softmax.stochastic_gradient_descent(x, y, 0.3, 6, np.random.default_rng(7))
    np.testing.assert_array_equal(found, theirs)


@given(sizes, st.integers(0, 3), st.integers(1, 9), seeds)
def test_keeping_fewer_steps_does_not_change_them(size, epochs, keep_every, seed):
    m, b = size
    numbers = np.random.default_rng(seed).normal(size=m)

    def walk(**settings):
        return mini_batch_descent(
            lambda theta, batch: np.mean(theta - numbers[batch]),
            *(5.0, m, b, 0.1, epochs, np.random.default_rng(seed)),
            **settings,
        )

    every = walk()
    assert every.shape == (epochs * -(-m // b) + 1,)
    np.testing.assert_array_equal(walk(keep_every=keep_every), every[::keep_every])


def test_the_gradient_may_write_into_what_it_is_given():
    def careless(theta, batch):
        theta *= 0
        batch *= 0
        return np.ones(2)

    path = mini_batch_descent(careless, [4, 5], 3, 1, 0.5, 1, np.random.default_rng(0))
    assert path.tolist() == [[4, 5], [3.5, 4.5], [3, 4], [2.5, 3.5]]


def test_no_epoch_is_the_start_and_one_example_is_batch_and_stochastic_at_once():
    rng = np.random.default_rng(0)
    start = mini_batch_descent(lambda theta, batch: theta, [3, 4], 1, 1, 0.5, 0, rng)
    assert start.tolist() == [[3, 4]]
    path = mini_batch_descent(lambda theta, batch: theta, [4.0], 1, 1, 0.5, 3, rng)
    assert path.ravel().tolist() == [4, 2, 1, 0.5]


# What the chapter claims of the three


def after(epochs, b, rate, seed, y=None):
    x, targets = year()
    y = targets if y is None else y
    path = mini_batch_descent(
        mean_gradient(x, y), [0, 0], 366, b, rate, epochs, np.random.default_rng(seed)
    )
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    return least_squares_cost(x, y, path[-1]) - least_squares_cost(x, y, best)


def test_having_read_as_much_smaller_batches_are_ahead_on_every_seed():
    for seed in range(5):
        stochastic, mini, batch = (after(1, b, 0.1, seed) for b in (1, 50, 366))
        assert stochastic < mini / 10 < batch / 50


def test_where_no_example_contradicts_stochastic_descent_settles_and_batch_does_as_before():
    x, y = year()
    agreeing = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    assert after(20, 1, 0.3, 0, agreeing) < 1e-20
    assert after(20, 1, 0.3, 0) > 1e-3
    assert after(9, 366, 0.3, 0, agreeing) == pytest.approx(after(9, 366, 0.3, 0), rel=1e-9)


# Variance


def means_of_all_batches(gradients, b, replacement):
    draw = itertools.product if replacement else itertools.combinations
    draws = draw(range(len(gradients)), **({"repeat": b} if replacement else {"r": b}))
    return np.array([gradients[list(batch)].mean(axis=0) for batch in draws])


@given(st.integers(1, 5), st.data(), st.booleans(), seeds)
def test_the_formula_is_the_variance_over_all_batches_there_are(m, data, replacement, seed):
    b = data.draw(st.integers(1, m))
    gradients = np.random.default_rng(seed).normal(size=(m, 2))
    misses = means_of_all_batches(gradients, b, replacement) - gradients.mean(axis=0)
    found = call_without_writing(batch_variance, gradients, b, replacement)
    assert found == pytest.approx(np.mean(np.sum(misses**2, axis=1)), rel=1e-10, abs=1e-15)


@given(arrays((6, 2, 2)), st.integers(1, 6))
def test_with_replacement_it_is_one_over_b_and_all_at_once_miss_nothing(gradients, b):
    alone = batch_variance(gradients, 1)
    assert alone == pytest.approx(np.var(gradients, axis=0).sum(), rel=1e-9, abs=1e-12)
    assert batch_variance(gradients, b, replacement=True) == pytest.approx(alone / b)
    assert batch_variance(gradients, 6) == 0
    assert batch_variance(gradients, b) <= alone / b + 1e-12


@given(arrays((4, 3)), arrays((3,)), floats(-5, 5), st.integers(1, 4))
def test_a_shift_of_all_changes_nothing_and_a_factor_comes_squared(gradients, shift, factor, b):
    found = batch_variance(gradients, b)
    assert batch_variance(gradients + shift, b) == pytest.approx(found, rel=1e-7, abs=1e-9)
    scaled = batch_variance(factor * gradients, b)
    assert scaled == pytest.approx(factor**2 * found, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("b", [1, 10, 100, 300])
def test_what_is_drawn_from_the_year_agrees_with_the_formula(b, replacement):
    gradients = least_squares_gradients(*year(), [0, 0])
    found = measured_variance(gradients, b, 4000, np.random.default_rng(b), replacement)
    assert found == pytest.approx(batch_variance(gradients, b, replacement), rel=0.08)


def test_batches_of_an_epoch_miss_as_the_formula_without_replacement_says():
    gradients, rng = least_squares_gradients(*year(), [0, 0]), np.random.default_rng(0)
    misses = [
        np.sum((gradients[batch].mean(axis=0) - gradients.mean(axis=0)) ** 2)
        for _ in range(1000)
        for batch in mini_batches(366, 122, rng)
    ]
    assert np.mean(misses) == pytest.approx(batch_variance(gradients, 122), rel=0.05)


def test_all_at_once_and_equal_gradients_are_never_off():
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(7, 2))
    assert measured_variance(numbers, 7, 10, rng) < 1e-30
    assert measured_variance(numbers, 7, 10, rng, replacement=True) > 1e-3
    assert measured_variance(np.ones((7, 2)), 3, 10, rng) == 0
    assert batch_variance(np.ones((7, 2)), 3) == 0


def test_one_example_is_all_there_are():
    with no_warnings():
        for replacement in (False, True):
            assert batch_variance([[5, 6]], 1, replacement) == 0
            assert measured_variance([5], 1, 3, np.random.default_rng(0), replacement) == 0


# Types


def test_float32_stays_float32_and_integers_become_float64():
    x, y, theta = np.ones((3, 2), np.float32), np.arange(3), np.zeros(2, np.float32)
    assert least_squares_gradients(x, y, theta).dtype == np.float32
    path = mini_batch_descent(
        lambda theta, batch: np.ones(2), theta, 3, 2, 0.5, 1, np.random.default_rng(0)
    )
    assert path.dtype == np.float32
    assert least_squares_gradients([[1, 2]], [3], [0, 1]).dtype == np.float64


def test_trap_12_one_number_is_a_python_float():
    x, rng = np.ones((3, 2), np.float32), np.random.default_rng(0)
    for one in (
        least_squares_cost(x, [1, 2, 3], [0, 1]),
        batch_variance(x, 2),
        measured_variance(x, 2, 3, rng),
    ):
        assert type(one) is float


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("mini_batch"), ids=itemgetter("name"))
def test_the_loop_agrees_with_pytorch(case, source):
    inputs = case["inputs"]
    x, y = np.array(inputs["x"]), np.array(inputs["y"])
    batches = iter(inputs["batches"])
    path = mini_batch_descent(
        lambda theta, _: least_squares_gradients(x[(batch := next(batches))], y[batch], theta).mean(
            axis=0
        ),
        *(inputs["theta"], len(y), inputs["batch_size"], inputs["learning_rate"]),
        *(inputs["epochs"], np.random.default_rng(0)),
    )
    assert_same(path[-1], generate.expected(case, source)["theta"], rtol=1e-11)


# Wrong calls

INF, NAN = np.inf, np.nan
RNG = np.random.default_rng(0)
X, Y, THETA = [[1, 2], [1, 3]], [1, 2], [0, 0]


def slope(theta, batch):
    return theta


def walk(gradient=slope, start=(1, 2), m=4, b=2, rate=0.1, epochs=2, rng=RNG, keep=1):
    return gradient, start, m, b, rate, epochs, rng, keep


VARIANCES = {
    "batch_variance": lambda g, b: (g, b),
    "measured_variance": lambda g, b: (g, b, 5, RNG),
}

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name in ("least_squares_cost", "least_squares_gradients")
        for row in [
            (name, ("a", Y, THETA), {}, TypeError, "x must hold real numbers, got str"),
            (name, ([1, 2], Y, THETA), {}, ValueError, r"x must have shape \(m, n\+1\), got"),
            (name, (np.ones((0, 2)), [], THETA), {}, ValueError, "x must hold at least one"),
            (name, ([[1, NAN]], [1], THETA), {}, ValueError, "x must be finite, got nan"),
            (name, (X, [1], THETA), {}, ValueError, r"y must .* shape \(2,\), got shape \(1,\)"),
            (name, (X, [[1], [2]], THETA), {}, ValueError, r"y must have shape \(m,\), got"),
            (name, (X, [1, INF], THETA), {}, ValueError, "y must be finite, got inf"),
            (name, (X, Y, [0]), {}, ValueError, r"theta must .* shape \(2,\), got shape \(1,\)"),
            (name, (X, Y, [0, NAN]), {}, ValueError, "theta must be finite, got nan"),
        ]
    ),
    ("mini_batches", (0, 1, RNG), {}, ValueError, "m must be at least 1, got 0"),
    ("mini_batches", (4.0, 1, RNG), {}, TypeError, "m must be a whole number, got float"),
    ("mini_batches", (4, 0, RNG), {}, ValueError, "batch_size must be at least 1, got 0"),
    ("mini_batches", (4, 5, RNG), {}, ValueError, "batch_size must be at most .* 4, got 5"),
    ("mini_batches", (4, 2.0, RNG), {}, TypeError, "batch_size must be a whole number, got float"),
    ("mini_batches", (4, 2, 0), {}, TypeError, "rng must be a numpy.* got 0"),
    *(
        ("mini_batch_descent", walk(**changed), {}, exception, message)
        for changed, exception, message in [
            ({"gradient": 3}, TypeError, "gradient must be a function, got 3"),
            ({"gradient": lambda t, b: "a"}, TypeError, "gradient must hold real .*, got str"),
            ({"gradient": lambda t, b: 1}, ValueError, r"gradient must return .* \(2,\), got"),
            ({"start": "a"}, TypeError, "start must hold real numbers, got str"),
            ({"start": [1, NAN]}, ValueError, "start must be finite, got nan"),
            ({"m": 0}, ValueError, "m must be at least 1, got 0"),
            ({"m": "a"}, TypeError, "m must be a whole number, got str"),
            ({"b": 0}, ValueError, "batch_size must be at least 1, got 0"),
            ({"b": 5}, ValueError, "batch_size must be at most .* 4, got 5"),
            ({"rate": 0}, ValueError, "learning_rate must be .* above 0, got 0"),
            ({"rate": "a"}, TypeError, "learning_rate must be a number, got str"),
            (
                {"rate": 1e200, "epochs": 9},
                ValueError,
                r"learning_rate must be smaller, got 1e\+200: theta overflows at step 2",
            ),
            ({"epochs": -1}, ValueError, "epochs must be at least 0, got -1"),
            ({"epochs": 1.5}, TypeError, "epochs must be a whole number, got float"),
            ({"rng": 0}, TypeError, "rng must be a numpy.* got 0"),
            ({"keep": 0}, ValueError, "keep_every must be at least 1, got 0"),
            ({"keep": 0.5}, TypeError, "keep_every must be a whole number, got float"),
        ]
    ),
    *(
        row
        for name, call in VARIANCES.items()
        for row in [
            (name, call("a", 1), {}, TypeError, "gradients must hold real numbers, got str"),
            (name, call(3, 1), {}, ValueError, r"gradients must have shape \(m, ...\) .* \(\)"),
            (name, call([], 1), {}, ValueError, r"gradients must have .* got shape \(0,\)"),
            (name, call([1, INF], 1), {}, ValueError, "gradients must be finite, got inf"),
            (name, call([1, 2], 3), {}, ValueError, "batch_size must be at most .* 2, got 3"),
            (name, call([1, 2], 0), {}, ValueError, "batch_size must be at least 1, got 0"),
            (name, call([1, 2], True), {}, TypeError, "batch_size must be a whole number, got"),
        ]
    ),
    ("measured_variance", ([1, 2], 1, 0, RNG), {}, ValueError, "draws must be at least 1, got 0"),
    ("measured_variance", ([1, 2], 1, "a", RNG), {}, TypeError, "draws must be a whole number"),
    ("measured_variance", ([1, 2], 1, 5, 7), {}, TypeError, "rng must be a numpy.* got 7"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(gradient_descent, name, args, kwargs, exception, message)
