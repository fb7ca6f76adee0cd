"""Softmax regression: scores to probabilities, entropies, cost, gradient, descent, wrong calls."""

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
from textbook import logistic_regression as logistic
from textbook import softmax_regression
from textbook.activations import sigmoid
from textbook.datasets import load_digits
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.softmax_regression import (
    confusion_matrix,
    cost,
    cross_entropy,
    entropy,
    gradient,
    gradient_descent,
    kl_divergence,
    log_softmax,
    one_hot,
    predict,
    probabilities,
    softmax,
    squared_distance,
    stochastic_gradient_descent,
)

scores = st.tuples(st.integers(1, 4), st.integers(1, 5)).flatmap(
    lambda shape: arrays(shape, -1e4, 1e4)
)


@st.composite
def problems(draw, max_examples=6, max_features=3, max_classes=4, one_hot_only=False):
    """Draw x with its column of ones, targets, theta and lambda."""
    m, n = draw(st.integers(1, max_examples)), draw(st.integers(1, max_features))
    classes = draw(st.integers(1, max_classes))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    x = np.column_stack([np.ones(m), rng.normal(size=(m, n))])
    y = np.eye(classes)[rng.integers(0, classes, size=m)]
    if not one_hot_only and draw(st.booleans()):
        y = rng.dirichlet(np.ones(classes), size=m)
    return x, y, rng.normal(size=(n + 1, classes)), draw(floats(0, 10))


@st.composite
def pairs(draw):
    """Draw rows of two distributions, some entries of p being 0."""
    m, classes = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    p, q = rng.dirichlet(np.ones(classes), size=(2, m))
    if draw(st.booleans()):
        p = np.where(p < p.max(axis=1, keepdims=True), p.round(1), p)
        p[np.arange(m), p.argmax(axis=1)] += 1 - p.sum(axis=1)
    return np.abs(p), q


# From scores to probabilities


@given(scores)
def test_probabilities_are_positive_and_sum_to_1(z):
    with no_warnings():
        a = call_without_writing(softmax, z)
    assert a.shape == z.shape
    assert a.min() >= 0
    np.testing.assert_allclose(a.sum(axis=-1), 1, rtol=1e-15 * 10)


@given(scores, floats(-1e4, 1e4))
def test_the_same_number_added_to_a_row_changes_nothing(z, c):
    np.testing.assert_allclose(softmax(z + c), softmax(z), rtol=1e-11, atol=1e-300)
    np.testing.assert_allclose(log_softmax(z + c), log_softmax(z), rtol=1e-11, atol=1e-11)


@given(arrays((3, 4), -5, 5))
def test_the_probabilities_are_the_formula_row_by_row(z):
    one_by_one = [[np.exp(s) / sum(np.exp(t) for t in row) for s in row] for row in z]
    np.testing.assert_allclose(softmax(z), one_by_one, rtol=1e-14)
    np.testing.assert_allclose(log_softmax(z), np.log(one_by_one), rtol=1e-13, atol=1e-14)


@given(arrays((2, 3), -5, 5))
def test_ratios_are_powers_of_differences_so_a_larger_score_is_likelier(z):
    a = softmax(z)
    np.testing.assert_allclose(a[:, 0] / a[:, 1], np.exp(z[:, 0] - z[:, 1]), rtol=1e-13)


def test_a_thousand_is_no_trouble():
    with no_warnings():
        assert softmax([1000, 1001, 1002]).round(4).tolist() == [0.09, 0.2447, 0.6652]
        assert softmax([1e4, -1e4]).tolist() == [1, 0]
        assert log_softmax([1e4, -1e4]).tolist() == [0, -2e4]


def test_a_row_is_not_disturbed_by_a_larger_one_beside_it():
    assert_same(softmax([[0, 1], [1000, 1001]]), softmax([[0, 1], [0, 1]]))
    assert_same(log_softmax([[0, 1], [1000, 1001]]), log_softmax([[0, 1], [0, 1]]))


@given(arrays((2, 2, 3), -5, 5))
def test_the_last_axis_runs_over_the_classes_however_many_come_before(z):
    for f in (softmax, log_softmax):
        np.testing.assert_array_equal(f(z)[1, 0], f(z[1, 0]))


@given(arrays((4, 2), -5, 5))
def test_two_scores_give_the_sigmoid_of_their_difference(z):
    np.testing.assert_allclose(softmax(z)[:, 1], sigmoid(z[:, 1] - z[:, 0]), rtol=1e-14)


