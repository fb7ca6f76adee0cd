"""Initialization: the three rules, networks drawn by them, sizes by depth, twins, wrong calls."""

import inspect
import itertools
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import (
    ACTIVATIONS,
    assert_same,
    call_without_writing,
    check_wrong_call,
    ids,
    networks,
    no_warnings,
)
from textbook import initialization
from textbook.activations import identity, relu, tanh
from textbook.backprop import (
    backward_columns,
    backward_rows,
    forward_columns,
    forward_rows,
    squared_error_gradient,
    train,
)
from textbook.initialization import (
    Spread,
    glorot,
    he,
    initial_parameters,
    lecun,
    spread_by_depth,
)

VARIANCES = {
    he: lambda n_in, n_out: 2 / n_in,
    lecun: lambda n_in, n_out: 1 / n_in,
    glorot: lambda n_in, n_out: 2 / (n_in + n_out),
}
every_scheme = pytest.mark.parametrize("scheme", VARIANCES, ids=lambda scheme: scheme.__name__)
counts = st.integers(1, 40)
seeds = st.integers(0, 10**6)


def generator(seed=0):
    return np.random.default_rng(seed)


# The rules


@every_scheme
@given(n_in=counts, n_out=counts, seed=seeds)
def test_the_weights_are_standard_normal_numbers_times_the_root_of_the_variance(
    scheme, n_in, n_out, seed
):
    theta = scheme(n_in, n_out, generator(seed))
    standard = generator(seed).normal(size=(n_in, n_out))
    assert theta.dtype == np.float64
    assert_same(theta, np.sqrt(VARIANCES[scheme](n_in, n_out)) * standard)


@every_scheme
@pytest.mark.parametrize(("n_in", "n_out"), [(400, 100), (100, 400), (250, 250)])
def test_mean_and_variance_are_those_of_the_rule(scheme, n_in, n_out):
    theta = scheme(n_in, n_out, generator())
    variance = VARIANCES[scheme](n_in, n_out)
    assert abs(theta.mean()) < 5 * np.sqrt(variance / theta.size)
    assert theta.var() == pytest.approx(variance, rel=5 * np.sqrt(2 / theta.size))


@given(counts, seeds)
def test_in_a_square_layer_glorot_is_lecun_and_he_is_larger_by_the_root_of_2(n, seed):
    assert_same(glorot(n, n, generator(seed)), lecun(n, n, generator(seed)))
    assert_same(he(n, n, generator(seed)), np.sqrt(2) * lecun(n, n, generator(seed)))


@given(counts, counts, seeds)
def test_turned_round_only_glorot_keeps_its_size(n_in, n_out, seed):
    there, back = (glorot(*n, generator(seed)) for n in ((n_in, n_out), (n_out, n_in)))
    np.testing.assert_allclose(there.ravel(), back.ravel(), rtol=1e-13)
    there, back = (he(*n, generator(seed)) for n in ((n_in, n_out), (n_out, n_in)))
    np.testing.assert_allclose(there.ravel() ** 2 * n_in, back.ravel() ** 2 * n_out, rtol=1e-12)


@every_scheme
def test_the_numbers_come_from_the_generator_alone_and_move_it_on(scheme):
    rng = generator(7)
    first, second = scheme(3, 4, rng), scheme(3, 4, rng)
    assert (first != second).all()
    np.testing.assert_array_equal(first, scheme(3, 4, generator(7)))


@every_scheme
def test_numpys_whole_numbers_are_whole_numbers(scheme):
    np.testing.assert_array_equal(
        scheme(np.int64(3), np.int32(2), generator()), scheme(3, 2, generator())
    )


# The argument about the variance

SQUARES = {  # scheme, bend and what a layer does to the mean of the squares, forward and back
    "he-relu": (he, relu, 1, 1),
    "lecun-relu": (lecun, relu, 1 / 2, 1 / 2),
    "lecun-identity": (lecun, identity, 1, 1),
    "glorot-identity": (glorot, identity, 1, 1),
}


