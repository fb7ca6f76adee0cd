r"""Learning rate decay: long steps first, short steps last, and what the last ones are for.

The time t is an epoch's number, counted from 0. The notes' second pattern after ten epochs:

>>> from textbook.learning_rate_decay import exponential
>>> round(exponential(10, initial_rate=1, factor=0.95), 4)
0.5987
"""

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import (
    FloatArray,
    as_float_array,
    as_plain,
    check_count,
    check_generator,
    check_number,
    check_same_shape,
)

__all__ = [
    "by_recursion",
    "expected_square",
    "exponential",
    "inverse_square_root",
    "inverse_time",
    "manual",
    "noise_floor",
    "noisy_descent",
    "staircase",
]


def inverse_time(
    epoch: ArrayLike, initial_rate: float, decay_rate: float
) -> FloatArray:
    r"""Let the rate fall as one over the time.

    .. math:: \alpha_t = \frac{\alpha_0}{1 + r\,t}

    Parameters
    ----------
    epoch : array_like of any shape
        The times t, at least 0.
    initial_rate : float above 0
        The rate at t = 0.
    decay_rate : float
        The letter r, at least 0.

    Returns
    -------
    ndarray of the shape of `epoch`, or float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an epoch or a setting lies outside its range.

    Warnings
    --------
    The notes multiply the previous rate by 1 / (1 + r t) instead of the first, see `by_recursion`.

    Examples
    --------
    The notes' r = 2: a third after one epoch, a seventh after three.

    >>> from textbook.learning_rate_decay import inverse_time
    >>> inverse_time([0, 1, 2, 3], initial_rate=1, decay_rate=2).round(4).tolist()
    [1.0, 0.3333, 0.2, 0.1429]
    """
    epoch = _check_epoch(epoch)
    initial_rate = check_number("initial_rate", initial_rate, above=0)
    decay_rate = check_number("decay_rate", decay_rate, at_least=0)

    return as_plain(initial_rate / (1 + decay_rate * epoch))


def exponential(epoch: ArrayLike, initial_rate: float, factor: float) -> FloatArray:
    r"""Multiply the rate by one factor for every epoch.

    .. math:: \alpha_t = \alpha_0\, q^t

    Parameters
    ----------
    epoch : array_like of any shape
        The times t, at least 0.
    initial_rate : float above 0
        The rate at t = 0.
    factor : float
        The letter q, above 0 and at most 1.

    Returns
    -------
    ndarray of the shape of `epoch`, or float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an epoch or a setting lies outside its range.

    Examples
    --------
    All rates together never exceed 1 / (1 - 0.95) = 20 times the first:

    >>> import numpy as np
    >>> from textbook.learning_rate_decay import exponential
    >>> rates = exponential(np.arange(1000), initial_rate=1, factor=0.95)
    >>> rates[:4].round(4).tolist(), round(float(rates.sum()), 4)
    ([1.0, 0.95, 0.9025, 0.8574], 20.0)
    """
    epoch = _check_epoch(epoch)
    initial_rate = check_number("initial_rate", initial_rate, above=0)
    factor = check_number("factor", factor, above=0, at_most=1)

    return as_plain(initial_rate * factor**epoch)


def inverse_square_root(
    epoch: ArrayLike, initial_rate: float, scale: float = 1.0
) -> FloatArray:
    r"""Let the rate fall as one over the square root of the time, which begins at 1.

    .. math:: \alpha_t = \frac{k}{\sqrt t}\, \alpha_0

    Parameters
    ----------
    epoch : array_like of any shape
        The times t, above 0: at 0 the formula has no value.
    initial_rate : float above 0
        The rate at t = 1, if k is 1.
    scale : float above 0, default 1.0
        The letter k.

    Returns
    -------
    ndarray of the shape of `epoch`, or float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an epoch or a setting lies outside its range.

    Examples
    --------
    Four times the time, half the rate:

    >>> from textbook.learning_rate_decay import inverse_square_root
    >>> inverse_square_root([1, 2, 4, 16], initial_rate=1).round(4).tolist()
    [1.0, 0.7071, 0.5, 0.25]
    """
    epoch = _check_epoch(epoch)
    if np.any(epoch == 0):
        raise ValueError("epoch must be above 0 under a square root, got 0")
    initial_rate = check_number("initial_rate", initial_rate, above=0)
    scale = check_number("scale", scale, above=0)

    return as_plain(scale / np.sqrt(epoch) * initial_rate)


