r"""Distributed representation: new coordinates, made so that a straight cut is enough.

No line parts a disc from the ring around it. Lifted to the height of its squared distance, the
ring floats above the disc, and a plane passes between them:

>>> from textbook.distributed_representation import lift
>>> lift([[0, 0], [1, 0], [0, -2], [2, 0]])[:, 2].tolist()
[0.0, 1.0, 4.0, 4.0]
"""

import math
from collections.abc import Sequence
from typing import Any

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
from textbook.activations import Activation
from textbook.backprop import (
    _check_network,
    backward_rows,
    forward_rows,
    gradient_step,
)
from textbook.gradient_descent import mini_batches
from textbook.logistic_regression import add_intercept
from textbook.softmax_regression import gradient_descent, one_hot, predict, softmax

__all__ = [
    "binary_code",
    "circle_plane",
    "count_patterns",
    "lift",
    "linear_readout",
    "most_regions",
    "readout_accuracy",
    "rings",
    "separable_labelings",
    "train_classifier",
]


def lift(x: ArrayLike) -> FloatArray:
    r"""Give each point of the plane its squared distance from the origin as a height.

    .. math:: (x_1, x_2) \mapsto (x_1, x_2, x_1^2 + x_2^2)

    Parameters
    ----------
    x : array_like of shape (m, 2)

    Returns
    -------
    ndarray of shape (m, 3)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` does not have two columns, is empty or is not finite.

    See Also
    --------
    circle_plane : the plane that cuts the lifted points along a given circle.

    Examples
    --------
    >>> from textbook.distributed_representation import lift
    >>> lift([[1, -2], [3, 0.5]]).tolist()
    [[1.0, -2.0, 5.0], [3.0, 0.5, 9.25]]
    """
    x = as_batch("x", x, "m 2")
    if x.shape[1] != 2:
        raise ValueError(f"x must have shape (m, 2), got shape {x.shape}")

    return np.column_stack([x, np.sum(x**2, axis=1)])


def circle_plane(center: ArrayLike, radius: float) -> FloatArray:
    r"""Return the plane that passes below the lifted outside of a circle and above its inside.

    .. math:: \theta = \bigl(\lVert c \rVert^2 - r^2,\ -2 c_1,\ -2 c_2,\ 1\bigr), \qquad
        \theta^T (1, x_1, x_2, x_1^2 + x_2^2) = \lVert x - c \rVert^2 - r^2

    Parameters
    ----------
    center : array_like of shape (2,)
        The letter c.
    radius : float above 0
        The letter r.

    Returns
    -------
    ndarray of shape (4,)
        Weights of the lifted points, the intercept first; the score is positive outside.

    Raises
    ------
    TypeError
        If `center` does not hold real numbers or `radius` is not a number.
    ValueError
        If `center` does not have two finite entries or `radius` is not above 0.

    Examples
    --------
    The circle of radius 5 around (1, 0): inside, on it, outside.

    >>> from textbook.distributed_representation import circle_plane, lift
    >>> from textbook.logistic_regression import add_intercept
    >>> theta = circle_plane([1, 0], 5)
    >>> theta.tolist()
    [-24.0, -2.0, 0.0, 1.0]
    >>> (add_intercept(lift([[1, 0], [4, 4], [-5, 0]])) @ theta).tolist()
    [-25.0, 0.0, 11.0]
    """
    center = as_finite_array("center", center, "2")
    if center.shape != (2,):
        raise ValueError(f"center must have shape (2,), got shape {center.shape}")
    radius = check_number("radius", radius, above=0)

    c1, c2 = center
    theta = [c1**2 + c2**2 - radius**2, -2 * c1, -2 * c2, 1]
    return np.array(theta, center.dtype) + 0.0  # no -0.0