@pytest.mark.parametrize("f", [softmax, log_softmax, entropy])
def test_no_example_is_an_empty_result(f):
    assert f(np.ones((0, 3))).shape == ((0,) if f is entropy else (0, 3))


def test_one_class_is_certain():
    assert softmax([[3.0]]).tolist() == [[1]]
    assert log_softmax([[3.0]]).tolist() == [[0]]


# Labels and targets


@given(st.lists(st.integers(0, 4), max_size=6))
def test_a_one_hot_row_has_its_1_at_the_label(labels):
    y = one_hot(labels, 5)
    assert y.shape == (len(labels), 5)
    assert y.sum() == len(labels)
    assert [int(row.argmax()) for row in y] == labels


def test_whole_numbers_in_any_type_are_labels():
    for labels in ([2, 0], [2.0, 0.0], np.array([2, 0], np.uint8), (2, 0)):
        assert one_hot(labels, 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert one_hot([True, False], 2).tolist() == [[0, 1], [1, 0]]


# Entropy, cross entropy, divergence


@given(pairs())
def test_cross_entropy_is_entropy_plus_divergence(pair):
    p, q = pair
    found = call_without_writing(cross_entropy, p, q)
    np.testing.assert_allclose(found, entropy(p) + kl_divergence(p, q), rtol=1e-12, atol=1e-14)
    assert np.all(found >= entropy(p) - 1e-14)


@given(pairs())
def test_the_three_are_their_sums_with_0_for_0_log_0(pair):
    p, q = pair
    for row in range(len(p)):
        terms = [(a, b) for a, b in zip(p[row], q[row], strict=True) if a > 0]
        assert cross_entropy(p, q)[row] == pytest.approx(-sum(a * np.log(b) for a, b in terms))
        assert entropy(p)[row] == pytest.approx(-sum(a * np.log(a) for a, _ in terms), abs=1e-15)
        divergence = sum(a * np.log(a / b) for a, b in terms)
        assert kl_divergence(p, q)[row] == pytest.approx(divergence, abs=1e-14)


@given(pairs())
def test_pinsker_the_divergence_is_at_least_half_the_squared_sum_of_differences(pair):
    p, q = pair
    difference = np.abs(p - q).sum(axis=1)
    assert np.all(kl_divergence(p, q) >= difference**2 / 2 - 1e-13)


@given(arrays(2, 0, 1))
def test_for_two_outcomes_the_divergence_is_never_below_the_squared_distance(firsts):
    p, q = ([first, 1 - first] for first in firsts)
    assert kl_divergence(p, q) >= squared_distance(p, q) - 1e-13


@pytest.mark.parametrize("first", [0.5, 0.1, 0.8])
def test_both_costs_are_least_where_the_forecast_is_the_truth(first):
    grid = np.linspace(0.001, 0.999, 999)
    q = np.column_stack([grid, 1 - grid])
    p = np.full(q.shape, [first, 1 - first])
    for f in (cross_entropy, squared_distance, kl_divergence):
        assert grid[f(p, q).argmin()] == pytest.approx(first, abs=1e-9)


def test_what_is_ruled_out_and_happens_is_infinitely_bad_and_what_is_impossible_costs_nothing():
    with no_warnings():
        assert cross_entropy([0.5, 0.5], [1, 0]) == np.inf
        assert kl_divergence([0.5, 0.5], [1, 0]) == np.inf
        assert cross_entropy([1, 0], [0.5, 0.5]) == pytest.approx(np.log(2))
        assert kl_divergence([1, 0], [1, 0]) == cross_entropy([1, 0], [1, 0]) == 0
        assert squared_distance([1, 0], [0, 1]) == 2
    assert not np.signbit(cross_entropy([1, 0], [1, 0]))
    assert not np.signbit(entropy([1, 0]))


@pytest.mark.parametrize("classes", [1, 2, 10, 1000])
def test_even_chances_have_the_entropy_log_k_and_no_distribution_has_more(classes):
    even = np.full(classes, 1 / classes)
    assert entropy(even) == pytest.approx(np.log(classes), abs=1e-13)
    other = np.random.default_rng(0).dirichlet(np.ones(classes))
    assert entropy(other) <= entropy(even) + 1e-13


def test_the_order_of_the_arguments_matters_except_for_the_squared_distance():
    p, q = [0.7, 0.2, 0.1], [0.5, 0.3, 0.2]
    assert round(cross_entropy(p, q), 6) == 0.886941
    assert round(cross_entropy(q, p), 6) == 1.121686
    assert round(kl_divergence(p, q), 6) == 0.085123
    assert round(kl_divergence(q, p), 6) == 0.092033
    assert squared_distance(p, q) == squared_distance(q, p) == pytest.approx(0.06)


# The model


@given(problems())
def test_the_probability_of_a_class_is_its_power_among_all(problem):
    x, _, theta, _ = problem
    a = call_without_writing(probabilities, x, theta)
    for i, row in enumerate(x):
        powers = [
            np.exp(sum(t * v for t, v in zip(column, row, strict=True))) for column in theta.T
        ]
        np.testing.assert_allclose(a[i], np.array(powers) / sum(powers), rtol=1e-12)


@given(problems())
def test_the_answer_has_the_largest_score_and_the_largest_probability(problem):
    x, _, theta, _ = problem
    answer = call_without_writing(predict, x, theta)
    assert answer.dtype == np.int_
    np.testing.assert_array_equal(answer, (x @ theta).argmax(axis=1))
    np.testing.assert_array_equal(answer, probabilities(x, theta).argmax(axis=1))


def test_of_equals_the_first_class_is_the_answer():
    assert predict([[1, 1]], np.zeros((2, 3))).tolist() == [0]
    assert predict([[1, 1]], [[0, 1, 1], [0, 0, 0]]).tolist() == [1]


@given(problems())
def test_the_cost_is_the_mean_cross_entropy(problem):
    x, y, theta, _ = problem
    mean = np.mean(cross_entropy(y, probabilities(x, theta)))
    assert cost(x, y, theta) == pytest.approx(mean, rel=1e-12, abs=1e-15)


@given(problems(one_hot_only=True))
def test_the_cost_is_the_logarithm_of_the_sum_of_powers_less_the_right_score(problem):
    x, y, theta, _ = problem
    z = x @ theta
    losses = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y.argmax(axis=1)]
    assert cost(x, y, theta) == pytest.approx(np.mean(losses), rel=1e-12, abs=1e-14)