@pytest.mark.parametrize(("scheme", "f", "forward", "back"), SQUARES.values(), ids=list(SQUARES))
def test_over_many_draws_each_layer_multiplies_the_mean_square_by_its_factor(
    scheme, f, forward, back
):
    rng, n, depth = generator(3), 30, 4
    x, da = rng.normal(size=(2, 1, n))
    squares = [
        [
            s.activations[-1] ** 2 / s.activations[0] ** 2,
            s.errors[0] ** 2 / s.errors[-1] ** 2,
        ]
        for s in (
            spread_by_depth(da, x, *initial_parameters([n] * (depth + 1), scheme, rng), [f] * depth)
            for _ in range(2000)
        )
    ]
    np.testing.assert_allclose(
        np.mean(squares, axis=0), [forward**depth, back ** (depth - 1)], rtol=0.08
    )


def test_relu_takes_half_of_the_squares_of_what_is_as_often_negative_as_positive():
    z = generator().normal(size=10**6)
    assert np.mean(relu(z) ** 2) / np.mean(z**2) == pytest.approx(0.5, abs=0.005)


def test_lecun_keeps_the_way_forward_of_a_funnel_and_loses_the_ratio_of_its_ends_on_the_way_back():
    widths, rng = [64, 32, 16, 8], generator(1)
    x, da = rng.normal(size=(1, 64)), rng.normal(size=(1, 8))
    found = [
        spread_by_depth(da, x, *initial_parameters(widths, lecun, rng), [identity] * 3)
        for _ in range(2000)
    ]
    forward = np.mean([(s.activations[-1] / s.activations[0]) ** 2 for s in found])
    back = np.mean([(s.errors[0] / s.errors[-1]) ** 2 for s in found])
    assert forward == pytest.approx(1, rel=0.1)
    assert back == pytest.approx(8 / 32, rel=0.1)


def ends(scheme, f, n=256, depth=30):
    rng = generator(1)
    x, da = rng.normal(size=(2, 1, n))
    weights, biases = initial_parameters([n] * (depth + 1), scheme, rng)
    spread = spread_by_depth(da, x, weights, biases, [f] * depth)
    return spread.activations[-1], spread.errors[0]


def fixed(size):
    return lambda n_in, n_out, rng: size * rng.normal(size=(n_in, n_out))


NOTES = {  # after 30 layers of 256 units: scheme, bend, how large the activations are, and errors
    "he-relu": (he, relu, (0.5, 2), (0.2, 2)),
    "lecun-relu": (lecun, relu, (1.5e-5, 8e-5), (5e-6, 8e-5)),
    "half-over-n-relu": (fixed(512**-0.5), relu, (3e-10, 2e-9), (2e-10, 2e-9)),
    "glorot-identity": (glorot, identity, (0.5, 1.6), (0.4, 1.6)),
    "lecun-tanh": (lecun, tanh, (0.09, 0.17), (0.06, 0.4)),
    "one-relu": (fixed(1), relu, (1e31, 1e32), (4e29, 1e31)),
    "one-tanh": (fixed(1), tanh, (0.95, 1), (1e11, 1e15)),
}


@pytest.mark.parametrize(("scheme", "f", "activations", "errors"), NOTES.values(), ids=list(NOTES))
def test_the_sizes_after_thirty_layers(scheme, f, activations, errors):
    activation, error = ends(scheme, f)
    assert activations[0] < activation < activations[1]
    assert errors[0] < error < errors[1]


def test_with_tanh_the_mean_square_falls_like_one_over_twice_the_depth():
    rng = generator(2)
    x = rng.normal(size=(1, 500))
    weights, biases = initial_parameters([500] * 61, lecun, rng)
    sizes = spread_by_depth(x, x, weights, biases, [tanh] * 60).activations
    assert sizes[60] == pytest.approx((2 * 60) ** -0.5, rel=0.15)
    assert sizes[15] / sizes[60] == pytest.approx(2, rel=0.15)


# A whole network


