r"""Softmax regression: several classes, one of which is right, and a probability for each.

A batch is rows: `x` has shape (m, n + 1) with a first column of ones, `theta` has a column for each
of K classes, shape (n + 1, K). Labels count from 0; `one_hot` turns them into the rows `y`, of
shape (m, K), that the cost compares with. Two examples and three classes:

>>> from textbook.softmax_regression import predict, probabilities
>>> x, theta = [[1, 3, 1], [1, 1, 3]], [[-1, 0, 3], [1, 0, -1], [0, 1, -1]]
>>> probabilities(x, theta).round(4).tolist()
[[0.7054, 0.2595, 0.0351], [0.0466, 0.9362, 0.0171]]
>>> predict(x, theta).tolist()
[0, 1]
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_batch,
    as_finite_array,
    as_float_array,
    as_plain,
    check_count,
    check_generator,
    check_number,
    check_same_shape,
)

__all__ = [
    "confusion_matrix",
    "cost",
    "cross_entropy",
    "entropy",
    "gradient",
    "gradient_descent",
    "kl_divergence",
    "log_softmax",
    "one_hot",
    "predict",
    "probabilities",
    "softmax",
    "squared_distance",
    "stochastic_gradient_descent",
]


def softmax(z: ArrayLike) -> FloatArray:
    r"""Turn each row of scores into probabilities that sum to 1.

    .. math:: a_k = \frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}
        = \frac{e^{z_k - c}}{\sum_{j=1}^{K} e^{z_j - c}}, \qquad c = \max_j z_j

    Parameters
    ----------
    z : array_like of shape (..., K)
        Scores. The last axis runs over the classes.

    Returns
    -------
    ndarray of the shape of `z`

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.
    ValueError
        If `z` is a single number, has no class or is not finite.

    Warnings
    --------
    SciPy's `softmax` divides by the sum over the whole array unless it is told an axis.

    Examples
    --------
    >>> from textbook.softmax_regression import softmax
    >>> softmax([[2, 1, -1], [0, 3, -1]]).round(4).tolist()
    [[0.7054, 0.2595, 0.0351], [0.0466, 0.9362, 0.0171]]

    Only differences count, so large scores are no trouble:

    >>> softmax([0, 1, 2]).round(4).tolist(), softmax([1000, 1001, 1002]).round(4).tolist()
    ([0.09, 0.2447, 0.6652], [0.09, 0.2447, 0.6652])
    """
    z = _check_scores(z)

    highest: FloatArray = z.max(axis=-1, keepdims=True)
    powers = np.exp(z - highest)  # no exponent above 0
    total: FloatArray = powers.sum(axis=-1, keepdims=True)
    return powers / total


def log_softmax(z: ArrayLike) -> FloatArray:
    r"""Return the logarithms of the probabilities, also of those too small for a float.

    .. math:: \log a_k = z_k - c - \log \sum_{j=1}^{K} e^{z_j - c}, \qquad c = \max_j z_j

    Parameters
    ----------
    z : array_like of shape (..., K)
        Scores. The last axis runs over the classes.

    Returns
    -------
    ndarray of the shape of `z`

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.
    ValueError
        If `z` is a single number, has no class or is not finite.

    Examples
    --------
    A score of 1000 below the best one: the probability rounds to 0, its logarithm is -1000.

    >>> from textbook.softmax_regression import log_softmax, softmax
    >>> softmax([1000, 0]).tolist(), log_softmax([1000, 0]).tolist()
    ([1.0, 0.0], [0.0, -1000.0])
    """
    z = _check_scores(z)

    highest: FloatArray = z.max(axis=-1, keepdims=True)
    total: FloatArray = np.exp(z - highest).sum(axis=-1, keepdims=True)  # at least 1
    return z - highest - np.log(total)


def one_hot(labels: ArrayLike, classes: int) -> FloatArray:
    r"""Write each label as a row of zeros with a single 1, in the column of its class.

    .. math:: y_{ik} = 1\{y^{(i)} = k\} = \begin{cases}
        1 & \text{if example } i \text{ has class } k \\ 0 & \text{if not} \end{cases}

    Parameters
    ----------
    labels : array_like of shape (m,)
        Whole numbers from 0 to `classes` - 1.
    classes : int

    Returns
    -------
    ndarray of shape (m, classes)

    Raises
    ------
    TypeError
        If `labels` does not hold real numbers, or `classes` is not a whole number.
    ValueError
        If `labels` is not one-dimensional or holds anything but classes, or `classes` is below 1.

    Examples
    --------
    >>> from textbook.softmax_regression import one_hot
    >>> one_hot([2, 0], classes=3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    check_count("classes", classes, at_least=1)
    labels = _check_classes("labels", labels, classes)

    return np.where(labels[:, None] == np.arange(classes), 1.0, 0.0)


def cross_entropy(p: ArrayLike, q: ArrayLike) -> FloatArray:
    r"""Return the mean surprise of one who expects q, where p is the truth.

    .. math:: H(p, q) = -\sum_{k=1}^{K} p_k \log q_k

    Parameters
    ----------
    p : array_like of shape (..., K)
        Target probabilities. The last axis sums to 1.
    q : array_like of the shape of `p`
        Predicted probabilities.

    Returns
    -------
    ndarray of shape (...), or float
        One number for each row, in nats: infinite where q rules out what p allows.

    Raises
    ------
    TypeError
        If `p` or `q` does not hold real numbers.
    ValueError
        If the shapes differ, or a row of `p` or `q` is not a distribution.

    Examples
    --------
    A half-hearted right answer, and the same forecast when another class turns out true:

    >>> from textbook.softmax_regression import cross_entropy
    >>> q = [0.5, 0.3, 0.2]
    >>> cross_entropy([[1, 0, 0], [0, 0, 1]], [q, q]).round(4).tolist()
    [0.6931, 1.6094]

    The order of the arguments matters:

    >>> p = [0.7, 0.2, 0.1]
    >>> round(cross_entropy(p, q), 6), round(cross_entropy(q, p), 6)
    (0.886941, 1.121686)
    """
    p, q = _check_distribution("p", p), _check_distribution("q", q)
    check_same_shape("q", q, "p", p)

    with np.errstate(divide="ignore"):  # -log 0 is infinite, unless p is 0 there too
        return as_plain(0.0 - np.sum(p * np.log(np.where(p > 0, q, 1)), axis=-1))


def entropy(p: ArrayLike) -> FloatArray:
    r"""Return the mean surprise that is left to one who knows p.

    .. math:: H(p) = -\sum_{k=1}^{K} p_k \log p_k, \qquad 0 \log 0 = 0

    Parameters
    ----------
    p : array_like of shape (..., K)
        Probabilities. The last axis sums to 1.

    Returns
    -------
    ndarray of shape (...), or float
        From 0 (one class is certain) to log K (all are equally likely).

    Raises
    ------
    TypeError
        If `p` does not hold real numbers.
    ValueError
        If a row of `p` is not a distribution.

    Examples
    --------
    >>> from textbook.softmax_regression import entropy
    >>> entropy([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4]).round(4).tolist()
    [0.0, 0.6931, 1.3863]
    """
    p = _check_distribution("p", p)

    return cross_entropy(p, p)


def kl_divergence(p: ArrayLike, q: ArrayLike) -> FloatArray:
    r"""Return what expecting q instead of the true p costs, on top of the entropy of p.

    .. math:: \operatorname{KL}(p \,\|\, q) = \sum_{k=1}^{K} p_k \log \frac{p_k}{q_k}
        = H(p, q) - H(p)

    Parameters
    ----------
    p : array_like of shape (..., K)
        Target probabilities. The last axis sums to 1.
    q : array_like of the shape of `p`
        Predicted probabilities.

    Returns
    -------
    ndarray of shape (...), or float
        At least 0, and 0 only where q is p.

    Raises
    ------
    TypeError
        If `p` or `q` does not hold real numbers.
    ValueError
        If the shapes differ, or a row of `p` or `q` is not a distribution.

    Warnings
    --------
    PyTorch's `kl_div` takes log q first and p second.

    References
    ----------
    Kullback and Leibler (1951), On information and sufficiency.

    Examples
    --------
    >>> from textbook.softmax_regression import cross_entropy, entropy, kl_divergence
    >>> p, q = [0.7, 0.2, 0.1], [0.5, 0.3, 0.2]
    >>> round(kl_divergence(p, q), 6), round(cross_entropy(p, q) - entropy(p), 6)
    (0.085123, 0.085123)
    """
    p, q = _check_distribution("p", p), _check_distribution("q", q)
    check_same_shape("q", q, "p", p)

    with np.errstate(divide="ignore"):  # where p is 0, the term is 0 whatever q is
        logs = np.log(np.where(p > 0, p, 1)) - np.log(np.where(p > 0, q, 1))
    return as_plain(np.sum(p * logs, axis=-1))


def squared_distance(p: ArrayLike, q: ArrayLike) -> FloatArray:
    r"""Return the squared distance between two distributions, never above 2.

    .. math:: \lVert p - q \rVert^2 = \sum_{k=1}^{K} (p_k - q_k)^2

    Parameters
    ----------
    p : array_like of shape (..., K)
        Target probabilities. The last axis sums to 1.
    q : array_like of the shape of `p`
        Predicted probabilities.

    Returns
    -------
    ndarray of shape (...), or float

    Raises
    ------
    TypeError
        If `p` or `q` does not hold real numbers.
    ValueError
        If the shapes differ, or a row of `p` or `q` is not a distribution.

    Examples
    --------
    As wrong as can be, and on the way there:

    >>> from textbook.softmax_regression import squared_distance
    >>> squared_distance([[1, 0], [1, 0]], [[0, 1], [0.5, 0.5]]).tolist()
    [2.0, 0.5]
    """
    p, q = _check_distribution("p", p), _check_distribution("q", q)
    check_same_shape("q", q, "p", p)

    return as_plain(np.sum((p - q) ** 2, axis=-1))


def probabilities(x: ArrayLike, theta: ArrayLike) -> FloatArray:
    r"""Return for each example the probability of each class.

    .. math:: a_{ik} = P(y^{(i)} = k \mid x_i; \Theta)
        = \frac{e^{\theta_k^T x_i}}{\sum_{j=1}^{K} e^{\theta_j^T x_i}}

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    theta : array_like of shape (n + 1, K)
        A column of weights for each class.

    Returns
    -------
    ndarray of shape (m, K)

    Raises
    ------
    TypeError
        If `x` or `theta` does not hold real numbers.
    ValueError
        If the shapes do not fit, or `x` or `theta` is empty or not finite.

    Examples
    --------
    The same number added to a whole row of theta changes nothing:

    >>> from textbook.softmax_regression import probabilities
    >>> x = [[1, 3, 1]]
    >>> probabilities(x, [[-1, 0, 3], [1, 0, -1], [0, 1, -1]]).round(4).tolist()
    [[0.7054, 0.2595, 0.0351]]
    >>> probabilities(x, [[-1, 0, 3], [6, 5, 4], [0, 1, -1]]).round(4).tolist()
    [[0.7054, 0.2595, 0.0351]]
    """
    x, theta = _check_model(x, theta)

    return softmax(x @ theta)


def predict(x: ArrayLike, theta: ArrayLike) -> NDArray[np.int_]:
    r"""Return the likeliest class of each example; of equals, the first.

    .. math:: \hat y^{(i)} = \arg\max_k a_{ik} = \arg\max_k \theta_k^T x_i

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    theta : array_like of shape (n + 1, K)

    Returns
    -------
    ndarray of int of shape (m,)

    Raises
    ------
    TypeError
        If `x` or `theta` does not hold real numbers.
    ValueError
        If the shapes do not fit, or `x` or `theta` is empty or not finite.

    Examples
    --------
    The third point scores 2 in its first two classes:

    >>> from textbook.softmax_regression import predict
    >>> theta = [[-1, 0, 3], [1, 0, -1], [0, 1, -1]]
    >>> predict([[1, 0, 0], [1, 1, 3], [1, 3, 2]], theta).tolist()
    [2, 1, 0]
    """
    x, theta = _check_model(x, theta)

    likeliest: NDArray[np.int_] = np.argmax(x @ theta, axis=1)
    return likeliest


def cost(
    x: ArrayLike, y: ArrayLike, theta: ArrayLike, regularization: float = 0.0
) -> float:
    r"""Return the mean cross entropy over the batch, and the penalty on large weights.

    .. math::
        J(\Theta) = -\frac1m \sum_{i=1}^{m} \sum_{k=1}^{K} y_{ik} \log a_{ik}
        + \frac{\lambda}{2m} \sum_{j=1}^{n} \sum_{k=1}^{K} \theta_{jk}^2

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m, K)
        A row of target probabilities for each example, mostly from `one_hot`.
    theta : array_like of shape (n + 1, K)
    regularization : float, default 0.0
        The letter lambda, at least 0. Row 0 of theta, the intercepts, is not penalized.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, an array is empty or not finite, a row of `y` is not a
        distribution, or `regularization` is negative.

    Warnings
    --------
    PyTorch's `cross_entropy` takes scores, as this function does, and not probabilities: who
    hands it the output of a softmax applies the softmax twice.

    Examples
    --------
    Two examples, each right with probability 0.7054 and 0.9362, and their mean surprise:

    >>> from textbook.softmax_regression import cost, one_hot
    >>> x, y = [[1, 3, 1], [1, 1, 3]], one_hot([0, 1], classes=3)
    >>> theta = [[-1, 0, 3], [1, 0, -1], [0, 1, -1]]
    >>> round(cost(x, y, theta), 4)
    0.2074

    Lambda = 2 and m = 2 add half of 1 + 1 + 1 + 1; the intercepts -1 and 3 do not enter:

    >>> round(cost(x, y, theta, regularization=2), 4)
    2.2074
    """
    x, theta = _check_model(x, theta)
    y = _check_targets(x, y, theta.shape[1])
    regularization = check_number("regularization", regularization, at_least=0)

    losses = -np.sum(y * log_softmax(x @ theta), axis=1)
    penalty = regularization / (2 * len(y)) * np.sum(theta[1:] ** 2)
    return float(np.mean(losses) + penalty)


def gradient(
    x: ArrayLike, y: ArrayLike, theta: ArrayLike, regularization: float = 0.0
) -> FloatArray:
    r"""Return the slope of `cost` in each weight of each class.

    .. math::
        \nabla_\Theta J = \frac1m X^T (A - Y) + \frac{\lambda}{m}
        \begin{pmatrix} 0 \\ \Theta_{1 \dots n} \end{pmatrix}

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m, K)
        A row of target probabilities for each example.
    theta : array_like of shape (n + 1, K)
    regularization : float, default 0.0
        The letter lambda, at least 0.

    Returns
    -------
    ndarray of shape (n + 1, K)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, an array is empty or not finite, a row of `y` is not a
        distribution, or `regularization` is negative.

    Examples
    --------
    One example of class 0. Its errors are 0.7054 - 1, 0.2595 and 0.0351, and each row of the
    gradient is a feature (1, 3 or 1) times these:

    >>> from textbook.softmax_regression import gradient, one_hot
    >>> theta = [[-1, 0, 3], [1, 0, -1], [0, 1, -1]]
    >>> gradient([[1, 3, 1]], one_hot([0], 3), theta).round(4).tolist()
    [[-0.2946, 0.2595, 0.0351], [-0.8838, 0.7785, 0.1054], [-0.2946, 0.2595, 0.0351]]
    """
    x, theta = _check_model(x, theta)
    y = _check_targets(x, y, theta.shape[1])
    regularization = check_number("regularization", regularization, at_least=0)

    m = len(y)
    error = softmax(x @ theta) - y
    penalized = np.concatenate([np.zeros_like(theta[:1]), theta[1:]])
    return x.T @ error / m + regularization / m * penalized


def gradient_descent(
    x: ArrayLike,
    y: ArrayLike,
    learning_rate: float,
    steps: int,
    regularization: float = 0.0,
) -> FloatArray:
    r"""Go down the cost with all examples at once, from theta = 0, and return every theta.

    .. math:: \Theta^{(t+1)} = \Theta^{(t)} - \alpha \nabla_\Theta J(\Theta^{(t)}),
        \qquad \Theta^{(0)} = 0

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m, K)
        A row of target probabilities for each example.
    learning_rate : float above 0
        The letter alpha.
    steps : int
    regularization : float, default 0.0
        The letter lambda, at least 0.

    Returns
    -------
    ndarray of shape (steps + 1, n + 1, K)
        The start comes first, the result last.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or `steps` is not a whole number.
    ValueError
        If the shapes do not fit, an array is empty or not finite, a row of `y` is not a
        distribution, a setting lies outside its range, or theta overflows.

    Examples
    --------
    Three points, one for each class, from even chances (log 3 = 1.0986) down:

    >>> from textbook.softmax_regression import cost, gradient_descent, one_hot
    >>> x, y = [[1, 0, 0], [1, 1, 3], [1, 3, 1]], one_hot([2, 1, 0], classes=3)
    >>> path = gradient_descent(x, y, learning_rate=0.5, steps=100)
    >>> [round(cost(x, y, path[t]), 4) for t in (0, 1, 10, 100)]
    [1.0986, 0.7209, 0.2437, 0.0243]
    """
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    check_count("steps", steps)
    regularization = check_number("regularization", regularization, at_least=0)
    x, y = _check_data(x, y)

    path = [np.zeros_like(x, shape=(x.shape[1], y.shape[1]))]
    for _ in range(steps):
        with np.errstate(over="ignore"):  # told in words, below
            theta = path[-1] - learning_rate * gradient(x, y, path[-1], regularization)
        path.append(_check_size(theta, learning_rate))
    return np.stack(path)


def stochastic_gradient_descent(
    x: ArrayLike,
    y: ArrayLike,
    learning_rate: float,
    epochs: int,
    rng: np.random.Generator,
    regularization: float = 0.0,
) -> FloatArray:
    r"""Go down the cost one example at a time, in a new order in every epoch.

    .. math:: \Theta \leftarrow \Theta - \alpha \Bigl( x_i\, (a_i - y_i)^T + \frac{\lambda}{m}
        \begin{pmatrix} 0 \\ \Theta_{1 \dots n} \end{pmatrix} \Bigr)

    Parameters
    ----------
    x : array_like of shape (m, n + 1)
        Examples as rows, the column of ones included.
    y : array_like of shape (m, K)
        A row of target probabilities for each example.
    learning_rate : float above 0
        The letter alpha.
    epochs : int
        How often each example is shown.
    rng : numpy.random.Generator
        Draws the orders.
    regularization : float, default 0.0
        The letter lambda, at least 0.

    Returns
    -------
    ndarray of shape (epochs + 1, n + 1, K)
        Theta at the start, which is 0, and after each epoch.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, `epochs` is not a whole number, or `rng` is not
        a generator.
    ValueError
        If the shapes do not fit, an array is empty or not finite, a row of `y` is not a
        distribution, a setting lies outside its range, or theta overflows.

    References
    ----------
    Robbins and Monro (1951), A stochastic approximation method.

    Examples
    --------
    Each epoch takes as many steps as there are examples, here three:

    >>> import numpy as np
    >>> from textbook.softmax_regression import cost, one_hot, stochastic_gradient_descent
    >>> x, y = [[1, 0, 0], [1, 1, 3], [1, 3, 1]], one_hot([2, 1, 0], classes=3)
    >>> path = stochastic_gradient_descent(x, y, 0.5, epochs=100, rng=np.random.default_rng(0))
    >>> [round(cost(x, y, path[t]), 4) for t in (0, 1, 10, 100)]
    [1.0986, 0.8209, 0.07, 0.0073]
    """
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    check_count("epochs", epochs)
    check_generator(rng)
    regularization = check_number("regularization", regularization, at_least=0)
    x, y = _check_data(x, y)

    share = regularization / len(y)  # of the penalty, for one example
    path = [np.zeros_like(x, shape=(x.shape[1], y.shape[1]))]
    for _ in range(epochs):
        theta = path[-1]
        for i in rng.permutation(len(y)):
            one_x, one_y = x[i : i + 1], y[i : i + 1]
            with np.errstate(over="ignore"):  # told in words, below
                theta = theta - learning_rate * gradient(one_x, one_y, theta, share)
            theta = _check_size(theta, learning_rate)
        path.append(theta)
    return np.stack(path)


def confusion_matrix(
    labels: ArrayLike, predicted: ArrayLike, classes: int
) -> NDArray[np.int_]:
    r"""Count how often each class was taken for each other.

    .. math:: C_{jk} = \#\{\, i : y^{(i)} = j,\ \hat y^{(i)} = k \,\}

    Parameters
    ----------
    labels : array_like of shape (m,)
        True classes, from 0 to `classes` - 1.
    predicted : array_like of shape (m,)
        The answers, in the same order.
    classes : int

    Returns
    -------
    ndarray of int of shape (classes, classes)
        A row for each true class, a column for each answer; the right answers are on the diagonal.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `classes` is not a whole number.
    ValueError
        If the shapes differ, an array holds anything but classes, or `classes` is below 1.

    Examples
    --------
    A 0 that was read as a 1, and a 1 that was read as a 2 twice:

    >>> from textbook.softmax_regression import confusion_matrix
    >>> confusion_matrix([0, 0, 1, 1, 2], [0, 1, 2, 2, 2], classes=3).tolist()
    [[1, 1, 0], [0, 0, 2], [0, 0, 1]]
    """
    check_count("classes", classes, at_least=1)
    labels = _check_classes("labels", labels, classes)
    predicted = _check_classes("predicted", predicted, classes)
    check_same_shape("predicted", predicted, "labels", labels)

    cells = labels.astype(np.int_) * classes + predicted.astype(np.int_)
    counts = np.bincount(cells, minlength=classes * classes)
    return counts.reshape(classes, classes).astype(np.int_)


def _check_scores(z: ArrayLike) -> FloatArray:
    z = as_finite_array("z", z)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(
            f"z must have shape (..., K) with at least one class, got shape {z.shape}"
        )
    return z


def _check_distribution(name: str, value: ArrayLike) -> FloatArray:
    p = as_float_array(name, value)
    if p.ndim == 0 or p.shape[-1] == 0:
        raise ValueError(
            f"{name} must have shape (..., K) with at least one class, got shape {p.shape}"
        )
    outside = p[~((p >= 0) & (p <= 1 + 1e-5))]
    if outside.size:
        raise ValueError(
            f"{name} must hold probabilities from 0 to 1, got {float(outside[0])}"
        )
    sums = p.sum(axis=-1)
    wrong = sums[np.abs(sums - 1) > 1e-5]  # float32 keeps seven digits
    if wrong.size:
        raise ValueError(
            f"{name} must sum to 1 along its last axis, got the sum {float(wrong[0]):.6g}"
        )
    return p


def _check_classes(name: str, value: ArrayLike, classes: int) -> FloatArray:
    labels = as_float_array(name, value, "m")
    wrong = labels[~np.isin(labels, np.arange(classes))]
    if wrong.size:
        raise ValueError(
            f"{name} must be whole numbers from 0 to {classes - 1}, got {float(wrong[0]):g}"
        )
    return labels


def _check_model(x: ArrayLike, theta: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x = as_batch("x", x, "m n+1")
    theta = as_finite_array("theta", theta, "n+1 K")
    if len(theta) != x.shape[1] or theta.shape[1] == 0:
        raise ValueError(
            f"theta must have a row for each column of x, shape ({x.shape[1]}, K), "
            f"got shape {theta.shape}"
        )
    return x, theta


def _check_targets(x: FloatArray, y: ArrayLike, classes: int) -> FloatArray:
    y = as_float_array("y", y, "m K")
    if y.shape != (len(x), classes):
        raise ValueError(
            f"y must have a row for each row of x and a column for each class, "
            f"shape {(len(x), classes)}, got shape {y.shape}"
        )
    return _check_distribution("y", y).astype(x.dtype)


def _check_data(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x = as_batch("x", x, "m n+1")
    y = as_float_array("y", y, "m K")
    return x, _check_targets(x, y, y.shape[1])


def _check_size(theta: FloatArray, learning_rate: float) -> FloatArray:
    with np.errstate(over="ignore", invalid="ignore"):
        finite = np.isfinite(np.sum(theta**2))  # its scores then are, too
    if not finite:
        raise ValueError(
            f"learning_rate must be smaller, got {learning_rate}: theta overflows"
        )
    return theta
