r"""Optima: what the curvature says of a point at which the gradient is 0.

A minimum, a maximum, a saddle, or no answer. The notes' figure shows a saddle:

>>> from textbook.optima import classify
>>> classify([[2, 0], [0, -2]])
'saddle'
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import (
    FloatArray,
    as_float_array,
    as_slope,
    check_count,
    check_generator,
    check_number,
)
from textbook.gradient_checking import numerical_gradient

__all__ = [
    "chain_cost",
    "chain_gradient",
    "classify",
    "numerical_hessian",
    "perturbed_descent",
    "random_symmetric",
    "share_definite",
]


def numerical_hessian(
    function: Callable[[FloatArray], float], theta: ArrayLike, h: float = 1e-4
) -> FloatArray:
    r"""Estimate all second derivatives of a function by differences of its numerical gradient.

    .. math::
        H_{ij} = \frac{\partial^2 J}{\partial \theta_i\, \partial \theta_j} \approx
        \frac{\partial_i J(\theta + h\,u_j) - \partial_i J(\theta - h\,u_j)}{2h}

    Parameters
    ----------
    function : callable
        Takes an array of the shape of `theta`, returns one number.
    theta : array_like of shape (n,)
    h : float above 0, default 1e-4
        The step, larger than for a gradient, since rounding errors are divided by its square.

    Returns
    -------
    ndarray of shape (n, n)
        Symmetric, in double precision whatever `theta` is.

    Raises
    ------
    TypeError
        If `theta` does not hold real numbers or `h` is not a number.
    ValueError
        If `theta` is not one-dimensional, `h` is not above 0 or too small to change `theta`, or
        `function` does not return one finite number.

    Examples
    --------
    The second derivatives of x squared times y, plus y squared, at (3, 2) are 2 y, 2 x and 2:

    >>> from textbook.optima import numerical_hessian
    >>> numerical_hessian(lambda t: t[0] ** 2 * t[1] + t[1] ** 2, [3, 2]).round(4).tolist()
    [[4.0, 6.0], [6.0, 2.0]]
    """
    theta = as_float_array("theta", theta, "n")
    h = check_number("h", h, above=0)

    def gradient(at: FloatArray) -> FloatArray:
        return numerical_gradient(function, at, h)

    rows = [
        (gradient(theta + step) - gradient(theta - step)) / (2 * h)
        for step in h * np.eye(len(theta))
    ]
    hessian = np.array(rows).reshape(len(theta), len(theta))
    return (hessian + hessian.T) / 2 + 0.0


def classify(hessian: ArrayLike, tolerance: float = 1e-6) -> str:
    r"""Say what a point is at which the gradient is 0, by the signs of the curvatures there.

    .. math::
        J(\theta + v) \approx J(\theta) + \tfrac12\, v^T H v, \qquad
        H = \sum_{i} \lambda_i\, q_i q_i^T

    Parameters
    ----------
    hessian : array_like of shape (n, n)
        Symmetric.
    tolerance : float, default 1e-6
        An eigenvalue counts as 0 below this share of the largest, in absolute values; at least 0.

    Returns
    -------
    str
        'saddle' if there are eigenvalues of both signs, else 'degenerate' if one is 0, else
        'minimum' if they are positive and 'maximum' if they are negative.

    Raises
    ------
    TypeError
        If `hessian` does not hold real numbers or `tolerance` is not a number.
    ValueError
        If `hessian` is not square, is empty, not finite or not symmetric, or `tolerance` is
        negative.

    Warnings
    --------
    Positive entries do not make a minimum, not even all of them.

    Examples
    --------
    >>> from textbook.optima import classify
    >>> classify([[1, 2], [2, 1]]), classify([[2, 1], [1, 2]])
    ('saddle', 'minimum')

    Flat in one direction, the point may be anything that higher derivatives make of it, unless the
    other directions already disagree:

    >>> classify([[1, 0], [0, 0]]), classify([[1, 0, 0], [0, 0, 0], [0, 0, -1]])
    ('degenerate', 'saddle')
    """
    hessian = as_float_array("hessian", hessian, "n n")
    _check_symmetric(hessian)
    tolerance = check_number("tolerance", tolerance, at_least=0)

    eigenvalues = np.linalg.eigvalsh(hessian)
    zero = tolerance * np.abs(eigenvalues).max()
    rises, falls = np.any(eigenvalues > zero), np.any(eigenvalues < -zero)
    if rises and falls:
        return "saddle"
    if np.any(np.abs(eigenvalues) <= zero):
        return "degenerate"
    return "minimum" if rises else "maximum"


def random_symmetric(
    dimension: int, count: int, rng: np.random.Generator
) -> FloatArray:
    r"""Draw symmetric matrices that favor no direction: the Gaussian orthogonal ensemble.

    .. math:: H = \frac{A + A^T}{\sqrt 2}, \qquad A_{ij} \sim \mathcal{N}(0, 1)

    Parameters
    ----------
    dimension : int
        At least 1.
    count : int
        How many matrices, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (count, dimension, dimension)

    Raises
    ------
    TypeError
        If `dimension` or `count` is not a whole number, or `rng` is not a generator.
    ValueError
        If `dimension` or `count` is less than 1.

    Examples
    --------
    The variance is 2 on the diagonal and 1 beside it:

    >>> import numpy as np
    >>> from textbook.optima import random_symmetric
    >>> h = random_symmetric(2, 100_000, np.random.default_rng(0))
    >>> h.var(axis=0).round(1).tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    """
    check_count("dimension", dimension, at_least=1)
    check_count("count", count, at_least=1)
    check_generator(rng)

    a = rng.normal(size=(count, dimension, dimension))
    symmetric: FloatArray = (a + a.transpose(0, 2, 1)) / np.sqrt(2)
    return symmetric


def share_definite(dimension: int, count: int, rng: np.random.Generator) -> float:
    r"""Count how many random symmetric matrices have eigenvalues of one sign only.

    .. math:: \frac1N \#\{ H : \lambda_1, \dots, \lambda_n > 0
        \ \text{or}\ \lambda_1, \dots, \lambda_n < 0 \}

    Parameters
    ----------
    dimension : int
        The letter n, at least 1.
    count : int
        The letter N, how many matrices are drawn, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `dimension` or `count` is not a whole number, or `rng` is not a generator.
    ValueError
        If `dimension` or `count` is less than 1.

    References
    ----------
    Dean and Majumdar (2006), Large deviations of extreme eigenvalues of random matrices.

    Examples
    --------
    In two dimensions the share is 1 - 1 / sqrt(2) = 0.2929:

    >>> import numpy as np
    >>> from textbook.optima import share_definite
    >>> round(share_definite(2, 100_000, np.random.default_rng(0)), 2)
    0.29
    """
    eigenvalues = np.linalg.eigvalsh(random_symmetric(dimension, count, rng))
    one_sign = (eigenvalues[:, 0] > 0) | (eigenvalues[:, -1] < 0)
    return float(one_sign.mean())


def chain_cost(theta: ArrayLike) -> float:
    r"""Return the cost of a chain of linear units, one per layer, that should answer 1 to 1.

    .. math:: J(\theta) = \tfrac12 (1 - \theta_1 \theta_2 \cdots \theta_L)^2

    Parameters
    ----------
    theta : array_like of shape (L,)
        The weight of each layer, at least one.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `theta` does not hold real numbers.
    ValueError
        If `theta` is not one-dimensional, is empty or is not finite.

    Examples
    --------
    >>> from textbook.optima import chain_cost
    >>> chain_cost([0, 0]), chain_cost([4, 0.25]), chain_cost([1, -1])
    (0.5, 0.0, 2.0)
    """
    theta = _check_chain(theta)

    return float((1 - np.prod(theta)) ** 2 / 2)


def chain_gradient(theta: ArrayLike) -> FloatArray:
    r"""Return the slope of `chain_cost` in each weight.

    .. math::
        \frac{\partial J}{\partial \theta_i}
        = -(1 - \theta_1 \cdots \theta_L) \prod_{j \ne i} \theta_j

    Parameters
    ----------
    theta : array_like of shape (L,)
        The weight of each layer, at least one.

    Returns
    -------
    ndarray of shape (L,)

    Raises
    ------
    TypeError
        If `theta` does not hold real numbers.
    ValueError
        If `theta` is not one-dimensional, is empty or is not finite.

    Examples
    --------
    A weight is told to move only as far as all the others let something through:

    >>> from textbook.optima import chain_gradient
    >>> chain_gradient([2, 0, 0.5]).tolist(), chain_gradient([2, 3, 0.5]).tolist()
    ([0.0, -1.0, 0.0], [3.0, 2.0, 12.0])
    """
    theta = _check_chain(theta)

    slopes = np.empty_like(theta)
    for i in range(len(theta)):
        slopes[i] = (np.prod(theta) - 1) * np.prod(np.delete(theta, i))
    return slopes + 0.0


def perturbed_descent(
    gradient: Callable[[FloatArray], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    steps: int,
    noise: float,
    rng: np.random.Generator,
) -> FloatArray:
    r"""Take steps against the gradient, each with a random push that favors no direction.

    .. math::
        \theta^{(t+1)} = \theta^{(t)} - \alpha \bigl( \nabla J(\theta^{(t)}) + \sigma \xi^{(t)}
        \bigr), \qquad \xi^{(t)} \sim \mathcal{N}(0, I)

    Parameters
    ----------
    gradient : callable
        Takes an array of the shape of `start`, returns one of the same shape.
    start : array_like of any shape
    learning_rate : float above 0
        The letter alpha.
    steps : int
        At least 0.
    noise : float
        The letter sigma, at least 0.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (steps + 1, ...)
        The start and where each step led.

    Raises
    ------
    TypeError
        If `start` does not hold real numbers, a setting is not a number, or `rng` is not a
        generator.
    ValueError
        If a setting lies outside its range, `start` is not finite, or `gradient` returns another
        shape.

    Examples
    --------
    Down a saddle's valley, exactly to the middle, and with a push out of it again:

    >>> import numpy as np
    >>> from textbook.optima import chain_cost, chain_gradient, perturbed_descent
    >>> for noise in (0, 1e-9):
    ...     rng = np.random.default_rng(0)
    ...     path = perturbed_descent(chain_gradient, [1, -1], 0.1, 400, noise, rng)
    ...     print([round(chain_cost(path[t]), 4) for t in (0, 10, 100, 400)])
    [2.0, 0.559, 0.5, 0.5]
    [2.0, 0.559, 0.5, 0.0]
    """
    start = as_float_array("start", start)
    if not np.isfinite(start).all():
        raise ValueError(f"start must be finite, got {start[~np.isfinite(start)][0]}")
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    check_count("steps", steps)
    noise = check_number("noise", noise, at_least=0)
    check_generator(rng)

    path = [start]
    for _ in range(steps):
        slope = as_slope(gradient(path[-1].copy()), start)
        push = noise * rng.normal(size=start.shape).astype(start.dtype)
        path.append(path[-1] - learning_rate * (slope + push))
    return np.stack(path)


def _check_symmetric(hessian: FloatArray) -> None:
    if hessian.shape[0] != hessian.shape[1] or hessian.size == 0:
        raise ValueError(
            f"hessian must have shape (n, n) with n at least 1, got shape {hessian.shape}"
        )
    if not np.isfinite(hessian).all():
        raise ValueError(
            f"hessian must be finite, got {hessian[~np.isfinite(hessian)][0]}"
        )
    apart = np.abs(hessian - hessian.T)
    if apart.max() > 1e-5 * np.abs(hessian).max():
        i, j = np.unravel_index(int(apart.argmax()), apart.shape)
        raise ValueError(
            f"hessian must be symmetric, got {hessian[i, j]} at ({i}, {j}) "
            f"and {hessian[j, i]} at ({j}, {i})"
        )


def _check_chain(theta: ArrayLike) -> FloatArray:
    theta = as_float_array("theta", theta, "L")
    if theta.size == 0:
        raise ValueError("theta must hold at least one weight, got shape (0,)")
    if not np.isfinite(theta).all():
        raise ValueError(f"theta must be finite, got {theta[~np.isfinite(theta)][0]}")
    return theta