@every_scheme
@given(widths=st.lists(st.integers(1, 6), min_size=2, max_size=5), seed=seeds)
def test_the_layers_are_drawn_in_order_and_the_biases_are_zeros(scheme, widths, seed):
    weights, biases = initial_parameters(widths, scheme, generator(seed))
    rng = generator(seed)
    by_hand = [scheme(n_in, n_out, rng) for n_in, n_out in itertools.pairwise(widths)]
    assert_same(weights, by_hand, rtol=0, atol=0)
    assert_same(biases, [np.zeros(width) for width in widths[1:]], rtol=0, atol=0)


@pytest.mark.parametrize("widths", [(3, 2), np.array([3, 2]), [np.int64(3), 2]])
def test_widths_may_be_a_list_a_tuple_or_an_array(widths):
    weights, _ = initial_parameters(widths, he, generator())
    np.testing.assert_array_equal(weights[0], he(3, 2, generator()))


def test_any_function_of_n_in_n_out_and_rng_is_a_scheme():
    weights, _ = initial_parameters([2, 3, 1], lambda n_in, n_out, rng: np.ones((n_in, n_out)), RNG)
    assert [theta.tolist() for theta in weights] == [[[1] * 3] * 2, [[1]] * 3]


def test_the_notes_arrays_are_these_transposed():
    weights, biases = initial_parameters([4, 5, 3], he, generator())
    columns = [theta.T for theta in weights], [b[:, None] for b in biases]
    assert [theta.shape for theta in columns[0]] == [(5, 4), (3, 5)]
    assert [b.shape for b in columns[1]] == [(5, 1), (3, 1)]
    x = generator(1).normal(size=(2, 4))
    _, rows = forward_rows(x, weights, biases)
    z, a = forward_columns(x.T, *columns)
    assert_same(a[-1].T, rows[-1])
    assert backward_columns(a[-1], columns[0], z, a)[0][0].shape == (5, 4)


# Twins


@pytest.mark.parametrize("f", [f for f in ACTIVATIONS if f(0) == 0], ids=lambda f: f.__name__)
def test_where_the_bend_is_0_at_0_zeros_never_learn(f):
    zeros = [np.zeros((2, 3)), np.zeros((3, 3)), np.zeros((3, 1))]
    biases = [np.zeros(3), np.zeros(3), np.zeros(1)]
    x = generator().normal(size=(5, 2))
    weights, biases, _ = train(x, x[:, :1], zeros, biases, 0.5, 50, [f, f, identity])
    assert not any(theta.any() for theta in weights)
    assert not any(b.any() for b in biases[:2])
    assert biases[2].any()


@given(seeds)
def test_two_units_that_start_alike_stay_alike_and_others_part(seed):
    rng = generator(seed)
    weights, biases = initial_parameters([2, 3, 1], lecun, rng)
    weights[0][:, 1], weights[1][1] = weights[0][:, 0], weights[1][0]
    x = rng.normal(size=(6, 2))
    (first, second), *_ = train(x, x[:, :1] ** 2, weights, biases, 0.1, 30, [tanh, identity])
    np.testing.assert_allclose(first[:, 0], first[:, 1], rtol=0, atol=1e-12)
    np.testing.assert_allclose(second[0], second[1], rtol=0, atol=1e-12)
    assert np.abs(first[:, 0] - first[:, 2]).max() > 1e-6


# The measurement


@given(networks())
def test_the_sizes_are_root_mean_squares_of_the_two_passes(net):
    da = squared_error_gradient(np.ones_like(net.target), net.target)
    arguments = da, net.x, net.weights, net.biases, net.activations
    spread = call_without_writing(spread_by_depth, *arguments)
    z, a = forward_rows(net.x, net.weights, net.biases, net.activations)
    dtheta, db = backward_rows(da, net.weights, z, a, net.activations)
    for found, arrays in zip(spread, (a, db, dtheta), strict=True):
        by_hand = [np.linalg.norm(v) / np.sqrt(v.size) for v in arrays]
        np.testing.assert_allclose(found, by_hand, rtol=1e-12, atol=1e-300)


