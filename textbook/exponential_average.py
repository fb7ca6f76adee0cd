r"""Exponentially weighted averages: one number that remembers, and forgets at a chosen pace.

The first four days of 2012 in Seattle, averaged from 0 and then corrected for that start:

>>> from textbook.datasets import load_temperatures
>>> from textbook.exponential_average import corrected_average, exponential_average
>>> _, highest, _ = load_temperatures()
>>> exponential_average(highest[:4], beta=0.9).round(4).tolist()
[1.28, 2.212, 3.1608, 4.0647]
>>> corrected_average(highest[:4], beta=0.9).round(4).tolist()
[12.8, 11.6421, 11.6635, 11.8195]
"""

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import (
    FloatArray,
    as_finite_array,
    check_count,
    check_number,
)

__all__ = [
    "average_weights",
    "corrected_average",
    "exponential_average",
    "lag",
    "memory",
    "moving_average",
    "noise_factor",
]


def exponential_average(
    theta: ArrayLike, beta: float, start: ArrayLike = 0.0
) -> FloatArray:
    r"""Mix each value of a series into what has been kept of those before it.

    .. math:: v_t = \beta\, v_{t-1} + (1 - \beta)\, \theta_t, \qquad t = 1, \dots, T

    Parameters
    ----------
    theta : array_like of shape (T, ...)
        A series of numbers, or of arrays that are averaged entry by entry.
    beta : float
        The share of the old average that is kept, at least 0 and below 1.
    start : array_like of shape (...), or one number, default 0.0
        The average v_0 before the first value.

    Returns
    -------
    ndarray of shape (T, ...)
        The averages from v_1 to v_T.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `theta` is a single number, a value is not finite, `beta` lies outside its range, or
        `start` fits no entry of the series.

    Warnings
    --------
    Programs that ask for alpha, and PyTorch's layers that ask for a momentum, mean the share of
    the new value, 1 - beta.

    Examples
    --------
    One warm day after nothing: a tenth of it arrives, and a tenth of that is lost each day.

    >>> from textbook.exponential_average import exponential_average
    >>> exponential_average([10, 0, 0, 0], beta=0.9).round(4).tolist()
    [1.0, 0.9, 0.81, 0.729]

    A series can be cut anywhere, if the second part starts where the first one ended:

    >>> exponential_average([0, 0], beta=0.9, start=0.9).round(4).tolist()
    [0.81, 0.729]
    """
    theta = _check_series(theta)
    beta = check_number("beta", beta, at_least=0, below=1)
    v = _check_start(start, theta)

    averages = np.empty_like(theta)
    for t, value in enumerate(theta):
        averages[t] = v = beta * v + (1 - beta) * value
    return averages


def corrected_average(theta: ArrayLike, beta: float) -> FloatArray:
    r"""Average a series from 0 and divide by the share of the weight that has arrived.

    .. math:: \hat v_t = \frac{v_t}{1 - \beta^t}, \qquad
        1 - \beta^t = (1 - \beta) \sum_{k=0}^{t-1} \beta^k

    Parameters
    ----------
    theta : array_like of shape (T, ...)
        The values of the series, the first one at t = 1.
    beta : float
        What is kept of the old average at each step, at least 0 and below 1.

    Returns
    -------
    ndarray of shape (T, ...)
        For each t the weighted mean of the values up to it. The first is the first value.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `theta` is a single number, a value is not finite, or `beta` lies outside its range.

    Warnings
    --------
    The recursion goes on with v_t. Feeding the corrected value back into it corrects twice.

    Examples
    --------
    A constant is its own average from the first day on:

    >>> from textbook.exponential_average import corrected_average
    >>> corrected_average([5, 5, 5], beta=0.98).round(4).tolist()
    [5.0, 5.0, 5.0]

    With beta close to 1 nothing is forgotten, and what comes out is the mean so far:

    >>> corrected_average([1, 2, 6], beta=1 - 1e-12).round(4).tolist()
    [1.0, 1.5, 3.0]
    """
    theta = _check_series(theta)
    beta = check_number("beta", beta, at_least=0, below=1)

    # Ones average to 1 - beta**t, with all its digits even for beta near 1
    arrived = exponential_average(np.ones_like(theta), beta)
    return exponential_average(theta, beta) / arrived


def average_weights(beta: float, count: int) -> FloatArray:
    r"""Return what the latest values count in the average, the newest first.

    .. math:: w_k = (1 - \beta)\, \beta^k, \qquad k = 0, \dots, n - 1

    Parameters
    ----------
    beta : float
        The factor from one weight to the next older one, at least 0 and below 1.
    count : int
        How many weights, the letter n.

    Returns
    -------
    ndarray of shape (count,)
        All weights together make up 1; the first n make up ``1 - beta**n``.

    Raises
    ------
    TypeError
        If `beta` is not a number or `count` is not a whole number.
    ValueError
        If `beta` lies outside its range or `count` is negative.

    Examples
    --------
    The notes' first coefficients, and what those of the last ten days add up to:

    >>> from textbook.exponential_average import average_weights
    >>> average_weights(0.9, 3).round(4).tolist()
    [0.1, 0.09, 0.081]
    >>> round(float(average_weights(0.9, 10).sum()), 4)
    0.6513
    """
    beta = check_number("beta", beta, at_least=0, below=1)
    check_count("count", count)

    return (1 - beta) * beta ** np.arange(count)


