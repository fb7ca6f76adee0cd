"""Optima: Hessians, kinds of critical points, random matrices, plateaus, the way off a saddle."""

import itertools
import math
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import arrays, assert_same, call_without_writing, check_wrong_call, floats, ids
from textbook import optima
from textbook.activations import identity
from textbook.backprop import backward_rows, forward_rows, squared_error, squared_error_gradient
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.logistic_regression import add_intercept, cost, probability
from textbook.optima import (
    chain_cost,
    chain_gradient,
    classify,
    numerical_hessian,
    perturbed_descent,
    random_symmetric,
    share_definite,
)


@st.composite
def spectra(draw):
    """Draw eigenvalues away from 0, and the symmetric matrix that has them in a random basis."""
    n = draw(st.integers(1, 5))
    sizes = draw(st.lists(floats(0.1, 10), min_size=n, max_size=n))
    signs = draw(st.lists(st.sampled_from([-1, 1]), min_size=n, max_size=n))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    basis, _ = np.linalg.qr(rng.normal(size=(n, n)))
    values = np.array(sizes) * signs
    return values, basis @ np.diag(values) @ basis.T, basis


# The numerical Hessian


@given(arrays((4, 4), -2, 2), arrays(4, -2, 2), arrays(4, -2, 2))
def test_the_hessian_of_a_quadratic_is_its_matrix_everywhere(a, b, theta):
    found = call_without_writing(
        numerical_hessian, lambda theta: theta @ a @ theta + b @ theta, theta, 0.5
    )
    np.testing.assert_allclose(found, a + a.T, atol=1e-11)


@given(arrays(3, -1, 1))
def test_with_the_default_step_a_smooth_function_has_six_right_digits(theta):
    found = numerical_hessian(lambda t: math.sin(t[0]) * math.exp(t[1]) + t[2] ** 3, theta)
    s, c, e = math.sin(theta[0]), math.cos(theta[0]), math.exp(theta[1])
    wanted = [[-s * e, c * e, 0], [c * e, s * e, 0], [0, 0, 6 * theta[2]]]
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_half_the_step_has_a_quarter_of_the_error():
    errors = [
        abs(numerical_hessian(lambda t: math.exp(t[0]), [0.5], h)[0, 0] - math.exp(0.5))
        for h in (0.02, 0.01)
    ]
    assert errors[0] / errors[1] == pytest.approx(4, rel=1e-3)


def test_it_is_the_known_hessian_of_logistic_regression():
    rng = np.random.default_rng(0)
    x, y = add_intercept(rng.normal(size=(20, 2))), rng.integers(0, 2, size=20)
    theta = np.array([0.3, -0.7, 1.1])
    h = probability(x, theta)
    wanted = x.T @ (x * (h * (1 - h))[:, None]) / 20
    found = numerical_hessian(lambda t: cost(x, y, t), theta)
    np.testing.assert_allclose(found, wanted, atol=1e-7)
    assert classify(found) == "minimum"  # convex: at each theta all curvatures are positive


def test_it_is_symmetric_to_the_last_digit_and_double_precision():
    for theta in ([1, 2, 3], np.array([1, 2, 3], np.float32), (0.1, 0.2, 0.3)):
        found = numerical_hessian(lambda t: math.exp(t[0] * t[1]) + t[2] ** 2 * t[0], theta)
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, found.T)
    for seed in range(5):  # rounding alone would tell rows from columns
        rng = np.random.default_rng(seed)
        a, theta = rng.normal(size=(3, 3)), rng.normal(size=3)
        found = numerical_hessian(lambda t, a=a: float(t @ a @ t), theta, h=0.3)
        np.testing.assert_array_equal(found, found.T)
    assert numerical_hessian(lambda t: 1.0, []).shape == (0, 0)


# The kinds


@given(spectra())
def test_the_signs_of_the_eigenvalues_name_the_kind(spectrum):
    values, hessian, _ = spectrum
    rises, falls = (values > 0).any(), (values < 0).any()
    wanted = "saddle" if rises and falls else "minimum" if rises else "maximum"
    assert call_without_writing(classify, hessian) == wanted
    opposite = {"saddle": "saddle", "minimum": "maximum", "maximum": "minimum"}
    assert classify(-hessian) == opposite[wanted]
    assert classify(1e-12 * hessian) == wanted


