r"""Gradient checking: ask the function itself, by small steps, whether its derivative is right.

>>> import numpy as np
>>> from textbook.gradient_checking import numerical_gradient
>>> numerical_gradient(lambda theta: theta @ theta, np.array([1.0, -3.0])).round(4).tolist()
[2.0, -6.0]
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import FloatArray, as_finite_array, check_number, check_same_shape

__all__ = ["numerical_gradient", "relative_error"]


def numerical_gradient(
    function: Callable[[FloatArray], float], theta: FloatArray, h: float = 1e-5
) -> FloatArray:
    r"""Estimate the gradient of a function by stepping to both sides of each coordinate.

    .. math::
        \frac{\partial J}{\partial \theta_i} \approx
        \frac{J(\theta + h\,u_i) - J(\theta - h\,u_i)}{2h}

    Here u_i is the vector that is 1 at i and 0 elsewhere.

    Parameters
    ----------
    function : callable
        Takes an array of the shape of `theta`, returns one number.
    theta : ndarray of float of any shape
    h : float above 0, default 1e-5
        The step. The truncation error shrinks as h squared, the rounding error grows as 1/h.

    Returns
    -------
    ndarray of the shape of `theta`

    Raises
    ------
    TypeError
        If `function` is not a function, or `theta` is not an array of floats: in an array of
        integers a step of 1e-5 is cut to 0.
    ValueError
        If `h` is not above 0 or too small to change `theta`, or `function` does not return one
        finite number.

    Notes
    -----
    `function` sees a new array at every call, so it cannot disturb the estimate by writing into it.

    Examples
    --------
    The derivative of theta_0 squared times theta_1 at (3, 2), by hand (12, 9):

    >>> import numpy as np
    >>> from textbook.gradient_checking import numerical_gradient
    >>> numerical_gradient(lambda t: t[0] ** 2 * t[1], np.array([3.0, 2.0])).round(6).tolist()
    [12.0, 9.0]
    """
    h = _check_step(function, theta, h)

    slopes = np.empty_like(theta)
    for i in np.ndindex(theta.shape):
        right, left = theta.copy(), theta.copy()
        right[i] += h
        left[i] -= h
        step = right[i] - left[i]  # 2h, but for rounding
        slopes[i] = (_one_number(function(right)) - _one_number(function(left))) / step
    return slopes


def relative_error(u: ArrayLike, v: ArrayLike) -> float:
    r"""Return how far apart two gradients are, measured by their own size.

    .. math:: \frac{\lVert u - v \rVert}{\lVert u \rVert + \lVert v \rVert}

    Parameters
    ----------
    u : array_like of any shape
    v : array_like of the shape of `u`

    Returns
    -------
    float
        From 0 (equal; also where both are 0) to 1 (opposite, or one of them 0).

    Raises
    ------
    TypeError
        If `u` or `v` does not hold real numbers.
    ValueError
        If the shapes differ, or a value is not finite.

    Examples
    --------
    A gradient that is twice too large is a third away:

    >>> from textbook.gradient_checking import relative_error
    >>> round(relative_error([2.0, -6.0], [1.0, -3.0]), 4)
    0.3333
    """
    u, v = _check_gradients(u, v)

    largest = float(max(np.abs(u).max(initial=0.0), np.abs(v).max(initial=0.0)))
    if largest == 0:
        return 0.0
    u, v = u / largest, v / largest  # else the squares of very small slopes would be 0
    return float(np.linalg.norm(u - v) / (np.linalg.norm(u) + np.linalg.norm(v)))


def _check_step(
    function: Callable[[FloatArray], float], theta: FloatArray, h: float
) -> float:
    if not callable(function):
        raise TypeError(f"function must be a function of theta, got {function!r:.60}")
    if not (isinstance(theta, np.ndarray) and theta.dtype.kind == "f"):
        given = getattr(theta, "dtype", type(theta))
        raise TypeError(f"theta must be an array of floats, got {given}")
    h = check_number("h", h, above=0)
    if np.any(theta + h == theta - h):
        raise ValueError(
            f"h must be large enough to change theta, got {h} for {theta.dtype}"
        )
    return h


def _check_gradients(u: ArrayLike, v: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both in double precision, in which their norms are taken."""
    u, v = as_finite_array("u", u), as_finite_array("v", v)
    check_same_shape("u", u, "v", v)
    return u.astype(np.float64), v.astype(np.float64)


def _one_number(value: object) -> float:
    number = np.asarray(value)
    if number.ndim != 0 or number.dtype.kind not in "iuf" or not np.isfinite(number):
        raise ValueError(f"function must return one finite number, got {value!r:.60}")
    return float(number)
