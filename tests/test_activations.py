"""Activation functions: the notes' numbers, their identities, their slopes, and what is refused."""

import inspect
import itertools
from functools import partial
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
    shapes,
)
from textbook import activations
from textbook.activations import (
    collapse_linear_layers,
    derivative_of,
    identity,
    identity_derivative,
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    sine,
    sine_derivative,
    tanh,
    tanh_derivative,
)
from textbook.gradient_checking import numerical_gradient, relative_error

DERIVATIVES = {
    identity: identity_derivative,
    sigmoid: sigmoid_derivative,
    tanh: tanh_derivative,
    relu: relu_derivative,
    leaky_relu: leaky_relu_derivative,
    sine: sine_derivative,
}
ELEMENTWISE = [*DERIVATIVES, *DERIVATIVES.values()]
SETTINGS = {"negative_slope": np.float64(0.25), "frequency": np.float64(2.0)}  # not Python floats

every_function = pytest.mark.parametrize("f", ELEMENTWISE, ids=lambda f: f.__name__)
every_pair = pytest.mark.parametrize("f", DERIVATIVES, ids=lambda f: f.__name__)


def with_settings(f):
    """Return the function with a slope or a frequency, where it has one."""
    return partial(f, **{k: v for k, v in SETTINGS.items() if k in inspect.signature(f).parameters})


# The notes' numbers


def test_sigmoid_of_1_is_0_7311_and_0_6_belongs_to_the_logarithm_of_1_5():
    assert round(sigmoid(1), 6) == 0.731059
    assert round(1 - sigmoid(1), 6) == 0.268941
    assert sigmoid(np.log(1.5)) == pytest.approx(0.6, rel=1e-15)


@pytest.mark.parametrize(("z", "slope"), [(0, 0.25), (5, 6.65e-3), (10, 4.54e-5), (-10, 4.54e-5)])
def test_the_slope_of_the_sigmoid_vanishes_at_both_ends(z, slope):
    assert sigmoid_derivative(z) == pytest.approx(slope, rel=1e-3)


def test_ten_layers_of_the_largest_sigmoid_slope_leave_a_millionth():
    assert f"{sigmoid_derivative(0) ** 10:.1e}" == "9.5e-07"


def test_tanh_is_the_notes_formula():
    z = np.linspace(-5, 5, 101)
    np.testing.assert_allclose(tanh(z), 2 / (1 + np.exp(-2 * z)) - 1, atol=1e-15)


def test_relu_and_its_slope_at_the_notes_points():
    z = [-2, -0.5, 0, 0.5, 2, 7]
    assert relu(z).tolist() == [0, 0, 0, 0.5, 2, 7]
    assert relu_derivative(z).tolist() == [0, 0, 0, 1, 1, 1]


def test_leaky_relu_and_its_slope_at_the_notes_points():
    z = [-2, -0.5, 0, 0.5, 2, 7]
    assert leaky_relu(z).tolist() == [-0.02, -0.005, 0, 0.5, 2, 7]
    assert leaky_relu_derivative(z).tolist() == [0.01, 0.01, 0.01, 1, 1, 1]


@pytest.mark.parametrize(("theta", "x", "gradient"), [(-1, -2, -2), (1, -2, 0), (-1, 2, 0)])
def test_relu_dies_where_the_score_is_negative_not_the_weight(theta, x, gradient):
    assert relu_derivative(theta * x) * x == gradient


def test_no_linear_network_computes_exclusive_or():
    x, target = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    hidden, output = ([[1, 2, 3], [4, 5, 6]], [7, 8, 9]), ([[1], [-2], [2]], [3])
    weights, bias = collapse_linear_layers([hidden, output])
    line = np.column_stack([x, np.ones(4)])
    best, *_ = np.linalg.lstsq(line, target, rcond=None)
    np.testing.assert_allclose(line @ best, 0.5)  # the best of all linear functions
    assert np.sum((x @ weights + bias - target[:, None]) ** 2) >= 1  # and so of this network