@given(spectra())
def test_the_kind_says_what_small_steps_find(spectrum):
    values, hessian, basis = spectrum
    for value, direction in zip(values, basis.T, strict=True):
        assert (direction @ hessian @ direction) * value > 0
    steps = np.random.default_rng(0).normal(size=(50, len(values)))
    changes = np.einsum("ki,ij,kj->k", steps, hessian, steps)
    kind = classify(hessian)
    assert (kind != "minimum" or np.all(changes > 0)) and (kind != "maximum" or np.all(changes < 0))


@given(spectra())
def test_one_more_flat_direction_is_degenerate_unless_it_is_a_saddle_anyway(spectrum):
    values, _, _ = spectrum
    flat = np.diag([*values, 0])
    saddle = values.min() < 0 < values.max()
    assert classify(flat) == ("saddle" if saddle else "degenerate")


def test_the_tolerance_is_a_share_of_the_largest_eigenvalue():
    assert classify(np.diag([1e6, 1e-3])) == "degenerate"
    assert classify(np.diag([1e6, 1e-3]), tolerance=1e-10) == "minimum"
    assert classify(np.diag([1.0, -1e-9])) == "degenerate"
    assert classify(np.diag([1.0, -1e-9]), tolerance=0) == "saddle"
    assert classify([[0]]) == classify(np.zeros((3, 3))) == "degenerate"


def test_positive_entries_do_not_make_a_minimum():
    assert classify([[1, 2], [2, 1]]) == "saddle"
    assert classify([[1, -0.5], [-0.5, 1]]) == "minimum"


@pytest.mark.parametrize("dtype", [np.float32, np.int8, bool])
def test_any_kind_of_real_numbers_will_do(dtype):
    assert classify(np.eye(3).astype(dtype)) == "minimum"


# Random matrices


def test_the_matrices_are_symmetric_and_have_the_variances_of_the_ensemble():
    h = random_symmetric(4, 20_000, np.random.default_rng(0))
    assert h.shape == (20_000, 4, 4)
    np.testing.assert_array_equal(h, h.transpose(0, 2, 1))
    np.testing.assert_allclose(h.var(axis=0), 1 + np.eye(4), atol=0.06)
    np.testing.assert_allclose(h.mean(axis=0), 0, atol=0.05)


def test_no_direction_is_preferred():
    h = random_symmetric(3, 20_000, np.random.default_rng(1))
    v = np.array([1, 2, -2]) / 3
    assert np.einsum("i,kij,j->k", v, h, v).var() == pytest.approx(2, abs=0.06)


def test_large_ones_fill_the_semicircle_from_minus_to_plus_two_roots():
    (h,) = random_symmetric(200, 1, np.random.default_rng(0))
    values = np.linalg.eigvalsh(h) / np.sqrt(200)
    assert values[0] == pytest.approx(-2, abs=0.1)
    assert values[-1] == pytest.approx(2, abs=0.1)
    # the share of the semicircle between -1 and 1
    assert np.mean(abs(values) < 1) == pytest.approx(1 / 3 + np.sqrt(3) / (2 * np.pi), abs=0.03)


def pfaffian(n, low, high):
    """Integrate the joint density of n ordered eigenvalues from low to high (de Bruijn 1955)."""
    edges = np.linspace(low, high, 20_001)
    x = (edges[1:] + edges[:-1]) / 2
    powers = x ** np.arange(n)[:, None] * np.exp(-(x**2) / 4) * (high - low) / len(x)
    total = powers.sum(axis=1)[:, None]
    above_less_below = total - 2 * np.cumsum(powers, axis=1) + powers
    matrix = powers @ above_less_below.T
    if n % 2:
        matrix = np.block([[matrix, total], [-total.T, np.zeros((1, 1))]])
    return math.sqrt(np.linalg.det(matrix))