@given(networks(max_batch=1))
def test_for_one_example_a_slope_is_as_large_as_activation_times_error(net):
    spread = spread_by_depth(net.target, net.x, net.weights, net.biases, net.activations)
    np.testing.assert_allclose(
        spread.weight_gradients, spread.activations[:-1] * spread.errors, rtol=1e-12, atol=1e-300
    )


@given(networks(choices=(relu,), max_batch=1), st.integers(-8, 8))
def test_without_biases_a_relu_network_scales_with_its_weights(net, power):
    biases, times = [np.zeros_like(b) for b in net.biases], 2.0**power
    depth = len(net.weights)
    before, after = (
        spread_by_depth(net.target, net.x, weights, biases, net.activations)
        for weights in (net.weights, [times * theta for theta in net.weights])
    )
    forward = times ** np.arange(depth + 1)
    np.testing.assert_allclose(after.activations, before.activations * forward, rtol=1e-12)
    np.testing.assert_allclose(after.errors, before.errors * forward[-2::-1], rtol=1e-12)


def test_without_activations_every_layer_is_a_sigmoid():
    spread = spread_by_depth([[1]], [[0]], [[[3]]], [[0]])
    assert [part.tolist() for part in spread] == [[0, 0.5], [0.25], [0]]


@pytest.mark.parametrize(("dtype", "large"), [(np.float32, 1e30), (np.float64, 1e300)])
def test_sizes_whose_squares_overflow_or_vanish_are_right_all_the_same(dtype, large):
    one = np.ones((1, 1), dtype)
    with no_warnings():
        for size in (large, 1 / large):
            weights, bias = np.full((1, 1), size, dtype), np.zeros(1, dtype)
            spread = spread_by_depth(one, one, [weights], [bias], [identity])
            assert spread.activations[1] == pytest.approx(size, rel=1e-6)


def test_what_is_0_has_the_size_0():
    spread = spread_by_depth([[0.0]], [[0.0]], [[[2]]], [[0]], [identity])
    assert [part.tolist() for part in spread] == [[0, 0], [0], [0]]


def test_float32_stays_float32_and_integers_become_float64():
    weights, biases = initial_parameters([2, 3, 1], he, generator())
    x = np.array([[1, 2]], np.float32)
    narrow = [[v.astype(np.float32) for v in arrays] for arrays in (weights, biases)]
    assert {v.dtype for v in spread_by_depth(x[:, :1], x, *narrow)} == {np.dtype(np.float32)}
    assert {v.dtype for v in spread_by_depth([[1]], [[1, 2]], [[[1], [2]]], [[0]])} == {
        np.dtype(np.float64)
    }


def test_a_spread_is_a_record_with_one_number_for_each_layer():
    spread = spread_by_depth([[1]], [[1, 2]], [[[1], [2]], [[3]]], [[0], [0]])
    assert type(spread) is Spread
    assert [part.shape for part in spread] == [(3,), (2,), (2,)]


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("initial_size"), ids=itemgetter("name"))
def test_the_sizes_are_those_of_pytorchs_rules(case, source):
    n_in, n_out = case["inputs"]["n_in"], case["inputs"]["n_out"]
    theirs = generate.expected(case, source)
    standard = generator().normal(size=(n_in, n_out))
    for scheme in VARIANCES:
        ours = scheme(n_in, n_out, generator()) / standard
        np.testing.assert_allclose(ours, theirs[scheme.__name__], rtol=1e-12)


# Wrong calls