def rings(m: int, rng: np.random.Generator) -> tuple[FloatArray, NDArray[np.int_]]:
    r"""Draw points of a disc, and of a ring around it that keeps its distance.

    .. math:: x = r\,(\cos \varphi, \sin \varphi), \qquad
        r \in \begin{cases} [0, 1] & y = 1 \\ [1.5, 2.5] & y = 0 \end{cases}

    Parameters
    ----------
    m : int
        How many points of each kind, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray of shape (2 m, 2)
        The disc first. Radius and angle are uniform, so the points crowd towards the middle.
    labels : ndarray of int of shape (2 m,)
        1 in the disc, 0 in the ring.

    Raises
    ------
    TypeError
        If `m` is not a whole number or `rng` is not a generator.
    ValueError
        If `m` is less than 1.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.distributed_representation import rings
    >>> x, labels = rings(500, np.random.default_rng(0))
    >>> radius = np.linalg.norm(x, axis=1)
    >>> round(float(radius[labels == 1].max()), 2), round(float(radius[labels == 0].min()), 2)
    (1.0, 1.5)
    """
    check_count("m", m, at_least=1)
    check_generator(rng)

    labels = np.repeat([1, 0], m)
    angle = rng.uniform(0, 2 * np.pi, size=2 * m)
    radius = rng.uniform(size=2 * m) + np.where(labels == 1, 0, 1.5)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), labels


def linear_readout(
    a: ArrayLike, labels: ArrayLike, classes: int, steps: int = 200
) -> FloatArray:
    r"""Fit softmax regression to the activations of a layer: what a linear layer could read there.

    .. math:: \min_\Theta\ -\frac1m \sum_{i=1}^{m} \log P(y = y_i \mid a_i; \Theta)

    Parameters
    ----------
    a : array_like of shape (m, d)
        Activations of the layer, or any other features; without a column of ones.
    labels : array_like of shape (m,)
        Whole numbers from 0 to `classes` - 1.
    classes : int
        The letter K, at least 1.
    steps : int, default 200
        Steps of gradient descent.

    Returns
    -------
    ndarray of shape (d + 1, K)
        The intercepts first.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `classes` or `steps` is not a whole number.
    ValueError
        If the shapes do not fit, `a` is empty or not finite, a label is not one of the classes,
        or `steps` is negative.

    Notes
    -----
    Descent runs in coordinates in which the columns are orthonormal, up to a factor. There no
    curvature of the cost exceeds 1/2, so that a learning rate of 2 never goes uphill, and what is
    found does not depend on the scale of a feature or on how features are mixed.

    References
    ----------
    Alain and Bengio (2016), Understanding intermediate layers using linear classifier probes.

    Examples
    --------
    Can exclusive or be read linearly? Not as it stands; with the product of the two inputs beside
    them it can.

    >>> from textbook.distributed_representation import linear_readout, readout_accuracy
    >>> flat, labels = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> lifted = [[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 1]]
    >>> for a in (flat, lifted):
    ...     print(readout_accuracy(a, labels, linear_readout(a, labels, classes=2)) == 1)
    False
    True
    """
    a = as_batch("a", a, "m d")
    check_count("classes", classes, at_least=1)
    y = _check_one_label_each(a, "a", labels, classes)
    check_count("steps", steps)

    m = len(a)
    u, s, v = np.linalg.svd(add_intercept(a), full_matrices=False)
    kept = s > s[0] * max(a.shape) * np.finfo(a.dtype).eps
    x = u[:, kept] * math.sqrt(m)
    theta = gradient_descent(x, y, 2, steps)[-1]
    readout: FloatArray = (v[kept].T / s[kept]) @ theta * math.sqrt(m)
    return readout


def readout_accuracy(a: ArrayLike, labels: ArrayLike, theta: ArrayLike) -> float:
    r"""Return the share of examples whose class has the largest of the linear scores.

    .. math:: \frac1m \#\Bigl\{ i : \arg\max_k\, \theta_k^T (1, a_i) = y_i \Bigr\}

    Parameters
    ----------
    a : array_like of shape (m, d)
        Activations of a layer, or any other features; without a column of ones.
    labels : array_like of shape (m,)
        Whole numbers from 0 to K - 1.
    theta : array_like of shape (d + 1, K)

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, `a` is empty, `a` or `theta` is not finite, or a label is not one
        of the K classes.

    Warnings
    --------
    A share of 1 proves that the classes can be separated, since `theta` does it. A smaller one
    proves nothing: another `theta` may do better.

    Examples
    --------
    Class 1 wherever the only feature is above 3:

    >>> from textbook.distributed_representation import readout_accuracy
    >>> readout_accuracy([[1], [2], [4], [5]], [0, 1, 1, 1], [[0, -3], [0, 1]])
    0.75
    """
    a = as_batch("a", a, "m d")
    theta = as_finite_array("theta", theta, "d+1 K")
    if theta.shape[0] != a.shape[1] + 1 or theta.shape[1] == 0:
        raise ValueError(
            f"theta must have shape ({a.shape[1] + 1}, K) to go with a, got shape {theta.shape}"
        )
    _check_one_label_each(a, "a", labels, theta.shape[1])

    return float(np.mean(predict(add_intercept(a), theta) == np.asarray(labels)))