@given(problems())
def test_the_penalty_is_lambda_over_2m_times_the_squares_without_the_intercepts(problem):
    x, y, theta, regularization = problem
    penalty = regularization / (2 * len(y)) * sum(t * t for t in theta[1:].ravel())
    assert cost(x, y, theta, regularization) == pytest.approx(cost(x, y, theta) + penalty)


@given(problems())
def test_the_gradient_is_the_limit_of_differences(problem):
    x, y, theta, regularization = problem
    found = call_without_writing(gradient, x, y, theta, regularization)
    numerical = numerical_gradient(lambda theta: cost(x, y, theta, regularization), theta)
    assert np.linalg.norm(found) < 1e-9 or relative_error(found, numerical) <= 1e-8


@given(problems())
def test_the_gradient_is_the_mean_of_example_times_error(problem):
    x, y, theta, _ = problem
    each = [
        np.outer(row, a - target)
        for row, a, target in zip(x, probabilities(x, theta), y, strict=True)
    ]
    np.testing.assert_allclose(gradient(x, y, theta), np.mean(each, axis=0), atol=1e-14)


@given(problems())
def test_what_one_class_gains_the_others_lose(problem):
    x, y, theta, regularization = problem
    np.testing.assert_allclose(gradient(x, y, theta).sum(axis=1), 0, atol=1e-14)
    pull = gradient(x, y, theta, regularization) - gradient(x, y, theta)
    np.testing.assert_allclose(pull[1:], regularization / len(y) * theta[1:], atol=1e-13)
    assert not pull[0].any()


