r"""The perceptron: a neuron that says +1 or -1 and learns from its mistakes alone.

A batch is rows: `x` has shape (m, n + 1), with a first column of ones, and `y` holds the labels -1
and 1. Two examples, one mistake, one update:

>>> from textbook.perceptron import train
>>> path, wrong = train([[1, 2], [1, -1]], [1, -1])
>>> path.tolist(), wrong.tolist()
([[0.0, 0.0], [-1.0, 1.0]], [1])
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_batch,
    as_finite_array,
    as_float_array,
    check_count,
    check_generator,
    check_number,
)

__all__ = [
    "convergence_bound",
    "cost",
    "gradient",
    "margin",
    "misclassified",
    "mistakes",
    "pocket",
    "predict",
    "sgn",
    "train",
    "update",
]


def sgn(z: ArrayLike) -> NDArray[np.int_]:
    r"""Return +1 where a score is 0 or more, and -1 where it is below 0.

    .. math::
        \operatorname{sgn}(z)
        = \begin{cases} 1 & \text{if } z \ge 0 \\ -1 & \text{otherwise} \end{cases}

    Parameters
    ----------
    z : array_like of any shape

    Returns
    -------
    ndarray of int of the shape of `z`

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.
    ValueError
        If `z` is not finite.

    Notes
    -----
    The notes print the threshold 1. A score of 0.5 would then be labeled -1. NumPy's `sign` has a
    third answer, 0, which is no label.

    Examples
    --------
    >>> from textbook.perceptron import sgn
    >>> sgn([-0.5, 0, 0.5, 2]).tolist()
    [-1, 1, 1, 1]
    """
    z = as_finite_array("z", z)

    return np.where(z >= 0, 1, -1)


def predict(x: ArrayLike, theta: ArrayLike) -> NDArray[np.int_]:
    r"""Return the label, -1 or 1, of each example: the side of the boundary on which it lies.

    .. math:: \operatorname{label}(x_i) = \operatorname{sgn}(\theta^T x_i)

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
        If the shapes do not fit, `x` is empty, an entry is not finite, or a score overflows.

    References
    ----------
    Rosenblatt (1958), The perceptron: a probabilistic model for information storage and
    organization in the brain, Psychological Review 65(6).

    Examples
    --------
    The boundary is x1 + x2 = 3; the point (1, 2) lies on it.

    >>> from textbook.logistic_regression import add_intercept
    >>> from textbook.perceptron import predict
    >>> predict(add_intercept([[1, 1], [1, 2], [2, 2]]), [-3, 1, 1]).tolist()
    [-1, 1, 1]
    """
    x, theta = _as_examples(x, theta)

    return sgn(_scores(x, theta))


def misclassified(x: ArrayLike, y: ArrayLike, theta: ArrayLike) -> NDArray[np.bool_]:
    r"""Return which examples are on the wrong side: the set M of the notes.

    .. math:: M = \{ i : \operatorname{sgn}(\theta^T x_i) \ne y_i \}

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
    y : array_like of shape (m,)
        Labels, -1 or 1.
    theta : array_like of shape (n + 1,)

    Returns
    -------
    ndarray of bool of shape (m,)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, a label is neither -1 nor 1, or an entry is not
        finite.

    Examples
    --------
    >>> from textbook.perceptron import misclassified
    >>> misclassified([[1, 2], [1, -1], [1, -3]], [1, 1, -1], [0, 1]).tolist()
    [False, True, False]
    """
    x, theta = _as_examples(x, theta)
    y = _as_signs(y, len(x))

    wrong: NDArray[np.bool_] = sgn(_scores(x, theta)) != y
    return wrong


def mistakes(x: ArrayLike, y: ArrayLike, theta: ArrayLike) -> int:
    r"""Return how many examples are on the wrong side: the first of the notes' two costs.

    .. math::
        J_{\operatorname{sgn}}(\theta)
        = \sum_{i \in M} -y_i \operatorname{sgn}(\theta^T x_i) = |M|

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
    y : array_like of shape (m,)
        Labels, -1 or 1.
    theta : array_like of shape (n + 1,)

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, a label is neither -1 nor 1, or an entry is not
        finite.

    Notes
    -----
    A sum, not a mean. It is a staircase: its slope is 0 wherever it has one.

    Examples
    --------
    A small turn of the boundary changes nothing:

    >>> from textbook.perceptron import mistakes
    >>> x, y = [[1, 2], [1, -1], [1, -3]], [1, 1, -1]
    >>> mistakes(x, y, [0, 1]), mistakes(x, y, [0.1, 1])
    (1, 1)
    """
    return int(misclassified(x, y, theta).sum())


def cost(x: ArrayLike, y: ArrayLike, theta: ArrayLike) -> float:
    r"""Return the sum of the wrong scores: the notes' second cost, which can be descended.

    .. math:: J(\theta) = \sum_{i \in M} -y_i\, \theta^T x_i

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
    y : array_like of shape (m,)
        Labels, -1 or 1.
    theta : array_like of shape (n + 1,)

    Returns
    -------
    float
        At least 0; 0 when no example is wrong, and also for theta = 0, which decides nothing.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, a label is neither -1 nor 1, or an entry is not
        finite.

    Examples
    --------
    The second example is wrong, with a score of -1. Ten times as far away it costs ten times as
    much.

    >>> from textbook.perceptron import cost
    >>> y = [1, 1, -1]
    >>> cost([[1, 2], [1, -1], [1, -3]], y, [0, 1])
    1.0
    >>> cost([[1, 2], [1, -10], [1, -3]], y, [0, 1])
    10.0
    """
    wrong = misclassified(x, y, theta)
    x, theta = _as_examples(x, theta)

    return float(np.abs(_scores(x[wrong], theta)).sum())


def gradient(x: ArrayLike, y: ArrayLike, theta: ArrayLike) -> FloatArray:
    r"""Return the slope of `cost` in each weight.

    .. math:: \nabla_\theta J = \sum_{i \in M} -y_i\, x_i

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
    y : array_like of shape (m,)
        Labels, -1 or 1.
    theta : array_like of shape (n + 1,)

    Returns
    -------
    ndarray of shape (n + 1,)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, a label is neither -1 nor 1, or an entry is not
        finite.

    Notes
    -----
    Where a score is exactly 0 the cost has a kink. There this is the slope of one side.

    Examples
    --------
    >>> from textbook.perceptron import gradient
    >>> x, y = [[1, 2], [1, -1], [1, -3]], [1, 1, -1]
    >>> gradient(x, y, [0, 1]).tolist()
    [-1.0, 1.0]
    """
    wrong = misclassified(x, y, theta)
    x, theta = _as_examples(x, theta)
    y = _as_signs(y, len(x))

    return -(x[wrong].T @ y[wrong].astype(x.dtype))


def update(
    x_i: ArrayLike, y_i: int, theta: ArrayLike, learning_rate: float = 1.0
) -> FloatArray:
    r"""Return the weights after one misclassified example has pulled at them.

    .. math:: \theta_{t+1} = \theta_t + \eta\, y_i\, x_i

    Parameters
    ----------
    x_i : array_like of shape (n + 1,)
        One example, with its 1 for the intercept.
    y_i : {-1, 1}
        Its label.
    theta : array_like of shape (n + 1,)
    learning_rate : float, default 1
        The letter eta, above 0.

    Returns
    -------
    ndarray of shape (n + 1,)

    Raises
    ------
    TypeError
        If an argument is not a real number, or does not hold real numbers.
    ValueError
        If the shapes differ, the label is neither -1 nor 1, `learning_rate` is not above 0, or an
        entry is not finite.

    Notes
    -----
    The rule is for examples that are misclassified; it does not ask. Each use raises the score of
    a positive example, or lowers that of a negative one, by the learning rate times its squared
    length.

    Examples
    --------
    The score of (1, 2) rises from -1 by 1 + 4:

    >>> import numpy as np
    >>> from textbook.perceptron import update
    >>> theta = update([1, 2], 1, [1, -1])
    >>> theta.tolist(), float(np.dot([1, 2], theta))
    ([2.0, 1.0], 4.0)
    """
    x_i = as_batch("x_i", x_i, "n+1")
    theta = as_finite_array("theta", theta, "n+1")
    if theta.shape != x_i.shape:
        raise ValueError(
            f"theta must have the shape of x_i, {x_i.shape}, got shape {theta.shape}"
        )
    if y_i not in (-1, 1):
        raise ValueError(f"y_i must be -1 or 1, got {y_i!r}")
    learning_rate = check_number("learning_rate", learning_rate, above=0)

    return theta + learning_rate * int(y_i) * x_i


def train(
    x: ArrayLike,
    y: ArrayLike,
    theta: ArrayLike | None = None,
    learning_rate: float = 1.0,
    epochs: int = 1000,
    rng: np.random.Generator | None = None,
) -> tuple[FloatArray, NDArray[np.int_]]:
    r"""Go round the examples, update at each mistake, stop after a round without one.

    .. math:: \theta_{t+1} = \theta_t + \eta\, y_i\, x_i
        \quad\text{whenever}\quad \operatorname{sgn}(\theta_t^T x_i) \ne y_i

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m,)
        Labels, -1 or 1.
    theta : array_like of shape (n + 1,), optional
        Where to start; zeros if it is left out.
    learning_rate : float, default 1
        Above 0. From zeros it scales theta and changes no decision.
    epochs : int, default 1000
        Rounds after which to give up, for data that no line separates.
    rng : numpy.random.Generator, optional
        Shuffles the examples before each round. Left out, they come in the order of `x`.

    Returns
    -------
    path : ndarray of shape (updates + 1, n + 1)
        The weights at the start and after each update.
    wrong : ndarray of int of shape (updates,)
        The row of `x` that caused each update.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the shapes do not fit, `x` is empty, a label is neither -1 nor 1, a number is out of its
        range, an entry is not finite, or a score overflows.

    References
    ----------
    Rosenblatt (1958), The perceptron: a probabilistic model for information storage and
    organization in the brain, Psychological Review 65(6).

    Examples
    --------
    Four updates, and one more round to see that nothing is left to do:

    >>> from textbook.logistic_regression import add_intercept
    >>> from textbook.perceptron import mistakes, train
    >>> x, y = add_intercept([[0, 0], [1, 0], [1, 2]]), [1, -1, 1]
    >>> path, wrong = train(x, y)
    >>> path.astype(int).tolist()
    [[0, 0, 0], [-1, -1, 0], [0, 0, 2], [-1, -1, 2], [0, -1, 2]]
    >>> wrong.tolist(), mistakes(x, y, path[-1])
    ([1, 2, 1, 0], 0)
    """
    x, theta = _as_examples(x, theta)
    y = _as_signs(y, len(x))
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    check_count("epochs", epochs)
    if rng is not None:
        check_generator(rng)

    path = [theta]
    wrong: list[int] = []
    for _ in range(epochs):
        before = len(wrong)
        for i in range(len(x)) if rng is None else rng.permutation(len(x)):
            if sgn(_scores(x[i], path[-1])) != y[i]:
                path.append(update(x[i], y[i], path[-1], learning_rate))
                wrong.append(i)
        if len(wrong) == before:
            break
    return np.array(path), np.array(wrong, np.int_)


def margin(x: ArrayLike, y: ArrayLike, theta: ArrayLike) -> float:
    r"""Return how far the example nearest to the boundary is from it, below 0 if it is wrong.

    .. math:: \gamma = \min_i \frac{y_i\, \theta^T x_i}{\lVert \theta \rVert}

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
    y : array_like of shape (m,)
        Labels, -1 or 1.
    theta : array_like of shape (n + 1,)
        Not all zeros.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, a label is neither -1 nor 1, or an entry is not
        finite; or if `theta` is 0, which has no boundary.

    Notes
    -----
    The length is that of all of theta, the intercept included, because the proof treats the
    column of ones as a feature. The distance in the plane of the features divides by the
    length of the other weights alone.

    Examples
    --------
    >>> from textbook.perceptron import margin
    >>> margin([[1, 5, 0], [1, 0, -6]], [1, -1], [0, 3, 4])
    3.0
    """
    x, theta = _as_examples(x, theta)
    y = _as_signs(y, len(x))
    if not theta.any():
        raise ValueError(
            f"theta must have an entry other than 0 to have a boundary, got {theta.tolist()}"
        )

    return float((y * _scores(x, theta)).min() / np.linalg.norm(theta))


def convergence_bound(x: ArrayLike, y: ArrayLike, theta: ArrayLike) -> float:
    r"""Return how many updates the perceptron can need at most, from zeros, on separable data.

    .. math::
        \text{updates} \le \left( \frac{R}{\gamma} \right)^2,
        \qquad R = \max_i \lVert x_i \rVert

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
    y : array_like of shape (m,)
        Labels, -1 or 1.
    theta : array_like of shape (n + 1,)
        Any weights that separate the data; the wider their margin, the lower the bound.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` is empty, a label is neither -1 nor 1, or an entry is not
        finite; or if `theta` does not separate the examples with a margin above 0.

    References
    ----------
    Novikoff (1962), On convergence proofs on perceptrons, Symposium on the Mathematical Theory
    of Automata.

    Examples
    --------
    R is the length of (1, 0, -6), the root of 37; the margin is 3.

    >>> from textbook.perceptron import convergence_bound
    >>> round(convergence_bound([[1, 5, 0], [1, 0, -6]], [1, -1], [0, 3, 4]), 4)
    4.1111
    """
    gamma = margin(x, y, theta)
    if gamma <= 0:
        raise ValueError(
            f"theta must separate the examples with a margin above 0, got the margin {gamma:.4g}"
        )
    x, theta = _as_examples(x, theta)

    return float((np.linalg.norm(x, axis=1).max() / gamma) ** 2)


def pocket(x: ArrayLike, y: ArrayLike, path: ArrayLike) -> FloatArray:
    r"""Return the weights on a path that make the fewest mistakes, the earliest if several do.

    .. math:: \theta_{t^*}, \qquad t^* = \arg\min_t |M(\theta_t)|

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
    y : array_like of shape (m,)
        Labels, -1 or 1.
    path : array_like of shape (updates + 1, n + 1)
        Weights as `train` returns them.

    Returns
    -------
    ndarray of shape (n + 1,)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `x` or `path` is empty, a label is neither -1 nor 1, or an entry
        is not finite.

    References
    ----------
    Gallant (1990), Perceptron-based learning algorithms, IEEE Transactions on Neural Networks 1(2).

    Examples
    --------
    No threshold separates the outer pair from the rest, and the last weights are poor ones:

    >>> from textbook.logistic_regression import add_intercept
    >>> from textbook.perceptron import mistakes, pocket, train
    >>> x, y = add_intercept([[-3], [-2], [-1], [1], [2], [3]]), [-1, 1, 1, 1, 1, -1]
    >>> path, _ = train(x, y, epochs=10)
    >>> best = pocket(x, y, path)
    >>> mistakes(x, y, path[-1]), mistakes(x, y, best), best.tolist()
    (3, 1, [2.0, 1.0])
    """
    path = as_batch("path", path, "t n+1")
    counts = [mistakes(x, y, theta) for theta in path]

    best: FloatArray = path[np.argmin(counts)].copy()
    return best


def _as_examples(
    x: ArrayLike, theta: ArrayLike | None
) -> tuple[FloatArray, FloatArray]:
    """Return examples and weights that fit together."""
    x = as_batch("x", x, "m n+1")
    theta = np.zeros_like(x[0]) if theta is None else theta
    theta = as_finite_array("theta", theta, "n+1")
    if theta.shape != x.shape[1:]:
        raise ValueError(
            f"theta must have shape {x.shape[1:]}, one weight for each column of x, "
            f"got shape {theta.shape}"
        )
    return x, theta


def _scores(x: FloatArray, theta: FloatArray) -> FloatArray:
    """Return the scores after making sure that none has overflowed."""
    with np.errstate(over="ignore", invalid="ignore"):
        z: FloatArray = x @ theta
    if not np.isfinite(z).all():
        raise ValueError(
            "x and theta must be small enough for a score, got an overflow"
        )
    return z


def _as_signs(y: ArrayLike, m: int) -> NDArray[np.int_]:
    """Return labels as integers after making sure that there are m and each is -1 or 1."""
    signs = as_float_array("y", y, "m")
    wrong = np.unique(signs[(signs != 1) & (signs != -1)])
    if wrong.size:
        raise ValueError(
            f"y must hold only the labels -1 and 1, got {wrong[:5].tolist()} among them"
        )
    if len(signs) != m:
        raise ValueError(
            f"y must have shape ({m},), one label for each row of x, got shape {signs.shape}"
        )
    return signs.astype(np.int_)
