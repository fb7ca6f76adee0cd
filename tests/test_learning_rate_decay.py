"""Learning rate decay: the patterns, the printed recursions, noise and its floor, wrong calls."""

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
from textbook import learning_rate_decay
from textbook.gradient_checking import numerical_gradient
from textbook.learning_rate_decay import (
    by_recursion,
    expected_square,
    exponential,
    inverse_square_root,
    inverse_time,
    manual,
    noise_floor,
    noisy_descent,
    staircase,
)

# A pattern with its settings, from its first epoch on
PATTERNS = {
    "inverse_time": (lambda t, a=1: inverse_time(t, a, 2), 0),
    "exponential": (lambda t, a=1: exponential(t, a, 0.95), 0),
    "inverse_square_root": (lambda t, a=1: inverse_square_root(t, a), 1),
    "staircase": (lambda t, a=1: staircase(t, a, 0.5, 3), 0),
    "manual": (lambda t, a=1: manual(t, [0, 2, 7], [a, a / 4, a / 8]), 0),
}
every_pattern = pytest.mark.parametrize(("pattern", "first"), PATTERNS.values(), ids=PATTERNS)

positive = floats(1e-3, 10)


# The patterns


@every_pattern
def test_a_pattern_starts_at_the_initial_rate_and_never_rises(pattern, first):
    assert pattern(first, 0.3) == pytest.approx(0.3, rel=1e-15)
    rates = pattern(np.arange(first, 200), 0.3)
    assert np.all(np.diff(rates) <= 0)
    assert rates[-1] < 0.3 / 7 < 0.3


@every_pattern
@given(a=positive, factor=positive)
def test_all_rates_are_proportional_to_the_first(pattern, first, a, factor):
    t = np.arange(first, 20)
    np.testing.assert_allclose(pattern(t, factor * a), factor * pattern(t, a), rtol=1e-13)


@given(positive, floats(0, 10))
def test_the_reciprocal_of_inverse_time_grows_by_a_constant(a, decay_rate):
    rates = inverse_time(np.arange(50), a, decay_rate)
    np.testing.assert_allclose(np.diff(1 / rates), decay_rate / a, rtol=1e-9, atol=1e-9)


@given(positive, floats(0.1, 1))
def test_exponential_loses_the_same_share_each_epoch(a, factor):
    rates = exponential(np.arange(50), a, factor)
    np.testing.assert_allclose(rates[1:] / rates[:-1], factor, rtol=1e-12)


@given(positive, positive, st.integers(1, 10**6))
def test_four_times_the_time_is_half_the_rate(a, scale, t):
    one, four = inverse_square_root([t, 4 * t], a, scale)
    assert four == pytest.approx(one / 2, rel=1e-15)
    assert one**2 * t == pytest.approx((a * scale) ** 2, rel=1e-13)


@given(positive, floats(0.1, 1), st.integers(1, 9))
def test_a_stair_is_flat_and_each_is_the_last_one_times_the_factor(a, factor, every):
    rates = staircase(np.arange(5 * every), a, factor, every).reshape(5, every)
    assert np.all(rates == rates[:, :1])
    np.testing.assert_allclose(rates[:, 0], exponential(np.arange(5), a, factor), rtol=1e-13)


def test_stairs_of_width_1_are_the_exponential():
    t = np.arange(30)
    assert_same(staircase(t, 0.1, 0.9, 1), exponential(t, 0.1, 0.9))


def test_manual_takes_the_last_rate_that_was_set_and_may_rise():
    rates = manual([0, 2.9, 3, 6, 7, 1e9], [0, 3, 7], [0.1, 0.2, 0.01])
    assert rates.tolist() == [0.1, 0.1, 0.2, 0.2, 0.01, 0.01]


@given(floats(0.1, 1), st.integers(1, 9))
def test_a_staircase_can_be_written_as_a_table(factor, every):
    t = np.arange(4 * every)
    table = manual(t, every * np.arange(4), 0.3 * factor ** np.arange(4))
    assert_same(table, staircase(t, 0.3, factor, every))