@given(problems(), floats(-10, 10))
def test_the_same_vector_added_to_every_column_changes_no_cost(problem, c):
    x, y, theta, _ = problem
    shift = c * np.arange(len(theta))[:, None]
    assert cost(x, y, theta + shift) == pytest.approx(cost(x, y, theta), rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(gradient(x, y, theta + shift), gradient(x, y, theta), atol=1e-12)


@given(problems(), st.integers(0, 10**6), floats(0, 1))
def test_the_cost_is_convex_along_every_line(problem, seed, t):
    x, y, here, regularization = problem
    there = np.random.default_rng(seed).normal(scale=10, size=here.shape)
    chord = (1 - t) * cost(x, y, here, regularization) + t * cost(x, y, there, regularization)
    between = cost(x, y, (1 - t) * here + t * there, regularization)
    assert between <= chord * (1 + 1e-12) + 1e-14


def test_knowing_nothing_costs_log_k():
    y = one_hot([0, 1, 2, 3], 4)
    assert cost(np.ones((4, 2)), y, np.zeros((2, 4))) == pytest.approx(np.log(4), rel=1e-15)


def test_scores_of_ten_thousand_cost_ten_thousand_or_nothing():
    x, theta = [[1, 1e4]], [[0, 0], [0, 1]]
    with no_warnings():
        assert cost(x, [[1, 0]], theta) == 1e4
        assert cost(x, [[0, 1]], theta) == 0
        assert gradient(x, [[1, 0]], theta).tolist() == [[-1, 1], [-1e4, 1e4]]
        assert probabilities(x, theta).tolist() == [[0, 1]]


def test_the_notes_sign_of_the_penalty_has_no_lower_bound_and_ours_has():
    x, y, theta = np.ones((2, 2)), one_hot([0, 1], 2), np.ones((2, 2))
    data, charged = (
        [cost(x, y, theta + c, regularization) for c in (0, 10, 1000)] for regularization in (0, 1)
    )
    as_printed = [2 * d - c for d, c in zip(data, charged, strict=True)]
    assert np.ptp(data) < 1e-12
    assert as_printed[2] < as_printed[1] < as_printed[0] < charged[0] < charged[1] < charged[2]


# Two classes


@given(problems(max_classes=2, one_hot_only=True).filter(lambda problem: problem[1].shape[1] == 2))
def test_two_classes_are_logistic_regression_with_the_difference_of_the_columns(problem):
    x, y, theta, _ = problem
    labels, difference = y[:, 1], theta[:, 1] - theta[:, 0]
    np.testing.assert_allclose(
        probabilities(x, theta)[:, 1], logistic.probability(x, difference), rtol=1e-13
    )
    assert cost(x, y, theta) == pytest.approx(logistic.cost(x, labels, difference), rel=1e-12)
    slopes = gradient(x, y, theta)
    np.testing.assert_allclose(slopes[:, 1], logistic.gradient(x, labels, difference), atol=1e-14)
    np.testing.assert_allclose(slopes[:, 0], -slopes[:, 1], atol=1e-14)


@given(problems(one_hot_only=True, max_classes=1), floats(0.01, 1), st.integers(0, 8))
def test_the_difference_of_two_columns_goes_down_as_logistic_regression_at_twice_the_rate(
    problem, learning_rate, steps
):
    x, _, _, regularization = problem
    labels = (np.arange(len(x)) % 2).astype(float)
    path = gradient_descent(x, one_hot(labels, 2), learning_rate, steps, regularization)
    theirs = logistic.gradient_descent(x, labels, 2 * learning_rate, steps, regularization / 2)
    np.testing.assert_allclose(path[..., 1] - path[..., 0], theirs, rtol=1e-10, atol=1e-12)


# Descent


@given(problems(), floats(0.01, 1), st.integers(0, 5))
def test_each_step_goes_against_the_gradient_from_zero(problem, learning_rate, steps):
    x, y, theta, regularization = problem
    path = call_without_writing(gradient_descent, x, y, learning_rate, steps, regularization)
    assert path.shape == (steps + 1, *theta.shape)
    assert not path[0].any()
    for here, there in itertools.pairwise(path):
        step = -learning_rate * gradient(x, y, here, regularization)
        np.testing.assert_allclose(there - here, step, atol=1e-12)


@given(problems(), floats(0.01, 0.3), st.integers(0, 3), st.integers(0, 10**6))
def test_an_epoch_shows_each_example_once_in_the_order_that_is_drawn(
    problem, learning_rate, epochs, seed
):
    x, y, theta, regularization = problem
    path = call_without_writing(
        stochastic_gradient_descent,
        x,
        y,
        learning_rate,
        epochs,
        np.random.default_rng(seed),
        regularization,
    )
    twin, here = np.random.default_rng(seed), np.zeros_like(theta)
    assert path.shape == (epochs + 1, *theta.shape)
    for reached in path[1:]:
        for i in twin.permutation(len(x)):
            a = softmax(x[i] @ here)
            pull = regularization / len(x) * np.vstack([0 * here[:1], here[1:]])
            here = here - learning_rate * (np.outer(x[i], a - y[i]) + pull)
        np.testing.assert_allclose(reached, here, rtol=1e-12, atol=1e-12)


@given(problems())
def test_the_mean_of_all_first_steps_is_the_step_of_the_whole_batch(problem):
    x, y, theta, regularization = problem
    each = [
        gradient(x[i : i + 1], y[i : i + 1], theta, regularization / len(x)) for i in range(len(x))
    ]
    np.testing.assert_allclose(
        np.mean(each, axis=0), gradient(x, y, theta, regularization), atol=1e-13
    )


def test_the_orders_come_from_the_generator_alone():
    x, y = np.random.default_rng(0).normal(size=(9, 3)), one_hot([0, 1, 2] * 3, 3)
    first, same, other = (
        stochastic_gradient_descent(x, y, 0.1, 2, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_weights_of_a_feature_sum_to_0_over_the_classes_when_they_start_at_0():
    x, y = np.random.default_rng(0).normal(size=(9, 3)), one_hot([0, 1, 2] * 3, 3)
    for path in (
        gradient_descent(x, y, 0.5, 50, 0.1),
        stochastic_gradient_descent(x, y, 0.5, 5, np.random.default_rng(0), 0.1),
    ):
        np.testing.assert_allclose(path.sum(axis=2), 0, atol=1e-13)


def test_95_of_100_digits_that_were_not_learned_from_are_read_right():
    images, labels = load_digits()
    x, y = logistic.add_intercept(images.reshape(-1, 64) / 16), one_hot(labels, 10)
    rng = np.random.default_rng(7)
    test = np.isin(np.arange(len(labels)), rng.permutation(len(labels))[:597])
    theta = stochastic_gradient_descent(x[~test], y[~test], 0.1, 4, rng)[-1]
    counts = confusion_matrix(labels[test], predict(x[test], theta), 10)
    assert counts.sum() == 597
    assert 0.93 < counts.trace() / 597 < 0.98


# The confusion matrix


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12))
def test_a_cell_counts_a_class_in_its_row_taken_for_the_class_of_its_column(pairs_of_labels):
    labels = [label for label, _ in pairs_of_labels]
    answers = [answer for _, answer in pairs_of_labels]
    counts = confusion_matrix(labels, answers, 4)
    assert counts.dtype == np.int_
    for j, k in itertools.product(range(4), repeat=2):
        assert counts[j, k] == pairs_of_labels.count((j, k))
    np.testing.assert_array_equal(confusion_matrix(answers, labels, 4), counts.T)


# Types, shapes and layouts

X, THETA = [[1, 3, 1], [1, 1, 3]], [[-1, 0, 3], [1, 0, -1], [0, 1, -1]]
Y, LABELS, P, Q = [[1, 0, 0], [0, 1, 0]], [0, 1], [[1, 0], [0, 1]], [[0, 1], [0, 1]]
CALLS = {
    "softmax": (X,),
    "log_softmax": (X,),
    "one_hot": (LABELS, 3),
    "cross_entropy": (P, Q),
    "entropy": (P,),
    "kl_divergence": (P, Q),
    "squared_distance": (P, Q),
    "probabilities": (X, THETA),
    "predict": (X, THETA),
    "cost": (X, Y, THETA, 0.5),
    "gradient": (X, Y, THETA, 0.5),
    "gradient_descent": (X, Y, 0.5, 3, 0.5),
    "stochastic_gradient_descent": (X, Y, 0.5, 3, "rng", 0.5),
    "confusion_matrix": (LABELS, [1, 1], 2),
}
INTEGERS = ("predict", "confusion_matrix")
every_function = pytest.mark.parametrize("name", CALLS)


def run(name, convert):
    args = [convert(a) if isinstance(a, list) else a for a in CALLS[name]]
    args = [np.random.default_rng(0) if isinstance(a, str) else a for a in args]
    return call_without_writing(getattr(softmax_regression, name), *args)


def test_every_function_of_the_module_is_called_here():
    assert set(CALLS) == set(softmax_regression.__all__)


@every_function
@pytest.mark.parametrize(
    "convert",
    [
        np.array,
        lambda a: np.asfortranarray(a, np.float64),
        lambda a: np.repeat(np.array(a, np.float64), 2, axis=-1)[..., ::2],
        lambda a: np.array(a, np.float64)[::-1][::-1],
        lambda a: tuple(map(tuple, a)) if isinstance(a[0], list) else tuple(a),
    ],
    ids=["integers", "fortran", "strided", "reversed-twice", "tuples"],
)
def test_lists_integers_and_any_memory_layout_give_the_same(name, convert):
    assert_same(np.asarray(run(name, convert)), np.asarray(run(name, list)), rtol=1e-14)


@every_function
@pytest.mark.parametrize("dtype", [np.float32, np.float64, int])
def test_float32_stays_float32_and_integers_are_computed_in_float64(name, dtype):
    result = run(name, lambda a: np.array(a, dtype))
    if isinstance(result, np.ndarray):
        wanted = np.float32 if dtype == np.float32 and name != "one_hot" else np.float64
        assert result.dtype == (np.int_ if name in INTEGERS else wanted)


def test_float64_targets_and_settings_leave_float32_data_alone():
    x, theta = np.array(X, np.float32), np.array(THETA, np.float32)
    y, rng, setting = one_hot(LABELS, 3), np.random.default_rng(0), np.float64(0.5)
    assert gradient(x, y, theta, setting).dtype == np.float32
    assert gradient_descent(x, y, setting, 2, setting).dtype == np.float32
    assert stochastic_gradient_descent(x, y, setting, 2, rng, setting).dtype == np.float32
    assert cross_entropy(softmax(x), softmax(x)).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float64, np.float32, int])