# A stack of linear layers


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6), st.integers(0, 10**6))
def test_the_collapsed_layer_does_what_the_stack_does(widths, seed):
    rng = np.random.default_rng(seed)
    layers = [
        (rng.normal(size=(d_in, d_out)), rng.normal(size=d_out))
        for d_in, d_out in itertools.pairwise(widths)
    ]
    x = rng.normal(size=(3, widths[0]))
    stacked = x
    for w, b in layers:
        stacked = identity(stacked @ w + b)
    weights, bias = call_without_writing(collapse_linear_layers, layers)
    assert weights.shape == (widths[0], widths[-1])
    assert bias.shape == (widths[-1],)
    np.testing.assert_allclose(x @ weights + bias, stacked, rtol=1e-10, atol=1e-10)


def test_one_layer_collapses_into_itself():
    weights, bias = collapse_linear_layers([([[1, 2]], [3, 4])])
    assert (weights.tolist(), bias.tolist()) == ([[1, 2]], [3, 4])


def test_a_bend_between_the_layers_cannot_be_collapsed():
    w, b = np.array([[1.0]]), np.array([0.0])
    weights, bias = collapse_linear_layers([(w, b), (-w, b)])
    x = np.array([[-1.0], [1.0]])
    assert (x @ weights + bias).ravel().tolist() == [1, -1]
    assert (relu(x @ w + b) @ -w + b).ravel().tolist() == [0, -1]


def test_collapsed_float32_layers_stay_float32():
    layer = (np.ones((2, 2), np.float32), np.ones(2, np.float32))
    assert [a.dtype for a in collapse_linear_layers([layer, layer])] == [np.float32] * 2


# Identities


@given(arrays(shapes, -700, 700))
def test_the_sigmoid_is_symmetric(z):
    assert_same(np.asarray(sigmoid(-z)), np.asarray(1 - np.asarray(sigmoid(z))), atol=2e-16)


@given(arrays(shapes, -1e4, 1e4))
def test_the_sigmoid_is_a_probability(z):
    assert np.all((sigmoid(z) >= np.zeros(z.shape)) & (sigmoid(z) <= np.ones(z.shape)))


@pytest.mark.parametrize("f", [identity, sigmoid, tanh, relu, leaky_relu], ids=lambda f: f.__name__)
@given(arrays(20, -50, 50))
def test_a_larger_score_never_gives_a_smaller_output(f, z):
    assert np.all(np.diff(f(np.sort(z))) >= 0)


@given(arrays(shapes, -1e3, 1e3))
def test_tanh_is_the_sigmoid_stretched_and_squeezed(z):
    np.testing.assert_allclose(tanh(z), 2 * np.asarray(sigmoid(2 * z)) - 1, rtol=0, atol=1e-15)


@given(arrays(shapes))
def test_tanh_and_sine_are_odd(z):
    np.testing.assert_array_equal(tanh(-z), -np.asarray(tanh(z)))
    np.testing.assert_array_equal(sine(-z, 3), -np.asarray(sine(z, 3)))


@given(arrays(shapes, -30, 30))
def test_the_slope_of_the_sigmoid_is_g_times_1_minus_g(z):
    g = np.asarray(sigmoid(z))
    np.testing.assert_allclose(sigmoid_derivative(z), g * (1 - g), rtol=0, atol=3e-16)


def test_the_slope_of_the_sigmoid_keeps_its_digits_where_1_minus_g_has_none_left():
    assert 1 - sigmoid(40) == 0
    assert sigmoid_derivative(40) == pytest.approx(np.exp(-40), rel=1e-14)
    assert sigmoid_derivative(-40) == sigmoid_derivative(40)


@given(arrays(shapes), floats(0, 1))
def test_leaky_relu_is_relu_less_a_leak(z, slope):
    leak = slope * np.asarray(relu(-z))
    np.testing.assert_allclose(leaky_relu(z, slope), relu(z) - leak, rtol=1e-15, atol=0)


@given(arrays(shapes))
def test_leaky_relu_runs_from_relu_to_the_identity(z):
    np.testing.assert_array_equal(leaky_relu(z, 0), relu(z))
    np.testing.assert_array_equal(leaky_relu(z, 1), z)
    np.testing.assert_array_equal(leaky_relu_derivative(z, 0), relu_derivative(z))
    np.testing.assert_array_equal(leaky_relu_derivative(z, 1), np.ones(z.shape))