def test_no_decay_is_a_constant():
    t = np.arange(5)
    for rates in (inverse_time(t, 0.3, 0), exponential(t, 0.3, 1), staircase(t, 0.3, 1, 2)):
        assert rates.tolist() == [0.3] * 5
    assert manual(t, [0], [0.3]).tolist() == [0.3] * 5


def test_far_away_epochs_underflow_to_0_without_a_warning():
    with no_warnings():
        assert exponential(1e6, 1, 0.5) == 0
        assert staircase(1e9, 1, 0.1, 10) == 0
        assert 0 < inverse_time(1e300, 1, 2) < 1e-299
        assert 0 < inverse_square_root(1e300, 1) < 1e-149


# The recursions


@given(st.lists(floats(0, 2), max_size=8), positive)
def test_each_rate_is_its_factor_times_the_one_before(factors, a):
    rates = call_without_writing(by_recursion, a, np.array(factors))
    assert rates.shape == (len(factors) + 1,)
    assert rates[0] == a
    np.testing.assert_allclose(rates[1:], factors * rates[:-1], rtol=1e-13, atol=1e-300)


T = np.arange(1, 13)


@pytest.mark.parametrize(
    ("factors", "closed"),
    [
        ((1 + 2 * (T - 1)) / (1 + 2 * T), inverse_time(np.arange(13), 0.3, 2)),
        (np.full(12, 0.95), exponential(np.arange(13), 0.3, 0.95)),
        (np.sqrt(T / (T + 1)), inverse_square_root(np.arange(1, 14), 0.3)),
        (np.where(T % 4 == 0, 0.1, 1), staircase(np.arange(13), 0.3, 0.1, 4)),
    ],
    ids=["inverse-time", "exponential", "inverse-square-root", "staircase"],
)
def test_the_mended_recursion_is_the_closed_form(factors, closed):
    assert_same(by_recursion(0.3, factors), closed)


def test_what_the_notes_print_piles_its_factors_up():
    factorials = np.cumprod(T)
    odd = np.cumprod(1 + 2 * T)
    assert_same(by_recursion(1, 1 / (1 + 2 * T))[1:], 1 / odd)
    assert_same(by_recursion(1, 0.95**T)[1:], 0.95 ** (T * (T + 1) / 2))
    assert_same(by_recursion(1, 1 / np.sqrt(T))[1:], 1 / np.sqrt(factorials))


@pytest.mark.parametrize(
    ("factors", "closed"),
    [
        (1 / (1 + 2 * T), inverse_time(T, 1, 2)),
        (0.95**T, exponential(T, 1, 0.95)),
        (1 / np.sqrt(T), inverse_square_root(T, 1)),
    ],
    ids=["inverse-time", "exponential", "inverse-square-root"],
)
def test_the_printed_recursions_leave_the_closed_form_and_stay_below(factors, closed):
    printed = by_recursion(1, factors)[1:]
    assert printed[0] == pytest.approx(closed[0], rel=1e-15)
    assert np.all(np.diff(printed / closed) <= 1e-15)
    assert printed[-1] < closed[-1] / 20


def test_the_printed_inverse_time_walks_no_further_than_1_4107():
    from math import e, erf, pi

    walked = by_recursion(1, 1 / (1 + 2 * np.arange(1, 60))).sum()
    assert walked == pytest.approx(np.sqrt(e * pi / 2) * erf(np.sqrt(1 / 2)), rel=1e-12)


# Noise


@given(arrays(6, 0.01, 1), arrays((2, 3)), floats(0.1, 2), floats(0, 3), st.integers(0, 999))
def test_each_step_goes_against_the_slope_and_its_error(rates, start, curvature, noise, seed):
    path = call_without_writing(
        noisy_descent, rates, start, curvature, noise, np.random.default_rng(seed)
    )
    assert path.shape == (7, 2, 3)
    np.testing.assert_array_equal(path[0], start)
    rng = np.random.default_rng(seed)
    for t, rate in enumerate(rates):
        slope = numerical_gradient(lambda x: float(np.sum(curvature * x**2 / 2)), path[t], h=0.5)
        step = -rate * (slope + noise * rng.normal(size=(2, 3)))
        np.testing.assert_allclose(path[t + 1] - path[t], step, atol=1e-10)


