r"""Bias and variance: what two error rates say, and which remedy each of them calls for.

The first column of the notes' table, in percent, with people at 1 %:

>>> from textbook.bias_variance import diagnose
>>> diagnose(1, 11, optimal_error=1, bias_threshold=5, variance_threshold=5)
'high variance'
"""

from collections.abc import Callable, Sequence
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_batch,
    as_finite_array,
    as_plain,
    check_count,
    check_generator,
    check_number,
    check_same_shape,
    check_sequence,
)
from textbook.backprop import squared_error

__all__ = [
    "cost_floor",
    "decompose",
    "diagnose",
    "error_gaps",
    "error_rate",
    "expected_terms",
    "fit_polynomial",
    "learning_curve",
    "next_steps",
    "polynomial",
]

Labels = NDArray[np.int_] | FloatArray
Predictor = Callable[[FloatArray], ArrayLike]


def error_gaps(
    training_error: float, dev_error: float, optimal_error: float
) -> tuple[float, float]:
    r"""Split the error on the development set into what is unavoidable and two gaps.

    .. math::
        e_\text{dev} = e_\text{optimal}
        + \underbrace{(e_\text{train} - e_\text{optimal})}_\text{bias}
        + \underbrace{(e_\text{dev} - e_\text{train})}_\text{variance}

    Parameters
    ----------
    training_error : float
        The share of wrong answers on the examples that were learned from, at least 0. Fractions or
        percent, but the same for all three.
    dev_error : float
        The same on the development set.
    optimal_error : float
        What can be hoped for, such as the error of people.

    Returns
    -------
    bias : float
        Negative where the training set is answered better than `optimal_error`.
    variance : float

    Raises
    ------
    TypeError
        If an error is not a number.
    ValueError
        If an error is negative or not finite.

    Examples
    --------
    Two columns of the notes' table, in percent:

    >>> from textbook.bias_variance import error_gaps
    >>> error_gaps(1, 11, optimal_error=1), error_gaps(0.5, 1, optimal_error=1)
    ((0.0, 10.0), (-0.5, 0.5))
    """
    training_error = check_number("training_error", training_error, at_least=0)
    dev_error = check_number("dev_error", dev_error, at_least=0)
    optimal_error = check_number("optimal_error", optimal_error, at_least=0)

    return training_error - optimal_error, dev_error - training_error


def diagnose(
    training_error: float,
    dev_error: float,
    optimal_error: float,
    bias_threshold: float,
    variance_threshold: float,
) -> str:
    r"""Say which of the two gaps is large, in the words of the notes.

    .. math::
        \text{high bias} \iff e_\text{train} - e_\text{optimal} > \tau_\text{bias}, \qquad
        \text{high variance} \iff e_\text{dev} - e_\text{train} > \tau_\text{variance}

    Parameters
    ----------
    training_error : float
        As in `error_gaps`, at least 0.
    dev_error : float
    optimal_error : float
    bias_threshold : float
        The largest gap to the optimum that you put up with, at least 0.
    variance_threshold : float
        The largest gap between the two sets that you put up with, at least 0.

    Returns
    -------
    {"high bias", "high variance", "high bias and variance", "low bias and variance"}
        No threshold fits all tasks, and so none is the default.

    Raises
    ------
    TypeError
        If an argument is not a number.
    ValueError
        If an argument is negative or not finite.

    Warnings
    --------
    A gap of exactly a threshold is not above it, but 0.16 - 0.15 is, by a rounding error, above
    0.01. Percent in whole numbers are exact.

    Examples
    --------
    With people at 1 % and with people at 14 %:

    >>> from textbook.bias_variance import diagnose
    >>> diagnose(15, 30, optimal_error=1, bias_threshold=5, variance_threshold=5)
    'high bias and variance'
    >>> diagnose(15, 30, optimal_error=14, bias_threshold=5, variance_threshold=5)
    'high variance'
    """
    bias, variance = error_gaps(training_error, dev_error, optimal_error)
    bias_threshold = check_number("bias_threshold", bias_threshold, at_least=0)
    variance_threshold = check_number(
        "variance_threshold", variance_threshold, at_least=0
    )

    high = [
        name
        for name, gap, threshold in (
            ("bias", bias, bias_threshold),
            ("variance", variance, variance_threshold),
        )
        if gap > threshold
    ]
    return f"high {' and '.join(high)}" if high else "low bias and variance"