def exact_share(n):
    return 2 * pfaffian(n, 0, 14) / pfaffian(n, -14, 14)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_share_is_the_integral_over_the_density_of_eigenvalues(n):
    count = 100_000
    shares = [share_definite(n, count, np.random.default_rng(seed)) for seed in (10, 11)]
    exact = exact_share(n)
    assert abs(np.mean(shares) - exact) < 4 * np.sqrt(exact / (2 * count))


def test_the_closed_forms_of_the_chapter_are_that_integral():
    assert exact_share(1) == pytest.approx(1, rel=1e-6)
    assert exact_share(2) == pytest.approx(1 - 1 / math.sqrt(2), rel=1e-6)
    assert exact_share(3) == pytest.approx((math.pi - 2 * math.sqrt(2)) / (2 * math.pi), rel=1e-6)


def test_the_factor_between_dimensions_shrinks_by_the_root_of_3():
    shares = np.array([exact_share(n) for n in range(1, 13)])
    factors = shares[1:] / shares[:-1]
    np.testing.assert_allclose(factors[:-1] / factors[1:], math.sqrt(3), rtol=0.01)
    assert shares[-1] == pytest.approx(1.1e-19, rel=0.1)  # continued from three values


def test_in_one_dimension_every_matrix_is_definite_and_in_twelve_none_that_is_drawn():
    assert share_definite(1, 100, np.random.default_rng(0)) == 1
    assert share_definite(12, 2000, np.random.default_rng(0)) == 0


def test_a_share_counts_minima_and_maxima():
    h = random_symmetric(2, 500, np.random.default_rng(4))
    kinds = [classify(one) for one in h]
    wanted = (kinds.count("minimum") + kinds.count("maximum")) / 500
    assert share_definite(2, 500, np.random.default_rng(4)) == wanted
    assert kinds.count("minimum") > 50 and kinds.count("maximum") > 50


# The chain


chains = st.integers(1, 5).flatmap(lambda n: arrays(n, -2, 2))


@given(chains)
def test_the_chains_gradient_is_the_limit_of_differences(theta):
    found = call_without_writing(chain_gradient, theta)
    numerical = numerical_gradient(chain_cost, theta)
    np.testing.assert_allclose(found, numerical, rtol=1e-6, atol=1e-7)


@given(chains)
def test_the_chain_is_a_network_of_linear_units(theta):
    weights, biases = [np.array([[w]]) for w in theta], [np.zeros(1)] * len(theta)
    bends = [identity] * len(theta)
    z, a = forward_rows([[1.0]], weights, biases, bends)
    assert chain_cost(theta) == pytest.approx(squared_error(a[-1], [[1.0]]), rel=1e-12)
    slope = squared_error_gradient(a[-1], [[1.0]])
    gradients, _ = backward_rows(slope, weights, z, a, bends)
    np.testing.assert_allclose(chain_gradient(theta), np.ravel(gradients), rtol=1e-10, atol=1e-12)


def test_the_origin_is_a_saddle_with_two_layers_and_flat_with_more():
    assert classify(numerical_hessian(chain_cost, [0, 0])) == "saddle"
    assert classify(numerical_hessian(chain_cost, [0])) == "minimum"
    for layers in (3, 4):
        assert abs(numerical_hessian(chain_cost, np.zeros(layers))).max() < 1e-7


