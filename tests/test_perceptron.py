"""The perceptron: sign, two costs, gradient, rule, the proof of its end, what it cannot learn."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oracles import generate
from support import arrays, call_without_writing, check_wrong_call, floats, ids, no_warnings
from textbook import perceptron
from textbook.datasets import load_digits
from textbook.gradient_checking import numerical_gradient
from textbook.logistic_regression import add_intercept
from textbook.perceptron import (
    convergence_bound,
    cost,
    gradient,
    margin,
    misclassified,
    mistakes,
    pocket,
    predict,
    sgn,
    train,
    update,
)

THREE = add_intercept([[0, 0], [1, 0], [1, 2]]), np.array([1, -1, 1])
XOR = add_intercept([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([-1, 1, 1, -1])


@st.composite
def labeled(draw, separable=False):
    """Return examples, labels and weights; the weights separate them if asked for."""
    m, n = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    x = add_intercept(draw(arrays((m, n), -5, 5)))
    theta = draw(arrays(n + 1, -3, 3))
    if not separable:
        y = np.array(draw(st.lists(st.sampled_from([-1, 1]), min_size=m, max_size=m)))
        return x, y, theta
    scores = x @ theta
    assume(np.linalg.norm(theta) > 0.1 and np.abs(scores).min() > 0.1)
    return x, np.where(scores > 0, 1, -1), theta


# Labels


def test_the_threshold_is_0_and_0_is_positive():
    assert sgn([-1e-300, -0.0, 0, 1e-300]).tolist() == [-1, 1, 1, 1]
    assert sgn(0.5).shape == ()
    assert np.issubdtype(sgn([0.5]).dtype, np.integer)


@given(labeled())
def test_a_label_is_the_side_of_the_boundary(data):
    x, _, theta = data
    wanted = [1 if sum(a * b for a, b in zip(row, theta, strict=True)) >= 0 else -1 for row in x]
    clear = np.abs(x @ theta) > 1e-9
    found = call_without_writing(predict, x, theta)
    assert found[clear].tolist() == np.array(wanted)[clear].tolist()
    np.testing.assert_array_equal(predict(x, 7 * theta)[clear], found[clear])


# Costs


@given(labeled())
def test_the_first_cost_counts_and_the_second_weighs(data):
    x, y, theta = data
    scores = x @ theta
    wrong = [i for i, z in enumerate(scores) if (1 if z >= 0 else -1) != y[i]]
    found = call_without_writing(misclassified, x, y, theta)
    assert np.flatnonzero(found).tolist() == wrong
    assert call_without_writing(mistakes, x, y, theta) == len(wrong)
    wanted = sum(-y[i] * scores[i] for i in wrong)
    assert call_without_writing(cost, x, y, theta) == pytest.approx(wanted, abs=1e-12)
    assert cost(x, y, theta) >= 0
    assert isinstance(cost(x, y, theta), float)
    assert type(mistakes(x, y, theta)) is int


@given(labeled(), floats(0.1, 10))
def test_the_sum_grows_with_theta_and_the_count_does_not(data, factor):
    x, y, theta = data
    assume(np.abs(x @ theta).min() > 1e-9)
    assert cost(x, y, factor * theta) == pytest.approx(factor * cost(x, y, theta), abs=1e-9)
    assert mistakes(x, y, factor * theta) == mistakes(x, y, theta)


@given(labeled())
def test_the_gradient_is_the_slope_of_the_cost(data):
    x, y, theta = data
    assume(np.abs(x @ theta).min() > 1e-3)  # away from the kinks
    slope = numerical_gradient(lambda t: cost(x, y, t), theta)
    np.testing.assert_allclose(
        call_without_writing(gradient, x, y, theta), slope, rtol=1e-6, atol=1e-6
    )


def test_an_update_is_a_step_against_the_gradient_of_one_wrong_example():
    x, y = THREE
    theta = np.array([-1.0, 0.5, 0.2])
    for i in np.flatnonzero(misclassified(x, y, theta)):
        slope = gradient(x[i : i + 1], y[i : i + 1], theta)
        np.testing.assert_allclose(
            call_without_writing(update, x[i], y[i], theta, 0.3), theta - 0.3 * slope
        )


# The rule


def test_the_table_of_the_chapter():
    path, wrong = train(*THREE)
    assert path.tolist() == [[0, 0, 0], [-1, -1, 0], [0, 0, 2], [-1, -1, 2], [0, -1, 2]]
    assert wrong.tolist() == [1, 2, 1, 0]


@given(labeled(), st.integers(0, 4), st.integers(0, 3))
def test_each_step_of_a_path_is_the_rule_at_a_mistake(data, epochs, seed):
    x, y, theta = data
    rng = np.random.default_rng(seed) if seed else None
    path, wrong = call_without_writing(train, x, y, theta, 0.5, epochs, rng)
    assert len(path) == len(wrong) + 1
    np.testing.assert_array_equal(path[0], theta)
    for before, after, i in zip(path, path[1:], wrong, strict=False):
        assert sgn(x[i] @ before) != y[i]
        np.testing.assert_allclose(after, before + 0.5 * y[i] * x[i])


@given(labeled(separable=True), st.integers(0, 3))
def test_separable_data_are_learned_within_the_bound(data, seed):
    x, y, star = data
    bound = call_without_writing(convergence_bound, x, y, star)
    rng = np.random.default_rng(seed) if seed else None
    path, wrong = train(x, y, epochs=int(bound) + 2, rng=rng)
    assert mistakes(x, y, path[-1]) == 0
    assert len(wrong) <= bound * (1 + 1e-9)
    k = np.arange(len(path))
    forward, squared = path @ star / np.linalg.norm(star), (path**2).sum(axis=1)
    assert (forward >= k * margin(x, y, star) - 1e-9).all()
    assert (squared <= k * (x**2).sum(axis=1).max() + 1e-9).all()


def test_a_run_ends_with_the_first_round_without_a_mistake():
    path, _ = train(*THREE, epochs=1000)
    assert len(path) == 5
    assert len(train(*THREE, epochs=1)[0]) == 3  # two corrections in the first round
    assert len(train(*THREE, epochs=0)[0]) == 1
    assert train(*THREE, theta=path[-1])[1].tolist() == []


def test_after_a_faultless_round_no_other_is_begun():
    rng, once = np.random.default_rng(0), np.random.default_rng(0)
    train(*THREE, theta=[0, -1, 2], rng=rng)
    once.permutation(3)
    assert rng.random() == once.random()


def test_the_order_of_a_round_is_drawn_anew_each_time():
    rng = np.random.default_rng(0)
    x, y = add_intercept(rng.normal(size=(30, 2))), rng.choice([-1, 1], size=30)
    theta = np.array([0.0, 1e9, 0.0])  # so large that no correction changes a label
    _, wrong = train(x, y, theta, epochs=2, rng=np.random.default_rng(1))
    first, second = np.split(wrong, 2)
    assert sorted(first) == sorted(second)
    assert first.tolist() != second.tolist()
    _, again = train(x, y, theta, epochs=2, rng=np.random.default_rng(1))
    assert again.tolist() == wrong.tolist()
    _, in_order = train(x, y, theta, epochs=1)
    assert in_order.tolist() == sorted(first)


@given(labeled(), st.sampled_from([0.125, 0.5, 4.0]))
def test_from_zeros_the_learning_rate_changes_no_decision(data, rate):
    x, y, _ = data
    path, wrong = train(x, y, epochs=5)
    scaled, same = train(x, y, learning_rate=rate, epochs=5)
    np.testing.assert_array_equal(scaled, rate * path)  # powers of 2 round nothing
    np.testing.assert_array_equal(same, wrong)


@pytest.mark.parametrize("source", generate.sources())
def test_the_path_is_that_of_scikit_learn(source):
    (case,) = generate.stored("perceptron")
    x, y = (np.array(case["inputs"][name]) for name in "xy")
    answer = generate.expected(case, source)
    for epoch, theta in enumerate(answer["theta"], start=1):
        np.testing.assert_allclose(train(x, y, epochs=epoch)[0][-1], theta, rtol=1e-12)


def test_all_pairs_of_digits_are_separable():
    images, labels = load_digits()
    x = add_intercept(images.reshape(-1, 64) / 16)
    for other in (3, 6, 8):
        chosen = np.isin(labels, (1, other))
        y = np.where(labels[chosen] == 1, 1, -1)
        path, _ = train(x[chosen], y)
        assert mistakes(x[chosen], y, path[-1]) == 0


def test_opposite_corners_of_a_square_go_round_in_a_circle_of_four():
    path, wrong = train(*XOR, epochs=50)
    assert len(wrong) > 190
    np.testing.assert_array_equal(path[7:-4], path[11:])
    assert np.abs(path).max() == 1


# Margin, bound, pocket


def test_the_margin_is_that_of_the_nearest_example():
    x = np.array([[1.0, 5, 0], [1, 0, -6]])
    assert margin(x, [1, -1], [0, 3, 4]) == 3
    assert margin(x, [1, -1], [0, 300, 400]) == 3
    assert margin(x, [-1, -1], [0, 3, 4]) == -3  # on the wrong side


def test_the_bound_of_the_chapter():
    assert convergence_bound(*THREE, [1, -2, 2]) == pytest.approx(54)


@given(labeled())
def test_the_pocket_holds_the_earliest_of_the_best(data):
    x, y, theta = data
    path, _ = train(x, y, theta, epochs=3)
    counts = [mistakes(x, y, t) for t in path]
    best = call_without_writing(pocket, x, y, path)
    np.testing.assert_array_equal(best, path[counts.index(min(counts))])


def test_the_pocket_is_a_copy():
    path, _ = train(*XOR, epochs=3)
    pocket(*XOR, path)[:] = 9
    assert np.abs(path).max() < 9


# Precision and edges


def test_float32_stays_float32():
    x, y = THREE
    x = x.astype(np.float32)
    theta = np.array([0.1, 0.2, -0.3], np.float32)
    assert gradient(x, y, theta).dtype == np.float32
    assert update(x[0], 1, theta, np.float64(0.5)).dtype == np.float32
    path, _ = train(x, y, learning_rate=np.float64(0.5))
    assert path.dtype == np.float32
    assert pocket(x, y, path).dtype == np.float32


def test_one_example_one_class_one_feature():
    with no_warnings():
        assert train([[1]], [1])[1].tolist() == []
        assert train([[1]], [-1])[0].tolist() == [[0], [-1]]
        path, _ = train(add_intercept([[5], [7]]), [-1, -1])
        assert mistakes(add_intercept([[5], [7]]), [-1, -1], path[-1]) == 0
        x = np.array([[1.0, 1e4], [1.0, -1e4]])
        assert cost(x, [-1, 1], [0, 1]) == 2e4
        assert cost(x, [-1, 1], [0, 0]) == 0
        assert mistakes(x, [-1, 1], [0, 0]) == 1


X, Y, THETA = [[1, 2], [1, 3]], [1, -1], [0, 1]
HUGE = [[1, 1e200], [1, 3]]
SIGNS = r"y must hold only the labels -1 and 1, got \[0.0\] among them"
WRONG_CALLS = [
    ("sgn", ("a",), {}, TypeError, "z must hold real numbers"),
    ("sgn", ([1, np.nan],), {}, ValueError, r"z must be finite, got nan at index \(1,\)"),
    (
        "predict",
        ([1, 2], THETA),
        {},
        ValueError,
        r"x must have shape \(m, n\+1\), got shape \(2,\)",
    ),
    ("predict", (np.ones((0, 2)), THETA), {}, ValueError, "x must hold at least one example"),
    ("predict", (X, ["a", "b"]), {}, TypeError, "theta must hold real numbers"),
    ("predict", (X, [1]), {}, ValueError, r"theta must have shape \(2,\), one weight for each"),
    ("predict", (X, [1, np.inf]), {}, ValueError, "theta must be finite, got inf"),
    ("predict", (HUGE, [1, 1e200]), {}, ValueError, "x and theta must be small enough"),
    *(
        row
        for name in ("misclassified", "mistakes", "cost", "gradient", "margin", "convergence_bound")
        for row in [
            (name, ("a", Y, THETA), {}, TypeError, "x must hold real numbers"),
            (name, (X, ["a", "b"], THETA), {}, TypeError, "y must hold real numbers"),
            (name, (X, Y, ["a", "b"]), {}, TypeError, "theta must hold real numbers"),
            (name, (X, [0, 1], THETA), {}, ValueError, SIGNS),
            (
                name,
                (X, [1], THETA),
                {},
                ValueError,
                r"y must have shape \(2,\), one label for each",
            ),
            (name, (X, [[1], [1]], THETA), {}, ValueError, r"y must have shape \(m,\), got"),
            (name, (X, Y, [1, 2, 3]), {}, ValueError, r"theta must have shape \(2,\), one weight"),
            (name, (HUGE, Y, [1, 1e200]), {}, ValueError, "x and theta must be small enough"),
        ]
    ),
    (
        "margin",
        (X, Y, [0, 0]),
        {},
        ValueError,
        r"theta must have an entry other than 0 .* got \[0.0, 0.0\]",
    ),
    (
        *("convergence_bound", (X, Y, THETA), {}, ValueError),
        "theta must separate the examples with a margin above 0, got the margin -3",
    ),
    ("update", ("a", 1, THETA), {}, TypeError, "x_i must hold real numbers"),
    ("update", ([], 1, []), {}, ValueError, "x_i must hold at least one"),
    ("update", ([1, 2], 1, [1]), {}, ValueError, r"theta must have the shape of x_i, \(2,\), got"),
    ("update", ([1, 2], 0, THETA), {}, ValueError, "y_i must be -1 or 1, got 0"),
    ("update", ([1, 2], 1, THETA, 0), {}, ValueError, "learning_rate must be .*above 0.*, got 0"),
    ("update", ([1, 2], 1, THETA, "a"), {}, TypeError, "learning_rate must be a"),
    ("train", ([1], Y), {}, ValueError, r"x must have shape \(m, n\+1\), got shape \(1,\)"),
    ("train", (X, [0, 1]), {}, ValueError, SIGNS),
    ("train", (X, Y, [1]), {}, ValueError, r"theta must have shape \(2,\)"),
    ("train", (X, Y), {"learning_rate": -1}, ValueError, "learning_rate must be .*above 0.*got -1"),
    ("train", (X, Y), {"epochs": -1}, ValueError, "epochs must be at least 0, got -1"),
    ("train", (X, Y), {"epochs": 1.5}, TypeError, "epochs must be a whole number, got float 1.5"),
    ("train", (X, Y), {"rng": 0}, TypeError, "rng must be a numpy.random.Generator, got 0"),
    ("train", (HUGE, Y, [0, 1e200]), {}, ValueError, "x and theta must be small enough"),
    ("pocket", ("a", Y, [THETA]), {}, TypeError, "x must hold real numbers"),
    ("pocket", (X, [1], [THETA]), {}, ValueError, r"y must have shape \(2,\), one label for each"),
    ("pocket", ([1], Y, [THETA]), {}, ValueError, r"x must have shape \(m, n\+1\)"),
    ("pocket", (X, Y, [1, 2]), {}, ValueError, r"path must have shape \(t, n\+1\), got"),
    ("pocket", (X, Y, np.ones((0, 2))), {}, ValueError, "path must hold at least one"),
    ("pocket", (X, [0, 1], [THETA]), {}, ValueError, SIGNS),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(perceptron, name, args, kwargs, exception, message)
