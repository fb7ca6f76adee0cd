r"""Vanishing and exploding gradients: what a product of many layers does, and clipping.

A hundred factors, each a little too large or a little too small:

>>> f"{1.5**100:.2e}", f"{0.5**100:.2e}"
('4.07e+17', '7.89e-31')

A gradient that has become too long is cut back before the step:

>>> import numpy as np
>>> from textbook.vanishing_gradients import clip_by_norm
>>> clip_by_norm([np.array([30.0, 40.0])], threshold=5)[0].round(4).tolist()
[3.0, 4.0]
"""

import numpy as np

from textbook._checks import (
    FloatArray,
    as_arrays,
    check_number,
)
from textbook.backprop import Arrays, FloatArrays

__all__ = [
    "cap_weights",
    "clip_by_norm",
    "clip_by_value",
    "global_norm",
    "gradient_norms",
    "singular_values_by_depth",
]


def singular_values_by_depth(weights: Arrays) -> FloatArrays:
    r"""Return how strongly the first l layers together stretch their input, for each l.

    .. math::
        \sigma_1 \ge \sigma_2 \ge \dots \ge 0 \quad\text{of}\quad
        \theta^{(1)} \theta^{(2)} \cdots \theta^{(l)}, \qquad l = 1, \dots, L

    Parameters
    ----------
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^(l), of shape (d_(l-1), d_l).

    Returns
    -------
    list of L ndarrays of shape (min(d_0, d_l),)
        The largest first. A row of length 1 leaves the product with a length of at most the first.

    Raises
    ------
    TypeError
        If `weights` is not a list of arrays that hold real numbers.
    ValueError
        If there is no array, the shapes do not fit together, a value is not finite, or a product
        overflows.

    Warnings
    --------
    Rounding blurs what is smaller than about 1e-16 of the largest.

    Examples
    --------
    What stretches one direction by 1.5 and the other by 0.5 does both at once, ten layers deep:

    >>> from textbook.vanishing_gradients import singular_values_by_depth
    >>> found = singular_values_by_depth([[[1.5, 0], [0, 0.5]]] * 10)
    >>> found[0].tolist(), found[9].round(4).tolist()
    ([1.5, 0.5], [57.665, 0.001])

    A singular value of 10, and yet nothing is left after two layers:

    >>> found = singular_values_by_depth([[[0, 10], [0, 0]]] * 2)
    >>> [values.tolist() for values in found]
    [[10.0, 0.0], [0.0, 0.0]]
    """
    weights = _check_layers(weights)

    products = weights[:1]
    for theta in weights[1:]:
        products.append(_product(products[-1], theta))
    return [np.linalg.svd(product, compute_uv=False) for product in products]


def global_norm(gradients: Arrays) -> float:
    r"""Return the length of a gradient that lies in several arrays, as if it were one vector.

    .. math:: \lVert g \rVert = \sqrt{\sum_{l} \sum_{i} \bigl(g^{(l)}_i\bigr)^2}

    Parameters
    ----------
    gradients : sequence of array_like of any shape

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `gradients` is not a list of arrays that hold real numbers.
    ValueError
        If there is no array, or a value or the length is not finite.

    Examples
    --------
    The lengths of the parts, 5 and 12, make 13:

    >>> from textbook.vanishing_gradients import global_norm
    >>> global_norm([[3, 4], [[12]]])
    13.0
    """
    gradients = as_arrays("gradients", gradients)

    return _norm("gradients", gradients)


def gradient_norms(gradients: Arrays) -> FloatArray:
    r"""Return the length of the gradient in each array: layer by layer, from the first on.

    .. math:: \bigl\lVert g^{(l)} \bigr\rVert = \sqrt{\sum_{i} \bigl(g^{(l)}_i\bigr)^2},
        \qquad l = 1, \dots, L

    Parameters
    ----------
    gradients : sequence of L array_like of any shape

    Returns
    -------
    ndarray of shape (L,)

    Raises
    ------
    TypeError
        If `gradients` is not a list of arrays that hold real numbers.
    ValueError
        If there is no array, or a value or the length is not finite.

    Examples
    --------
    In the worked example the first layer's is an eightieth of the second's:

    >>> from textbook.backprop import *
    >>> from textbook.vanishing_gradients import gradient_norms
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_rows([x], weights, biases)
    >>> da = squared_error_gradient(a[-1], [target])
    >>> weight_gradients, bias_gradients = backward_rows(da, weights, z, a)
    >>> gradient_norms(weight_gradients).round(4).tolist()
    [0.0015, 0.1209]
    """
    gradients = as_arrays("gradients", gradients)

    return np.array([global_norm([gradient]) for gradient in gradients])


