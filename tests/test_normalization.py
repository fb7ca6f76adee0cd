"""Normalization: neighbors across channels, batches, running moments, gradients, wrong calls."""

import itertools
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import assert_same, call_without_writing, check_wrong_call, floats, ids, no_warnings
from textbook import normalization
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.normalization import (
    batch_moments,
    batch_norm,
    batch_norm_backward,
    batch_norm_inference,
    batch_norm_inference_backward,
    local_response_norm,
    local_response_norm_backward,
    update_running,
)

SHAPES = [(2, 1), (3, 2), (7, 4), (1, 2, 2, 3), (3, 4, 1, 2), (2, 3, 5, 4)]


@st.composite
def batches(draw, low=2):
    """Draw rows or images whose features have means and spreads of different sizes."""
    d = draw(st.integers(1, 4))
    m = draw(st.integers(low, 6))
    shape = draw(st.sampled_from([(m, d), (m, 2, 3, d), (1, m, 2, d)]))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    powers = 10.0 ** rng.integers(-1, 2, size=(2, d))
    return powers[0] * rng.normal(size=d) + powers[1] * rng.normal(size=shape)


@st.composite
def responses(draw):
    """Draw activations after a ReLU, with settings that let the neighbors count."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    shape = draw(st.sampled_from([(1,), (4,), (2, 7), (2, 2, 3, 5)]))
    a = np.maximum(rng.normal(size=shape) + 0.5, 0.01)
    settings = {
        "k": draw(floats(0.5, 3)),
        "n": draw(st.sampled_from([1, 3, 5, 9])),
        "alpha": draw(floats(0, 2)),
        "beta": draw(floats(0, 2)),
    }
    return a, settings


def features(x, seed=0):
    """Return a gamma and a beta for each feature."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=x.shape[-1]), rng.normal(size=x.shape[-1])


# Local response normalization