def staircase(
    epoch: ArrayLike, initial_rate: float, factor: float, every: int
) -> FloatArray:
    r"""Hold the rate for some epochs, then multiply it by a factor, and so on.

    .. math:: \alpha_t = \alpha_0\, q^{\lfloor t / s \rfloor}

    Parameters
    ----------
    epoch : array_like of any shape
        The times t, at least 0.
    initial_rate : float above 0
        The rate on the first stair.
    factor : float
        The letter q, above 0 and at most 1.
    every : int
        The letter s, the width of a stair in epochs, at least 1.

    Returns
    -------
    ndarray of the shape of `epoch`, or float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or `every` is not a whole number.
    ValueError
        If an epoch or a setting lies outside its range.

    Examples
    --------
    A tenth of the rate from the tenth epoch on, a hundredth from the twentieth:

    >>> from textbook.learning_rate_decay import staircase
    >>> staircase([0, 9, 10, 19, 20], 1, factor=0.1, every=10).round(4).tolist()
    [1.0, 1.0, 0.1, 0.1, 0.01]
    """
    epoch = _check_epoch(epoch)
    initial_rate = check_number("initial_rate", initial_rate, above=0)
    factor = check_number("factor", factor, above=0, at_most=1)
    check_count("every", every, at_least=1)

    return as_plain(initial_rate * factor ** (epoch // float(every)))


def manual(epoch: ArrayLike, starts: ArrayLike, rates: ArrayLike) -> FloatArray:
    r"""Use the rates that somebody chose, each from the epoch in which it was set.

    .. math:: \alpha_t = \rho_k \quad\text{for}\quad s_k \le t < s_{k+1}

    Parameters
    ----------
    epoch : array_like of any shape
        The times t, at least 0.
    starts : array_like of shape (k,)
        The epochs from which the rates hold, the first 0, then rising.
    rates : array_like of shape (k,)
        The chosen rates, above 0. They may rise as well as fall.

    Returns
    -------
    ndarray of the shape of `epoch`, or float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an epoch is negative, `starts` does not rise from 0, `rates` has another length, or a
        rate is not above 0.

    Examples
    --------
    Somebody looks in after 3 epochs, and again after 7:

    >>> from textbook.learning_rate_decay import manual
    >>> manual([0, 2, 3, 6, 7, 99], starts=[0, 3, 7], rates=[0.1, 0.2, 0.01]).tolist()
    [0.1, 0.1, 0.2, 0.2, 0.01, 0.01]
    """
    epoch = _check_epoch(epoch)
    starts = as_float_array("starts", starts, "k")
    rates = _check_rates(rates, "k")
    check_same_shape("rates", rates, "starts", starts)
    if starts.size == 0 or starts[0] != 0 or not np.all(np.diff(starts) > 0):
        raise ValueError(f"starts must rise from 0, got {starts[:5].tolist()}")

    return as_plain(rates[np.searchsorted(starts, epoch, side="right") - 1])


def by_recursion(initial_rate: float, factors: ArrayLike) -> FloatArray:
    r"""Compute each rate from the one before it.

    .. math:: \alpha_t = c_t\, \alpha_{t-1} = c_1 c_2 \cdots c_t\, \alpha_0

    Parameters
    ----------
    initial_rate : float above 0
    factors : array_like of shape (T,)
        The factors from c_1 to c_T, at least 0.

    Returns
    -------
    ndarray of shape (T + 1,)
        The first rate and those that follow from it.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `initial_rate` is not above 0, or `factors` is not one-dimensional or holds a number that
        is negative or not finite.

    Examples
    --------
    The notes' inverse time as they print it, and with the factor that leads to 1 / (1 + 2 t):

    >>> import numpy as np
    >>> from textbook.learning_rate_decay import by_recursion
    >>> t = np.arange(1, 4)
    >>> by_recursion(1, 1 / (1 + 2 * t)).round(4).tolist()
    [1.0, 0.3333, 0.0667, 0.0095]
    >>> by_recursion(1, (2 * t - 1) / (1 + 2 * t)).round(4).tolist()
    [1.0, 0.3333, 0.2, 0.1429]
    """
    initial_rate = check_number("initial_rate", initial_rate, above=0)
    factors = as_float_array("factors", factors, "T")
    wrong = factors[~(np.isfinite(factors) & (factors >= 0))]
    if wrong.size:
        raise ValueError(f"factors must be finite and at least 0, got {wrong[0]}")

    one = np.ones(1, factors.dtype)
    return initial_rate * np.cumprod(np.concatenate([one, factors]))


def noisy_descent(
    rates: ArrayLike,
    start: ArrayLike,
    curvature: float,
    noise: float,
    rng: np.random.Generator,
) -> FloatArray:
    r"""Walk down a parabola with a gradient that is off by chance at every step.

    .. math::
        \theta_{t+1} = \theta_t - \alpha_t (c\,\theta_t + \sigma \xi_t), \qquad
        \xi_t \sim \mathcal{N}(0, 1)

    Parameters
    ----------
    rates : array_like of shape (T,)
        The learning rates, one for each step.
    start : array_like of any shape
        Where each walker begins. The minimum is at 0 for all of them.
    curvature : float above 0
        The letter c; the cost is half of it times theta squared.
    noise : float
        The letter sigma, the standard deviation of the gradient's error, at least 0.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (T + 1, ...)
        The start of every walker and where each step led it.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or `rng` is not a generator.
    ValueError
        If `rates` is not one-dimensional, a rate is not above 0, `start` is not finite, or a
        setting lies outside its range.

    Examples
    --------
    Without noise each step takes away the same share; with it the last steps look like this:

    >>> import numpy as np
    >>> from textbook.learning_rate_decay import noisy_descent
    >>> rng = np.random.default_rng(0)
    >>> noisy_descent([0.5] * 4, 8, curvature=1, noise=0, rng=rng).tolist()
    [8.0, 4.0, 2.0, 1.0, 0.5]
    >>> noisy_descent([0.5] * 1000, 8, 1, 1, rng)[-4:].round(2).tolist()
    [-0.54, -0.42, -0.31, -0.29]
    """
    rates = _check_rates(rates, "T")
    start = as_float_array("start", start)
    if not np.isfinite(start).all():
        raise ValueError(f"start must be finite, got {start[~np.isfinite(start)][0]}")
    curvature = check_number("curvature", curvature, above=0)
    noise = check_number("noise", noise, at_least=0)
    check_generator(rng)

    path = [start]
    for rate in rates:
        error = rng.normal(size=start.shape).astype(start.dtype)
        path.append(path[-1] - rate * (curvature * path[-1] + noise * error))
    return np.stack(path)


def expected_square(
    rates: ArrayLike, start: float, curvature: float, noise: float
) -> FloatArray:
    r"""Return the mean of theta squared at every step of `noisy_descent`, over all chances.

    .. math::
        \operatorname{E} \theta_{t+1}^2
        = (1 - \alpha_t c)^2 \operatorname{E} \theta_t^2 + \alpha_t^2 \sigma^2

    Parameters
    ----------
    rates : array_like of shape (T,)
        The learning rates, one for each step.
    start : float
    curvature : float above 0
        The letter c.
    noise : float
        The letter sigma, at least 0.

    Returns
    -------
    ndarray of shape (T + 1,)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `rates` is not one-dimensional, a rate is not above 0, or a setting lies outside its
        range.

    Examples
    --------
    With curvature 1 and the rates 1, 1/2, 1/3, ... theta is, but for its sign, the mean of n
    errors, whose variance is 1/n:

    >>> from textbook.learning_rate_decay import expected_square
    >>> rates = [1, 1 / 2, 1 / 3, 1 / 4]
    >>> expected_square(rates, start=7, curvature=1, noise=1).round(4).tolist()
    [49.0, 1.0, 0.5, 0.3333, 0.25]
    """
    rates = _check_rates(rates, "T")
    start = check_number("start", start)
    curvature = check_number("curvature", curvature, above=0)
    noise = check_number("noise", noise, at_least=0)

    squares = [start**2]
    for rate in rates.tolist():
        squares.append((1 - rate * curvature) ** 2 * squares[-1] + (rate * noise) ** 2)
    return np.array(squares)


def noise_floor(learning_rate: float, curvature: float, noise: float) -> float:
    r"""Return what the mean of theta squared comes to when the rate never changes.

    .. math:: \operatorname{E} \theta_\infty^2 = \frac{\alpha\, \sigma^2}{c\,(2 - \alpha c)}

    Parameters
    ----------
    learning_rate : float above 0
        The letter alpha, below 2 / `curvature`: from there on the steps grow.
    curvature : float above 0
        The letter c.
    noise : float
        The letter sigma, at least 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument is not a number.
    ValueError
        If a setting lies outside its range.

    Examples
    --------
    A small rate has a floor of half its size; near 2 / c there is hardly any:

    >>> from textbook.learning_rate_decay import noise_floor
    >>> [round(noise_floor(rate, 1, 1), 4) for rate in (0.01, 0.1, 1, 1.9)]
    [0.005, 0.0526, 1.0, 19.0]
    """
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    curvature = check_number("curvature", curvature, above=0)
    noise = check_number("noise", noise, at_least=0)
    if learning_rate * curvature >= 2:
        raise ValueError(
            f"learning_rate must be below 2 / curvature = {2 / curvature:g}, "
            f"got {learning_rate}"
        )

    return learning_rate * noise**2 / (curvature * (2 - learning_rate * curvature))


def _check_epoch(epoch: ArrayLike) -> FloatArray:
    epoch = as_float_array("epoch", epoch)
    wrong = epoch[~(np.isfinite(epoch) & (epoch >= 0))]
    if wrong.size:
        raise ValueError(f"epoch must be finite and at least 0, got {float(wrong[0])}")
    return epoch


def _check_rates(rates: ArrayLike, axes: str) -> FloatArray:
    rates = as_float_array("rates", rates, axes)
    wrong = rates[~(np.isfinite(rates) & (rates > 0))]
    if wrong.size:
        raise ValueError(f"rates must be finite and above 0, got {float(wrong[0])}")
    return rates
