"""Averages that forget: expansion, weights, noise and lag, the corrected start, wrong calls."""

from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import arrays, assert_same, call_without_writing, check_wrong_call, floats, ids
from textbook import exponential_average as module
from textbook.datasets import load_temperatures
from textbook.exponential_average import (
    average_weights,
    corrected_average,
    exponential_average,
    lag,
    memory,
    moving_average,
    noise_factor,
)

betas = floats(0, 0.99)
lengths = st.integers(1, 30)
AVERAGES = {
    "exponential": lambda theta: exponential_average(theta, 0.7),
    "corrected": lambda theta: corrected_average(theta, 0.7),
    "moving": lambda theta: moving_average(theta, 3),
}
every_average = pytest.mark.parametrize("average", AVERAGES.values(), ids=AVERAGES)


def series(length, seed=0):
    return np.random.default_rng(seed).normal(size=length)


# The recursion and its expansion


@given(arrays((8, 2)), betas, floats(-5, 5))
def test_each_average_is_made_of_the_one_before_and_of_the_new_value(theta, beta, start):
    v = call_without_writing(exponential_average, theta, beta, start)
    before = np.concatenate([np.full((1, 2), start), v[:-1]])
    np.testing.assert_allclose(v, beta * before + (1 - beta) * theta, rtol=1e-14, atol=1e-14)


@given(lengths, betas, floats(-5, 5))
def test_the_expansion_is_the_recursion(length, beta, start):
    theta = series(length)
    expanded = average_weights(beta, length) @ theta[::-1] + beta**length * start
    found = exponential_average(theta, beta, start)[-1]
    np.testing.assert_allclose(found, expanded, rtol=1e-11, atol=1e-12)


def test_the_notes_numbers():
    weights = average_weights(0.9, 100)
    assert weights[:3].round(4).tolist() == [0.1, 0.09, 0.081]
    assert f"{weights.sum():.6f}" == "0.999973"
    assert round(0.9 ** memory(0.9), 2) == 0.35
    assert memory(0.98) == pytest.approx(50, rel=1e-13)
    theta = load_temperatures()[1]
    v = exponential_average(theta, 0.9)
    assert v[0] == pytest.approx(0.1 * theta[0], rel=1e-15)
    assert v[99] == pytest.approx(weights @ theta[99::-1], rel=1e-12)
    hat = corrected_average(theta, 0.9)
    factors = [round(float(hat[t - 1] / v[t - 1]), 4) for t in (1, 10, 50, 100)]
    assert factors == [10, 1.5353, 1.0052, 1]


@given(betas, st.integers(0, 200))
def test_the_first_n_weights_make_up_1_but_for_a_power_of_beta(beta, count):
    weights = average_weights(beta, count)
    assert weights.shape == (count,)
    assert np.all(np.diff(weights) <= 0)
    assert weights.sum() == pytest.approx(1 - beta**count, abs=1e-12)


@given(st.integers(0, 12), betas)
def test_a_series_can_be_cut_anywhere(cut, beta):
    theta = np.random.default_rng(1).normal(size=(12, 3))
    whole = exponential_average(theta, beta, start=[1, 2, 3])
    first = exponential_average(theta[:cut], beta, start=[1, 2, 3])
    resumed = first[-1] if cut else np.array([1, 2, 3])
    second = exponential_average(theta[cut:], beta, start=resumed)
    assert_same([np.concatenate([first, second])], [whole])


@given(arrays(9), arrays(9), floats(-3, 3))
@every_average
def test_an_average_of_a_sum_is_the_sum_of_the_averages(average, one, other, factor):
    together = average(factor * one + other)
    np.testing.assert_allclose(together, factor * average(one) + average(other), atol=1e-12)


@every_average
def test_an_average_knows_nothing_of_what_comes_later(average):
    theta = series(20)
    for t in (1, 7, 20):
        assert average(theta[:t])[-1] == average(theta)[t - 1]


@every_average
def test_series_of_arrays_are_averaged_entry_by_entry(average):
    theta = np.random.default_rng(0).normal(size=(7, 2, 3))
    found = call_without_writing(average, theta)
    for i in np.ndindex(2, 3):
        np.testing.assert_array_equal(found[(slice(None), *i)], average(theta[(slice(None), *i)]))


# Memory, noise, lag


@given(floats(0.9, 0.999999))
def test_after_the_memory_a_weight_is_nearly_a_third(beta):
    left = beta ** memory(beta)
    assert 0.3486 < left < 1 / np.e
    assert left == pytest.approx(1 / np.e, rel=0.6 * (1 - beta))


@given(floats(0, 0.95))
def test_lag_and_noise_factor_are_the_sums_over_all_weights(beta):
    weights = average_weights(beta, 1000)
    assert lag(beta) == pytest.approx(np.arange(1000) @ weights, rel=1e-10, abs=1e-12)
    assert noise_factor(beta) == pytest.approx(weights @ weights, rel=1e-10)