@given(arrays(shapes), floats(0.1, 30))
def test_sine_repeats_itself_and_its_slope_is_a_quarter_wave_ahead(z, frequency):
    period = 2 * np.pi / frequency
    np.testing.assert_allclose(sine(z + period, frequency), sine(z, frequency), atol=1e-11)
    ahead = frequency * np.asarray(sine(z + period / 4, frequency))
    np.testing.assert_allclose(sine_derivative(z, frequency), ahead, atol=1e-11 * frequency)


def test_the_default_slope_is_0_01_and_the_default_frequency_1():
    assert leaky_relu(-1) == -0.01
    assert leaky_relu_derivative(-1) == 0.01
    assert (sine(0.5), sine_derivative(0.5)) == (np.sin(0.5), np.cos(0.5))


# Slopes


@every_pair
@given(z=arrays(5, -2, 2))
def test_each_slope_is_the_limit_of_differences(f, z):
    z = np.where(np.abs(z) < 0.01, 0.5, z)  # away from the kinks
    f, slope = with_settings(f), with_settings(DERIVATIVES[f])
    numerical = numerical_gradient(lambda z: np.sum(f(z)), z)
    assert relative_error(slope(z), numerical) <= 1e-9


@every_pair
def test_derivative_of_finds_the_function_named_derivative(f):
    assert derivative_of(f) is DERIVATIVES[f]
    assert derivative_of(f).__name__ == f"{f.__name__}_derivative"


def test_every_function_of_the_module_is_tested_here():
    others = {"collapse_linear_layers", "derivative_of"}
    assert {f.__name__ for f in ELEMENTWISE} == set(activations.__all__) - others


# What holds for every function of one array


@every_function
@given(z=arrays(shapes))
def test_the_shape_stays_and_a_number_becomes_a_python_float(f, z):
    result = call_without_writing(with_settings(f), z)
    assert np.shape(result) == z.shape
    assert type(result) is (float if z.ndim == 0 else np.ndarray)


@every_function
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_keep_their_precision(f, dtype):
    assert with_settings(f)(np.array([-1, 0, 2], dtype)).dtype == dtype


@every_function
@pytest.mark.parametrize("dtype", [np.int8, np.uint64, bool])
def test_trap_11_integers_are_computed_in_float64(f, dtype):
    z = np.array([0, 1], dtype)
    found = with_settings(f)(z)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, with_settings(f)(z.astype(np.float64)))


@every_function
@pytest.mark.parametrize("z", [1, 1.0, True, np.float32(1), np.float64(1), np.array(1)])
def test_trap_12_a_scalar_gives_a_python_float(f, z):
    assert type(with_settings(f)(z)) is float


@every_function
def test_lists_tuples_and_strided_arrays_are_as_good_as_arrays(f):
    f, z = with_settings(f), np.linspace(-3, 3, 12).reshape(3, 4)
    for same in (
        z.tolist(),
        tuple(map(tuple, z)),
        np.asfortranarray(z),
        np.repeat(z, 2, 1)[:, ::2],
    ):
        np.testing.assert_array_equal(f(same), f(z))
    np.testing.assert_array_equal(f(z[::-1, ::-2]), f(z)[::-1, ::-2])


@every_function
def test_the_result_shares_no_memory_with_the_input(f):
    z = np.array([1.0, 2.0])
    assert not np.shares_memory(with_settings(f)(z), z)


@every_function
@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0)])
def test_an_empty_array_gives_an_empty_array(f, shape):
    assert with_settings(f)(np.ones(shape)).shape == shape


@every_function
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_of_ten_thousand_give_finite_outputs_without_a_warning(f, dtype):
    with no_warnings():
        assert np.isfinite(with_settings(f)(np.array([-1e4, 1e4], dtype))).all()


@every_pair
def test_a_nan_stays_visible(f):
    assert np.isnan(f(np.nan))


@pytest.mark.parametrize("scale", [1e4, 1e300, np.inf])
def test_the_flat_ends_are_reached_without_a_warning(scale):
    z = np.array([-scale, scale])
    with no_warnings():
        assert sigmoid(z).tolist() == [0, 1]
        assert tanh(z).tolist() == [-1, 1]
        assert sigmoid_derivative(z).tolist() == [0, 0]
        assert tanh_derivative(z).tolist() == [0, 0]
        assert relu(z).tolist() == [0, scale]
        assert relu_derivative(z).tolist() == [0, 1]
        assert leaky_relu(z).tolist() == [-0.01 * scale, scale]
        assert leaky_relu_derivative(z).tolist() == [0.01, 1]


