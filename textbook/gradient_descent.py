r"""Gradient descent: a step after all examples, after one of them, or after a few.

The three are one loop with another batch size. Six examples in batches of four, each seen once:

>>> import numpy as np
>>> from textbook.gradient_descent import mini_batches
>>> [batch.tolist() for batch in mini_batches(6, 4, np.random.default_rng(0))]
[[3, 2, 5, 4], [0, 1]]
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_batch,
    as_finite_array,
    as_slope,
    check_count,
    check_generator,
    check_number,
)

__all__ = [
    "batch_variance",
    "least_squares_cost",
    "least_squares_gradients",
    "measured_variance",
    "mini_batch_descent",
    "mini_batches",
]

Indices = NDArray[np.int_]


def least_squares_cost(x: ArrayLike, y: ArrayLike, theta: ArrayLike) -> float:
    r"""Return half the mean squared distance of a linear model from its targets.

    .. math:: J(\theta) = \frac{1}{2m} \sum_{i=1}^{m} (\theta^T x_i - y_i)^2

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m,)
        Targets.
    theta : array_like of shape (n + 1,)

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, or an array is not finite.

    Examples
    --------
    Errors of -1 and 3:

    >>> from textbook.gradient_descent import least_squares_cost
    >>> least_squares_cost([[1, 2], [1, 5]], [4, 3], theta=[1, 1])
    2.5
    """
    x, y, theta = _check_linear_model(x, y, theta)

    return float(np.mean((x @ theta - y) ** 2) / 2)


def least_squares_gradients(x: ArrayLike, y: ArrayLike, theta: ArrayLike) -> FloatArray:
    r"""Return what each example alone takes for the gradient; their mean is that of the cost.

    .. math:: g_i = (\theta^T x_i - y_i)\, x_i, \qquad \nabla J = \frac1m \sum_{i=1}^{m} g_i

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m,)
        Targets.
    theta : array_like of shape (n + 1,)

    Returns
    -------
    ndarray of shape (m, n + 1)
        A gradient in each row.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, or an array is not finite.

    Examples
    --------
    Errors of -1 and 3 pull theta in opposite directions, and the larger one wins:

    >>> from textbook.gradient_descent import least_squares_gradients
    >>> gradients = least_squares_gradients([[1, 2], [1, 5]], [4, 3], theta=[1, 1])
    >>> gradients.tolist(), gradients.mean(axis=0).tolist()
    ([[-1.0, -2.0], [3.0, 15.0]], [1.0, 6.5])
    """
    x, y, theta = _check_linear_model(x, y, theta)

    return (x @ theta - y)[:, None] * x


def mini_batches(m: int, batch_size: int, rng: np.random.Generator) -> list[Indices]:
    r"""Shuffle the examples and deal them out in batches: one epoch.

    .. math:: \{1, \dots, m\} = B_1 \cup B_2 \cup \dots \cup B_s, \qquad
        s = \lceil m / b \rceil

    Parameters
    ----------
    m : int
        How many examples there are.
    batch_size : int
        The letter b, from 1 (stochastic) to `m` (batch).
    rng : numpy.random.Generator

    Returns
    -------
    list of ndarrays of int of shape (b,)
        Numbers of examples, counted from 0. The last batch is smaller if b does not divide m.

    Raises
    ------
    TypeError
        If `m` or `batch_size` is not a whole number, or `rng` is not a generator.
    ValueError
        If `m` is below 1, or `batch_size` is not from 1 to `m`.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.gradient_descent import mini_batches
    >>> batches = mini_batches(366, 50, np.random.default_rng(0))
    >>> [len(batch) for batch in batches]
    [50, 50, 50, 50, 50, 50, 50, 16]
    >>> sorted(int(i) for batch in batches for i in batch) == list(range(366))
    True
    """
    _check_batch_size(m, batch_size)
    check_generator(rng)

    order = rng.permutation(m)
    return [order[first : first + batch_size] for first in range(0, m, batch_size)]


def mini_batch_descent(
    gradient: Callable[[FloatArray, Indices], ArrayLike],
    start: ArrayLike,
    m: int,
    batch_size: int,
    learning_rate: float,
    epochs: int,
    rng: np.random.Generator,
    keep_every: int = 1,
) -> FloatArray:
    r"""Walk down a mean over examples, a step after each batch, and return the way.

    .. math::
        \theta^{(t+1)} = \theta^{(t)} - \alpha\, \frac{1}{|B_t|} \sum_{i \in B_t}
        g_i(\theta^{(t)})

    Parameters
    ----------
    gradient : callable
        Takes theta and the numbers of some examples, returns the mean of their gradients, in the
        shape of theta.
    start : array_like of any shape
    m : int
        How many examples there are.
    batch_size : int
        The letter b: 1 for stochastic descent, `m` for batch descent, else mini-batches.
    learning_rate : float above 0
        The letter alpha.
    epochs : int
        How often each example is seen.
    rng : numpy.random.Generator
        Deals out the batches, anew for every epoch.
    keep_every : int, default 1
        After how many steps theta is kept; more than 1 saves memory.

    Returns
    -------
    ndarray of shape (kept + 1, ...)
        The start, and theta after the steps number `keep_every`, 2 `keep_every` and so on.

    Raises
    ------
    TypeError
        If `gradient` is not a function or does not return real numbers, `start` does not hold real
        numbers, a setting is not a number, or `rng` is not a generator.
    ValueError
        If a setting lies outside its range, `start` is not finite, `gradient` returns another
        shape, or theta overflows.

    References
    ----------
    Robbins and Monro (1951), A stochastic approximation method.

    Examples
    --------
    The mean of four numbers is where their mean squared distance is least. All at once it is
    approached with ever shorter steps; one at a time, the walk goes on for ever:

    >>> import numpy as np
    >>> from textbook.gradient_descent import mini_batch_descent
    >>> numbers = np.array([1.0, 2.0, 3.0, 6.0])
    >>> def gradient(theta, batch):
    ...     return np.mean(theta - numbers[batch])
    >>> for batch_size in (4, 1):
    ...     rng = np.random.default_rng(0)
    ...     path = mini_batch_descent(gradient, 7, 4, batch_size, 0.5, 25, rng)
    ...     print(len(path), path[-4:].round(2).tolist())
    26 [3.0, 3.0, 3.0, 3.0]
    101 [2.94, 1.97, 3.99, 2.99]
    """
    if not callable(gradient):
        raise TypeError(f"gradient must be a function, got {gradient!r:.60}")
    start = as_finite_array("start", start)
    _check_batch_size(m, batch_size)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    check_count("epochs", epochs)
    check_generator(rng)
    check_count("keep_every", keep_every, at_least=1)

    theta, step, path = start, 0, [start]
    for _ in range(epochs):
        for batch in mini_batches(m, batch_size, rng):
            slope = as_slope(gradient(theta.copy(), batch), start)
            with np.errstate(over="ignore"):  # told in words, below
                theta = theta - learning_rate * slope
            step += 1
            _check_size(theta, learning_rate, step)
            if step % keep_every == 0:
                path.append(theta)
    return np.stack(path)


def batch_variance(
    gradients: ArrayLike, batch_size: int, replacement: bool = False
) -> float:
    r"""Return by how much a batch's gradient misses that of all examples: the mean square.

    .. math::
        \operatorname{E} \lVert g_B - g \rVert^2 = \frac{\sigma^2}{b} \cdot \frac{m - b}{m - 1},
        \qquad \sigma^2 = \frac1m \sum_{i=1}^{m} \lVert g_i - g \rVert^2

    Parameters
    ----------
    gradients : array_like of shape (m, ...)
        The gradient of each example. Their mean is g, that of a batch is g_B.
    batch_size : int
        The letter b, from 1 to m.
    replacement : bool, default False
        True allows an example to be drawn into a batch twice. The second factor is then 1.

    Returns
    -------
    float
        The variances of all coordinates together.

    Raises
    ------
    TypeError
        If `gradients` does not hold real numbers, or `batch_size` is not a whole number.
    ValueError
        If `gradients` is a single number, holds nothing or is not finite, or `batch_size` is not
        from 1 to m.

    Examples
    --------
    Of 0, 0 and 6 the pairs have the means 0, 3 and 3. They miss the mean, 2, by 2, 1 and 1, and
    the mean of the squares is 2. With replacement there are more pairs, and wider ones:

    >>> from textbook.gradient_descent import batch_variance
    >>> batch_variance([0, 0, 6], batch_size=2)
    2.0
    >>> batch_variance([0, 0, 6], batch_size=2, replacement=True)
    4.0
    """
    gradients = _check_gradients(gradients)
    m = len(gradients)
    _check_batch_size(m, batch_size)

    distances = gradients - gradients.mean(axis=0)
    variance = np.sum(distances**2) / m
    if not replacement and m > 1:
        variance *= (m - batch_size) / (m - 1)
    return float(variance / batch_size)


def measured_variance(
    gradients: ArrayLike,
    batch_size: int,
    draws: int,
    rng: np.random.Generator,
    replacement: bool = False,
) -> float:
    r"""Draw many batches and return the mean square by which they missed.

    .. math:: \frac1T \sum_{t=1}^{T} \lVert g_{B_t} - g \rVert^2

    Parameters
    ----------
    gradients : array_like of shape (m, ...)
        The gradient of each example.
    batch_size : int
        The letter b, from 1 to m.
    draws : int
        The letter T, at least 1.
    rng : numpy.random.Generator
    replacement : bool, default False
        True puts each example back before the next is drawn.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `gradients` does not hold real numbers, `batch_size` or `draws` is not a whole number, or
        `rng` is not a generator.
    ValueError
        If `gradients` is a single number, holds nothing or is not finite, `batch_size` is not from
        1 to m, or `draws` is below 1.

    See Also
    --------
    batch_variance : what this comes to with more and more draws.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.gradient_descent import measured_variance
    >>> rng = np.random.default_rng(0)
    >>> round(measured_variance([0, 0, 6], 2, 1000, rng), 2)
    1.97
    >>> round(measured_variance([0, 0, 6], 2, 1000, rng, replacement=True), 2)
    3.96
    """
    gradients = _check_gradients(gradients)
    m = len(gradients)
    _check_batch_size(m, batch_size)
    check_count("draws", draws, at_least=1)
    check_generator(rng)

    mean, missed = gradients.mean(axis=0), 0.0
    for _ in range(draws):
        batch = rng.choice(m, size=batch_size, replace=replacement)
        missed += np.sum((gradients[batch].mean(axis=0) - mean) ** 2)
    return float(missed / draws)


def _check_linear_model(
    x: ArrayLike, y: ArrayLike, theta: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    x = as_batch("x", x, "m n+1")
    y = as_finite_array("y", y, "m").astype(x.dtype)
    theta = as_finite_array("theta", theta, "n+1")
    if y.shape != x.shape[:1]:
        raise ValueError(
            f"y must have one target for each row of x, shape ({x.shape[0]},), "
            f"got shape {y.shape}"
        )
    if theta.shape != x.shape[1:]:
        raise ValueError(
            f"theta must have one entry for each column of x, shape ({x.shape[1]},), "
            f"got shape {theta.shape}"
        )
    return x, y, theta


def _check_batch_size(m: int, batch_size: int) -> None:
    check_count("m", m, at_least=1)
    check_count("batch_size", batch_size, at_least=1)
    if batch_size > m:
        raise ValueError(
            f"batch_size must be at most the number of examples, {m}, got {batch_size}"
        )


def _check_size(theta: FloatArray, learning_rate: float, step: int) -> None:
    if not np.isfinite(theta).all():
        raise ValueError(
            f"learning_rate must be smaller, got {learning_rate}: "
            f"theta overflows at step {step}"
        )


def _check_gradients(gradients: ArrayLike) -> FloatArray:
    gradients = as_finite_array("gradients", gradients)
    if gradients.ndim == 0 or gradients.size == 0:
        raise ValueError(
            "gradients must have shape (m, ...) with at least one example, "
            f"got shape {gradients.shape}"
        )
    return gradients.reshape(len(gradients), -1).astype(np.float64)