@given(floats(0.2, 5))
def test_along_the_minima_of_two_layers_one_curvature_is_0_and_the_other_the_squared_length(w):
    curvatures = np.linalg.eigvalsh(numerical_hessian(chain_cost, [w, 1 / w]))
    np.testing.assert_allclose(curvatures, [0, w**2 + w**-2], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("layers", [6, 7, 8])
def test_the_time_on_a_plateau_is_the_integral_of_one_over_the_slope(layers):
    theta, steps = np.full(layers, 0.3), 0
    while chain_cost(theta) > 0.05 and steps < 10_000:
        theta, steps = theta - 0.1 * chain_gradient(theta), steps + 1
    integral = 0.3 ** (2.0 - layers) / (0.1 * (layers - 2))
    assert steps == pytest.approx(integral, rel=0.03)


# Descent with a push


@given(arrays((2, 2), -1, 1), floats(0.01, 1), st.integers(0, 4), floats(0, 2))
def test_each_step_goes_against_the_slope_and_the_push(start, rate, steps, noise):
    rng, twin = np.random.default_rng(3), np.random.default_rng(3)
    path = call_without_writing(
        perturbed_descent, lambda t: 2 * t + 1, start, rate, steps, noise, rng
    )
    assert path.shape == (steps + 1, 2, 2)
    np.testing.assert_array_equal(path[0], start)
    for here, there in itertools.pairwise(path):
        push = noise * twin.normal(size=(2, 2))
        np.testing.assert_allclose(there - here, -rate * (2 * here + 1 + push), atol=1e-13)


def test_from_opposite_weights_descent_ends_on_the_saddle_and_stays_exactly():
    path = perturbed_descent(chain_gradient, [1.3, -1.3], 0.1, 2000, 0, np.random.default_rng(0))
    assert np.all(path[:, 0] == -path[:, 1])
    assert chain_cost(path[-1]) == pytest.approx(0.5, rel=1e-15)


def steps_to_leave(noise, seed):
    rng = np.random.default_rng(seed)
    path = perturbed_descent(chain_gradient, [1, -1], 0.1, 400, noise, rng)
    return int(np.argmax((1 - path.prod(axis=1)) ** 2 / 2 < 0.25))


def test_a_hundredth_of_the_noise_costs_the_same_steps_each_time():
    medians = [
        np.median([steps_to_leave(noise, seed) for seed in range(20)])
        for noise in (1e-2, 1e-4, 1e-6)
    ]
    np.testing.assert_allclose(np.diff(medians), np.log(100) / np.log(1.1), atol=1.5)


def test_examples_that_share_the_symmetry_do_not_push_off_the_ridge():
    rng = np.random.default_rng(0)
    path = perturbed_descent(
        lambda theta: rng.normal() ** 2 * chain_gradient(theta), [1, -1], 0.01, 500, 0, rng
    )
    assert np.all(path.sum(axis=1) == 0)


def test_away_from_the_saddle_the_distance_grows_as_1_plus_alpha():
    path = perturbed_descent(chain_gradient, [1e-9, 1e-9], 0.1, 50, 0, np.random.default_rng(0))
    np.testing.assert_allclose(path[1:] / path[:-1], 1.1, rtol=1e-10)


def test_a_gradient_that_writes_into_its_argument_disturbs_nothing():
    def scribbling(theta):
        slope = theta.copy()
        theta[:] = np.nan
        return slope

    path = perturbed_descent(scribbling, [8.0], 0.5, 3, 0, np.random.default_rng(0))
    assert path.tolist() == [[8], [4], [2], [1]]


def test_float32_stays_float32():
    theta = np.array([0.5, 2], np.float32)
    assert chain_gradient(theta).dtype == np.float32
    assert perturbed_descent(chain_gradient, theta, 0.1, 2, 1, RNG).dtype == np.float32
    # a gradient in double precision does not turn the walk into one
    assert perturbed_descent(lambda t: np.ones(2), theta, 0.1, 2, 1, RNG).dtype == np.float32
    assert chain_gradient([1, 2]).dtype == np.float64


def test_trap_12_one_number_is_a_python_float():
    for theta in ([1, 2], np.array([1, 2]), np.array([1, 2], np.float32)):
        assert type(chain_cost(theta)) is float
    assert type(share_definite(2, 10, np.random.default_rng(0))) is float
    assert type(classify(np.eye(2))) is str


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("chain"), ids=itemgetter("name"))
def test_cost_gradient_and_hessian_agree_with_pytorch(case, source):
    theta, theirs = case["inputs"]["theta"], generate.expected(case, source)
    assert chain_cost(theta) == pytest.approx(theirs["cost"], rel=1e-14)
    assert_same(chain_gradient(theta), theirs["gradient"], rtol=1e-13)
    hessian = numerical_hessian(chain_cost, theta)
    np.testing.assert_allclose(hessian, theirs["hessian"], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(
        np.linalg.eigvalsh(hessian), theirs["eigenvalues"], rtol=1e-6, atol=1e-6
    )
    if np.any(theirs["gradient"]):
        numerical = numerical_gradient(chain_cost, np.array(theta))
        assert relative_error(theirs["gradient"], numerical) < 1e-8


# Wrong calls

INF, NAN = np.inf, np.nan
RNG = np.random.default_rng(0)
SQUARE = np.ones((2, 2))


def one(theta):
    return 1.0


# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    ("numerical_hessian", (one, "a"), {}, TypeError, "theta must hold real numbers, got str"),
    ("numerical_hessian", (one, SQUARE), {}, ValueError, r"theta must have .* got shape \(2, 2\)"),
    ("numerical_hessian", (one, [1], 0), {}, ValueError, "h must be finite and above 0, got 0"),
    ("numerical_hessian", (one, [1], "1"), {}, TypeError, "h must be a number, got str"),
    ("numerical_hessian", (one, [1e15]), {}, ValueError, "h must be large enough .* got 0.0001"),
    ("numerical_hessian", (np.sin, [1]), {}, ValueError, r"function must return .* got array\("),
    ("numerical_hessian", (lambda t: NAN, [1]), {}, ValueError, "function must .* got nan"),
    ("classify", ("a",), {}, TypeError, "hessian must hold real numbers, got str"),
    ("classify", ([1, 2],), {}, ValueError, r"hessian must have shape \(n, n\), got shape \(2,\)"),
    ("classify", ([[1, 2]],), {}, ValueError, r"hessian must have .* got shape \(1, 2\)"),
    ("classify", (np.ones((0, 0)),), {}, ValueError, r"hessian must have .* got shape \(0, 0\)"),
    ("classify", ([[NAN]],), {}, ValueError, "hessian must be finite, got nan"),
    ("classify", ([[1, 2], [3, 1]],), {}, ValueError, r"hessian must be symmetric, got 2.0 at \(0"),
    ("classify", (SQUARE, -1), {}, ValueError, "tolerance must be .* at least 0, got -1"),
    ("classify", (SQUARE, "0"), {}, TypeError, "tolerance must be a number, got str"),
    *(
        row
        for name in ("random_symmetric", "share_definite")
        for row in [
            (name, (0, 1, RNG), {}, ValueError, "dimension must be at least 1, got 0"),
            (name, (2.0, 1, RNG), {}, TypeError, "dimension must be a whole number, got float"),
            (name, (2, 0, RNG), {}, ValueError, "count must be at least 1, got 0"),
            (name, (2, True, RNG), {}, TypeError, "count must be a whole number, got bool"),
            (name, (2, 1, 0), {}, TypeError, "rng must be a numpy.random.Generator, got 0"),
        ]
    ),
    *(
        row
        for name in ("chain_cost", "chain_gradient")
        for row in [
            (name, ("a",), {}, TypeError, "theta must hold real numbers, got str"),
            (name, (1,), {}, ValueError, r"theta must have shape \(L,\), got shape \(\)"),
            (name, ([],), {}, ValueError, r"theta must hold at least one .* got shape \(0,\)"),
            (name, ([1, INF],), {}, ValueError, "theta must be finite, got inf"),
        ]
    ),
    *(
        ("perturbed_descent", args, {}, exception, message)
        for args, exception, message in [
            ((one, [1], 0.1, 1, 0, RNG), ValueError, r"gradient must .* \(1,\), got shape \(\)"),
            ((abs, "a", 0.1, 1, 0, RNG), TypeError, "start must hold real numbers, got str"),
            ((abs, [NAN], 0.1, 1, 0, RNG), ValueError, "start must be finite, got nan"),
            ((abs, [1], 0, 1, 0, RNG), ValueError, "learning_rate must be .* above 0, got 0"),
            ((abs, [1], None, 1, 0, RNG), TypeError, "learning_rate must be a number, got None"),
            ((abs, [1], 0.1, -1, 0, RNG), ValueError, "steps must be at least 0, got -1"),
            ((abs, [1], 0.1, 1.5, 0, RNG), TypeError, "steps must be a whole number, got float"),
            ((abs, [1], 0.1, 1, -1, RNG), ValueError, "noise must be .* at least 0, got -1"),
            ((abs, [1], 0.1, 1, 0, None), TypeError, "rng must be a numpy.* got None"),
        ]
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(optima, name, args, kwargs, exception, message)