NUMBERS = "must hold real numbers, got"
RNG = generator()
W, B, X = [np.ones((2, 1))], [np.zeros(1)], np.ones((3, 2))
DA = np.ones((3, 1))
NOT_A_GENERATOR = "rng must be a numpy.random.Generator, got"

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name in ("he", "lecun", "glorot")
        for row in [
            (name, (0, 2, RNG), {}, ValueError, "n_in must be at least 1, got 0"),
            (name, (2, 0, RNG), {}, ValueError, "n_out must be at least 1, got 0"),
            (name, (2, -3, RNG), {}, ValueError, "n_out must be at least 1, got -3"),
            (name, (2.0, 2, RNG), {}, TypeError, "n_in must be a whole number, got float 2.0"),
            (name, (2, True, RNG), {}, TypeError, "n_out must be a whole number, got bool True"),
            (name, (2, None, RNG), {}, TypeError, "n_out must be a whole .* got NoneType None"),
            (name, (2, 3, 0), {}, TypeError, f"{NOT_A_GENERATOR} 0"),
            (name, (2, 3, np.random), {}, TypeError, f"{NOT_A_GENERATOR} <module"),
            (name, (2, 3, None), {}, TypeError, f"{NOT_A_GENERATOR} None"),
        ]
    ),
    ("initial_parameters", (3, he, RNG), {}, TypeError, "widths must be a list .* got int 3"),
    ("initial_parameters", ("32", he, RNG), {}, TypeError, "widths must be a list .* got str '32'"),
    ("initial_parameters", ([3], he, RNG), {}, ValueError, r"widths must name an .* got \[3\]"),
    ("initial_parameters", ([], he, RNG), {}, ValueError, r"widths must name an .* got \[\]"),
    ("initial_parameters", ([3, 0], he, RNG), {}, ValueError, r"widths\[1\] must .* 1, got 0"),
    ("initial_parameters", ([2.5, 1], he, RNG), {}, TypeError, r"widths\[0\] must .* got float 2"),
    ("initial_parameters", ([3, 2], "he", RNG), {}, TypeError, "scheme must be a .* got 'he'"),
    ("initial_parameters", ([3, 2], None, RNG), {}, TypeError, "scheme must be a .* got None"),
    ("initial_parameters", ([3, 2], he, 1), {}, TypeError, f"{NOT_A_GENERATOR} 1"),
    ("spread_by_depth", ("a", X, W, B), {}, TypeError, f"da {NUMBERS} str"),
    ("spread_by_depth", (DA[0], X, W, B), {}, ValueError, r"da must have shape \(m, d_L\), got"),
    ("spread_by_depth", (DA[:2], X, W, B), {}, ValueError, r"da must have the .* got .*\(2, 1\)"),
    ("spread_by_depth", (DA * np.nan, X, W, B), {}, ValueError, "da must be finite, got nan"),
    ("spread_by_depth", (DA[:0], X[:0], W, B), {}, ValueError, "da must hold at least .* got"),
    ("spread_by_depth", (DA, [["a"]], W, B), {}, TypeError, f"x {NUMBERS} list"),
    ("spread_by_depth", (DA, X[0], W, B), {}, ValueError, r"x must have shape \(m, d_0\), got"),
    ("spread_by_depth", (DA, X * np.inf, W, B), {}, ValueError, "x must be finite, got inf"),
    ("spread_by_depth", (DA, X, None, B), {}, TypeError, "weights must be a list .* got NoneType"),
    ("spread_by_depth", (DA, X, [X], B), {}, ValueError, r"weights\[0\] must take 2 inputs, got"),
    ("spread_by_depth", (DA, X, W, None), {}, TypeError, "biases must be a list .* got NoneType"),
    ("spread_by_depth", (DA, X, W, W), {}, ValueError, r"biases\[0\] must have .* got .*\(2, 1\)"),
    ("spread_by_depth", (DA, X, W, B, [relu] * 2), {}, ValueError, "activations must .* got 2"),
    ("spread_by_depth", (DA, X, W, B, relu), {}, TypeError, "activations must be .* got function"),
    (
        "spread_by_depth",
        (DA, X, [W[0] * 1e308, [[1e308]]], B * 2, [identity] * 2),
        {},
        ValueError,
        "weights must be small enough for float64, got inf on the way",
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(initialization, name, args, kwargs, exception, message)


def test_every_function_of_the_module_is_called_wrongly_here():
    functions = {
        name for name in initialization.__all__ if inspect.isfunction(getattr(initialization, name))
    }
    assert functions == {name for name, *_ in WRONG_CALLS}
