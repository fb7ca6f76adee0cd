r"""Logistic regression: one neuron that answers yes or no, and learns the line between the two.

A batch is rows: `x` has shape (m, n + 1), one example a row, with a first column of ones for the
intercept. The notes' line x1 + x2 = 3 is theta = (-3, 1, 1):

>>> from textbook.logistic_regression import add_intercept, predict
>>> predict(add_intercept([[1, 1], [2, 2]]), [-3, 1, 1]).tolist()
[0, 1]
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_batch,
    as_binary_labels,
    as_finite_array,
    as_float_array,
    as_plain,
    check_count,
    check_generator,
    check_number,
    check_same_shape,
)
from textbook.activations import sigmoid

__all__ = [
    "add_intercept",
    "boundary_line",
    "cost",
    "gradient",
    "gradient_descent",
    "likelihood",
    "loss",
    "predict",
    "probability",
    "quadratic_features",
    "sample_labels",
    "squared_loss",
]


def add_intercept(x: ArrayLike) -> FloatArray:
    r"""Put a column of ones before the features, so that theta_0 is a weight like the others.

    .. math:: (x_1, \dots, x_n) \mapsto (1, x_1, \dots, x_n)

    Parameters
    ----------
    x : array_like of shape (m, n)

    Returns
    -------
    ndarray of shape (m, n + 1)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` is not two-dimensional, is empty or is not finite.

    Examples
    --------
    >>> from textbook.logistic_regression import add_intercept
    >>> add_intercept([[1, 2], [3, 4]]).tolist()
    [[1.0, 1.0, 2.0], [1.0, 3.0, 4.0]]
    """
    x = as_batch("x", x, "m n")

    return np.column_stack([np.ones_like(x[:, 0]), x])


def quadratic_features(x: ArrayLike) -> FloatArray:
    r"""Add the squares of two features, so that a boundary may bend.

    .. math:: (x_1, x_2) \mapsto (1, x_1, x_2, x_1^2, x_2^2)

    Parameters
    ----------
    x : array_like of shape (m, 2)

    Returns
    -------
    ndarray of shape (m, 5)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` does not have two columns, is empty or is not finite.

    Examples
    --------
    With theta = (-1, 0, 0, 1, 1) the boundary is the unit circle: inside, on it, outside.

    >>> from textbook.logistic_regression import probability, quadratic_features
    >>> x = quadratic_features([[0, 0], [0.6, 0.8], [1, 1]])
    >>> probability(x, [-1, 0, 0, 1, 1]).round(4).tolist()
    [0.2689, 0.5, 0.7311]
    """
    x = as_batch("x", x, "m 2")
    if x.shape[1] != 2:
        raise ValueError(f"x must have shape (m, 2), got shape {x.shape}")

    return np.column_stack([add_intercept(x), x**2])


def probability(x: ArrayLike, theta: ArrayLike) -> FloatArray:
    r"""Return for each example how likely its label is 1.

    .. math:: h_\theta(x_i) = P(y_i = 1 \mid x_i; \theta) = g(\theta^T x_i)

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    theta : array_like of shape (n + 1,)

    Returns
    -------
    ndarray of shape (m,)

    Raises
    ------
    TypeError
        If `x` or `theta` does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, or `x` or `theta` is not finite.

    Examples
    --------
    The further from the line x1 + x2 = 3, the surer; P(y = 0) is what is left to 1.

    >>> from textbook.logistic_regression import add_intercept, probability
    >>> h = probability(add_intercept([[1, 1], [1, 2], [2, 2]]), [-3, 1, 1])
    >>> h.round(4).tolist(), (1 - h).round(4).tolist()
    ([0.2689, 0.5, 0.7311], [0.7311, 0.5, 0.2689])
    """
    x, theta = _check_model(x, theta)

    return sigmoid(x @ theta)


def predict(x: ArrayLike, theta: ArrayLike) -> NDArray[np.int_]:
    r"""Return the likelier label of each example; a tie counts as 1.

    .. math:: \hat y_i = 1 \iff h_\theta(x_i) \ge \tfrac12 \iff \theta^T x_i \ge 0

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    theta : array_like of shape (n + 1,)

    Returns
    -------
    ndarray of int of shape (m,)

    Raises
    ------
    TypeError
        If `x` or `theta` does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, or `x` or `theta` is not finite.

    Examples
    --------
    The point (1, 2) lies on the line:

    >>> from textbook.logistic_regression import add_intercept, predict
    >>> predict(add_intercept([[1, 1], [1, 2], [2, 2]]), [-3, 1, 1]).tolist()
    [0, 1, 1]
    """
    x, theta = _check_model(x, theta)

    return (x @ theta >= 0).astype(np.int_)


def boundary_line(theta: ArrayLike, x1: ArrayLike) -> FloatArray:
    r"""Return the height of the decision boundary above each x1, for two features.

    .. math:: \theta_0 + \theta_1 x_1 + \theta_2 x_2 = 0
        \quad\Longrightarrow\quad x_2 = -\frac{\theta_0 + \theta_1 x_1}{\theta_2}

    Parameters
    ----------
    theta : array_like of shape (3,)
    x1 : array_like of any shape

    Returns
    -------
    ndarray of the shape of `x1`, or float

    Raises
    ------
    TypeError
        If `theta` or `x1` does not hold real numbers.
    ValueError
        If `theta` does not have three entries, or its last is 0: the boundary is then upright.

    Examples
    --------
    >>> from textbook.logistic_regression import boundary_line
    >>> boundary_line([-3, 1, 1], [0, 1, 3]).tolist()
    [3.0, 2.0, 0.0]
    """
    theta = as_float_array("theta", theta, "3")
    x1 = as_float_array("x1", x1)
    if theta.shape != (3,):
        raise ValueError(f"theta must have shape (3,), got shape {theta.shape}")
    if theta[2] == 0:
        raise ValueError(
            f"theta[2] must not be 0 (an upright boundary), got theta {theta.tolist()}"
        )

    return as_plain((-theta[0] - theta[1] * x1) / theta[2])


def loss(h: ArrayLike, y: ArrayLike) -> FloatArray:
    r"""Return the logistic loss of each predicted probability: the surprise at the true label.

    .. math:: \ell(h, y) = \begin{cases} -\log h & y = 1 \\ -\log(1 - h) & y = 0 \end{cases}

    Parameters
    ----------
    h : array_like of any shape
        Predicted probabilities that y = 1.
    y : array_like of the shape of `h`
        Labels, each 0 or 1.

    Returns
    -------
    ndarray of the shape of `h`, or float
        From 0 to infinity: sure and wrong is infinitely bad.

    Raises
    ------
    TypeError
        If `h` or `y` does not hold real numbers.
    ValueError
        If the shapes differ, `h` lies outside 0 to 1 or `y` holds another label.

    Warnings
    --------
    A probability that was rounded to 0 or 1 has lost its loss. `cost` starts from the scores
    for this reason.

    Examples
    --------
    Right and sure, undecided, wrong, wrong and sure:

    >>> from textbook.logistic_regression import loss
    >>> loss([1, 0.5, 0.01, 0], [1, 1, 1, 1]).round(4).tolist()
    [0.0, 0.6931, 4.6052, inf]
    """
    h, y = _check_prediction(h, y)

    with np.errstate(divide="ignore"):  # -log 0 is infinite, and that is the answer
        return as_plain(0.0 - np.log(np.where(y == 1, h, 1 - h)))


def squared_loss(h: ArrayLike, y: ArrayLike) -> FloatArray:
    r"""Return the squared distance of a probability from its label, never above 1.

    .. math:: \ell(h, y) = (h - y)^2

    Parameters
    ----------
    h : array_like of any shape
        Predicted probabilities that y = 1.
    y : array_like of the shape of `h`
        Labels, each 0 or 1.

    Returns
    -------
    ndarray of the shape of `h`, or float

    Raises
    ------
    TypeError
        If `h` or `y` does not hold real numbers.
    ValueError
        If the shapes differ, `h` lies outside 0 to 1 or `y` holds another label.

    References
    ----------
    Brier (1950), Verification of forecasts expressed in terms of probability.

    Examples
    --------
    >>> from textbook.logistic_regression import squared_loss
    >>> squared_loss([1, 0.5, 0.01, 0], [1, 1, 1, 1]).round(4).tolist()
    [0.0, 0.25, 0.9801, 1.0]
    """
    h, y = _check_prediction(h, y)

    return as_plain((h - y) ** 2)


def likelihood(x: ArrayLike, y: ArrayLike, theta: ArrayLike) -> float:
    r"""Return how likely exactly these labels are, if theta is right.

    .. math:: p(y \mid X; \theta) = \prod_{i=1}^{m} h_i^{\,y_i} (1 - h_i)^{1 - y_i}

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m,)
        Labels, each 0 or 1.
    theta : array_like of shape (n + 1,)

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, `x` or `theta` is not finite, or `y` holds another
        label.

    See Also
    --------
    cost : minus the logarithm of this, divided by m, which does not run out of digits.

    Examples
    --------
    Two examples on the boundary are two tosses of a coin:

    >>> from textbook.logistic_regression import likelihood
    >>> likelihood([[1, 1, 2], [1, 2, 1]], [1, 0], [-3, 1, 1])
    0.25

    Of 1,100 tosses the product is smaller than any double, and comes out as 0:

    >>> import numpy as np
    >>> likelihood(np.ones((1100, 1)), np.ones(1100), [0])
    0.0
    """
    x, theta = _check_model(x, theta)
    y = _check_labels(x, y)

    z = x @ theta
    return float(np.prod(sigmoid(np.where(y == 1, z, -z))))  # 1 - g(z) is g(-z)


def cost(
    x: ArrayLike, y: ArrayLike, theta: ArrayLike, regularization: float = 0.0
) -> float:
    r"""Return the mean loss over the batch, and the penalty on large weights.

    .. math::
        J(\theta) = -\frac1m \sum_{i=1}^{m} \bigl(y_i \log h_i + (1 - y_i) \log(1 - h_i)\bigr)
        + \frac{\lambda}{2m} \sum_{j=1}^{n} \theta_j^2

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m,)
        Labels, each 0 or 1.
    theta : array_like of shape (n + 1,)
    regularization : float, default 0.0
        The letter lambda, at least 0. The sum starts at 1: the intercept is not penalized.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, `x` or `theta` is not finite, `y` holds another
        label, or `regularization` is negative.

    Warnings
    --------
    Here lambda is divided by m, and the more data the less it counts. scikit-learn's `C` weighs
    the sum of the losses instead: its optimum is ours at lambda = 1 / C.

    Examples
    --------
    Undecided on every example, each costs log 2:

    >>> from textbook.logistic_regression import cost
    >>> x, y = [[1, 1, 1], [1, 2, 2]], [0, 1]
    >>> round(cost(x, y, [0, 0, 0]), 4), round(cost(x, y, [-3, 1, 1]), 4)
    (0.6931, 0.3133)

    A score of 1000 on the wrong side costs 1000. From the probability, which rounds to 1, it
    would be infinite:

    >>> cost([[1, 1000]], [0], [0, 1])
    1000.0

    The penalty, with lambda = 4 and m = 2, is (1 + 1) 4/4 = 2; the -3 does not enter:

    >>> round(cost(x, y, [-3, 1, 1], regularization=4), 4)
    2.3133
    """
    x, theta = _check_model(x, theta)
    y = _check_labels(x, y)
    regularization = check_number("regularization", regularization, at_least=0)

    z = x @ theta
    # -log h where y is 1 and -log(1 - h) where it is 0, from the score
    losses = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    penalty = regularization / (2 * len(y)) * np.sum(theta[1:] ** 2)
    return float(np.mean(losses) + penalty)


def gradient(
    x: ArrayLike, y: ArrayLike, theta: ArrayLike, regularization: float = 0.0
) -> FloatArray:
    r"""Return the slope of `cost` in each direction of theta.

    .. math::
        \nabla J = \frac1m X^T (h - y) + \frac{\lambda}{m} (0, \theta_1, \dots, \theta_n)

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m,)
        Labels, each 0 or 1.
    theta : array_like of shape (n + 1,)
    regularization : float, default 0.0
        The letter lambda, at least 0.

    Returns
    -------
    ndarray of shape (n + 1,)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, `x` or `theta` is not finite, `y` holds another
        label, or `regularization` is negative.

    Examples
    --------
    One example, h = 0.2689 and y = 1: the error -0.7311 times the example.

    >>> from textbook.logistic_regression import gradient
    >>> gradient([[1, 1, 1]], [1], [-3, 1, 1]).round(4).tolist()
    [-0.7311, -0.7311, -0.7311]

    The penalty pulls at the weights and leaves the intercept alone:

    >>> gradient([[1, 1, 1]], [1], [-3, 1, 1], regularization=2).round(4).tolist()
    [-0.7311, 1.2689, 1.2689]
    """
    x, theta = _check_model(x, theta)
    y = _check_labels(x, y)
    regularization = check_number("regularization", regularization, at_least=0)

    m = len(y)
    error = sigmoid(x @ theta) - y
    penalized = np.concatenate([np.zeros_like(theta[:1]), theta[1:]])
    return x.T @ error / m + regularization / m * penalized


def gradient_descent(
    x: ArrayLike,
    y: ArrayLike,
    learning_rate: float,
    steps: int,
    regularization: float = 0.0,
) -> FloatArray:
    r"""Walk down the cost from theta = 0 and return every theta on the way.

    .. math:: \theta^{(t+1)} = \theta^{(t)} - \alpha \nabla J(\theta^{(t)}), \qquad \theta^{(0)} = 0

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m,)
        Labels, each 0 or 1.
    learning_rate : float above 0
        The letter alpha.
    steps : int
    regularization : float, default 0.0
        The letter lambda, at least 0.

    Returns
    -------
    ndarray of shape (steps + 1, n + 1)
        The start is its first row, the result its last.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or `steps` is not a whole number.
    ValueError
        If the shapes do not fit, `x` is empty or not finite, `y` holds another label,
        or a setting lies outside its range.

    Examples
    --------
    >>> from textbook.logistic_regression import cost, gradient_descent
    >>> x, y = [[1, 0, 0], [1, 1, 1], [1, 2, 2], [1, 3, 3]], [0, 0, 1, 1]
    >>> path = gradient_descent(x, y, learning_rate=1, steps=100)
    >>> [round(cost(x, y, path[t]), 4) for t in (0, 1, 10, 100)]
    [0.6931, 0.5455, 0.2992, 0.0813]
    """
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    check_count("steps", steps)
    regularization = check_number("regularization", regularization, at_least=0)
    x = as_batch("x", x, "m n+1")
    y = _check_labels(x, y)

    path = [np.zeros_like(x[0])]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(x, y, path[-1], regularization))
    return np.stack(path)


def sample_labels(
    x: ArrayLike, theta: ArrayLike, rng: np.random.Generator
) -> NDArray[np.int_]:
    r"""Draw a label for each example, as if theta were the truth.

    .. math:: y_i \sim \operatorname{Bernoulli}(h_\theta(x_i))

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    theta : array_like of shape (n + 1,)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int of shape (m,)

    Raises
    ------
    TypeError
        If `x` or `theta` does not hold real numbers, or `rng` is not a generator.
    ValueError
        If the shapes do not fit, `x` is empty, or `x` or `theta` is not finite.

    Examples
    --------
    Where h is 0.7311, about 731 labels of 1,000 are 1; the spread of that count is 14.

    >>> import numpy as np
    >>> from textbook.logistic_regression import sample_labels
    >>> x = np.tile([1, 2, 2], (1000, 1))
    >>> int(sample_labels(x, [-3, 1, 1], np.random.default_rng(0)).sum())
    716
    """
    check_generator(rng)

    h = probability(x, theta)
    return (rng.random(h.shape) < h).astype(np.int_)


def _check_model(x: ArrayLike, theta: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x = as_batch("x", x, "m n+1")
    theta = as_finite_array("theta", theta, "n+1")
    if theta.shape != x.shape[1:]:
        raise ValueError(
            f"theta must have one entry for each column of x, shape ({x.shape[1]},), "
            f"got shape {theta.shape}"
        )
    return x, theta


def _check_labels(x: FloatArray, y: ArrayLike) -> FloatArray:
    y = as_binary_labels("y", y, "m")
    if y.shape != x.shape[:1]:
        raise ValueError(
            f"y must have one label for each row of x, shape ({x.shape[0]},), got shape {y.shape}"
        )
    return y.astype(x.dtype)


def _check_prediction(h: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    h = as_float_array("h", h)
    y = as_binary_labels("y", y)
    check_same_shape("y", y, "h", h)
    outside = h[~((h >= 0) & (h <= 1))]
    if outside.size:
        raise ValueError(
            f"h must hold probabilities from 0 to 1, got {float(outside[0])}"
        )
    return h, y.astype(h.dtype)
