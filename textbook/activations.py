r"""Activation functions: the bend between two layers, and the slope that training needs of it.

A stack of layers without a bend is one layer, as `collapse_linear_layers` shows. Each bend stands
here next to its derivative:

>>> from textbook.activations import sigmoid, sigmoid_derivative
>>> round(sigmoid(1), 4), round(sigmoid_derivative(1), 4)
(0.7311, 0.1966)
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import (
    FloatArray,
    as_float_array,
    as_plain,
    check_number,
    check_sequence,
)

__all__ = [
    "collapse_linear_layers",
    "derivative_of",
    "identity",
    "identity_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "sine",
    "sine_derivative",
    "tanh",
    "tanh_derivative",
]

Activation = Callable[[FloatArray], FloatArray]


def collapse_linear_layers(
    layers: Sequence[tuple[ArrayLike, ArrayLike]],
) -> tuple[FloatArray, FloatArray]:
    r"""Return the one linear layer that does what a stack of linear layers does.

    .. math:: (x W_1 + b_1) W_2 + b_2 = x\,(W_1 W_2) + (b_1 W_2 + b_2)

    Parameters
    ----------
    layers : sequence of (weights, bias)
        First layer first. `weights` has shape (d_in, d_out), `bias` shape (d_out,), and
        each layer takes as many inputs as the one before it gives.

    Returns
    -------
    weights : ndarray of shape (d_first, d_last)
    bias : ndarray of shape (d_last,)

    Raises
    ------
    TypeError
        If `layers` is not a list of pairs of arrays that hold real numbers.
    ValueError
        If there is no layer, or if two layers do not fit together.

    Examples
    --------
    Two inputs, three hidden units, one output; the three hidden units leave no trace:

    >>> from textbook.activations import collapse_linear_layers
    >>> hidden = ([[1, 2, 0], [0, 1, 3]], [1, 0, -1])
    >>> output = ([[1], [-1], [2]], [5])
    >>> weights, bias = collapse_linear_layers([hidden, output])
    >>> weights.tolist(), bias.tolist()
    ([[-1.0], [5.0]], [4.0])
    """
    checked = _check_layers(layers)

    weights, bias = (array.copy() for array in checked[0])
    for w, b in checked[1:]:
        weights, bias = weights @ w, bias @ w + b
    return weights, bias


def identity(z: ArrayLike) -> FloatArray:
    r"""Return the input: the output unit of a regression, whose answer may be any number.

    .. math:: f(z) = z

    Parameters
    ----------
    z : array_like of any shape

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    See Also
    --------
    collapse_linear_layers : what comes of using it between layers.

    Examples
    --------
    >>> from textbook.activations import identity
    >>> identity([-2, 0.5]).tolist()
    [-2.0, 0.5]
    """
    z = as_float_array("z", z)

    return as_plain(z.copy())


def identity_derivative(z: ArrayLike) -> FloatArray:
    r"""Return the slope of `identity`, which is 1 everywhere.

    .. math:: f'(z) = 1

    Parameters
    ----------
    z : array_like of any shape

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    Examples
    --------
    >>> from textbook.activations import identity_derivative
    >>> identity_derivative([-2, 0.5]).tolist()
    [1.0, 1.0]
    """
    z = as_float_array("z", z)

    return as_plain(np.ones_like(z))


def sigmoid(z: ArrayLike) -> FloatArray:
    r"""Squash a score into a probability.

    .. math:: g(z) = \frac{1}{1 + e^{-z}}

    Parameters
    ----------
    z : array_like of any shape
        Scores; a large one is no trouble, see the second example.

    Returns
    -------
    ndarray of the shape of `z`, or float
        Values from 0 to 1.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    Notes
    -----
    The notes give 0.6 for z = 1. It is 0.7311; 0.6 belongs to z = ln 1.5 = 0.4055.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors.

    Examples
    --------
    >>> from textbook.activations import sigmoid
    >>> round(sigmoid(1), 4), round(sigmoid(0.4055), 4)
    (0.7311, 0.6)

    The formula as printed computes exp(1000) at z = -1000, which overflows. This one does not:

    >>> sigmoid([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]
    """
    z = as_float_array("z", z)

    e = np.exp(-np.abs(z))  # never above 1, so it cannot overflow
    return as_plain(np.where(z >= 0, 1.0, e) / (1.0 + e))


def sigmoid_derivative(z: ArrayLike) -> FloatArray:
    r"""Return the slope of the sigmoid, at most 1/4.

    .. math:: g'(z) = g(z)\,(1 - g(z)) = g(z)\,g(-z)

    Parameters
    ----------
    z : array_like of any shape

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    Examples
    --------
    >>> from textbook.activations import sigmoid_derivative
    >>> sigmoid_derivative(0)
    0.25

    Ten units away from 0 almost nothing is left of it. Written as g(1 - g) it would be exactly 0
    from z = 37 on, where 1 - g rounds to 0:

    >>> [f"{sigmoid_derivative(z):.2e}" for z in (5, 10, 40)]
    ['6.65e-03', '4.54e-05', '4.25e-18']
    """
    z = as_float_array("z", z)

    return as_plain(sigmoid(z) * sigmoid(-z))


def tanh(z: ArrayLike) -> FloatArray:
    r"""Squash a score into the range from -1 to 1, with 0 staying 0.

    .. math:: \tanh(z) = \frac{2}{1 + e^{-2z}} - 1 = 2\,g(2z) - 1

    Parameters
    ----------
    z : array_like of any shape

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), Efficient BackProp.

    Examples
    --------
    It is the sigmoid, stretched to twice its height and squeezed to half its width:

    >>> from textbook.activations import sigmoid, tanh
    >>> round(tanh(0.5), 4), round(2 * sigmoid(2 * 0.5) - 1, 4)
    (0.4621, 0.4621)
    """
    z = as_float_array("z", z)

    return as_plain(np.tanh(z))


def tanh_derivative(z: ArrayLike) -> FloatArray:
    r"""Return the slope of tanh, 1 at the origin and falling towards 0 on both sides.

    .. math:: f'(z) = 1 - \tanh^2(z)

    Parameters
    ----------
    z : array_like of any shape

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    Notes
    -----
    Beyond about 19, 1 - tanh^2 rounds to 0. The slope itself is never 0; at 20 it is 1.7e-17.

    Examples
    --------
    >>> from textbook.activations import tanh_derivative
    >>> tanh_derivative([0, 1, -1]).round(4).tolist()
    [1.0, 0.42, 0.42]
    """
    z = as_float_array("z", z)

    return as_plain(1.0 - np.tanh(z) ** 2)


def relu(z: ArrayLike) -> FloatArray:
    r"""Return the positive part: the rectified linear unit.

    .. math:: f(z) = \max(0, z)

    Parameters
    ----------
    z : array_like of any shape

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    References
    ----------
    Nair and Hinton (2010), Rectified linear units improve restricted Boltzmann machines.

    Examples
    --------
    >>> from textbook.activations import relu
    >>> relu([-2, -0.5, 0, 0.5, 7]).tolist()
    [0.0, 0.0, 0.0, 0.5, 7.0]
    """
    z = as_float_array("z", z)

    return as_plain(np.maximum(z, 0.0))


def relu_derivative(z: ArrayLike) -> FloatArray:
    r"""Return the slope of ReLU: 0 left of the kink, 1 right of it.

    .. math:: f'(z) = \begin{cases} 0 & z \le 0 \\ 1 & z > 0 \end{cases}

    Parameters
    ----------
    z : array_like of any shape
        What went into ReLU, not what came out of it.

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    Warnings
    --------
    At 0 there is no derivative, and any value from 0 to 1 is a subgradient. The book takes 0, as
    PyTorch does. Computed as ``relu(z) >= 0`` it would be 1 for every z, and the network
    would still train: a mistake that no loss curve gives away.

    Notes
    -----
    The notes print "x for x < 0" in the second line. It is 1, for x > 0.

    Examples
    --------
    >>> from textbook.activations import relu_derivative
    >>> relu_derivative([-2, -0.5, 0, 0.5, 7]).tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0]
    """
    z = as_float_array("z", z)

    return as_plain((z > 0).astype(z.dtype))


def leaky_relu(z: ArrayLike, negative_slope: float = 0.01) -> FloatArray:
    r"""Return ReLU with a gentle slope where ReLU is flat.

    .. math:: f(z) = \begin{cases} \alpha z & z < 0 \\ z & z \ge 0 \end{cases}

    Parameters
    ----------
    z : array_like of any shape
    negative_slope : float from 0 to 1, default 0.01
        The letter alpha. At 0 the function is ReLU, at 1 it has no bend left.

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or `negative_slope` is not a number.
    ValueError
        If `negative_slope` lies outside 0 to 1.

    References
    ----------
    Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models.

    Examples
    --------
    >>> from textbook.activations import leaky_relu
    >>> leaky_relu([-2, 0, 3]).tolist()
    [-0.02, 0.0, 3.0]
    """
    z = as_float_array("z", z)
    negative_slope = check_number(
        "negative_slope", negative_slope, at_least=0, at_most=1
    )

    return as_plain(np.where(z < 0, negative_slope * z, z))


def leaky_relu_derivative(z: ArrayLike, negative_slope: float = 0.01) -> FloatArray:
    r"""Return the slope of the leaky ReLU, which is alpha on the flat side.

    .. math:: f'(z) = \begin{cases} \alpha & z \le 0 \\ 1 & z > 0 \end{cases}

    Parameters
    ----------
    z : array_like of any shape
    negative_slope : float from 0 to 1, default 0.01
        The letter alpha.

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or `negative_slope` is not a number.
    ValueError
        If `negative_slope` lies outside 0 to 1.

    Warnings
    --------
    The notes take 1 at z = 0. The book takes alpha there, so that with alpha = 0 this
    is `relu_derivative` at every point; PyTorch chooses the same.

    Examples
    --------
    >>> from textbook.activations import leaky_relu_derivative
    >>> leaky_relu_derivative([-2, 0, 3], negative_slope=0.1).tolist()
    [0.1, 0.1, 1.0]
    """
    z = as_float_array("z", z)
    negative_slope = check_number(
        "negative_slope", negative_slope, at_least=0, at_most=1
    )

    return as_plain(np.where(z > 0, 1.0, negative_slope).astype(z.dtype))


def sine(z: ArrayLike, frequency: float = 1.0) -> FloatArray:
    r"""Return a wave: the periodic activation.

    .. math:: f(z) = \sin(\omega z)

    Parameters
    ----------
    z : array_like of any shape
    frequency : float above 0, default 1.0
        The letter omega, in radians per unit of z.

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or `frequency` is not a number.
    ValueError
        If `frequency` is not above 0.

    References
    ----------
    Sitzmann, Martel, Bergman, Lindell and Wetzstein (2020), Implicit neural representations with
    periodic activation functions (there with omega = 30).

    Examples
    --------
    The other functions rise or stay level. A sine returns to values that it has left:

    >>> from textbook.activations import sine
    >>> sine([0.5, 3.141592653589793 - 0.5]).round(4).tolist()
    [0.4794, 0.4794]
    """
    z = as_float_array("z", z)
    frequency = check_number("frequency", frequency, above=0)

    return as_plain(np.sin(frequency * z))


def sine_derivative(z: ArrayLike, frequency: float = 1.0) -> FloatArray:
    r"""Return the slope of the wave, which changes its sign again and again.

    .. math:: f'(z) = \omega \cos(\omega z)

    Parameters
    ----------
    z : array_like of any shape
    frequency : float above 0, default 1.0
        The letter omega, in radians per unit of z.

    Returns
    -------
    ndarray of the shape of `z`, or float

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or `frequency` is not a number.
    ValueError
        If `frequency` is not above 0.

    Examples
    --------
    >>> from textbook.activations import sine_derivative
    >>> sine_derivative([0, 2], frequency=3).round(4).tolist()
    [3.0, 2.8805]
    """
    z = as_float_array("z", z)
    frequency = check_number("frequency", frequency, above=0)

    return as_plain(frequency * np.cos(frequency * z))


def derivative_of(function: Activation) -> Activation:
    r"""Return the function that computes the slope of an activation function.

    .. math:: f \mapsto f', \qquad f'(z) = \frac{df}{dz}

    Parameters
    ----------
    function : callable
        One of the activation functions of this module.

    Returns
    -------
    callable
        Its derivative, a function of this module.

    Raises
    ------
    TypeError
        If `function` is not a function.
    ValueError
        If the module has no derivative for `function`.

    Examples
    --------
    >>> from textbook.activations import derivative_of, tanh
    >>> derivative_of(tanh).__name__
    'tanh_derivative'
    """
    _check_activation("function", function)

    return _DERIVATIVES[function]


_DERIVATIVES: dict[Activation, Activation] = {
    identity: identity_derivative,
    sigmoid: sigmoid_derivative,
    tanh: tanh_derivative,
    relu: relu_derivative,
    leaky_relu: leaky_relu_derivative,
    sine: sine_derivative,
}


def _check_activation(name: str, function: Activation) -> None:
    """Raise unless `function` is one of this module's activation functions."""
    if not callable(function):
        raise TypeError(f"{name} must be an activation function, got {function!r}")
    if function not in _DERIVATIVES:
        known = ", ".join(f.__name__ for f in _DERIVATIVES)
        raise ValueError(f"{name} must be one of {known}; got {function!r}")


def _check_layers(
    layers: Sequence[tuple[ArrayLike, ArrayLike]],
) -> list[tuple[FloatArray, FloatArray]]:
    check_sequence("layers", layers, "(weights, bias) pairs")
    if len(layers) == 0:
        raise ValueError("layers must hold at least one (weights, bias) pair, got none")
    checked: list[tuple[FloatArray, FloatArray]] = []
    for i, layer in enumerate(layers):
        check_sequence(f"layers[{i}]", layer, "weights and bias")
        if len(layer) != 2:
            raise ValueError(
                f"layers[{i}] must be (weights, bias), got {len(layer)} entries"
            )
        weights, bias = layer
        w = as_float_array(f"layers[{i}] weights", weights, "d_in d_out")
        b = as_float_array(f"layers[{i}] bias", bias, "d_out")
        if b.shape != (w.shape[1],):
            raise ValueError(
                f"layers[{i}] bias must have shape ({w.shape[1]},), got shape {b.shape}"
            )
        if checked and checked[-1][0].shape[1] != w.shape[0]:
            given = checked[-1][0].shape[1]
            raise ValueError(
                f"layers[{i}] weights must take {given} inputs, got shape {w.shape}"
            )
        checked.append((w, b))
    return checked
