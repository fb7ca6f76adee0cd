"""The gradient checker, checked: how exact it is, and which mistakes it must catch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import arrays, call_without_writing, check_wrong_call, floats, ids
from textbook import gradient_checking
from textbook.activations import relu, relu_derivative
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.logistic_regression import cost, gradient

# The numerical gradient


@given(arrays((3, 3), -2, 2), arrays(3, -2, 2), arrays(3, -2, 2))
def test_it_is_exact_on_quadratics_up_to_rounding(a, b, theta):
    found = call_without_writing(
        numerical_gradient, lambda theta: theta @ a @ theta + b @ theta, theta, 1.0
    )
    np.testing.assert_allclose(found, (a + a.T) @ theta + b, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("h", [0.5, 0.1, 0.01])
def test_on_a_cube_it_is_off_by_h_squared(h):
    error = numerical_gradient(lambda t: t[0] ** 3, np.array([2.0]), h)[0] - 12
    assert error == pytest.approx(h**2, rel=1e-7)


def test_half_the_step_has_a_quarter_of_the_error():
    theta = np.array([0.3, -1.2])
    errors = [
        np.abs(numerical_gradient(lambda t: np.exp(t).sum(), theta, h) - np.exp(theta))
        for h in (0.02, 0.01)
    ]
    np.testing.assert_allclose(errors[0] / errors[1], 4, rtol=1e-3)


def test_too_small_a_step_drowns_in_rounding():
    theta = np.array([1.0])
    off = {
        h: abs(numerical_gradient(lambda t: np.exp(t[0]), theta, h)[0] - np.e)
        for h in (1e-5, 1e-13)
    }
    assert off[1e-5] < 1e-9 < 1e-5 < off[1e-13]


def test_the_default_step_is_a_hundred_thousandth():
    steps = []
    numerical_gradient(lambda t: steps.append(t[0]) or 0.0, np.array([0.0]))
    assert steps == [1e-5, -1e-5]


@pytest.mark.parametrize("shape", [(), (1,), (4,), (2, 3), (2, 1, 2), (0,), (3, 0)])
def test_the_gradient_has_the_shape_of_theta(shape):
    weight = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape)
    found = call_without_writing(numerical_gradient, lambda t: np.sum(weight * t), np.ones(shape))
    assert found.shape == shape
    np.testing.assert_allclose(found, weight, rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_the_gradient_has_the_precision_of_theta(dtype):
    found = numerical_gradient(lambda t: t @ t, np.array([1, -3], dtype), h=0.25)
    assert found.dtype == dtype
    assert found.tolist() == [2, -6]


def test_strides_do_not_matter():
    theta = np.arange(12.0).reshape(3, 4)
    for view in (theta.T, theta[::2, ::-1], np.asfortranarray(theta)):
        np.testing.assert_allclose(
            numerical_gradient(lambda t: np.sum(t**2), view), 2 * view, atol=1e-8
        )


@pytest.mark.parametrize("one", [float, np.float64, np.array, np.float32, int])
def test_the_function_may_return_any_kind_of_one_number(one):
    assert numerical_gradient(lambda t: one(t[0] * 4), np.array([2.0]), h=0.5).tolist() == [4]


def test_every_call_sees_a_new_array_moved_in_one_coordinate():
    theta, seen = np.array([1.0, 2.0]), []
    numerical_gradient(lambda t: seen.append(t) or 0.0, theta, h=0.5)
    assert [t.tolist() for t in seen] == [[1.5, 2], [0.5, 2], [1, 2.5], [1, 1.5]]
    assert theta.tolist() == [1, 2]


def test_a_function_that_writes_into_its_argument_disturbs_nothing():
    def scribbling(theta):
        result = theta @ theta
        theta[:] = np.nan
        return result

    theta = np.array([1.0, -3.0])
    np.testing.assert_allclose(numerical_gradient(scribbling, theta), [2, -6], rtol=1e-9)
    assert theta.tolist() == [1, -3]


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8, bool])
def test_trap_11_an_array_of_integers_is_refused(dtype):
    # else a step of 1e-5 would be cut to 0, and the slope of t squared at 3 come out as nonsense
    with pytest.raises(
        TypeError, match=f"^theta must be an array of floats, got {np.dtype(dtype)}"
    ):
        numerical_gradient(lambda t: t @ t, np.array([1, 3]).astype(dtype))


@pytest.mark.parametrize(("dtype", "large"), [(np.float32, 1000), (np.float64, 1e12)])
def test_a_step_that_rounding_swallows_is_refused_too(dtype, large):
    with pytest.raises(
        ValueError, match=r"^h must be large enough to change theta, got 1e-05 for float"
    ):
        numerical_gradient(lambda t: np.sum(t**2), np.array([1, large], dtype))


# Mistakes that it must catch, and by how much

X = np.array([[1, 0.5, 2.0], [1, -1.5, 0.25], [1, 2.0, -1.0]])
Y, THETA = np.array([1.0, 0.0, 0.0]), np.array([0.3, -0.7, 1.1])
W = np.array([[0.5, -1.0], [1.5, 0.25]])


def error_of_logistic(gradient_function):
    numerical = numerical_gradient(lambda theta: cost(X, Y, theta), THETA)
    return relative_error(gradient_function(X, Y, THETA), numerical)


def test_the_right_gradient_passes():
    assert error_of_logistic(gradient) < 1e-9


MISTAKES = {
    "sign": (lambda *p: -gradient(*p), 1),
    "missing-1-over-m": (lambda *p: len(Y) * gradient(*p), 0.5),
    "half-of-it": (lambda *p: gradient(*p) / 2, 1 / 3),
    "one-coordinate": (lambda *p: gradient(*p) * [1, 1, 0.99], 3.6e-4),
    "nothing": (lambda *p: 0 * gradient(*p), 1),
}


@pytest.mark.parametrize(("mistake", "error"), MISTAKES.values(), ids=MISTAKES)
def test_a_wrong_logistic_gradient_fails(mistake, error):
    assert error_of_logistic(mistake) == pytest.approx(error, rel=0.01)


def test_a_transposed_gradient_fails():
    x, dy = np.array([1.0, 2.0]), np.array([3.0, -1.0])  # y = x W, J = dy . y
    numerical = numerical_gradient(lambda w: x @ w @ dy, W)
    assert relative_error(np.outer(x, dy), numerical) < 1e-9
    assert relative_error(np.outer(dy, x), numerical) > 0.1


def test_a_gradient_summed_over_the_wrong_axis_fails():
    x = np.array([[1.0, 2.0], [3.0, -1.0]])
    numerical = numerical_gradient(lambda b: np.sum((x @ W + b) ** 2) / 2, np.array([0.5, 0.25]))
    e = x @ W + [0.5, 0.25]
    assert relative_error(e.sum(axis=0), numerical) < 1e-9
    assert relative_error(e.sum(axis=1), numerical) > 0.1


def test_trap_1_a_relu_slope_taken_from_the_output_fails():
    z = np.array([-2.0, -0.5, 0.5, 3.0])
    numerical = numerical_gradient(lambda z: np.sum(relu(z)), z)
    assert relative_error(relu_derivative(z), numerical) < 1e-9
    assert relative_error((relu(z) >= 0).astype(float), numerical) > 0.1


def test_trap_2_a_backward_that_writes_into_dy_fails_at_the_end_of_a_residual_branch():
    # y = x + relu(x): the shortcut needs dy after the branch has used it
    x, dy = np.array([-1.0, 2.0, -0.5]), np.array([0.5, 1.0, -2.0])

    def backward_writing(dy):
        branch = dy
        branch *= relu_derivative(x)  # into dy itself
        return dy + branch

    numerical = numerical_gradient(lambda x: dy @ (x + relu(x)), x)
    assert relative_error(dy + dy * relu_derivative(x), numerical) < 1e-9
    assert relative_error(backward_writing(dy.copy()), numerical) > 0.1
    with pytest.raises(ValueError, match="read-only"):
        call_without_writing(backward_writing, dy)


# The relative error


@given(arrays((2, 3)), arrays((2, 3)))
def test_the_error_is_symmetric_and_lies_between_0_and_1(u, v):
    error = call_without_writing(relative_error, u, v)
    assert type(error) is float
    assert 0 <= error <= 1 + 1e-15
    assert error == relative_error(v, u)


@given(arrays(4))
def test_equal_is_0_and_opposite_is_1(u):
    assert relative_error(u, u) == 0
    assert relative_error(u, -u) == (pytest.approx(1, rel=1e-14) if u.any() else 0)
    assert relative_error(u, np.zeros(4)) == (pytest.approx(1, rel=1e-14) if u.any() else 0)


@given(arrays(3).filter(np.any), floats(0.01, 100))
def test_a_gradient_k_times_too_large_is_off_by_k_minus_1_over_k_plus_1(u, k):
    assert relative_error(k * u, u) == pytest.approx(abs(k - 1) / (k + 1), rel=1e-12, abs=1e-14)


@given(arrays(3).filter(lambda u: np.abs(u).max() > 1e-3), st.integers(-300, 290))
def test_the_size_of_the_gradients_does_not_matter(u, exponent):
    v, scale = 1 - u, 10.0**exponent
    assert relative_error(scale * u, scale * v) == pytest.approx(relative_error(u, v), rel=1e-9)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_nor_in_float32_where_their_squares_vanish_or_overflow(scale):
    u = np.array([scale], np.float32)
    assert relative_error(2 * u, u) == pytest.approx(1 / 3, rel=1e-6)


@pytest.mark.parametrize(("u", "v"), [(0, 0.0), ([], []), ([0, 0], [0.0, 0.0])])
def test_two_gradients_of_zero_agree(u, v):
    assert relative_error(u, v) == 0


@pytest.mark.parametrize(("u", "v"), [(3, 1), ([3], [1]), ([[3.0]], np.float32([[1]]))])
def test_trap_12_the_error_is_a_python_float_for_any_shape(u, v):
    assert type(relative_error(u, v)) is float
    assert relative_error(u, v) == pytest.approx(0.5, rel=1e-15)


# Wrong calls


def one(theta):
    return 1.0


NAN, INF = np.nan, np.inf
T = np.ones(2)

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    ("numerical_gradient", (one, [1.0, 2.0]), {}, TypeError, "theta must be .* floats, got .*list"),
    ("numerical_gradient", (one, 1.0), {}, TypeError, "theta must be .* floats, got .*float"),
    ("numerical_gradient", (one, np.arange(3)), {}, TypeError, "theta must be .* floats, got int"),
    ("numerical_gradient", (one, T + 1j), {}, TypeError, "theta must be .* floats, got complex128"),
    ("numerical_gradient", (one, T, 0), {}, ValueError, "h must be finite and above 0, got 0"),
    ("numerical_gradient", (one, T, -1e-5), {}, ValueError, "h must be .* above 0, got -1e-05"),
    ("numerical_gradient", (one, T), {"h": INF}, ValueError, "h must be finite .* got inf"),
    ("numerical_gradient", (one, T, "1"), {}, TypeError, "h must be a number, got str '1'"),
    ("numerical_gradient", (one, T, 1e-20), {}, ValueError, "h must be large .* got 1e-20 for f"),
    ("numerical_gradient", (np.sin, T), {}, ValueError, r"function must .* got array\(\["),
    ("numerical_gradient", (lambda t: t[:1], T), {}, ValueError, r"function must .* got array\(\["),
    ("numerical_gradient", (lambda t: None, T), {}, ValueError, "function must return .* got None"),
    ("numerical_gradient", (lambda t: "1", T), {}, ValueError, "function must return .* got '1'"),
    ("numerical_gradient", (lambda t: 1j, T), {}, ValueError, "function must return .* got 1j"),
    ("numerical_gradient", (lambda t: NAN, T), {}, ValueError, "function must return .* got nan"),
    ("numerical_gradient", (lambda t: -INF, T), {}, ValueError, "function must return .* got -inf"),
    ("relative_error", ("a", [1]), {}, TypeError, "u must hold real numbers, got str"),
    ("relative_error", ([1], [None]), {}, TypeError, "v must hold real numbers, got list"),
    ("relative_error", ([1, 2], [1]), {}, ValueError, r"u must have the shape of v, \(1,\), got"),
    ("relative_error", ([[1]], [1]), {}, ValueError, r"u must .* of v, \(1,\), got shape \(1, 1\)"),
    ("relative_error", (1, [1]), {}, ValueError, r"u must have .* of v, \(1,\), got shape \(\)"),
    ("numerical_gradient", (3, T), {}, TypeError, "function must be a function of theta, got 3"),
    ("relative_error", ([NAN], [1]), {}, ValueError, "u must be finite, got nan at index"),
    ("relative_error", ([1, 2], [1, NAN]), {}, ValueError, "v must be finite, got nan at"),
    ("relative_error", ([1], [-INF]), {}, ValueError, "v must be finite, got -inf at index"),
    ("relative_error", ([INF], [INF]), {}, ValueError, "u must be finite, got inf at index"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(gradient_checking, name, args, kwargs, exception, message)


@pytest.mark.parametrize("at", [1, 10, 100, 200])
def test_a_step_that_was_rounded_counts_as_long_as_it_is(at):
    slope = numerical_gradient(lambda t: float(t[0]) ** 2, np.array([at], dtype=np.float32))
    assert slope[0] == pytest.approx(2 * at, rel=1e-3)