def separable_labelings(points: int, dimension: int) -> int:
    r"""Count the ways to mark points with two labels so that a plane separates them.

    .. math:: C(m, n) = 2 \sum_{k=0}^{n} \binom{m - 1}{k}

    Parameters
    ----------
    points : int
        The letter m, at least 1. They are in general position: no three on a line, no four on a
        plane, and so on.
    dimension : int
        The letter n, of the space in which the points lie, at least 0.

    Returns
    -------
    int
        Out of 2^m.

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If `points` is less than 1 or `dimension` is negative.

    References
    ----------
    Cover (1965), Geometrical and statistical properties of systems of linear inequalities with
    applications in pattern recognition.

    Examples
    --------
    Of the 16 ways to mark the corners of a square, a line manages all but the two of exclusive or.
    Four points in space are never too many:

    >>> from textbook.distributed_representation import separable_labelings
    >>> separable_labelings(4, dimension=2), separable_labelings(4, dimension=3)
    (14, 16)
    """
    check_count("points", points, at_least=1)
    check_count("dimension", dimension)

    return 2 * most_regions(points - 1, dimension)


def most_regions(units: int, dimension: int) -> int:
    r"""Count the regions into which hyperplanes cut a space, one for each unit of a ReLU layer.

    .. math:: r(d_1, d_0) = \sum_{k=0}^{d_0} \binom{d_1}{k}

    Parameters
    ----------
    units : int
        The letter d_1, at least 0.
    dimension : int
        The letter d_0, of the space that is cut, at least 0.

    Returns
    -------
    int
        Reached when the hyperplanes are in general position; no arrangement has more.

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If an argument is negative.

    References
    ----------
    Pascanu, Montúfar and Bengio (2014), On the number of response regions of deep feed forward
    networks with piece-wise linear activations.

    Examples
    --------
    Each further line meets all earlier ones and adds one region more than it meets lines:

    >>> from textbook.distributed_representation import most_regions
    >>> [most_regions(units, dimension=2) for units in range(6)]
    [1, 2, 4, 7, 11, 16]

    As long as there are at least as many dimensions as units, every on-off pattern occurs:

    >>> [most_regions(units, dimension=5) for units in range(6)]
    [1, 2, 4, 8, 16, 32]
    """
    check_count("units", units)
    check_count("dimension", dimension)

    return sum(math.comb(units, k) for k in range(dimension + 1))


def count_patterns(z: ArrayLike) -> int:
    r"""Count the different on-off patterns that a batch calls forth in a layer of ReLUs.

    .. math:: \#\bigl\{ (1\{z_{i1} > 0\}, \dots, 1\{z_{id} > 0\}) : i = 1, \dots, m \bigr\}

    Parameters
    ----------
    z : array_like of shape (m, d)
        Scores of the layer, before the bend.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.
    ValueError
        If `z` is not two-dimensional, is empty or is not finite.

    Examples
    --------
    The first and the third example switch on the second unit alone; a score of 0 is off.

    >>> from textbook.distributed_representation import count_patterns
    >>> count_patterns([[-1, 2], [3, 2], [0, 0.5]])
    2
    """
    z = as_batch("z", z, "m d")

    return len({row.tobytes() for row in z > 0})


