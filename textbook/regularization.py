r"""Regularization: weight decay, more images out of the same images, early stopping, dropout.

One step that shrinks a weight, one image seen in a mirror, one layer with units left out:

>>> import numpy as np
>>> from textbook.regularization import decay_step, dropout, mirror
>>> decay_step([[10.0]], [[0.0]], learning_rate=0.1, regularization=2, m=100)[0].round(4).tolist()
[9.98]
>>> mirror([[1, 2, 3]]).tolist()
[[3.0, 2.0, 1.0]]
>>> y, mask = dropout(np.ones(5), keep_prob=0.8, rng=np.random.default_rng(1))
>>> y.tolist()
[1.25, 0.0, 1.25, 0.0, 1.25]
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_arrays,
    as_batch,
    as_finite_array,
    as_float_array,
    check_count,
    check_generator,
    check_number,
    check_same_shape,
)

__all__ = [
    "best_epoch",
    "crop",
    "decay_step",
    "dropout",
    "dropout_backward",
    "l2_gradients",
    "l2_penalty",
    "mirror",
    "random_shifts",
    "shift",
    "should_stop",
]

Arrays = Sequence[ArrayLike]
BoolArray = NDArray[np.bool_]


def l2_penalty(weights: Arrays, regularization: float, m: int) -> float:
    r"""Return what a network's weights cost on top of its mean loss.

    .. math:: \frac{\lambda}{2m} \sum_{l=1}^{L} \bigl\lVert \theta^{[l]} \bigr\rVert^2

    Parameters
    ----------
    weights : sequence of L array_like
        Arrays of any shape. Leave the biases out.
    regularization : float
        The letter lambda, at least 0.
    m : int
        Examples in the training set, not in a mini-batch.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If there are no weights, one is not finite, `regularization` is negative or `m` is below 1.

    Examples
    --------
    The squares of 3, 4 and 1 add up to 26, and 2 / (2 · 100) times 26 is 0.26:

    >>> from textbook.regularization import l2_penalty
    >>> round(l2_penalty([[[3, 4]], [[-1]]], regularization=2, m=100), 4)
    0.26
    """
    weights = as_arrays("weights", weights)
    regularization = check_number("regularization", regularization, at_least=0)
    check_count("m", m, at_least=1)

    squares = sum(float(np.sum(theta**2)) for theta in weights)
    return regularization / (2 * m) * squares


def l2_gradients(weights: Arrays, regularization: float, m: int) -> list[FloatArray]:
    r"""Return the slope of `l2_penalty` in every weight.

    .. math:: \frac{\lambda}{m}\, \theta^{[l]}

    Parameters
    ----------
    weights : sequence of L array_like
    regularization : float
        The letter lambda, at least 0.
    m : int
        Examples in the training set.

    Returns
    -------
    list of L ndarrays, shaped like `weights`

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If there are no weights, one is not finite, `regularization` is negative or `m` is below 1.

    Examples
    --------
    The 2 in the penalty's denominator is gone, and the sign is the weight's own:

    >>> from textbook.regularization import l2_gradients
    >>> [g.round(4).tolist() for g in l2_gradients([[[3, 4]], [[-1]]], 2, m=100)]
    [[[0.06, 0.08]], [[-0.02]]]
    """
    weights = as_arrays("weights", weights)
    regularization = check_number("regularization", regularization, at_least=0)
    check_count("m", m, at_least=1)

    return [regularization / m * theta for theta in weights]


def decay_step(
    weights: Arrays,
    gradients: Arrays,
    learning_rate: float,
    regularization: float,
    m: int,
) -> list[FloatArray]:
    r"""Shrink every weight by one factor, and go one step down the slope of the loss.

    .. math:: \theta^{[l]} \leftarrow \Bigl(1 - \frac{\alpha \lambda}{m}\Bigr)\, \theta^{[l]}
        - \alpha \nabla_{\theta^{[l]}} J

    Parameters
    ----------
    weights : sequence of L array_like
        Arrays of any shape. Biases are not shrunk: give them a step without decay.
    gradients : sequence of L array_like, shaped like `weights`
        Slopes of the mean loss alone, without a penalty. What an optimizer makes of them may stand
        in their place; the decay then stays outside of it.
    learning_rate : float above 0
        The letter alpha.
    regularization : float
        The letter lambda, at least 0.
    m : int
        Examples in the training set.

    Returns
    -------
    list of L ndarrays, shaped like `weights`

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the shapes do not fit, a number is not finite or lies outside its range, or alpha times
        lambda exceeds m: the factor would be negative.

    Warnings
    --------
    Libraries' `weight_decay` is our lambda divided by m, and in their plain SGD and Adam it is
    added to the gradient. With momentum or Adam that is not this step.

    Examples
    --------
    With 1 - 0.1 · 2/100 = 0.998, and no slope at all, a thousand steps leave 13.5 %:

    >>> from textbook.regularization import decay_step
    >>> theta = [[1.0]]
    >>> for _ in range(1000):
    ...     theta = decay_step(theta, [[0.0]], learning_rate=0.1, regularization=2, m=100)
    >>> theta[0].round(4).tolist()
    [0.1351]
    """
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    regularization = check_number("regularization", regularization, at_least=0)
    check_count("m", m, at_least=1)
    weights, gradients = _check_step(weights, gradients)
    factor = _check_factor(learning_rate, regularization, m)

    return [
        factor * theta - learning_rate * slope
        for theta, slope in zip(weights, gradients, strict=True)
    ]


def mirror(images: ArrayLike) -> FloatArray:
    r"""Exchange left and right in every image.

    .. math:: y_{r, c} = x_{r,\, W - 1 - c}

    Parameters
    ----------
    images : array_like of shape (H, W), (H, W, C) or (m, H, W, C)
        One gray image, one image of up to 4 channels, or a batch. Gray images in a batch have one
        channel: write ``images[..., None]``.

    Returns
    -------
    ndarray of the shape of `images`

    Raises
    ------
    TypeError
        If `images` does not hold real numbers.
    ValueError
        If it has another number of axes, or more than 4 channels.

    Examples
    --------
    A 4 turns into something that is no digit:

    >>> from textbook.regularization import mirror
    >>> four = [[0, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1], [0, 0, 1, 0]]
    >>> for row in mirror(four).astype(int):
    ...     print("".join(".#"[pixel] for pixel in row))
    ..#.
    .#.#
    ####
    .#..
    """
    images = _check_images(images)

    return np.flip(images, axis=_columns(images)).copy()


def shift(images: ArrayLike, down: int, right: int, fill: float = 0.0) -> FloatArray:
    r"""Move every image by whole pixels; what leaves it is lost, what enters is `fill`.

    .. math:: y_{r, c} = x_{r - \text{down},\; c - \text{right}}

    Parameters
    ----------
    images : array_like of shape (H, W), (H, W, C) or (m, H, W, C)
    down : int
        Pixels, from -H to H; negative is up.
    right : int
        Pixels, from -W to W; negative is left.
    fill : float, default 0.0
        The paper: the value of pixels that were outside.

    Returns
    -------
    ndarray of the shape of `images`

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the axes are not those of images, an image would be moved by more than its own size,
        or `fill` is not finite.

    Examples
    --------
    >>> from textbook.regularization import shift
    >>> shift([[1, 2, 3], [4, 5, 6]], down=1, right=-1, fill=9).tolist()
    [[9.0, 9.0, 9.0], [2.0, 3.0, 9.0]]
    """
    images = _check_images(images)
    rows, columns = _rows(images), _columns(images)
    height, width = images.shape[rows], images.shape[columns]
    _check_move("down", down, height)
    _check_move("right", right, width)
    fill = check_number("fill", fill)

    border = [(0, 0)] * images.ndim
    border[rows], border[columns] = (abs(down),) * 2, (abs(right),) * 2
    padded = np.pad(images, border, constant_values=fill)
    return crop(padded, abs(down) - down, abs(right) - right, height, width)


def crop(images: ArrayLike, top: int, left: int, height: int, width: int) -> FloatArray:
    r"""Cut the same rectangle out of every image.

    .. math:: y_{r, c} = x_{\text{top} + r,\; \text{left} + c}, \qquad
        0 \le r < \text{height}, \quad 0 \le c < \text{width}

    Parameters
    ----------
    images : array_like of shape (H, W), (H, W, C) or (m, H, W, C)
    top : int
        The first row that stays, counted from 0.
    left : int
        The first column that stays.
    height : int
        How many rows stay.
    width : int
        How many columns stay.

    Returns
    -------
    ndarray of shape (height, width), (height, width, C) or (m, height, width, C)

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the axes are not those of images, or the rectangle does not lie within them.

    Examples
    --------
    >>> from textbook.regularization import crop
    >>> crop([[1, 2, 3], [4, 5, 6]], top=0, left=1, height=2, width=2).tolist()
    [[2.0, 3.0], [5.0, 6.0]]
    """
    images = _check_images(images)
    rows, columns = _rows(images), _columns(images)
    _check_span("top", top, "height", height, images.shape[rows])
    _check_span("left", left, "width", width, images.shape[columns])

    kept = [slice(None)] * images.ndim
    kept[rows] = slice(top, top + height)
    kept[columns] = slice(left, left + width)
    return images[tuple(kept)].copy()


def random_shifts(
    images: ArrayLike, most: int, rng: np.random.Generator, fill: float = 0.0
) -> FloatArray:
    r"""Move each image of a batch by its own draw of whole pixels, in both directions.

    .. math:: y_{i, r, c} = x_{i,\; r - u_i,\; c - v_i}, \qquad
        u_i, v_i \in \{-s, \dots, s\} \text{, all equally likely}

    Parameters
    ----------
    images : array_like of shape (m, H, W, C)
    most : int
        The letter s: the longest move, in pixels.
    rng : numpy.random.Generator
    fill : float, default 0.0
        The value of pixels that were outside.

    Returns
    -------
    ndarray of the shape of `images`

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the axes are not those of a batch, `most` exceeds the size of an image, or `fill`
        is not finite.

    Examples
    --------
    Five images of one white pixel in the middle, and where it went:

    >>> import numpy as np
    >>> from textbook.regularization import random_shifts
    >>> images = np.zeros((5, 3, 3, 1))
    >>> images[:, 1, 1] = 1
    >>> moved = random_shifts(images, 1, np.random.default_rng(0))
    >>> np.argwhere(moved)[:, 1:3].tolist()
    [[2, 0], [1, 0], [1, 0], [0, 0], [0, 2]]
    """
    images = as_float_array("images", images, "m H W C")
    images = _check_images(images)
    m, height, width, _ = images.shape
    _check_move("most", most, min(height, width), at_least=0)
    check_generator(rng)
    fill = check_number("fill", fill)

    border = [(0, 0), (most, most), (most, most), (0, 0)]
    padded = np.pad(images, border, constant_values=fill)
    u, v = rng.integers(-most, most + 1, size=(2, m, 1, 1))
    rows = most - u + np.arange(height)[:, None]
    columns = most - v + np.arange(width)
    moved: FloatArray = padded[np.arange(m)[:, None, None], rows, columns]
    return moved


def best_epoch(history: ArrayLike) -> int:
    r"""Return the epoch with the lowest validation cost; of equals, the first.

    .. math:: t^* = \min \Bigl\{ t : J_t = \min_{0 \le s \le T} J_s \Bigr\}

    Parameters
    ----------
    history : array_like of shape (T + 1,)
        The cost on the validation set after each epoch so far. For an accuracy, negate it.

    Returns
    -------
    int
        Counted from 0, as `history` is.

    Raises
    ------
    TypeError
        If `history` does not hold real numbers.
    ValueError
        If it is empty, has more than one axis, or holds a cost that is not finite.

    Examples
    --------
    >>> from textbook.regularization import best_epoch
    >>> best_epoch([0.9, 0.5, 0.4, 0.4, 0.6])
    2
    """
    history = as_batch("history", history, "T+1")

    return int(np.argmin(history))


def should_stop(history: ArrayLike, patience: int) -> bool:
    r"""Return whether the last `patience` epochs have brought no new best validation cost.

    .. math:: T - t^* \ge \text{patience}

    Parameters
    ----------
    history : array_like of shape (T + 1,)
        The cost on the validation set after each epoch so far.
    patience : int
        How many epochs in a row may fail to improve, at least 1.

    Returns
    -------
    bool

    Raises
    ------
    TypeError
        If `history` does not hold real numbers, or `patience` is not a whole number.
    ValueError
        If `history` is empty, has more than one axis or is not finite, or `patience` is below 1.

    See Also
    --------
    best_epoch : the epoch whose weights are to be kept; it lies `patience` epochs back.

    Examples
    --------
    One bad epoch is forgiven with a patience of 2, the second is not:

    >>> from textbook.regularization import should_stop
    >>> costs = [0.9, 0.5, 0.4, 0.45, 0.41]
    >>> [should_stop(costs[: t + 1], patience=2) for t in range(5)]
    [False, False, False, False, True]
    """
    history = as_batch("history", history, "T+1")
    check_count("patience", patience, at_least=1)

    return len(history) - 1 - best_epoch(history) >= patience


def dropout(
    a: ArrayLike, keep_prob: float, rng: np.random.Generator
) -> tuple[FloatArray, BoolArray]:
    r"""Set each activation to 0 with probability 1 - keep_prob, and enlarge the others.

    .. math:: y = \frac{a \odot d}{p}, \qquad
        d \text{ independently } \begin{cases}
        1 & \text{with probability } p \\ 0 & \text{with probability } 1 - p \end{cases}

    Parameters
    ----------
    a : array_like of any shape with at least one axis
        Activations of one layer in training: for a batch, one example a row.
    keep_prob : float
        The letter p: above 0 and at most 1, where nothing is dropped.
    rng : numpy.random.Generator

    Returns
    -------
    y : ndarray of the shape of `a`
        Its mean over all masks is `a`, so at test time `a` is used as it is, without this function.
    mask : ndarray of the shape of `a`
        As bool: which units were kept. The way back needs it.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `a` has no axis or is not finite, or `keep_prob` lies outside its range.

    Warnings
    --------
    Many libraries ask for the probability of dropping, 1 - p. Srivastava et al. (2014) keep with
    probability p as well, but leave the division out and multiply the weights by p at test time.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), Dropout: a simple way to
    prevent neural networks from overfitting, Journal of Machine Learning Research 15.

    Examples
    --------
    What is kept is divided by 0.8; a fifth is dropped on average, here two of five:

    >>> import numpy as np
    >>> from textbook.regularization import dropout
    >>> y, mask = dropout([1, 2, 3, 4, 5], keep_prob=0.8, rng=np.random.default_rng(1))
    >>> y.round(4).tolist(), mask.tolist()
    ([1.25, 0.0, 3.75, 0.0, 6.25], [True, False, True, False, True])
    """
    a = as_finite_array("a", a)
    if a.ndim == 0:
        raise ValueError(f"a must have at least one axis, got shape {a.shape}")
    keep_prob = check_number("keep_prob", keep_prob, above=0, at_most=1)
    check_generator(rng)

    mask = rng.random(a.shape) < keep_prob
    return a * mask / keep_prob, mask


def dropout_backward(dy: ArrayLike, mask: ArrayLike, keep_prob: float) -> FloatArray:
    r"""Send slopes back through the units that were kept, enlarged as these were.

    .. math:: \frac{\partial J}{\partial a} = \frac{1}{p}\,
        \frac{\partial J}{\partial y} \odot d

    Parameters
    ----------
    dy : array_like of any shape
        The slope of the cost in each output of `dropout`.
    mask : array_like of the shape of `dy`
        As `dropout` returned it, in bool.
    keep_prob : float
        The one that was used on the way forward.

    Returns
    -------
    ndarray of the shape of `dy`

    Raises
    ------
    TypeError
        If `dy` does not hold real numbers, `mask` is not made of bools or `keep_prob` is no number.
    ValueError
        If the shapes differ, or `keep_prob` lies outside 0 to 1.

    Examples
    --------
    >>> from textbook.regularization import dropout_backward
    >>> dropout_backward([1, 1, -2], [True, False, True], keep_prob=0.8).round(4).tolist()
    [1.25, 0.0, -2.5]
    """
    dy = as_float_array("dy", dy)
    mask = _check_mask(mask, dy)
    keep_prob = check_number("keep_prob", keep_prob, above=0, at_most=1)

    return dy * mask / keep_prob


def _check_step(
    weights: Arrays, gradients: Arrays
) -> tuple[list[FloatArray], list[FloatArray]]:
    weights = as_arrays("weights", weights)
    gradients = as_arrays("gradients", gradients)
    if len(gradients) != len(weights):
        raise ValueError(
            f"gradients must hold one array for each of {len(weights)} weights, "
            f"got {len(gradients)}"
        )
    for i, (theta, slope) in enumerate(zip(weights, gradients, strict=True)):
        check_same_shape(f"gradients[{i}]", slope, f"weights[{i}]", theta)
    return weights, gradients


def _check_factor(learning_rate: float, regularization: float, m: int) -> float:
    factor = 1 - learning_rate * regularization / m
    if factor < 0:
        raise ValueError(
            f"regularization must be at most m / learning_rate, {m / learning_rate:g}, "
            f"got {regularization}: the weights would change their sign"
        )
    return factor


def _check_images(images: ArrayLike) -> FloatArray:
    images = as_float_array("images", images)
    if images.ndim not in (2, 3, 4) or (
        images.ndim > 2 and not 1 <= images.shape[-1] <= 4
    ):
        raise ValueError(
            "images must have shape (H, W), (H, W, C) or (m, H, W, C) with 1 to 4 channels, "
            f"got shape {images.shape}"
        )
    return images


def _rows(images: FloatArray) -> int:
    return 1 if images.ndim == 4 else 0


def _columns(images: FloatArray) -> int:
    return _rows(images) + 1


def _check_move(name: str, value: int, size: int, at_least: int | None = None) -> None:
    check_count(name, value, at_least=-size if at_least is None else at_least)
    if value > size:
        raise ValueError(
            f"{name} must be at most the size of the image, {size}, got {value}"
        )


def _check_span(first: str, start: int, name: str, length: int, size: int) -> None:
    check_count(first, start)
    check_count(name, length, at_least=1)
    if start + length > size:
        raise ValueError(
            f"{name} must leave the rectangle within {size} pixels, got {length} from "
            f"{first} {start} on"
        )


def _check_mask(mask: ArrayLike, dy: FloatArray) -> BoolArray:
    array = np.asarray(mask)
    if array.dtype != np.bool_:
        raise TypeError(f"mask must hold True and False, got an array of {array.dtype}")
    if array.shape != dy.shape:
        raise ValueError(
            f"mask must have the shape of dy, {dy.shape}, got shape {array.shape}"
        )
    return array