@given(arrays(shapes))
def test_trap_1_the_slope_of_relu_comes_from_the_input_not_from_the_output(z):
    np.testing.assert_array_equal(relu_derivative(z), np.where(z > 0, 1.0, 0.0))
    mistaken = np.asarray(relu(z)) >= 0
    assert mistaken.all()  # so that no unit would ever be off


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("activation"), ids=itemgetter("name"))
def test_values_and_slopes_agree_with_pytorch(case, source):
    theirs = generate.expected(case, source)
    setting = dict(case["inputs"])
    f, z = getattr(activations, setting.pop("function")), setting.pop("z")
    assert_same(f(z, **setting), theirs["value"], rtol=1e-14)
    assert_same(derivative_of(f)(z, **setting), theirs["derivative"], rtol=1e-11)


# Wrong calls

RAGGED = [[1, 2], [3]]
W, B = [[1, 2], [3, 4]], [5, 6]
UNFIT = [(np.ones((d, e)), np.ones(e)) for d, e in [(2, 3), (3, 4), (4, 5), (4, 1)]]
NUMBERS = "must hold real numbers, got"

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *((f.__name__, ("1",), {}, TypeError, f"z {NUMBERS} str '1'") for f in ELEMENTWISE),
    *(
        (f.__name__, (RAGGED,), {}, TypeError, "z must hold .* rows .* got list")
        for f in ELEMENTWISE
    ),
    *(
        row
        for name in ("leaky_relu", "leaky_relu_derivative")
        for row in [
            (name, (1, "0.1"), {}, TypeError, "negative_slope must be a number, got str '0.1'"),
            (name, (1, -0.1), {}, ValueError, "negative_slope must be .* at least 0 .* got -0.1"),
            (name, (1,), {"negative_slope": 1.1}, ValueError, "negative_slope .* most 1, got 1.1"),
            (name, (1, np.nan), {}, ValueError, "negative_slope must be finite .* got nan"),
        ]
    ),
    *(
        row
        for name in ("sine", "sine_derivative")
        for row in [
            (name, (1, [1]), {}, TypeError, r"frequency must be a number, got list \[1\]"),
            (name, (1,), {"frequency": 0}, ValueError, "frequency must be .* above 0, got 0"),
            (name, (1, np.inf), {}, ValueError, "frequency must be finite .* got inf"),
        ]
    ),
    ("derivative_of", ("tanh",), {}, TypeError, "function must be an activation .* got 'tanh'"),
    ("derivative_of", (np.tanh,), {}, ValueError, "function must be one of .* got <ufunc"),
    ("derivative_of", (relu_derivative,), {}, ValueError, "function .* got <function relu_deriv"),
    ("collapse_linear_layers", (None,), {}, TypeError, "layers must be a list of .* got NoneType"),
    ("collapse_linear_layers", ([],), {}, ValueError, "layers must hold at least one .* got none"),
    ("collapse_linear_layers", ([3],), {}, TypeError, r"layers\[0\] must be a list .* got int 3"),
    ("collapse_linear_layers", ([(W,)],), {}, ValueError, r"layers\[0\] must be .* got 1 entries"),
    ("collapse_linear_layers", ([("a", B)],), {}, TypeError, rf"layers\[0\] weights {NUMBERS} str"),
    ("collapse_linear_layers", ([(W, [B])],), {}, ValueError, r"layers\[0\] bias .* \(d_out,\)"),
    ("collapse_linear_layers", ([(B, B)],), {}, ValueError, r"layers\[0\] weights .* \(d_in, d_"),
    (
        "collapse_linear_layers",
        ([(W, [5])],),
        {},
        ValueError,
        r"layers\[0\] bias .* \(2,\), .* \(1,\)",
    ),
    ("collapse_linear_layers", (UNFIT,), {}, ValueError, r"layers\[3\] .* 5 inputs, got .* \(4"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(activations, name, args, kwargs, exception, message)