@given(floats(0, 0.95), floats(-3, 3))
def test_a_steady_rise_is_followed_at_the_distance_of_the_lag(beta, slope):
    theta = slope * np.arange(1000) + 5
    behind = theta - exponential_average(theta, beta, start=5)
    np.testing.assert_allclose(behind[900:], slope * lag(beta), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("beta", [0, 0.5, 0.9])
def test_independent_noise_keeps_the_share_of_its_variance(beta):
    theta = np.random.default_rng(0).normal(scale=3, size=(400, 4000))
    variance = exponential_average(theta, beta)[-1].var()
    assert variance == pytest.approx(9 * noise_factor(beta), rel=0.07)


@given(st.integers(1, 500))
def test_a_window_of_equal_weights_has_one_lag_and_one_noise_factor_in_common(half):
    window = 2 * half + 1
    beta = (window - 1) / (window + 1)
    assert lag(beta) == pytest.approx((window - 1) / 2, rel=1e-12)
    assert noise_factor(beta) == pytest.approx(1 / window, rel=1e-12)
    assert memory(beta) == pytest.approx((window + 1) / 2, rel=1e-12)


def test_in_its_own_order_the_weather_is_averaged_away_less_than_shuffled():
    theta = load_temperatures()[1]
    angle = 2 * np.pi * np.arange(366) / 366
    wave = np.column_stack([np.ones(366), np.cos(angle), np.sin(angle)])
    rest = theta - wave @ np.linalg.lstsq(wave, theta, rcond=None)[0]

    def left(values):
        return exponential_average(values, 0.9)[60:].var() / values.var()

    shuffled = [left(np.random.default_rng(s).permutation(rest)) for s in range(20)]
    assert np.median(shuffled) == pytest.approx(noise_factor(0.9), rel=0.2)
    assert left(rest) > 2 * max(shuffled)


# The corrected start


@given(arrays(12), betas)
def test_the_corrected_average_is_the_division_of_the_notes(theta, beta):
    divisors = 1 - beta ** np.arange(1, 13)
    found = call_without_writing(corrected_average, theta, beta)
    expected = exponential_average(theta, beta) / divisors
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


@given(arrays(12), betas)
def test_the_corrected_average_is_a_mean_and_begins_with_the_first_value(theta, beta):
    found = corrected_average(theta, beta)
    assert found[0] == pytest.approx(theta[0], rel=1e-14, abs=1e-300)
    for t in range(1, 13):
        assert theta[:t].min() - 1e-13 <= found[t - 1] <= theta[:t].max() + 1e-13
        assert found[t - 1] == pytest.approx(
            np.average(theta[:t], weights=beta ** np.arange(t)[::-1]), rel=1e-11, abs=1e-12
        )


@given(arrays(9, 0, 40), betas, floats(0.1, 3), floats(-300, 300))
def test_another_thermometer_tells_of_the_same_winter_only_if_corrected(theta, beta, unit, zero):
    found = corrected_average(unit * theta + zero, beta)
    np.testing.assert_allclose(found, unit * corrected_average(theta, beta) + zero, atol=1e-11)
    plain = exponential_average(unit * theta + zero, beta)
    missing = zero * beta ** np.arange(1, 10)
    expected = unit * exponential_average(theta, beta) + zero - missing
    np.testing.assert_allclose(plain, expected, atol=1e-11)


@pytest.mark.parametrize("beta", [1 - 1e-6, 1 - 1e-9, 1 - 1e-12, 1 - 2**-53])
def test_near_1_the_corrected_average_is_the_mean_so_far_to_all_digits(beta):
    theta = series(50) + 3
    means = np.cumsum(theta) / np.arange(1, 51)
    np.testing.assert_allclose(corrected_average(theta, beta), means, rtol=1e-4)
    constant = corrected_average(np.full(50, 7.0), beta)
    np.testing.assert_allclose(constant, 7, rtol=1e-13)


def test_fed_back_the_corrected_value_is_corrected_again():
    v, found = 0, []
    for t in range(1, 4):
        v = (0.9 * v + 0.1 * 10) / (1 - 0.9**t)
        found.append(v)
    np.testing.assert_allclose(found, [10, 10 / 0.19, (9 / 0.19 + 1) / 0.271], rtol=1e-13)
    np.testing.assert_allclose(corrected_average([10, 10, 10], 0.9), 10, rtol=1e-14)


# Moving averages


@given(lengths, st.integers(1, 40))
def test_a_moving_average_is_the_mean_of_the_last_values(length, window):
    theta = series(length)
    found = call_without_writing(moving_average, theta, window)
    for t in range(length):
        assert found[t] == pytest.approx(theta[: t + 1][-window:].mean(), rel=1e-12, abs=1e-14)


def test_a_window_of_1_is_the_series_and_a_long_one_the_mean_so_far():
    theta = series(9)
    assert moving_average(theta, 1).tolist() == theta.tolist()
    means = np.cumsum(theta) / np.arange(1, 10)
    np.testing.assert_allclose(moving_average(theta, 99), means, rtol=1e-12)


# Edges, types and shapes


def test_without_memory_the_average_is_the_series():
    theta = series(9)
    for found in (exponential_average(theta, 0), corrected_average(theta, 0)):
        assert found.tolist() == theta.tolist()
    assert (memory(0), lag(0), noise_factor(0)) == (1, 0, 1)
    assert average_weights(0, 3).tolist() == [1, 0, 0]


@every_average
@pytest.mark.parametrize("shape", [(0,), (0, 3), (4, 0)])
def test_an_empty_series_has_an_empty_average(average, shape):
    assert average(np.zeros(shape)).shape == shape


@every_average
def test_one_value_is_enough_and_large_values_do_not_overflow(average):
    assert average([4]).shape == (1,)
    found = average([5e307, 5e307, -5e307, 1e-320])
    assert np.isfinite(found).all()
    assert found[1] > 2e307


@every_average
def test_integers_lists_and_layouts_give_the_same_and_float32_stays(average):
    theta = [[1, 2], [4, 5], [9, 7]]
    wanted = average(np.array(theta, np.float64))
    for same in (theta, np.array(theta), np.array(theta, np.uint8), np.asfortranarray(theta)):
        found = average(same)
        assert found.dtype == np.float64
        assert_same([found], [wanted], rtol=1e-15)
    single = average(np.array(theta, np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, wanted, rtol=1e-6)


def test_a_start_in_double_precision_leaves_a_float32_series_alone():
    theta = np.ones((3, 2), np.float32)
    assert exponential_average(theta, np.float64(0.9), np.zeros(2)).dtype == np.float32
    theta = series(30).astype(np.float32)
    v = np.float32(0)
    for value, found in zip(theta, exponential_average(theta, 0.9), strict=True):
        v = np.float32(0.9) * v + np.float32(1 - 0.9) * value
        assert v == found  # single throughout, not rounded at the end


def test_the_start_is_not_written_into():
    start = np.array([1.0, 2.0])
    exponential_average(np.zeros((3, 2)), 0.5, start)
    assert start.tolist() == [1, 2]


def test_trap_12_one_number_is_a_python_float():
    for function in (memory, lag, noise_factor):
        for beta in (0, 0.5, np.float32(0.5), np.int64(0)):
            assert type(function(beta)) is float


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("running_average"), ids=itemgetter("name"))
def test_averages_agree_with_those_inside_pytorch(case, source):
    theta, beta = np.array(case["inputs"]["theta"]), case["inputs"]["beta"]
    expected = generate.expected(case, source)
    assert_same([exponential_average(theta, beta)], [expected["average"]], rtol=1e-12)
    assert_same([corrected_average(theta, beta)], [expected["corrected"]], rtol=1e-12)
    from_first = exponential_average(theta, beta, start=theta[0])
    assert_same([from_first], [expected["from_first"]], rtol=1e-12)


# Wrong calls

INF, NAN = np.inf, np.nan

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name, second in {
            "exponential_average": 0.9,
            "corrected_average": 0.9,
            "moving_average": 3,
        }.items()
        for row in [
            (name, ("a", second), {}, TypeError, "theta must hold real numbers, got str"),
            (name, ([1, 1j], second), {}, TypeError, "theta must hold real numbers, got list"),
            (name, (3.0, second), {}, ValueError, r"theta must have shape \(T, ...\), got"),
            (name, ([1, NAN], second), {}, ValueError, r"theta must .*, got nan at index \(1,\)"),
            (name, ([INF], second), {}, ValueError, r"theta must .*, got inf at index \(0,\)"),
        ]
    ),
    *(
        row
        for name, call in {
            "exponential_average": lambda beta: ([1, 2], beta),
            "corrected_average": lambda beta: ([1, 2], beta),
            "average_weights": lambda beta: (beta, 3),
            "memory": lambda beta: (beta,),
            "lag": lambda beta: (beta,),
            "noise_factor": lambda beta: (beta,),
        }.items()
        for row in [
            (name, call("a"), {}, TypeError, "beta must be a number, got str"),
            (name, call([0.9]), {}, TypeError, "beta must be a number, got list"),
            (name, call(1), {}, ValueError, "beta must be .* at least 0 and below 1, got 1"),
            (name, call(9), {}, ValueError, "beta must be .* at least 0 and below 1, got 9"),
            (name, call(-0.1), {}, ValueError, "beta must be .* at least 0 and below 1, got -0.1"),
            (name, call(NAN), {}, ValueError, "beta must be finite .* got nan"),
        ]
    ),
    ("exponential_average", ([1], 0.9, "a"), {}, TypeError, "start must hold .* got str"),
    ("exponential_average", ([1], 0.9, NAN), {}, ValueError, "start must be finite, got nan"),
    ("exponential_average", ([1], 0.9, [1]), {}, ValueError, r"start must .*\(\), got shape \(1,"),
    ("exponential_average", ([[1, 2]], 0.9, [1]), {}, ValueError, r"start must .*\(2,\), got"),
    ("average_weights", (0.9, 2.0), {}, TypeError, "count must be a whole number, got float"),
    ("average_weights", (0.9, -1), {}, ValueError, "count must be at least 0, got -1"),
    ("moving_average", ([1], 2.0), {}, TypeError, "window must be a whole number, got float"),
    ("moving_average", ([1], 0), {}, ValueError, "window must be at least 1, got 0"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(module, name, args, kwargs, exception, message)
