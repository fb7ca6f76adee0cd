r"""Input normalization: features on one scale, so that one learning rate suits all their weights.

The training set says where each feature lies and how far it spreads; everything that comes later is
measured by the same two numbers. Degrees Celsius of five days, and of a hot one that follows:

>>> from textbook.input_normalization import fit, transform
>>> mean, std = fit([[12], [14], [15], [16], [18]])
>>> mean.tolist(), std.tolist(), transform([[30]], mean, std).tolist()
([15.0], [2.0], [[7.5]])
"""

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import (
    FloatArray,
    as_batch,
    as_finite_array,
    as_plain,
    check_number,
)

__all__ = [
    "best_learning_rate",
    "condition_number",
    "excess_cost",
    "fit",
    "fold_into_weights",
    "hessian",
    "inverse_transform",
    "steps_to_converge",
    "transform",
]


def fit(x: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Return the mean and the standard deviation of each feature of the training set.

    .. math::
        \mu_j = \frac1m \sum_{i=1}^{m} x_{ij}, \qquad
        \sigma_j = \sqrt{\frac1m \sum_{i=1}^{m} (x_{ij} - \mu_j)^2}

    Parameters
    ----------
    x : array_like of shape (m, n)
        The training set, one example a row. Neither a test set nor a column of ones.

    Returns
    -------
    mean : ndarray of shape (n,)
    std : ndarray of shape (n,)
        Exactly 0 for a feature that never changes, and for no other.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` is not two-dimensional, is empty or not finite, or a feature's range is so large or
        so small that its squares are not numbers.

    Warnings
    --------
    The sum of squares is divided by m, as in scikit-learn's StandardScaler; spreadsheets and
    pandas divide by m - 1.

    Examples
    --------
    >>> from textbook.input_normalization import fit
    >>> mean, std = fit([[1, 300], [3, 300], [5, 300], [7, 300]])
    >>> mean.tolist(), std.round(4).tolist()
    ([4.0, 300.0], [2.2361, 0.0])

    A third of 0.1 + 0.1 + 0.1 is not 0.1 to a computer, and the deviations from it are not 0. Here
    they are, since the smallest value of each feature is subtracted first:

    >>> import numpy as np
    >>> tenths = np.full((3, 1), 0.1)
    >>> float(tenths.std(axis=0)[0]) > 0, fit(tenths)[1].tolist()
    (True, [0.0])
    """
    x = as_batch("x", x, "m n")
    _check_ranges(x)

    low = x.min(axis=0)
    above = (x - low).astype(np.float64)  # exactly 0 where a feature never changes
    mean, std = low + above.mean(axis=0), above.std(axis=0)
    return mean.astype(x.dtype), std.astype(x.dtype)


def transform(x: ArrayLike, mean: ArrayLike, std: ArrayLike) -> FloatArray:
    r"""Measure each feature from the training set's mean, in its standard deviations.

    .. math:: \tilde x_{ij} = \frac{x_{ij} - \mu_j}{\sigma_j},
        \qquad \text{or}\quad x_{ij} - \mu_j \quad\text{where}\quad \sigma_j = 0

    Parameters
    ----------
    x : array_like of shape (m, n)
        Examples as rows: the training set, the test set, or one that has just come in.
    mean : array_like of shape (n,)
    std : array_like of shape (n,)
        Both as `fit` returned them for the training set.

    Returns
    -------
    ndarray of shape (m, n)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, a number is not finite, or a standard deviation is negative.

    Examples
    --------
    The second feature was 300 in every example of the training set, so it says nothing there. A
    later 302 is told apart, by 2 units of its own:

    >>> from textbook.input_normalization import fit, transform
    >>> x = [[1, 300], [3, 300], [5, 300], [7, 300]]
    >>> mean, std = fit(x)
    >>> transform(x, mean, std).round(4).tolist()
    [[-1.3416, 0.0], [-0.4472, 0.0], [0.4472, 0.0], [1.3416, 0.0]]
    >>> transform([[4, 302]], mean, std).tolist()
    [[0.0, 2.0]]
    """
    x, mean, std = _check_scale("x", x, mean, std)

    return (x - mean) / np.where(std > 0, std, 1)


def inverse_transform(
    standardized: ArrayLike, mean: ArrayLike, std: ArrayLike
) -> FloatArray:
    r"""Return to the units in which the features came.

    .. math:: x_{ij} = \mu_j + \sigma_j\, \tilde x_{ij},
        \qquad \text{or}\quad \mu_j + \tilde x_{ij} \quad\text{where}\quad \sigma_j = 0

    Parameters
    ----------
    standardized : array_like of shape (m, n)
        What `transform` returned.
    mean : array_like of shape (n,)
    std : array_like of shape (n,)
        Both as `fit` returned them for the training set.

    Returns
    -------
    ndarray of shape (m, n)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, a number is not finite, or a standard deviation is negative.

    Examples
    --------
    Two standard deviations of 7 degrees above a mean of 15:

    >>> from textbook.input_normalization import inverse_transform
    >>> inverse_transform([[2, 2]], mean=[15, 300], std=[7, 0]).tolist()
    [[29.0, 302.0]]
    """
    standardized, mean, std = _check_scale("standardized", standardized, mean, std)

    return mean + np.where(std > 0, std, 1) * standardized


def fold_into_weights(theta: ArrayLike, mean: ArrayLike, std: ArrayLike) -> FloatArray:
    r"""Turn weights for standardized features into weights for the raw ones, same scores.

    .. math::
        \theta_0 + \sum_{j=1}^{n} \theta_j \frac{x_j - \mu_j}{\sigma_j}
        = \Bigl( \theta_0 - \sum_{j=1}^{n} \frac{\theta_j\, \mu_j}{\sigma_j} \Bigr)
        + \sum_{j=1}^{n} \frac{\theta_j}{\sigma_j}\, x_j

    Parameters
    ----------
    theta : array_like of shape (n + 1,) or (n + 1, K)
        The intercept first; one column for each class, if there are several.
    mean : array_like of shape (n,)
    std : array_like of shape (n,)
        Both as `fit` returned them for the training set.

    Returns
    -------
    ndarray of the shape of `theta`

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, a number is not finite, or a standard deviation is negative.

    Examples
    --------
    >>> from textbook.input_normalization import fold_into_weights, transform
    >>> theta, mean, std = [10, 3], [15], [2]
    >>> fold_into_weights(theta, mean, std).tolist()
    [-12.5, 1.5]

    At 17 degrees both models say 13:

    >>> float(10 + 3 * transform([[17]], mean, std)[0, 0]), -12.5 + 1.5 * 17
    (13.0, 13.0)
    """
    theta, mean, std = _check_weights(theta, mean, std)

    weights = (theta[1:].T / np.where(std > 0, std, 1)).T
    return np.concatenate([[theta[0] - mean @ weights], weights])


def hessian(x: ArrayLike) -> FloatArray:
    r"""Return the second derivatives of the squared error of a linear unit, in its weights.

    .. math::
        J(\theta) = \frac{1}{2m} \lVert X\theta - y \rVert^2 \quad\Longrightarrow\quad
        H = \frac1m X^T X

    Parameters
    ----------
    x : array_like of shape (m, n)
        The inputs as the unit gets them, its column of ones included if it has an intercept.

    Returns
    -------
    ndarray of shape (n, n)
        Symmetric, in double precision whatever `x` is.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` is not two-dimensional, is empty or is not finite.

    Notes
    -----
    Labels do not occur: they move the minimum, and leave the curvature as it is.

    Examples
    --------
    >>> from textbook.input_normalization import hessian
    >>> hessian([[1, 2], [1, 4]]).tolist()
    [[1.0, 3.0], [3.0, 10.0]]
    """
    x = as_batch("x", x, "m n").astype(np.float64)

    second_moments: FloatArray = x.T @ x / len(x)
    return second_moments


def condition_number(hessian: ArrayLike) -> float:
    r"""Return how many times the steepest direction is more curved than the flattest.

    .. math:: \kappa = \frac{\lambda_\text{max}}{\lambda_\text{min}}

    Parameters
    ----------
    hessian : array_like of shape (n, n)
        Symmetric, without a negative eigenvalue.

    Returns
    -------
    float
        From 1 (the same in all directions) to infinity (one direction is flat, up to rounding).

    Raises
    ------
    TypeError
        If `hessian` does not hold real numbers.
    ValueError
        If `hessian` is not square, not finite or not symmetric, is 0 or empty, or curves downward.

    Examples
    --------
    The eigenvalues are 1 and 3; equal features leave the difference of their weights free:

    >>> from textbook.input_normalization import condition_number, hessian
    >>> round(condition_number([[2, 1], [1, 2]]), 4)
    3.0
    >>> condition_number(hessian([[1, 1], [2, 2], [5, 5]]))
    inf
    """
    curvatures = np.linalg.eigvalsh(_check_hessian(hessian))

    flat = curvatures[0] <= len(curvatures) * np.finfo(np.float64).eps * curvatures[-1]
    return np.inf if flat else float(curvatures[-1] / curvatures[0])


def best_learning_rate(hessian: ArrayLike) -> float:
    r"""Return the rate at which the steepest and the flattest direction shrink alike.

    .. math:: \alpha = \frac{2}{\lambda_\text{min} + \lambda_\text{max}}

    Parameters
    ----------
    hessian : array_like of shape (n, n)
        Symmetric, without a negative eigenvalue.

    Returns
    -------
    float
        Descent diverges from 2 divided by the largest eigenvalue on, which is at most twice as
        much and, for a large condition number, hardly more.

    Raises
    ------
    TypeError
        If `hessian` does not hold real numbers.
    ValueError
        If `hessian` is not square, not finite or not symmetric, is 0 or empty, or curves downward.

    Examples
    --------
    With curvatures 1 and 3 a step leaves 1 - 0.5 of the distance along the one direction, and
    1 - 1.5 along the other:

    >>> from textbook.input_normalization import best_learning_rate
    >>> round(best_learning_rate([[2, 1], [1, 2]]), 4)
    0.5
    """
    curvatures = np.linalg.eigvalsh(_check_hessian(hessian))

    return float(2 / (curvatures[0] + curvatures[-1]))


def excess_cost(
    hessian: ArrayLike, offset: ArrayLike, learning_rate: float, steps: ArrayLike
) -> FloatArray:
    r"""Return how far a quadratic cost still lies above its minimum after steps of descent.

    .. math::
        J(\theta^{(t)}) - J(\theta^*) = \tfrac12 \sum_{i=1}^{n} \lambda_i\,
        (1 - \alpha \lambda_i)^{2t}\, \bigl( q_i^T (\theta^{(0)} - \theta^*) \bigr)^2

    Parameters
    ----------
    hessian : array_like of shape (n, n)
        Symmetric, without a negative eigenvalue.
    offset : array_like of shape (n,)
        The start less the minimum.
    learning_rate : float above 0
        The letter alpha.
    steps : array_like of any shape
        The letter t, each at least 0; a billion costs no more than one.

    Returns
    -------
    ndarray of the shape of `steps`, or float
        Infinite where the descent has run away beyond all numbers.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `hessian` is not square, not finite or not symmetric, is 0 or empty, or curves downward,
        the shape of `offset` does not fit it, or a setting lies outside its range.

    Examples
    --------
    Curvatures 1 and 10, and a start at distance 1 along each. The flat direction decides how long
    it takes, the steep one whether it works at all:

    >>> from textbook.input_normalization import excess_cost
    >>> for rate in (0.02, 0.18, 0.22):
    ...     excess_cost([[1, 0], [0, 10]], [1, 1], rate, [0, 1, 10, 20]).round(4).tolist()
    [5.5, 3.6802, 0.3915, 0.2235]
    [5.5, 3.5362, 0.0671, 0.0008]
    [5.5, 7.5042, 191.6915, 7348.8579]
    """
    hessian = _check_hessian(hessian)
    offset = _check_offset(hessian, offset)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    steps = _check_steps(steps)

    curvatures, directions = np.linalg.eigh(hessian)
    parts = curvatures * (directions.T @ offset) ** 2 / 2
    parts, curvatures = parts[parts > 0], curvatures[parts > 0]
    with np.errstate(over="ignore"):
        left_over = (1 - learning_rate * curvatures) ** 2
        return as_plain(left_over ** steps[..., np.newaxis] @ parts)


def steps_to_converge(condition: float, tolerance: float) -> int:
    r"""Return how many steps at the best rate bring any start near enough to the minimum.

    .. math:: t = \left\lceil \frac{\log \varepsilon}{\log \frac{\kappa - 1}{\kappa + 1}}
        \right\rceil \approx \frac{\kappa}{2} \log \frac1\varepsilon

    Parameters
    ----------
    condition : float
        The letter kappa, at least 1.
    tolerance : float
        The letter epsilon: which share of the distance may be left, above 0 and at most 1.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If an argument is not a number.
    ValueError
        If an argument lies outside its range; with an infinite condition number no count suffices.

    Examples
    --------
    >>> from textbook.input_normalization import steps_to_converge
    >>> [steps_to_converge(condition, 0.001) for condition in (1, 3, 100, 1e8)]
    [1, 10, 346, 345387764]
    """
    condition = check_number("condition", condition, at_least=1)
    tolerance = check_number("tolerance", tolerance, above=0, at_most=1)

    if condition == 1 or tolerance == 1:
        return int(tolerance < 1)
    log_factor = np.log1p(-2 / (condition + 1))  # of (condition - 1) / (condition + 1)
    return int(np.ceil(np.log(tolerance) / log_factor))


def _check_ranges(x: FloatArray) -> None:
    """Raise ValueError where the squares of a feature's deviations leave what a number holds."""
    with np.errstate(over="ignore"):
        ranges = np.ptp(x, axis=0)
    limits = np.finfo(x.dtype)
    least, most = max(float(limits.tiny), 1e-140), min(float(limits.max), 1e140)
    wrong = ranges[(ranges > most) | ((ranges > 0) & (ranges < least))]
    if wrong.size:
        raise ValueError(
            f"x must have features that range over {least:.1e} to {most:.1e} or do not change, "
            f"got a range of {float(wrong[0]):.1e}"
        )


def _check_scale(
    name: str, x: ArrayLike, mean: ArrayLike, std: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return examples and scale in the precision of the examples."""
    x = as_finite_array(name, x, "m n")
    mean, std = _check_moments(mean, std)
    if mean.shape != x.shape[1:]:
        raise ValueError(
            f"mean must have one entry for each column of {name}, shape {x.shape[1:]}, "
            f"got shape {mean.shape}"
        )
    return x, mean.astype(x.dtype), std.astype(x.dtype)


def _check_moments(mean: ArrayLike, std: ArrayLike) -> tuple[FloatArray, FloatArray]:
    mean, std = as_finite_array("mean", mean, "n"), as_finite_array("std", std, "n")
    if std.shape != mean.shape:
        raise ValueError(
            f"std must have the shape of mean, {mean.shape}, got shape {std.shape}"
        )
    if np.any(std < 0):
        raise ValueError(f"std must not be negative, got {float(std.min())}")
    return mean, std


def _check_weights(
    theta: ArrayLike, mean: ArrayLike, std: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    theta = as_finite_array("theta", theta)
    mean, std = _check_moments(mean, std)
    if theta.ndim not in (1, 2) or len(theta) != len(mean) + 1:
        raise ValueError(
            "theta must have an intercept and one weight for each mean, shape "
            f"({len(mean) + 1},) or ({len(mean) + 1}, K), got shape {theta.shape}"
        )
    return theta, mean.astype(theta.dtype), std.astype(theta.dtype)


def _check_hessian(hessian: ArrayLike) -> FloatArray:
    """Return a symmetric matrix in double precision, none of whose curvatures is negative."""
    hessian = as_finite_array("hessian", hessian, "n n").astype(np.float64)
    if hessian.shape[0] != hessian.shape[1] or not hessian.any():
        raise ValueError(
            "hessian must have shape (n, n) and an entry other than 0, "
            f"got shape {hessian.shape}"
        )
    largest = np.abs(hessian).max()
    if np.abs(hessian - hessian.T).max() > 1e-5 * largest:
        raise ValueError(
            f"hessian must be symmetric, got differences of {np.abs(hessian - hessian.T).max():g}"
        )
    lowest = float(np.linalg.eigvalsh(hessian)[0])
    if lowest < -1e-6 * largest:
        raise ValueError(f"hessian must have no negative eigenvalue, got {lowest:g}")
    return hessian


def _check_offset(hessian: FloatArray, offset: ArrayLike) -> FloatArray:
    offset = as_finite_array("offset", offset, "n")
    if offset.shape != hessian.shape[1:]:
        raise ValueError(
            f"offset must have one entry for each column of hessian, shape "
            f"{hessian.shape[1:]}, got shape {offset.shape}"
        )
    return offset.astype(np.float64)


def _check_steps(steps: ArrayLike) -> FloatArray:
    steps = as_finite_array("steps", steps)
    if np.any(steps < 0):
        raise ValueError(f"steps must be at least 0, got {float(steps.min())}")
    return steps.astype(np.float64)