def by_the_formula(a, k, n, alpha, beta):
    """Return what the paper's formula says, index by index."""
    b = np.empty_like(a)
    c = a.shape[-1]
    for *place, i in np.ndindex(a.shape):
        total = 0.0
        for j in range(max(0, i - n // 2), min(c - 1, i + n // 2) + 1):
            total += a[(*place, j)] ** 2
        b[(*place, i)] = a[(*place, i)] / (k + alpha * total) ** beta
    return b


@given(responses())
def test_responses_are_those_of_the_formula(drawn):
    a, settings = drawn
    found = call_without_writing(local_response_norm, a, **settings)
    assert_same(found, by_the_formula(a, **settings), rtol=1e-12)


def test_the_default_settings_are_the_papers():
    a = np.random.default_rng(0).uniform(0, 300, size=(2, 3, 3, 9))
    assert_same(local_response_norm(a), by_the_formula(a, 2, 5, 1e-4, 0.75), rtol=1e-12)
    settings = {"k": 2, "n": 5, "alpha": 1e-4, "beta": 0.75}
    db = np.ones_like(a)
    wanted = local_response_norm_backward(db, a, **settings)
    assert_same(local_response_norm_backward(db, a), wanted)


@given(responses())
def test_a_pixel_does_not_see_another(drawn):
    a, settings = drawn
    together = local_response_norm(a, **settings)
    for place in np.ndindex(a.shape[:-1]):
        assert_same(local_response_norm(a[place], **settings), together[place], rtol=1e-14)


def test_only_channels_within_reach_matter():
    a = np.full(9, 100.0)
    louder = a.copy()
    louder[8] = 1000
    same = local_response_norm(a) == local_response_norm(louder)
    assert same.tolist() == [True] * 6 + [False] * 3


def test_where_the_curve_of_a_lone_kernel_is_steepest_and_highest():
    k, alpha, beta = 2, 1e-4, 0.75
    steepest, highest = np.sqrt(k / (alpha * (2 * beta + np.array([1, -1]))))
    assert (round(steepest, 2), round(highest)) == (89.44, 200)
    a = np.linspace(1, 400, 4000)[:, np.newaxis]
    share = (local_response_norm(a) / a).ravel()
    assert a[np.gradient(share).argmin(), 0] == pytest.approx(steepest, abs=0.2)
    assert a[local_response_norm(a).argmax(), 0] == pytest.approx(highest, abs=0.2)
    (slope,) = local_response_norm_backward([1], [highest])
    assert slope == pytest.approx(0, abs=1e-15)


@given(responses(), st.integers(0, 999))
def test_the_backward_of_responses_is_that_of_the_checker(drawn, seed):
    a, settings = drawn
    db = np.random.default_rng(seed).normal(size=a.shape)
    found = call_without_writing(local_response_norm_backward, db, a, **settings)
    wanted = numerical_gradient(lambda a: np.sum(db * local_response_norm(a, **settings)), a)
    assert relative_error(found, wanted) < 1e-7


def test_silence_stays_silence():
    assert not local_response_norm(np.zeros((2, 3))).any()
    found = local_response_norm_backward(np.ones((2, 3)), np.zeros((2, 3)))
    assert_same(found, np.full((2, 3), 2**-0.75))
    assert local_response_norm(np.zeros((0, 3))).shape == (0, 3)
    assert local_response_norm(np.zeros((3, 0))).shape == (3, 0)


# Batch normalization, forward


@given(batches())
def test_moments_are_those_of_the_formula(x):
    mean, variance = call_without_writing(batch_moments, x)
    axes = tuple(range(x.ndim - 1))
    np.testing.assert_allclose(mean, x.mean(axis=axes), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(variance, x.var(axis=axes), rtol=1e-11, atol=1e-14)


@given(batches())
def test_outputs_have_the_learned_mean_and_deviation(x):
    gamma, beta = features(x)
    y, mean, variance = call_without_writing(batch_norm, x, gamma, beta, epsilon=1e-12)
    assert y.shape == x.shape
    axes = tuple(range(x.ndim - 1))
    np.testing.assert_allclose(y.mean(axis=axes), beta, atol=1e-11)
    np.testing.assert_allclose(y.std(axis=axes), np.abs(gamma), rtol=1e-7)
    found = batch_moments(x)
    assert_same((mean, variance), found)


@given(batches(), floats(0.5, 10), floats(-100, 100))
def test_shift_and_scale_before_it_change_nothing(x, factor, shift):
    gamma, beta = features(x)
    wanted, *_ = batch_norm(x, gamma, beta, epsilon=1e-12)
    found, *_ = batch_norm(factor * x + shift, gamma, beta, epsilon=1e-12)
    np.testing.assert_allclose(found, wanted, atol=1e-7)
    turned, *_ = batch_norm(-x, gamma, beta, epsilon=1e-12)
    np.testing.assert_allclose(turned, 2 * beta - wanted, atol=1e-9)


def test_the_example_of_the_notes_claim():
    x = np.random.default_rng(0).normal(5, 3, size=(1000, 5))
    y, *_ = batch_norm(x, np.full(5, 2), np.full(5, -1), epsilon=1e-12)
    np.testing.assert_allclose(y.mean(axis=0), -1, atol=1e-13)
    np.testing.assert_allclose(y.std(axis=0), 2, atol=1e-10)


def test_an_image_is_normalized_by_channel_not_by_pixel():
    x = np.random.default_rng(0).normal(size=(3, 4, 5, 2))
    gamma, beta = features(x)
    found, mean, variance = batch_norm(x, gamma, beta)
    assert mean.shape == variance.shape == (2,)
    rows, *_ = batch_norm(x.reshape(-1, 2), gamma, beta)
    assert_same(found, rows.reshape(x.shape))
    by_pixel, *_ = batch_norm(x.reshape(3, -1), np.tile(gamma, 20), np.tile(beta, 20))
    assert not np.allclose(found, by_pixel.reshape(x.shape))


@pytest.mark.parametrize("shape", [(1, 3), (1, 1, 1, 3)])
def test_a_batch_of_one_gives_beta_and_no_slope(shape):
    x = np.arange(3.0).reshape(shape)
    y, mean, variance = batch_norm(x, [1, 2, 3], [4, 5, 6])
    assert (y.ravel().tolist(), mean.tolist(), variance.tolist()) == ([4, 5, 6], [0, 1, 2], [0] * 3)
    dx, dgamma, dbeta = batch_norm_backward(np.ones(shape), x, [1, 2, 3], mean, variance)
    assert (dx.any(), dgamma.any(), dbeta.tolist()) == (False, False, [1, 1, 1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("value", [0, 0.1, -36.6, 1e8, 1e-30])
@pytest.mark.parametrize("m", [1, 2, 3, 1000])
def test_a_constant_feature_has_variance_0_exactly_and_becomes_beta(value, m, dtype):
    x = np.full((m, 1), value, dtype)
    y, mean, variance = batch_norm(x, [3], [0.5])
    assert (mean.tolist(), variance.tolist()) == ([dtype(value)], [0])
    assert np.all(y == 0.5)
    dx, *_ = batch_norm_backward(np.arange(m, dtype=dtype)[:, None], x, [3], mean, variance)
    assert np.isfinite(dx).all()


def test_epsilon_damps_a_feature_that_hardly_changes():
    x = 1e-3 * np.array([[-1.0], [1]])
    y, *_ = batch_norm(x, [1], [0], epsilon=1e-5)
    assert y[1, 0] == pytest.approx(1e-3 / np.sqrt(1e-6 + 1e-5))
    y, *_ = batch_norm(x, [1], [0], epsilon=3e-6)
    assert y[1, 0] == pytest.approx(0.5)


def test_a_large_mean_does_not_eat_the_variance_in_single_precision():
    x = np.random.default_rng(0).normal(1000, 1, size=(20_000, 3)).astype(np.float32)
    mean, variance = batch_moments(x)
    exact = x.astype(np.float64)
    np.testing.assert_allclose(mean, exact.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(variance, exact.var(axis=0), rtol=1e-4)
    careless = np.mean(x**2, axis=0) - np.mean(x, axis=0) ** 2  # what labml does
    assert np.abs(careless - exact.var(axis=0)).max() > 0.01


# Batch normalization, backward


@pytest.mark.parametrize("shape", SHAPES)
def test_the_backward_of_training_is_that_of_the_checker(shape):
    rng = np.random.default_rng(sum(shape))
    x, dy = rng.normal(2, 1, size=shape), rng.normal(size=shape)
    gamma, beta = features(x)
    _, mean, variance = batch_norm(x, gamma, beta, 0.5)
    found = call_without_writing(batch_norm_backward, dy, x, gamma, mean, variance, epsilon=0.5)
    given_arguments = [x, gamma, beta]
    for i, slope in enumerate(found):

        def cost(value, i=i):
            arguments = [*given_arguments[:i], value, *given_arguments[i + 1 :]]
            return np.sum(dy * batch_norm(*arguments, 0.5)[0])

        assert slope.shape == given_arguments[i].shape
        assert relative_error(slope, numerical_gradient(cost, given_arguments[i])) < 1e-7


@pytest.mark.parametrize("shape", [(1, 2), *SHAPES])
def test_the_backward_of_inference_is_that_of_the_checker(shape):
    rng = np.random.default_rng(sum(shape))
    x, dy = rng.normal(2, 3, size=shape), rng.normal(size=shape)
    gamma, beta = features(x)
    mean, variance = rng.normal(size=shape[-1]), rng.uniform(0, 3, size=shape[-1])
    found = call_without_writing(
        batch_norm_inference_backward, dy, x, gamma, mean, variance, epsilon=1e-2
    )
    given_arguments = [x, gamma, beta]
    for i, slope in enumerate(found):

        def cost(value, i=i):
            arguments = [*given_arguments[:i], value, *given_arguments[i + 1 :]]
            return np.sum(dy * batch_norm_inference(*arguments, mean, variance, 1e-2))

        assert slope.shape == given_arguments[i].shape
        assert relative_error(slope, numerical_gradient(cost, given_arguments[i])) < 1e-7


def planted(forgets_mean, forgets_variance):
    """Return dx by a backward that takes the mean, or the variance, for a constant."""

    def dx(dy, x, gamma, mean, variance, epsilon=1e-5):
        right, dgamma, dbeta = batch_norm_backward(dy, x, gamma, mean, variance, epsilon)
        deviation = np.sqrt(variance + epsilon)
        count = x.size // x.shape[-1]
        right = right + forgets_mean * gamma / deviation * dbeta / count
        return (
            right + forgets_variance * gamma / deviation * (x - mean) / deviation * dgamma / count
        )

    return dx


@pytest.mark.parametrize(
    ("forgets_mean", "forgets_variance"), list(itertools.product([False, True], repeat=2))
)
def test_the_checker_finds_a_backward_that_forgets_what_depends_on_x(
    forgets_mean, forgets_variance
):
    rng = np.random.default_rng(3)
    x, dy = rng.normal(size=(8, 3)), rng.normal(size=(8, 3))
    gamma, beta = features(x)
    _, mean, variance = batch_norm(x, gamma, beta)
    wanted = numerical_gradient(lambda x: np.sum(dy * batch_norm(x, gamma, beta)[0]), x)
    found = planted(forgets_mean, forgets_variance)(dy, x, gamma, mean, variance)
    error = relative_error(found, wanted)
    assert error > 0.05 if forgets_mean or forgets_variance else error < 1e-7
    if forgets_mean and forgets_variance:
        constant = batch_norm_inference_backward(dy, x, gamma, mean, variance)
        assert_same(found, constant[0], rtol=1e-10, atol=1e-13)


@given(batches(low=3), st.integers(0, 999))
def test_slopes_that_return_have_neither_a_mean_nor_a_share_of_x(x, seed):
    dy = np.random.default_rng(seed).normal(size=x.shape)
    gamma, beta = features(x)
    _, mean, variance = batch_norm(x, gamma, beta, 1e-12)
    dx, *_ = batch_norm_backward(dy, x, gamma, mean, variance, 1e-12)
    axes = tuple(range(x.ndim - 1))
    size = np.abs(gamma) / np.sqrt(variance) * x.size
    assert np.all(np.abs(dx.sum(axis=axes)) < 1e-12 * size)
    assert np.all(np.abs((dx * (x - mean)).sum(axis=axes)) < 1e-7 * size * np.sqrt(variance))


def test_a_slope_may_come_in_the_layout_of_a_transposed_array():
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 4, 3, 5)), rng.normal(size=(2, 4, 3, 5))
    x, dy = x.transpose(0, 3, 2, 1), dy.transpose(0, 3, 2, 1)
    gamma, beta = features(x)
    y, mean, variance = batch_norm(x, gamma, beta)
    found = (y, *batch_norm_backward(dy, x, gamma, mean, variance))
    x, dy = np.ascontiguousarray(x), np.ascontiguousarray(dy)
    y, mean, variance = batch_norm(x, gamma, beta)
    wanted = (y, *batch_norm_backward(dy, x, gamma, mean, variance))
    assert_same(found, wanted, rtol=1e-12, atol=1e-14)


# Running moments, inference


def test_momentum_is_the_share_of_the_old():
    found = update_running([10], [100], [20], [30], count=4, momentum=0.9)
    assert_same(found, (np.array([11.0]), np.array([94.0])))
    kept = update_running([10], [100], [20], [30], count=4, momentum=1)
    assert_same(kept, (np.array([10.0]), np.array([100.0])))
    new = update_running([10], [100], [20], [30], count=4, momentum=0)
    assert_same(new, (np.array([20.0]), np.array([40.0])))


@given(floats(0, 1), st.integers(0, 20))
def test_running_moments_come_to_those_of_a_batch_that_is_repeated(momentum, steps):
    mean, variance = np.array([3.0, -1.0]), np.array([2.0, 6.0])
    running = np.zeros(2), np.ones(2)
    for _ in range(steps):
        running = call_without_writing(update_running, *running, mean, variance, 3, momentum)
    left = momentum**steps
    wanted = (1 - left) * mean, left + (1 - left) * variance * 1.5
    assert_same(running, wanted, rtol=1e-12)


def test_the_running_variance_is_unbiased():
    rng = np.random.default_rng(0)
    found = np.zeros(1)
    for _ in range(20_000):
        mean, variance = batch_moments(rng.normal(size=(2, 1)))
        found += update_running([0], [1], mean, variance, count=2, momentum=0)[1] / 20_000
    assert found[0] == pytest.approx(1, abs=0.04)  # biased, it would be 0.5


@given(batches())
def test_inference_with_a_batchs_own_moments_is_training(x):
    gamma, beta = features(x)
    y, mean, variance = batch_norm(x, gamma, beta)
    assert_same(call_without_writing(batch_norm_inference, x, gamma, beta, mean, variance), y)


def test_in_inference_no_example_sees_another_and_in_training_each_sees_all():
    x = np.random.default_rng(0).normal(size=(5, 3))
    gamma, beta = features(x)
    together = batch_norm_inference(x, gamma, beta, [1, 2, 3], [4, 5, 6])
    for i in range(5):
        alone = batch_norm_inference(x[[i]], gamma, beta, [1, 2, 3], [4, 5, 6])
        assert_same(alone, together[[i]])
    moved = x.copy()
    moved[4] += 1
    assert np.all(batch_norm(x, gamma, beta)[0] != batch_norm(moved, gamma, beta)[0])


# Precision


@pytest.mark.parametrize("shape", SHAPES)
def test_single_precision_stays_single_whatever_the_parameters_are(shape):
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    gamma, beta = features(x)
    with no_warnings():
        y, mean, variance = batch_norm(x, gamma, beta.tolist())
        results = [
            *(y, mean, variance),
            *batch_norm_backward(x, x, gamma, mean, variance),
            batch_norm_inference(x, gamma, beta, mean.astype(np.float64), variance),
            *batch_norm_inference_backward(x, x, gamma, mean, variance),
            *update_running(np.zeros_like(mean), np.ones_like(mean), mean, variance, 7),
            local_response_norm(x),
            local_response_norm_backward(x, x),
        ]
    assert {r.dtype for r in results} == {np.dtype(np.float32)}
    wanted, *_ = batch_norm(x.astype(np.float64), gamma, beta)
    np.testing.assert_allclose(y, wanted, atol=1e-5)


def test_integers_become_double_precision():
    y, mean, variance = batch_norm([[1], [3]], [2], [0])
    assert {v.dtype for v in (y, mean, variance)} == {np.dtype(np.float64)}
    assert local_response_norm([1, 2]).dtype == np.float64


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("response_norm"), ids=itemgetter("name"))
def test_responses_and_their_backward_agree_with_pytorch(case, source):
    theirs = generate.expected(case, source)
    inputs = dict(case["inputs"])
    db = inputs.pop("db")
    assert_same(local_response_norm(**inputs), theirs["b"], rtol=1e-12)
    assert_same(local_response_norm_backward(db, **inputs), theirs["da"], rtol=1e-12)


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("batch_norm_of_images"), ids=itemgetter("name"))
def test_batch_norm_agrees_with_pytorch_forward_backward_and_afterwards(case, source):
    theirs = generate.expected(case, source)
    x, dy, gamma, beta, epsilon, momentum = case["inputs"].values()
    y, mean, variance = batch_norm(x, gamma, beta, epsilon)
    assert_same(y, theirs["y"], rtol=1e-12)
    slopes = batch_norm_backward(dy, x, gamma, mean, variance, epsilon)
    wanted = tuple(theirs[name] for name in ("dx", "dgamma", "dbeta"))
    assert_same(slopes, wanted, rtol=1e-10, atol=1e-12)
    running = update_running([0, 0], [1, 1], mean, variance, np.size(x) // 2, momentum)
    assert_same(running, (theirs["running_mean"], theirs["running_variance"]), rtol=1e-12)
    later = batch_norm_inference(x, gamma, beta, *running, epsilon)
    assert_same(later, theirs["inference"], rtol=1e-12)


# Wrong calls

NAN, INF = float("nan"), float("inf")
ONE = [[1.0]]
SETTINGS = [
    ("k", 0, ValueError, "k must be finite and above 0, got 0"),
    ("k", "2", TypeError, "k must be a number, got str"),
    ("n", 0, ValueError, "n must be at least 1, got 0"),
    ("n", 4, ValueError, "n must be odd, so .*, got 4"),
    ("n", 5.0, TypeError, "n must be a whole number, got float"),
    ("alpha", -1, ValueError, "alpha must be finite and at least 0, got -1"),
    ("alpha", None, TypeError, "alpha must be a number, got None"),
    ("beta", -0.5, ValueError, "beta must be finite and at least 0, got -0.5"),
    ("beta", [1], TypeError, "beta must be a number, got list"),
]
FIRST = {  # a call that is right, by its arguments
    "batch_norm": {"x": ONE, "gamma": [1], "beta": [0]},
    "batch_norm_inference": {"x": ONE, "gamma": [1], "beta": [0], "mean": [0], "variance": [1]},
    **{
        name: {"dy": ONE, "x": ONE, "gamma": [1], "mean": [0], "variance": [1]}
        for name in ("batch_norm_backward", "batch_norm_inference_backward")
    },
    "update_running": {
        **{"running_mean": [0], "running_variance": [1]},
        **{"mean": [0], "variance": [1], "count": 2},
    },
}


def spoiled(name, argument, value, exception, message):
    return (name, (), {**FIRST[name], argument: value}, exception, message)


OF_FEATURES = (
    r"must have one entry for each feature or channel of x, shape \(1,\), got shape \(2,\)"
)
WRONG_CALLS = [
    *(
        (name, args, {argument: value}, exception, message)
        for name, args in [
            ("local_response_norm", ([1],)),
            ("local_response_norm_backward", ([1], [1])),
        ]
        for argument, value, exception, message in SETTINGS
    ),
    *(
        (name, (*before, a), {}, exception, message)
        for name, before in [("local_response_norm", ()), ("local_response_norm_backward", ([1],))]
        for a, exception, message in [
            ("a", TypeError, "a must hold real numbers, got str"),
            (1.0, ValueError, r"a must have shape \(..., c\), got shape \(\)"),
            ([NAN], ValueError, "a must be finite, got nan"),
            ([1e153], ValueError, r"a must hold numbers whose squares .*, got 1.0e\+153"),
            (np.float32([1e17]), ValueError, r"a must hold .* float32 can add up, got 1.0e\+17"),
        ]
    ),
    ("local_response_norm_backward", ("b", [1]), {}, TypeError, "db must hold real .* got str"),
    ("local_response_norm_backward", ([1, 2], [1]), {}, ValueError, "db must have the shape of a"),
    *(
        (name, (x, *rest), {}, exception, message)
        for name, rest in [("batch_moments", ()), ("batch_norm", ([1], [0]))]
        for x, exception, message in [
            ("a", TypeError, "x must hold real numbers, got str"),
            ([1, 2], ValueError, r"x must have shape \(m, d\) or .*, got shape \(2,\)"),
            (np.ones((2, 2, 2)), ValueError, r"x must have shape .*, got shape \(2, 2, 2\)"),
            (np.ones((0, 1)), ValueError, r"x must not be empty, got shape \(0, 1\)"),
            ([[NAN], [1]], ValueError, "x must be finite .* got a variance of nan in feature 0"),
            ([[INF], [1]], ValueError, "x must be finite .* got a variance of nan in feature 0"),
            ([[1e200], [1]], ValueError, "x must be finite .* got a variance of inf in feature 0"),
        ]
    ),
    *(
        spoiled(name, "x", value, exception, message)
        for name in list(FIRST)[1:4]
        for value, exception, message in [
            ("a", TypeError, "x must hold real numbers, got str"),
            ([1], ValueError, r"x must have shape \(m, d\) or \(m, h, w, c\), got shape \(1,\)"),
            (np.ones((1, 0)), ValueError, r"x must not be empty, got shape \(1, 0\)"),
        ]
    ),
    *(
        spoiled(name, argument, value, exception, f"{argument} {message}")
        for name in list(FIRST)[:4]
        for argument in FIRST[name]
        if argument not in ("x", "dy")
        for value, exception, message in [
            ("a", TypeError, "must hold real numbers, got str"),
            ([1, 1], ValueError, OF_FEATURES),
        ]
    ),
    *(
        spoiled(name, argument, value, ValueError, message)
        for name in list(FIRST)[1:]
        for argument, value, message in [
            ("mean", [NAN], "mean must be finite, got nan"),
            ("variance", [INF], "variance must be finite, got inf"),
            ("variance", [-1], "variance must not be negative, got -1.0"),
        ]
    ),
    *(
        spoiled(name, "epsilon", value, exception, message)
        for name in list(FIRST)[:4]
        for value, exception, message in [
            (0, ValueError, "epsilon must be finite and above 0, got 0"),
            ("0", TypeError, "epsilon must be a number, got str"),
        ]
    ),
    *(
        spoiled(name, "dy", value, exception, message)
        for name in list(FIRST)[2:4]
        for value, exception, message in [
            ("a", TypeError, "dy must hold real numbers, got str"),
            ([[1], [1]], ValueError, r"dy must have the shape of x, \(1, 1\), got shape \(2, 1\)"),
        ]
    ),
    *(
        spoiled("update_running", argument, value, exception, message)
        for argument, value, exception, message in [
            ("running_mean", "a", TypeError, "running_mean must hold real numbers, got str"),
            ("running_mean", 0, ValueError, r"running_mean must have shape \(d,\), got shape"),
            ("running_mean", [NAN], ValueError, "running_mean must be finite, got nan"),
            ("running_variance", [[1]], ValueError, r"running_variance must have shape \(d,\)"),
            ("running_variance", [1, 1], ValueError, "running_variance must have the shape of"),
            ("running_variance", [-2], ValueError, "running_variance must not be .* got -2.0"),
            ("mean", [0, 0], ValueError, "mean must have the shape of running_mean"),
            ("variance", [0, 0], ValueError, "variance must have the shape of mean"),
            ("count", 1, ValueError, "count must be at least 2, got 1"),
            ("count", 2.0, TypeError, "count must be a whole number, got float"),
            ("momentum", 1.1, ValueError, "momentum must be .* at most 1, got 1.1"),
            ("momentum", -0.1, ValueError, "momentum must be .* at least 0 .* got -0.1"),
            ("momentum", "a", TypeError, "momentum must be a number, got str"),
        ]
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(normalization, name, args, kwargs, exception, message)