def binary_code(numbers: ArrayLike, units: int) -> FloatArray:
    r"""Write whole numbers with units that are on or off, several at once.

    .. math:: k = \sum_{j=1}^{n} 2^{\,n - j}\, a_j, \qquad a_j \in \{0, 1\}

    Parameters
    ----------
    numbers : array_like of shape (m,)
        The letter k, from 0 to 2^n - 1.
    units : int
        The letter n, from 1 to 52.

    Returns
    -------
    ndarray of shape (m, n)
        The largest power of 2 comes first.

    Raises
    ------
    TypeError
        If `numbers` does not hold real numbers or `units` is not a whole number.
    ValueError
        If a number is not whole or does not fit into the units, or `units` lies outside its range.

    See Also
    --------
    textbook.softmax_regression.one_hot : a unit for each number, and only one of them on.

    Examples
    --------
    >>> from textbook.distributed_representation import binary_code
    >>> binary_code([1, 6], units=3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    numbers = as_float_array("numbers", numbers, "m")
    check_count("units", units, at_least=1)
    if units > 52:
        raise ValueError(f"units must be at most 52, got {units}")
    wrong = numbers[
        ~((numbers >= 0) & (numbers < 2**units)) | (numbers != np.floor(numbers))
    ]
    if wrong.size:
        raise ValueError(
            f"numbers must be whole and from 0 to {2**units - 1}, got {float(wrong[0]):g}"
        )

    powers = 2.0 ** np.arange(units)[::-1]
    bits: FloatArray = (numbers[:, None] // powers % 2).astype(numbers.dtype)
    return bits


def train_classifier(
    x: ArrayLike,
    labels: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    learning_rate: float,
    epochs: int,
    rng: np.random.Generator,
    activations: Sequence[Activation] | None = None,
    batch_size: int = 50,
) -> tuple[list[NDArray[Any]], list[NDArray[Any]]]:
    r"""Train a network on the cross entropy of its softmax, a few examples to a step.

    .. math:: e^{(L)} = \nabla_A J \odot f'\bigl(Z^{(L)}\bigr), \qquad
        \nabla_A J = \frac1b \bigl(\operatorname{softmax}(A) - Y\bigr)

    Parameters
    ----------
    x : array_like of shape (m, d_0)
    labels : array_like of shape (m,)
        Whole numbers from 0 to d_L - 1: the network ends in one score for each class.
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^(l), of shape (d_(l-1), d_l).
    biases : sequence of L array_like of shape (d_l,)
    learning_rate : float above 0
        The letter alpha.
    epochs : int
        How often each example is used.
    rng : numpy.random.Generator
        Shuffles the examples before each epoch.
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise; scores want the identity in the last.
    batch_size : int, default 50
        The letter b, at least 1; the last batch of an epoch may be smaller.

    Returns
    -------
    weights : list of L ndarrays
    biases : list of L ndarrays

    Raises
    ------
    TypeError
        If an array does not hold real numbers, a setting is not a number, or `rng` is not a
        generator.
    ValueError
        If the shapes do not fit together, a label is not one of the classes, or a setting lies
        outside its range.

    Examples
    --------
    Two ReLUs learn exclusive or from a start close to the answer of the chapter on activations:

    >>> import numpy as np
    >>> from textbook.activations import identity, relu
    >>> from textbook.backprop import forward_rows
    >>> from textbook.distributed_representation import train_classifier
    >>> x, labels = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> weights, biases = [[[1, 1], [1, 1]], [[0, 1], [0, -2]]], [[0, -1], [0, 0]]
    >>> trained = train_classifier(
    ...     x, labels, weights, biases, 0.5, 100, np.random.default_rng(0), [relu, identity]
    ... )
    >>> _, a = forward_rows(x, *trained, [relu, identity])
    >>> a[-1].argmax(axis=1).tolist()
    [0, 1, 1, 0]
    """
    x = as_batch("x", x, "m d_0")
    weights, biases, activations = _check_network(
        x.shape[1], weights, biases, activations
    )
    y = _check_one_label_each(x, "x", labels, weights[-1].shape[1])
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    check_count("epochs", epochs)
    check_generator(rng)
    check_count("batch_size", batch_size, at_least=1)

    m = len(x)
    for _ in range(epochs):
        for batch in mini_batches(m, min(batch_size, m), rng):
            z, a = forward_rows(x[batch], weights, biases, activations)
            da = (softmax(a[-1]) - y[batch]) / len(batch)
            slopes = backward_rows(da, weights, z, a, activations)
            weights = gradient_step(weights, slopes[0], learning_rate)
            biases = gradient_step(biases, slopes[1], learning_rate)
    return weights, biases


def _check_one_label_each(
    x: FloatArray, name: str, labels: ArrayLike, classes: int
) -> FloatArray:
    """Return the labels as one-hot rows after making sure that they go with the rows of `x`."""
    y = one_hot(labels, classes).astype(x.dtype)
    if len(y) != len(x):
        raise ValueError(
            f"labels must have one entry for each row of {name}, {len(x)}, got {len(y)}"
        )
    return y