@given(arrays(6, 0.01, 1), floats(-9, 9), floats(0.1, 2))
def test_without_noise_the_path_and_its_expectation_are_one_product(rates, start, curvature):
    shares = np.concatenate([[1], np.cumprod(1 - rates * curvature)])
    path = noisy_descent(rates, start, curvature, 0, np.random.default_rng(0))
    np.testing.assert_allclose(path, start * shares, atol=1e-12)
    np.testing.assert_allclose(
        expected_square(rates, start, curvature, 0), (start * shares) ** 2, atol=1e-12
    )


def test_the_mean_over_many_walkers_is_the_expected_square():
    rates = inverse_time(np.arange(30), 0.5, 0.2)
    path = noisy_descent(rates, np.full(20_000, 3.0), 0.7, 2, np.random.default_rng(0))
    squares = np.mean(path**2, axis=1)
    np.testing.assert_allclose(squares, expected_square(rates, 3, 0.7, 2), rtol=0.04)


def test_with_rates_of_1_over_t_theta_is_the_mean_of_the_readings():
    rates = inverse_time(np.arange(40), 1, 1)
    path = noisy_descent(rates, 7.0, 1, 1, np.random.default_rng(5))
    readings = -np.random.default_rng(5).normal(size=40)
    means = np.cumsum(readings) / np.arange(1, 41)
    np.testing.assert_allclose(path[1:], means, atol=1e-14)
    np.testing.assert_allclose(expected_square(rates, 7, 1, 1)[1:], 1 / np.arange(1, 41))


@given(floats(0.01, 1.9), floats(0.1, 5), floats(0, 5))
def test_the_floor_is_the_square_that_reproduces_itself(rate_times_curvature, curvature, noise):
    rate = rate_times_curvature / curvature
    floor = noise_floor(rate, curvature, noise)
    one_step = expected_square([rate], np.sqrt(floor), curvature, noise)
    np.testing.assert_allclose(one_step, floor, rtol=1e-12)


@pytest.mark.parametrize("start", [0, 50])
def test_a_constant_rate_ends_on_its_floor_from_below_and_from_above(start):
    squares = expected_square(np.full(200, 0.3), start, 0.5, 2)
    assert squares[-1] == pytest.approx(noise_floor(0.3, 0.5, 2), rel=1e-10)
    assert np.all(np.diff(squares) * (1 if start == 0 else -1) >= -1e-12)


def test_half_the_rate_is_half_the_floor_and_a_tenth_of_the_variance_a_tenth():
    assert noise_floor(0.002, 1, 1) == pytest.approx(noise_floor(0.001, 1, 1) * 2, rel=1e-3)
    assert noise_floor(0.3, 1, 2) == pytest.approx(4 * noise_floor(0.3, 1, 1), rel=1e-15)


def test_over_twenty_seeds_a_staircase_ends_nearer_than_each_of_its_rates_alone():
    def median(rates):
        ends = []
        for seed in range(20):
            path = noisy_descent(np.repeat(rates, 50), 100, 1, 1, np.random.default_rng(seed))
            ends.append(np.sqrt(np.mean(path[-50:] ** 2)))
        return np.median(ends)

    falling = median(staircase(np.arange(20), 0.5, 0.1, 7))
    assert all(falling < median(np.full(20, rate)) / 2 for rate in (0.5, 0.05, 0.005))


def test_the_noise_comes_from_the_generator_alone():
    rng, twin = np.random.default_rng(3), np.random.default_rng(3)
    first, second = (noisy_descent([0.1] * 4, 1, 1, 1, rng) for _ in range(2))
    np.testing.assert_array_equal(first, noisy_descent([0.1] * 4, 1, 1, 1, twin))
    assert (first[1:] != second[1:]).all()


def test_no_step_is_the_start():
    assert noisy_descent([], [3, 4], 1, 1, np.random.default_rng(0)).tolist() == [[3, 4]]
    assert expected_square([], 3, 1, 1).tolist() == [9]
    assert by_recursion(0.5, []).tolist() == [0.5]


# Types and shapes