def test_one_number_is_a_python_float(dtype):
    p = np.array([1, 0], dtype)
    for value in (
        cross_entropy(p, p),
        entropy(p),
        kl_divergence(p, p),
        squared_distance(p, p),
        cost(np.array(X, dtype), Y, np.array(THETA, dtype), np.float32(1)),
    ):
        assert type(value) is float


def test_float32_probabilities_of_a_thousand_classes_count_as_a_distribution():
    a = softmax(np.random.default_rng(0).normal(size=(20, 1000)).astype(np.float32))
    assert np.all(entropy(a) < np.log(1000))


# The oracles


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("softmax_cost"), ids=itemgetter("name"))
def test_cost_and_gradient_agree_with_pytorch(case, source):
    theirs = generate.expected(case, source)
    x, theta = case["inputs"]["x"], case["inputs"]["theta"]
    assert cost(**case["inputs"]) == pytest.approx(theirs["cost"], rel=1e-13, abs=1e-15)
    assert_same(gradient(**case["inputs"]), theirs["gradient"], rtol=1e-12, atol=1e-14)
    assert_same(log_softmax(np.matmul(x, theta)), theirs["log_softmax"], rtol=1e-13)


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("softmax_optimum"), ids=itemgetter("name"))
def test_the_optimum_is_scikit_learns_with_c_equal_to_1_over_lambda(case, source):
    theirs = generate.expected(case, source)
    x, regularization = np.array(case["inputs"]["x"]), case["inputs"]["regularization"]
    y = one_hot(case["inputs"]["labels"], 3)
    theta = gradient_descent(x, y, 1, 4000, regularization)[-1]
    assert np.abs(gradient(x, y, theta, regularization)).max() < 1e-9
    assert_same(theta[1:], theirs["weights"], rtol=1e-6, atol=1e-6)
    assert_same(probabilities(x, theta), theirs["probabilities"], rtol=1e-6)


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("divergence"), ids=itemgetter("name"))
def test_entropy_and_divergence_agree_with_pytorch(case, source):
    theirs, (p, q) = generate.expected(case, source), case["inputs"].values()
    assert_same(entropy(p), theirs["entropy"], rtol=1e-13)
    assert_same(kl_divergence(p, q), theirs["kl"], rtol=1e-12)


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("confusion"), ids=itemgetter("name"))
def test_the_counts_agree_with_scikit_learn(case, source):
    theirs = generate.expected(case, source)
    np.testing.assert_array_equal(confusion_matrix(**case["inputs"]), theirs["counts"])