def next_steps(
    training_error: float,
    dev_error: float,
    optimal_error: float,
    bias_threshold: float,
    variance_threshold: float,
) -> list[str]:
    r"""Return what the basic recipe tries next: bias first, then variance, then nothing.

    .. math::
        \text{remedies} = \begin{cases}
        \text{for bias} & e_\text{train} - e_\text{optimal} > \tau_\text{bias} \\
        \text{for variance} & \text{else } e_\text{dev} - e_\text{train} > \tau_\text{variance} \\
        \text{none} & \text{otherwise}
        \end{cases}

    Parameters
    ----------
    training_error : float
        As in `error_gaps`, at least 0.
    dev_error : float
    optimal_error : float
    bias_threshold : float
        As in `diagnose`, at least 0.
    variance_threshold : float

    Returns
    -------
    list of str
        Alternatives. Whichever was tried, train and ask again.

    Raises
    ------
    TypeError
        If an argument is not a number.
    ValueError
        If an argument is negative or not finite.

    References
    ----------
    Ng (2018), Machine learning yearning, chapters 20 to 27.

    Examples
    --------
    Both gaps are wide, and the remedies for bias come first:

    >>> from textbook.bias_variance import next_steps
    >>> next_steps(15, 30, optimal_error=1, bias_threshold=5, variance_threshold=5)[0]
    'bigger network'
    >>> next_steps(1, 11, optimal_error=1, bias_threshold=5, variance_threshold=5)[0]
    'more data'
    >>> next_steps(0.5, 1, optimal_error=1, bias_threshold=5, variance_threshold=5)
    []
    """
    found = diagnose(
        training_error, dev_error, optimal_error, bias_threshold, variance_threshold
    )

    if "high bias" in found:
        return ["bigger network", "longer training", "output that fits the task"]
    if "high variance" in found:
        return ["more data", "regularization", "another architecture"]
    return []


def error_rate(labels: ArrayLike, predicted: ArrayLike) -> float:
    r"""Return the share of wrong answers.

    .. math:: e = \frac1m\, \#\{\, i : \hat y_i \ne y_i \,\}

    Parameters
    ----------
    labels : array_like of shape (m,)
        Right answers, as numbers.
    predicted : array_like of shape (m,)

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes differ, or an array is empty or not finite.

    Examples
    --------
    How far off a wrong answer is does not matter:

    >>> from textbook.bias_variance import error_rate
    >>> error_rate([3, 8, 4, 0], [3, 3, 9, 0])
    0.5
    """
    labels = as_batch("labels", labels, "m")
    predicted = as_batch("predicted", predicted, "m")
    check_same_shape("predicted", predicted, "labels", labels)

    return float(np.mean(predicted != labels))