FORMULAS = {name: pattern for name, (pattern, _) in PATTERNS.items()}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_rates_have_the_shape_of_the_epochs(name, shape):
    rates = call_without_writing(FORMULAS[name], np.full(shape, 4.0))
    assert np.shape(rates) == shape
    assert type(rates) is (float if shape == () else np.ndarray)


@pytest.mark.parametrize("name", FORMULAS)
def test_integers_lists_and_layouts_give_the_same_and_float32_stays(name):
    t = [[1, 2, 3], [4, 5, 9]]
    wanted = FORMULAS[name](np.array(t, np.float64))
    for same in (t, np.array(t), np.array(t, np.uint8), np.asfortranarray(t)):
        found = FORMULAS[name](same)
        assert found.dtype == np.float64
        assert_same(found, wanted, rtol=1e-15)
    if name != "manual":  # its rates are those of the table
        assert FORMULAS[name](np.array(t, np.float32)).dtype == np.float32
    table = np.array([0.5, 0.25], np.float32)
    assert manual(t, [0, 2], table).dtype == np.float32


def test_float32_walkers_stay_float32_and_recursions_too():
    rates = np.full(3, 0.5, np.float32)
    path = noisy_descent(rates, np.ones(2, np.float32), 1, 1, np.random.default_rng(0))
    assert path.dtype == np.float32
    assert by_recursion(np.float64(0.5), rates).dtype == np.float32


def test_trap_12_one_number_is_a_python_float():
    for one in (noise_floor(0.1, 1, 1), noise_floor(np.float32(0.1), np.int64(1), 1)):
        assert type(one) is float


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("schedule"), ids=itemgetter("name"))
def test_schedules_agree_with_pytorch(case, source):
    inputs, t = case["inputs"], np.arange(case["inputs"]["epochs"])
    a, q = inputs["initial_rate"], inputs["gamma"]
    ours = {
        "ExponentialLR": lambda: exponential(t, a, q),
        "StepLR": lambda: staircase(t, a, q, inputs["step_size"]),
        "MultiStepLR": lambda: manual(
            t, [0, *inputs["milestones"]], a * q ** np.arange(len(inputs["milestones"]) + 1)
        ),
    }[inputs["scheduler"]]()
    assert_same(ours, generate.expected(case, source)["rates"], rtol=1e-12)


# Wrong calls

INF, NAN = np.inf, np.nan
RNG = np.random.default_rng(0)