# Wrong calls

NUMBERS = "must hold real numbers, got"
NAN_X, RNG = [[1, 0, np.nan], [1, 1, 1]], np.random.default_rng(0)

# What takes one thing, or several of the same things, refuses it in the same words.
BATCHES = {
    "probabilities": lambda x: (x, THETA),
    "predict": lambda x: (x, THETA),
    "cost": lambda x: (x, Y, THETA),
    "gradient": lambda x: (x, Y, THETA),
    "gradient_descent": lambda x: (x, Y, 1, 1),
    "stochastic_gradient_descent": lambda x: (x, Y, 1, 1, RNG),
}
MODEL = {
    "probabilities": lambda theta: (X, theta),
    "predict": lambda theta: (X, theta),
    "cost": lambda theta: (X, Y, theta),
    "gradient": lambda theta: (X, Y, theta),
}
TARGETS = {
    "cost": lambda y: (X, y, THETA),
    "gradient": lambda y: (X, y, THETA),
    "gradient_descent": lambda y: (X, y, 1, 0),
    "stochastic_gradient_descent": lambda y: (X, y, 1, 0, RNG),
}
DISTRIBUTIONS = {
    "p": {
        "entropy": lambda p: (p,),
        "cross_entropy": lambda p: (p, [0.5, 0.5]),
        "kl_divergence": lambda p: (p, [0.5, 0.5]),
        "squared_distance": lambda p: (p, [0.5, 0.5]),
    },
    "q": {
        "cross_entropy": lambda q: ([0.5, 0.5], q),
        "kl_divergence": lambda q: ([0.5, 0.5], q),
        "squared_distance": lambda q: ([0.5, 0.5], q),
    },
}
LABELED = {
    "labels": {
        "one_hot": lambda labels: (labels, 3),
        "confusion_matrix": lambda labels: (labels, [0, 1], 3),
    },
    "predicted": {"confusion_matrix": lambda predicted: ([0, 1], predicted, 3)},
}

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name in ("softmax", "log_softmax")
        for row in [
            (name, (["a"],), {}, TypeError, f"z {NUMBERS} list"),
            (name, (3,), {}, ValueError, r"z must have shape \(\.\.\., K\) .* got shape \(\)"),
            (name, ([[], []],), {}, ValueError, r"z must have .* class, got shape \(2, 0\)"),
            (name, ([0, np.nan],), {}, ValueError, r"z must be finite, got nan at index \(1,\)"),
            (name, ([[0, 1], [np.inf, 1]],), {}, ValueError, r"z must be .* inf at index \(1, 0\)"),
        ]
    ),
    *(
        row
        for name, call in BATCHES.items()
        for row in [
            (name, call([["a"]]), {}, TypeError, f"x {NUMBERS} list"),
            (
                name,
                call([1, 2]),
                {},
                ValueError,
                r"x must have shape \(m, n\+1\), got shape \(2,\)",
            ),
            (name, call(np.ones((0, 3))), {}, ValueError, r"x must hold at .* got shape \(0, 3\)"),
            (name, call(NAN_X), {}, ValueError, r"x must be finite, got nan at index \(0, 2\)"),
        ]
    ),
    *(
        row
        for name, call in MODEL.items()
        for row in [
            (name, call("a"), {}, TypeError, f"theta {NUMBERS} str"),
            (name, call([1, 2, 3]), {}, ValueError, r"theta must have shape \(n\+1, K\), got .*3,"),
            (
                name,
                call(np.ones((2, 3))),
                {},
                ValueError,
                r"theta must .* \(3, K\), got .*\(2, 3\)",
            ),
            (
                name,
                call(np.ones((3, 0))),
                {},
                ValueError,
                r"theta must .* \(3, K\), got .*\(3, 0\)",
            ),
            (name, call(np.full((3, 3), np.inf)), {}, ValueError, r"theta must be finite, got inf"),
        ]
    ),
    *(
        row
        for name, call in TARGETS.items()
        for row in [
            (name, call(["no", "yes"]), {}, TypeError, f"y {NUMBERS} list"),
            (name, call([0, 1]), {}, ValueError, r"y must have shape \(m, K\), got shape \(2,\)"),
            (
                name,
                call([[1, 0, 0]]),
                {},
                ValueError,
                r"y must .* \(2, 3\), got .*\(1, 3\)|y must .*",
            ),
            (name, call([[1, 0, 0], [1, 1, 0]]), {}, ValueError, r"y must sum .* got the sum 2$"),
            (name, call([[2, -1, 0], [1, 0, 0]]), {}, ValueError, r"y must hold .* got 2.0"),
        ]
    ),
    *(
        row
        for argument, calls in DISTRIBUTIONS.items()
        for name, call in calls.items()
        for row in [
            (name, call(None), {}, TypeError, f"{argument} {NUMBERS} NoneType"),
            (name, call(1), {}, ValueError, rf"{argument} must have shape .* got shape \(\)"),
            (name, call([]), {}, ValueError, rf"{argument} must have shape .* got shape \(0,\)"),
            (name, call([1.5, -0.5]), {}, ValueError, f"{argument} must hold .* to 1, got 1.5"),
            (name, call([-0.5, 0.5]), {}, ValueError, f"{argument} must hold .* to 1, got -0.5"),
            (name, call([np.nan, 1]), {}, ValueError, f"{argument} must hold .* got nan"),
            (name, call([0.5, 0.4]), {}, ValueError, f"{argument} must sum to 1 .* the sum 0.9$"),
            (name, call([0.5, 0.5001]), {}, ValueError, f"{argument} must sum .* sum 1.0001$"),
        ]
    ),
    *(
        (name, ([0.5, 0.5], [1, 0, 0]), {}, ValueError, r"q must have .* \(2,\), got shape \(3,\)")
        for name in DISTRIBUTIONS["q"]
    ),
    *(
        row
        for argument, calls in LABELED.items()
        for name, call in calls.items()
        for row in [
            (name, call(["a", "b"]), {}, TypeError, f"{argument} {NUMBERS} list"),
            (name, call([[0, 1]]), {}, ValueError, rf"{argument} must have shape \(m,\), got"),
            (name, call([3, 0]), {}, ValueError, f"{argument} must be whole .* 0 to 2, got 3$"),
            (name, call([0, -1]), {}, ValueError, f"{argument} must be whole .* 0 to 2, got -1$"),
            (name, call([0.5, 0]), {}, ValueError, f"{argument} must be whole .* got 0.5$"),
            (name, call([np.nan, 0]), {}, ValueError, f"{argument} must be whole .* got nan$"),
        ]
    ),
    ("one_hot", ([0], 0), {}, ValueError, "classes must be at least 1, got 0"),
    ("one_hot", ([0], 2.0), {}, TypeError, "classes must be a whole number, got float 2.0"),
    ("confusion_matrix", ([0], [0], 0), {}, ValueError, "classes must be at least 1, got 0"),
    ("confusion_matrix", ([0], [0], "2"), {}, TypeError, "classes must be a whole .* got str '2'"),
    (
        "confusion_matrix",
        ([0], [0, 0], 1),
        {},
        ValueError,
        r"predicted must .*\(1,\), got .*\(2,\)",
    ),
    *(
        row
        for name in ("cost", "gradient")
        for row in [
            (name, (X, Y, THETA, -1), {}, ValueError, "regularization must .* at least 0, got -1"),
            (name, (X, Y, THETA, None), {}, TypeError, "regularization must be a number, got None"),
            (name, (X, [[1, 0], [0, 1]], THETA), {}, ValueError, r"y must .* \(2, 3\), got .*2, 2"),
        ]
    ),
    *(
        row
        for name, extra, count in (
            ("gradient_descent", (), "steps"),
            ("stochastic_gradient_descent", (RNG,), "epochs"),
        )
        for row in [
            (name, (X, Y, 0, 1, *extra), {}, ValueError, "learning_rate must .* above 0, got 0"),
            (
                name,
                (X, Y, "1", 1, *extra),
                {},
                TypeError,
                "learning_rate must be a number, got str",
            ),
            (name, (X, Y, 1, -1, *extra), {}, ValueError, f"{count} must be at least 0, got -1"),
            (name, (X, Y, 1, 2.0, *extra), {}, TypeError, f"{count} must be a whole .* float 2.0"),
            (name, (X, Y, 1, 1, *extra, -1), {}, ValueError, "regularization must .* 0, got -1"),
            (
                name,
                (X, Y, 1e200, 5, *extra, 1e200),
                {},
                ValueError,
                "learning_rate must be smaller, got",
            ),
            (
                name,
                (X, Y, 3, 999, *extra, 9),
                {},
                ValueError,
                "learning_rate must .*3.0: theta over",
            ),
        ]
    ),
    ("stochastic_gradient_descent", (X, Y, 1, 1, 0), {}, TypeError, "rng must be a numpy.*got 0"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(softmax_regression, name, args, kwargs, exception, message)