def clip_by_norm(gradients: Arrays, threshold: float) -> FloatArrays:
    r"""Shorten a gradient that is too long; its direction stays.

    .. math:: g \leftarrow g \cdot \min\Bigl(1, \frac{c}{\lVert g \rVert}\Bigr)

    Parameters
    ----------
    gradients : sequence of array_like of any shape
        Together they are one vector: all are scaled by one factor.
    threshold : float above 0
        The letter c: the greatest length that is allowed.

    Returns
    -------
    list of ndarray
        New arrays, shaped like `gradients`.

    Raises
    ------
    TypeError
        If `gradients` is not a list of arrays that hold real numbers, or `threshold` is not a
        number.
    ValueError
        If there is no array, a value is not finite, or `threshold` is not above 0.

    Warnings
    --------
    PyTorch's ``clip_grad_norm_`` divides by the norm plus 1e-6, writes into the gradients and
    returns the norm that they had.

    References
    ----------
    Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent neural networks.

    Examples
    --------
    A long gradient is cut to the threshold, a short one is let alone:

    >>> from textbook.vanishing_gradients import clip_by_norm
    >>> [g.round(4).tolist() for g in clip_by_norm([[3, 4], [0]], threshold=1)]
    [[0.6, 0.8], [0.0]]
    >>> [g.tolist() for g in clip_by_norm([[0.003, 0.004], [0]], threshold=1)]
    [[0.003, 0.004], [0.0]]
    """
    gradients = as_arrays("gradients", gradients)
    threshold = check_number("threshold", threshold, above=0)

    norm = global_norm(gradients)
    factor = threshold / norm if norm > threshold else 1.0
    return [gradient * factor for gradient in gradients]


def clip_by_value(gradients: Arrays, threshold: float) -> FloatArrays:
    r"""Cut every single slope to the range from -c to c; the direction may change.

    .. math:: g_i \leftarrow \max\bigl(-c, \min(c, g_i)\bigr)

    Parameters
    ----------
    gradients : sequence of array_like of any shape
    threshold : float above 0
        The letter c: the largest slope that is allowed.

    Returns
    -------
    list of ndarray
        New arrays, shaped like `gradients`.

    Raises
    ------
    TypeError
        If `gradients` is not a list of arrays that hold real numbers, or `threshold` is not a
        number.
    ValueError
        If there is no array, a value is not finite, or `threshold` is not above 0.

    References
    ----------
    Mikolov (2012), Statistical language models based on neural networks.

    Examples
    --------
    Ten times as steep to the right as up becomes equally steep:

    >>> from textbook.vanishing_gradients import clip_by_value
    >>> clip_by_value([[20, 2, -0.5]], threshold=1)[0].tolist()
    [1.0, 1.0, -0.5]
    """
    gradients = as_arrays("gradients", gradients)
    threshold = check_number("threshold", threshold, above=0)

    return [np.clip(gradient, -threshold, threshold) for gradient in gradients]


def cap_weights(weights: Arrays, threshold: float) -> FloatArrays:
    r"""Give every weight matrix the same length: the formula that the notes print.

    .. math:: \theta^{(l)} \leftarrow \theta^{(l)} \cdot \frac{c}{\lVert \theta^{(l)} \rVert}

    Parameters
    ----------
    weights : sequence of array_like of any shape
    threshold : float above 0
        The letter c: the length that every array gets, be it longer or shorter before.

    Returns
    -------
    list of ndarray
        New arrays, shaped like `weights`.

    Raises
    ------
    TypeError
        If `weights` is not a list of arrays that hold real numbers, or `threshold` is not a
        number.
    ValueError
        If there is no array, a value is not finite, an array is all zeros, or `threshold` is not
        above 0.

    Warnings
    --------
    This bounds no gradient, and it changes what the network computes. `clip_by_norm` is what the
    sentence around the formula describes.

    Examples
    --------
    The long matrix shrinks to length 1, and the short one grows to it:

    >>> from textbook.vanishing_gradients import cap_weights
    >>> [w.round(4).tolist() for w in cap_weights([[[3, 4]], [[0.003], [0.004]]], threshold=1)]
    [[[0.6, 0.8]], [[0.6], [0.8]]]
    """
    weights = _check_nonzero(as_arrays("weights", weights))
    threshold = check_number("threshold", threshold, above=0)

    return [theta * (threshold / _norm("weights", [theta])) for theta in weights]


def _norm(name: str, arrays: FloatArrays) -> float:
    """Return the length of all arrays together, in float64 and without squaring large numbers."""
    largest = max(float(np.abs(array).max(initial=0)) for array in arrays)
    if largest == 0:
        return 0.0
    squares = [np.sum((array.astype(np.float64) / largest) ** 2) for array in arrays]
    norm = largest * float(np.sqrt(sum(squares)))
    if norm == np.inf:
        raise ValueError(f"{name} must have a length that float64 can hold, got {norm}")
    return norm


def _product(left: FloatArray, right: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", invalid="ignore"):
        product: FloatArray = left @ right
    if not np.isfinite(product).all():
        raise ValueError(
            f"weights must be small enough for {product.dtype}, got a product that overflows"
        )
    return product


def _check_layers(weights: Arrays) -> list[FloatArray]:
    checked = as_arrays("weights", weights, "d_(l-1) d_l")
    for i, theta in enumerate(checked):
        if theta.size == 0:
            raise ValueError(
                f"weights[{i}] must hold at least one weight, got shape {theta.shape}"
            )
        if i > 0 and theta.shape[0] != checked[i - 1].shape[1]:
            raise ValueError(
                f"weights[{i}] must take {checked[i - 1].shape[1]} inputs, "
                f"got shape {theta.shape}"
            )
    return checked


def _check_nonzero(weights: list[FloatArray]) -> list[FloatArray]:
    for i, theta in enumerate(weights):
        if not theta.any():
            raise ValueError(
                f"weights[{i}] must have a length above 0, got {theta.tolist()!r:.60}"
            )
    return weights