CALLS = {
    "inverse_time": lambda t, a: (t, a, 2),
    "exponential": lambda t, a: (t, a, 0.9),
    "inverse_square_root": lambda t, a: (t, a, 1),
    "staircase": lambda t, a: (t, a, 0.9, 3),
}
WALKS = {
    "noisy_descent": lambda rates, c, s: (rates, 1, c, s, RNG),
    "expected_square": lambda rates, c, s: (rates, 1, c, s),
}

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name, call in {**CALLS, "manual": lambda t, a: (t, [0], [1])}.items()
        for row in [
            (name, call("a", 1), {}, TypeError, "epoch must hold real numbers, got str"),
            (name, call([1, -1], 1), {}, ValueError, "epoch must be .* at least 0, got -1.0"),
            (name, call([NAN], 1), {}, ValueError, "epoch must be finite .*, got nan"),
            (name, call(INF, 1), {}, ValueError, "epoch must be finite .*, got inf"),
        ]
    ),
    *(
        row
        for name, call in CALLS.items()
        for row in [
            (name, call(1, 0), {}, ValueError, "initial_rate must be .* above 0, got 0"),
            (name, call(1, NAN), {}, ValueError, "initial_rate must be finite .* got nan"),
            (name, call(1, "a"), {}, TypeError, "initial_rate must be a number, got str"),
        ]
    ),
    ("inverse_time", (1, 1, -0.1), {}, ValueError, "decay_rate must be .* at least 0, got -0.1"),
    ("inverse_time", (1, 1, None), {}, TypeError, "decay_rate must be a number, got NoneType"),
    *(
        (name, (1, 1, factor, *rest), {}, ValueError, f"factor must be .*, got {factor}")
        for name, rest in {"exponential": (), "staircase": (3,)}.items()
        for factor in (0, 1.5, INF)
    ),
    ("inverse_square_root", ([1, 0], 1), {}, ValueError, "epoch must be above 0 .*, got 0"),
    ("inverse_square_root", (1, 1, 0), {}, ValueError, "scale must be .* above 0, got 0"),
    ("staircase", (1, 1, 0.5, 0), {}, ValueError, "every must be at least 1, got 0"),
    ("staircase", (1, 1, 0.5, 2.0), {}, TypeError, "every must be a whole number, got float"),
    ("manual", (1, [1, 2], [1, 1]), {}, ValueError, r"starts must rise from 0, got \[1.0, 2.0\]"),
    ("manual", (1, [0, 0], [1, 1]), {}, ValueError, r"starts must rise from 0, got \[0.0, 0.0\]"),
    ("manual", (1, [0, NAN], [1, 1]), {}, ValueError, r"starts must rise .* got \[0.0, nan\]"),
    ("manual", (1, [], []), {}, ValueError, r"starts must rise from 0, got \[\]"),
    ("manual", (1, 0, [1]), {}, ValueError, r"starts must have shape \(k,\), got shape \(\)"),
    ("manual", (1, [0], [1, 2]), {}, ValueError, r"rates must have .* \(1,\), got shape \(2,\)"),
    ("manual", (1, [0, 1], [1, 0]), {}, ValueError, "rates must be .* above 0, got 0.0"),
    ("manual", (1, [0], ["a"]), {}, TypeError, "rates must hold real numbers, got list"),
    ("by_recursion", (0, [1]), {}, ValueError, "initial_rate must be .* above 0, got 0"),
    ("by_recursion", ([1], [1]), {}, TypeError, "initial_rate must be a number, got list"),
    ("by_recursion", (1, 0.5), {}, ValueError, r"factors must have shape \(T,\), got shape \(\)"),
    ("by_recursion", (1, [0.5, -1]), {}, ValueError, "factors must be .* at least 0, got -1.0"),
    ("by_recursion", (1, [INF]), {}, ValueError, "factors must be finite .* got inf"),
    *(
        row
        for name, call in WALKS.items()
        for row in [
            (name, call(0.1, 1, 1), {}, ValueError, r"rates must have shape \(T,\), got shape"),
            (name, call([0.1, 0], 1, 1), {}, ValueError, "rates must be .* above 0, got 0.0"),
            (name, call([NAN], 1, 1), {}, ValueError, "rates must be finite .* got nan"),
            (name, call("a", 1, 1), {}, TypeError, "rates must hold real numbers, got str"),
            (name, call([0.1], 0, 1), {}, ValueError, "curvature must be .* above 0, got 0"),
            (name, call([0.1], "a", 1), {}, TypeError, "curvature must be a number, got str"),
            (name, call([0.1], 1, -1), {}, ValueError, "noise must be .* at least 0, got -1"),
        ]
    ),
    ("noisy_descent", ([0.1], [1, NAN], 1, 1, RNG), {}, ValueError, "start must be .*, got nan"),
    ("noisy_descent", ([0.1], "a", 1, 1, RNG), {}, TypeError, "start must hold .*, got str"),
    ("noisy_descent", ([0.1], 1, 1, 1, 0), {}, TypeError, "rng must be a numpy.* got 0"),
    ("expected_square", ([0.1], INF, 1, 1), {}, ValueError, "start must be finite, got inf"),
    ("expected_square", ([0.1], [1], 1, 1), {}, TypeError, "start must be a number, got list"),
    ("noise_floor", (2, 1, 1), {}, ValueError, "learning_rate must be below .* = 2, got 2"),
    ("noise_floor", (1, 4, 1), {}, ValueError, "learning_rate must .* = 0.5, got 1"),
    ("noise_floor", (0, 1, 1), {}, ValueError, "learning_rate must be .* above 0, got 0"),
    ("noise_floor", ("a", 1, 1), {}, TypeError, "learning_rate must be a number, got str"),
    ("noise_floor", (1, -1, 1), {}, ValueError, "curvature must be .* above 0, got -1"),
    ("noise_floor", (1, 1, NAN), {}, ValueError, "noise must be finite .* got nan"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(learning_rate_decay, name, args, kwargs, exception, message)