def memory(beta: float) -> float:
    r"""Return after how many steps a weight has fallen to about a third.

    .. math:: n = \frac{1}{1 - \beta}, \qquad
        \beta^n = (1 - \varepsilon)^{1 / \varepsilon} \approx \frac{1}{e}
        \quad\text{with}\quad \varepsilon = 1 - \beta

    Parameters
    ----------
    beta : float
        At least 0 and below 1.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `beta` is not a number.
    ValueError
        If `beta` lies outside its range.

    Examples
    --------
    From beta to days, and from the wanted 25 days back to a beta:

    >>> from textbook.exponential_average import memory
    >>> [round(memory(beta), 4) for beta in (0.5, 0.9, 0.98)]
    [2.0, 10.0, 50.0]
    >>> 1 - 1 / 25
    0.96
    """
    beta = check_number("beta", beta, at_least=0, below=1)

    return 1 / (1 - beta)


def lag(beta: float) -> float:
    r"""Return how many steps a long average trails behind a series that rises steadily.

    .. math:: \sum_{k=0}^{\infty} k\, w_k = \frac{\beta}{1 - \beta}

    Parameters
    ----------
    beta : float
        At least 0 and below 1.

    Returns
    -------
    float
        The mean age of what has been averaged.

    Raises
    ------
    TypeError
        If `beta` is not a number.
    ValueError
        If `beta` lies outside its range.

    Examples
    --------
    On day 200 of a series that counts the days, the average says 191:

    >>> import numpy as np
    >>> from textbook.exponential_average import exponential_average, lag
    >>> round(lag(0.9), 4)
    9.0
    >>> round(float(exponential_average(np.arange(1, 201), beta=0.9)[-1]), 4)
    191.0
    """
    beta = check_number("beta", beta, at_least=0, below=1)

    return beta / (1 - beta)


def noise_factor(beta: float) -> float:
    r"""Return which share of the variance of independent noise a long average lets through.

    .. math:: \sum_{k=0}^{\infty} w_k^2 = \frac{1 - \beta}{1 + \beta}

    Parameters
    ----------
    beta : float
        At least 0 and below 1.

    Returns
    -------
    float
        Its square root is the factor of the standard deviation.

    Raises
    ------
    TypeError
        If `beta` is not a number.
    ValueError
        If `beta` lies outside its range.

    Warnings
    --------
    Where a high value tends to be followed by another, more of the variance remains.

    Examples
    --------
    With 0.9 it is as if 19 values had been averaged with equal weights:

    >>> from textbook.exponential_average import noise_factor
    >>> round(noise_factor(0.9), 4), round(1 / 19, 4)
    (0.0526, 0.0526)
    """
    beta = check_number("beta", beta, at_least=0, below=1)

    return (1 - beta) / (1 + beta)


def moving_average(theta: ArrayLike, window: int) -> FloatArray:
    r"""Give the last values equal weights, and none to those before.

    .. math:: u_t = \frac{1}{n} \sum_{k=0}^{n-1} \theta_{t-k}, \qquad n = \min(\text{window}, t)

    Parameters
    ----------
    theta : array_like of shape (T, ...)
        The series. Of its last values, `window` must be kept at hand.
    window : int
        How many values make up a mean, at least 1. At the beginning there are fewer.

    Returns
    -------
    ndarray of shape (T, ...)

    Raises
    ------
    TypeError
        If `theta` does not hold real numbers or `window` is not a whole number.
    ValueError
        If `theta` is a single number, a value is not finite, or `window` is below 1.

    Examples
    --------
    >>> from textbook.exponential_average import moving_average
    >>> moving_average([3, 5, 10, 0], window=2).tolist()
    [3.0, 4.0, 7.5, 5.0]
    """
    theta = _check_series(theta)
    check_count("window", window, at_least=1)

    averages = np.empty_like(theta)
    for t in range(len(theta)):
        averages[t] = theta[max(0, t + 1 - window) : t + 1].mean(axis=0)
    return averages


def _check_series(theta: ArrayLike) -> FloatArray:
    theta = as_finite_array("theta", theta)
    if theta.ndim == 0:
        raise ValueError("theta must have shape (T, ...), got shape ()")
    return theta


def _check_start(start: ArrayLike, theta: FloatArray) -> FloatArray:
    start = as_finite_array("start", start)
    if start.shape not in ((), theta.shape[1:]):
        raise ValueError(
            f"start must be one number or have the shape of a value of theta, "
            f"{theta.shape[1:]}, got shape {start.shape}"
        )
    return start.astype(theta.dtype)