def learning_curve(
    fit: Callable[[FloatArray, Labels], Predictor],
    x: ArrayLike,
    labels: ArrayLike,
    x_dev: ArrayLike,
    labels_dev: ArrayLike,
    sizes: Sequence[int],
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    r"""Learn from more and more of the examples, and return both error rates for each size.

    .. math::
        e_\text{train}(s) = \frac1s\, \#\{\, i \le s : \hat y^{(s)}(x_i) \ne y_i \,\}, \qquad
        e_\text{dev}(s) = \frac{1}{m_\text{dev}}\,
        \#\{\, j : \hat y^{(s)}(x^\text{dev}_j) \ne y^\text{dev}_j \,\}

    Parameters
    ----------
    fit : function of x and labels
        Learns, and returns a function that gives a label for each row of another x.
    x : array_like of shape (m, n)
    labels : array_like of shape (m,)
    x_dev : array_like of shape (k, n)
        Examples that are never learned from.
    labels_dev : array_like of shape (k,)
    sizes : sequence of int
        How many examples to learn from, each from 1 to m.
    rng : numpy.random.Generator
        Shuffles once, so that a smaller set is a part of every larger one.

    Returns
    -------
    training : ndarray of shape (len(sizes),)
        Error on the very examples that were learned from.
    dev : ndarray of shape (len(sizes),)

    Raises
    ------
    TypeError
        If an array does not hold real numbers, `sizes` does not hold whole numbers, `fit` does
        not return a function, or `rng` is no generator.
    ValueError
        If shapes do not fit, an array is empty or not finite, a size lies outside its range, or
        what `fit` learned does not give one label for each row.

    Examples
    --------
    One who always answers with the most frequent label:

    >>> import numpy as np
    >>> from textbook.bias_variance import learning_curve
    >>> def majority(x, labels):
    ...     label = np.bincount(labels).argmax()
    ...     return lambda x: np.full(len(x), label)
    >>> x, labels = np.zeros((8, 1)), [1, 1, 1, 1, 1, 1, 0, 0]
    >>> training, dev = learning_curve(
    ...     majority, x, labels, x[:5], [1, 1, 0, 0, 0], [1, 8], np.random.default_rng(0)
    ... )
    >>> training.tolist(), dev.tolist()
    ([0.0, 0.25], [0.6, 0.6])
    """
    x, labels = _check_examples("x", x, "labels", labels)
    x_dev, labels_dev = _check_examples("x_dev", x_dev, "labels_dev", labels_dev)
    if x_dev.shape[1] != x.shape[1]:
        raise ValueError(
            f"x_dev must have {x.shape[1]} columns, as x has, got shape {x_dev.shape}"
        )
    check_sequence("sizes", sizes, "whole numbers")
    for size in sizes:
        check_count("sizes", size, at_least=1)
        if size > len(x):
            raise ValueError(f"sizes must be at most {len(x)}, got {size}")
    check_generator(rng)

    order = rng.permutation(len(x))
    errors = np.empty((2, len(sizes)))
    for column, size in enumerate(sizes):
        chosen = order[:size]
        predict = fit(x[chosen], labels[chosen])
        errors[0, column] = _error_of(predict, x[chosen], labels[chosen])
        errors[1, column] = _error_of(predict, x_dev, labels_dev)
    return errors[0], errors[1]


def fit_polynomial(x: ArrayLike, y: ArrayLike, degree: int) -> FloatArray:
    r"""Return the polynomial with the least squared error.

    .. math::
        \theta = \arg\min_\theta \sum_{i=1}^{m}
        \bigl(\theta_0 + \theta_1 x_i + \dots + \theta_n x_i^n - y_i\bigr)^2

    Parameters
    ----------
    x : array_like of shape (m,)
    y : array_like of shape (m,)
    degree : int
        The letter n, from 0 on. There must be more different points than that.

    Returns
    -------
    ndarray of shape (degree + 1,)
        The intercept first.

    Raises
    ------
    TypeError
        If `x` or `y` does not hold real numbers, or `degree` is not a whole number.
    ValueError
        If the shapes differ, an array is empty or not finite, or `degree` is negative or too
        large for the points.

    Examples
    --------
    A parabola through three points of 1 + 2 x + 3 x^2:

    >>> from textbook.bias_variance import fit_polynomial
    >>> fit_polynomial([0, 1, -1], [1, 6, 2], degree=2).round(4).tolist()
    [1.0, 2.0, 3.0]

    And the best constant, their mean:

    >>> fit_polynomial([0, 1, -1], [1, 6, 2], degree=0).round(4).tolist()
    [3.0]
    """
    x = _check_points(x, degree)
    y = as_batch("y", y, "m")
    check_same_shape("y", y, "x", x)

    powers = np.column_stack([x**k for k in range(degree + 1)])
    theta: FloatArray = np.linalg.lstsq(powers, y, rcond=None)[0]
    return theta


def polynomial(x: ArrayLike, theta: ArrayLike) -> FloatArray:
    r"""Return the value of a polynomial at each point.

    .. math:: \hat y(x) = \theta_0 + \theta_1 x + \dots + \theta_n x^n

    Parameters
    ----------
    x : array_like of any shape
    theta : array_like of shape (n + 1,)
        The intercept first.

    Returns
    -------
    ndarray of the shape of `x`, or float

    Raises
    ------
    TypeError
        If `x` or `theta` does not hold real numbers.
    ValueError
        If `theta` is not one-dimensional or is empty, or an array is not finite.

    Examples
    --------
    >>> from textbook.bias_variance import polynomial
    >>> polynomial([0, 1, 2], [1, 2, 3]).tolist()
    [1.0, 6.0, 17.0]
    """
    x = as_finite_array("x", x)
    theta = as_batch("theta", theta, "n")

    value = np.zeros_like(x)
    for coefficient in theta[::-1]:  # Horner: ((3 x) + 2) x + 1
        value = value * x + coefficient
    return as_plain(value)


def decompose(predictions: ArrayLike, truth: ArrayLike) -> tuple[float, float]:
    r"""Split the squared distance from the truth into the mean's and the scatter around the mean.

    .. math::
        \text{bias}^2 = \frac1m \sum_{i=1}^{m} \bigl(\bar y(x_i) - s(x_i)\bigr)^2, \qquad
        \text{variance} = \frac1m \sum_{i=1}^{m} \frac1r \sum_{k=1}^{r}
        \bigl(\hat y_k(x_i) - \bar y(x_i)\bigr)^2

    Parameters
    ----------
    predictions : array_like of shape (r, m)
        A row for each training set: what was learned from it answers at the m points.
    truth : array_like of shape (m,)
        The letter s: the targets without their noise.

    Returns
    -------
    bias_squared : float
    variance : float
        With `bias_squared` it sums to the mean squared distance of all predictions from `truth`.

    Raises
    ------
    TypeError
        If `predictions` or `truth` does not hold real numbers.
    ValueError
        If the shapes do not fit, or an array is empty or not finite.

    Examples
    --------
    Three training sets, one point. The answers 4, 5 and 9 have the mean 6; the truth is 5:

    >>> from textbook.bias_variance import decompose
    >>> bias_squared, variance = decompose([[4], [5], [9]], [5])
    >>> bias_squared, round(variance, 4), round((1 + 0 + 16) / 3, 4)
    (1.0, 4.6667, 5.6667)
    """
    predictions = as_batch("predictions", predictions, "r m")
    truth = as_batch("truth", truth, "m")
    if predictions.shape[1] != len(truth):
        raise ValueError(
            f"truth must have one entry for each of the {predictions.shape[1]} columns of "
            f"predictions, got shape {truth.shape}"
        )

    mean = predictions.mean(axis=0)
    bias_squared = np.mean((mean - truth) ** 2)
    variance = np.mean((predictions - mean) ** 2)
    return float(bias_squared), float(variance)


def expected_terms(
    x: ArrayLike, truth: ArrayLike, degree: int, noise: float
) -> tuple[float, float]:
    r"""Return what bias and variance of a polynomial fit are over all training sets at these x.

    .. math::
        \text{bias}^2 = \frac1m \lVert P s - s \rVert^2, \qquad
        \text{variance} = \frac{n + 1}{m}\, \sigma^2, \qquad P = Q Q^T

    Parameters
    ----------
    x : array_like of shape (m,)
        The points of every training set, and the points where the error is taken.
    truth : array_like of shape (m,)
        The letter s.
    degree : int
        The letter n, from 0 on. There must be more different points than that.
    noise : float
        The letter sigma, at least 0: the standard deviation of what is added to the truth.

    Returns
    -------
    bias_squared : float
    variance : float

    Raises
    ------
    TypeError
        If an array does not hold real numbers, `degree` is not a whole number, or `noise` is no
        number.
    ValueError
        If the shapes differ, an array is empty or not finite, `degree` is negative or too large
        for the points, or `noise` is negative.

    Notes
    -----
    The columns of Q are an orthonormal basis of the powers of `x`, and P projects on them.

    Examples
    --------
    Four points of a parabola, and the line that fits them best, y = 2.5. Each of its two
    parameters adds a quarter of the noise:

    >>> from textbook.bias_variance import expected_terms
    >>> x, truth = [-1, 0, 1, 2], [1, 0, 1, 4]
    >>> [round(term, 4) for term in expected_terms(x, truth, degree=1, noise=0.1)]
    [1.0, 0.005]
    """
    x = _check_points(x, degree)
    truth = as_batch("truth", truth, "m")
    check_same_shape("truth", truth, "x", x)
    noise = check_number("noise", noise, at_least=0)

    powers = np.column_stack([x**k for k in range(degree + 1)])
    basis, _ = np.linalg.qr(powers)
    nearest = basis @ (basis.T @ truth)
    bias_squared = np.mean((nearest - truth) ** 2)
    return float(bias_squared), (degree + 1) / len(x) * noise**2


def cost_floor(target: ArrayLike, low: float, high: float) -> float:
    r"""Return the least squared error that outputs between two bounds can have.

    .. math::
        J_\text{floor} = \frac1m \sum_{i=1}^{m} \frac12 \sum_{j=1}^{d}
        \bigl(\min(\max(t_{ij}, \text{low}), \text{high}) - t_{ij}\bigr)^2

    Parameters
    ----------
    target : array_like of shape (d,) or (m, d)
    low : float
        The least that the output layer can give: 0 for a sigmoid or ReLU, minus infinity for none.
    high : float
        The most: 1 for a sigmoid or tanh, infinity for ReLU.

    Returns
    -------
    float
        The unit of `textbook.backprop.squared_error`, with its half.

    Raises
    ------
    TypeError
        If `target` does not hold real numbers, or a bound is not a number.
    ValueError
        If `target` is empty, not finite or of another shape, a bound is nan, or `low` lies above
        `high`.

    Examples
    --------
    The targets -2, 0.5 and 3 before a sigmoid, a ReLU and no bend at all:

    >>> import math
    >>> from textbook.bias_variance import cost_floor
    >>> target = [[-2], [0.5], [3]]
    >>> round(cost_floor(target, 0, 1), 4), round(cost_floor(target, 0, math.inf), 4)
    (1.3333, 0.6667)
    >>> cost_floor(target, -math.inf, math.inf)
    0.0
    """
    target = as_finite_array("target", target)
    if target.ndim not in (1, 2) or target.size == 0:
        raise ValueError(
            f"target must have shape (d,) or (m, d) and not be empty, got shape {target.shape}"
        )
    low, high = _check_bound("low", low), _check_bound("high", high)
    if low > high:
        raise ValueError(f"low must not lie above high, {high}, got {low}")

    return squared_error(np.clip(target, low, high), target)


def _check_examples(
    x_name: str, x: ArrayLike, labels_name: str, labels: ArrayLike
) -> tuple[FloatArray, Labels]:
    x = as_batch(x_name, x, "m n")
    numbers = as_batch(labels_name, labels, "m")
    if len(numbers) != len(x):
        raise ValueError(
            f"{labels_name} must have one entry for each row of {x_name}, {len(x)}, "
            f"got shape {numbers.shape}"
        )
    # Whole numbers stay whole: they may be used as indices
    return x, np.asarray(labels)


def _error_of(predict: Predictor, x: FloatArray, labels: Labels) -> float:
    if not callable(predict):
        raise TypeError(f"fit must return a function of x, got {predict!r:.60}")
    predicted = np.asarray(predict(x))
    if predicted.shape != labels.shape:
        raise ValueError(
            f"fit must return a function that gives a label for each row, {labels.shape}, "
            f"got shape {predicted.shape}"
        )
    return error_rate(labels, predicted)


def _check_points(x: ArrayLike, degree: int) -> FloatArray:
    x = as_batch("x", x, "m")
    check_count("degree", degree)
    different = len(np.unique(x))
    if degree >= different:
        raise ValueError(
            f"degree must be smaller than the number of different points, {different}, "
            f"got {degree}"
        )
    return x


def _check_bound(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {value!r:.60}")
    bound = float(value)
    if np.isnan(bound):
        raise ValueError(f"{name} must be a number or infinite, got {bound}")
    return bound
