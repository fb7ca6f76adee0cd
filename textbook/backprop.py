r"""Back-propagation: the gradient of a whole network, one layer after another from the end.

The network of the worked example has two inputs, two hidden units and two outputs:

>>> from textbook.backprop import forward_example, worked_example
>>> x, target, weights, biases = worked_example()
>>> z, a = forward_example(x, weights, biases)
>>> z[0].round(4).tolist(), a[1].round(4).tolist(), a[2].round(4).tolist()
([0.3775, 0.3925], [0.5933, 0.5969], [0.7514, 0.7729])

Layers are counted from 1 to L as in the equations, lists from 0 as in Python: ``weights[0]`` is
theta^(1), ``z[0]`` is z^(1), while ``a[0]`` is the input x and ``a[1]`` is a^(1).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_batch,
    as_float_array,
    check_count,
    check_number,
    check_same_shape,
    check_sequence,
)
from textbook.activations import Activation, _check_activation, derivative_of, sigmoid

__all__ = [
    "WorkedExample",
    "backward_by_indices",
    "backward_columns",
    "backward_example",
    "backward_rows",
    "forward_columns",
    "forward_example",
    "forward_rows",
    "gradient_step",
    "gradient_step_layer_by_layer",
    "squared_error",
    "squared_error_gradient",
    "train",
    "worked_example",
]

Arrays = Sequence[ArrayLike]
FloatArrays = list[NDArray[Any]]


class WorkedExample(NamedTuple):
    """The 2-2-2 network of the worked example: input, wanted output, and parameters.

    Attributes
    ----------
    x : ndarray of shape (2,)
    target : ndarray of shape (2,)
    weights : list of two ndarrays of shape (2, 2)
        ``weights[0][i, j]`` leads from input i to hidden unit j.
    biases : list of two ndarrays of shape (2,)
        Both units of a layer start from the same bias.
    """

    x: FloatArray
    target: FloatArray
    weights: FloatArrays
    biases: FloatArrays


def worked_example() -> WorkedExample:
    r"""Return the network whose numbers the notes follow.

    .. math::
        x = (0.05, 0.10), \quad
        \theta^{(1)} = \begin{pmatrix} 0.15 & 0.25 \\ 0.20 & 0.30 \end{pmatrix}, \quad
        \theta^{(2)} = \begin{pmatrix} 0.40 & 0.50 \\ 0.45 & 0.55 \end{pmatrix}

    Returns
    -------
    WorkedExample
        x, target, weights, biases; new arrays at each call.

    References
    ----------
    Mazur (2015), A step by step backpropagation example.

    Examples
    --------
    The column of a unit holds what flows into it: 0.15 and 0.20 into the first hidden unit.

    >>> from textbook.backprop import worked_example
    >>> x, target, weights, biases = worked_example()
    >>> weights[0][:, 0].tolist(), biases[0].tolist(), target.tolist()
    ([0.15, 0.2], [0.35, 0.35], [0.01, 0.99])
    """
    return WorkedExample(
        x=np.array([0.05, 0.10]),
        target=np.array([0.01, 0.99]),
        weights=[
            np.array([[0.15, 0.25], [0.20, 0.30]]),
            np.array([[0.40, 0.50], [0.45, 0.55]]),
        ],
        biases=[np.array([0.35, 0.35]), np.array([0.60, 0.60])],
    )


def squared_error(output: ArrayLike, target: ArrayLike) -> float:
    r"""Return half the squared distance from the targets, averaged over the batch.

    .. math:: J = \frac1m \sum_{i=1}^{m} \frac12 \sum_{j=1}^{d} (a_{ij} - t_{ij})^2

    Parameters
    ----------
    output : array_like of shape (d,) or (m, d)
        What the network gives: for one example, or for a batch as rows.
    target : array_like of the shape of `output`

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes differ, are empty or have more than two axes, or a value is not finite.

    Warnings
    --------
    Libraries call a mean over all m d entries the mean squared error; it is 2/d times this.

    Examples
    --------
    The notes print 0.298:

    >>> from textbook.backprop import forward_example, squared_error, worked_example
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_example(x, weights, biases)
    >>> round(squared_error(a[-1], target), 4)
    0.2984

    They also print 0.01 for both targets. The cost would then be another:

    >>> round(squared_error(a[-1], [0.01, 0.01]), 4)
    0.5658
    """
    output, target = _check_output(output, target)

    return float(np.sum((output - target) ** 2) / 2 / len(output))


def squared_error_gradient(output: ArrayLike, target: ArrayLike) -> FloatArray:
    r"""Return the slope of `squared_error` in each output; here, and only here, 1/m enters.

    .. math:: \frac{\partial J}{\partial a_{ij}} = \frac1m (a_{ij} - t_{ij})

    Parameters
    ----------
    output : array_like of shape (d,) or (m, d)
    target : array_like of the shape of `output`

    Returns
    -------
    ndarray of the shape of `output`

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes differ, are empty or have more than two axes, or a value is not finite.

    Examples
    --------
    The first entry is the notes' 0.74:

    >>> from textbook.backprop import forward_example, squared_error_gradient, worked_example
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_example(x, weights, biases)
    >>> squared_error_gradient(a[-1], target).round(4).tolist()
    [0.7414, -0.2171]

    In a batch of two, each example has half the say:

    >>> squared_error_gradient([a[-1], a[-1]], [target, target]).round(4).tolist()
    [[0.3707, -0.1085], [0.3707, -0.1085]]
    """
    batch_output, batch_target = _check_output(output, target)

    return ((batch_output - batch_target) / len(batch_output)).reshape(np.shape(output))


def forward_example(
    x: ArrayLike,
    weights: Arrays,
    biases: Arrays,
    activations: Sequence[Activation] | None = None,
) -> tuple[FloatArrays, FloatArrays]:
    r"""Send one example through the network and keep what every layer computed.

    .. math::
        a^{(0)} = x, \qquad
        z^{(l)} = a^{(l-1)} \theta^{(l)} + b^{(l)}, \qquad
        a^{(l)} = f\bigl(z^{(l)}\bigr)

    Parameters
    ----------
    x : array_like of shape (d_0,)
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^(l), of shape (d_(l-1), d_l).
    biases : sequence of L array_like
        ``biases[l - 1]`` is b^(l), of shape (d_l,).
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.

    Returns
    -------
    z : list of L ndarrays of shape (d_l,)
    a : list of L + 1 ndarrays of shape (d_l,)
        ``a[0]`` is x and ``a[-1]`` the output.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes do not fit together, or x is empty or not finite.

    Examples
    --------
    The notes print 0.592, 0.596 for the hidden units and 0.751, 0.772 for the outputs:

    >>> from textbook.backprop import forward_example, worked_example
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_example(x, weights, biases)
    >>> a[1].round(4).tolist(), a[2].round(4).tolist()
    ([0.5933, 0.5969], [0.7514, 0.7729])
    """
    x = as_batch("x", x, "d_0")
    weights, biases, activations = _check_network(
        x.shape[0], weights, biases, activations
    )

    z, a = [], [x]
    for theta, b, f in zip(weights, biases, activations, strict=True):
        z.append(a[-1] @ theta + b)
        a.append(f(z[-1]))
    return z, a


def backward_example(
    da: ArrayLike,
    weights: Arrays,
    z: Arrays,
    a: Arrays,
    activations: Sequence[Activation] | None = None,
) -> tuple[FloatArrays, FloatArrays]:
    r"""Send the error of one example back and return the gradient of every weight and bias.

    .. math::
        e^{(L)} &= \nabla_a J \odot f'\bigl(z^{(L)}\bigr), \qquad
        e^{(l)} = \bigl(e^{(l+1)} \theta^{(l+1)T}\bigr) \odot f'\bigl(z^{(l)}\bigr) \\
        \nabla_{\theta^{(l)}} J &= a^{(l-1)T} e^{(l)}, \qquad
        \nabla_{b^{(l)}} J = e^{(l)}

    Parameters
    ----------
    da : array_like of shape (d_L,)
        The slope of the cost in each output.
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^(l), of shape (d_(l-1), d_l).
    z : sequence of L array_like
    a : sequence of L + 1 array_like
        Both as `forward_example` returned them.
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.

    Returns
    -------
    weight_gradients : list of L ndarrays, shaped like `weights`
    bias_gradients : list of L ndarrays of shape (d_l,)

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    The notes give the output layer's weight gradient the shape d_L x d_L, and f' in a hidden
    layer the argument z^(L). They are d_(L-1) x d_L and z^(l).

    Examples
    --------
    The notes' 0.0004 is the first entry of the first layer:

    >>> from textbook.backprop import *
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_example(x, weights, biases)
    >>> da = squared_error_gradient(a[-1], target)
    >>> weight_gradients, bias_gradients = backward_example(da, weights, z, a)
    >>> weight_gradients[1].round(4).tolist()
    [[0.0822, -0.0226], [0.0827, -0.0227]]
    >>> weight_gradients[0].round(6).tolist()
    [[0.000439, 0.000498], [0.000877, 0.000995]]
    """
    da, weights, z, a, activations = _check_backward(
        da, weights, z, a, activations, "d_L"
    )

    slopes = [derivative_of(f)(z_l) for f, z_l in zip(activations, z, strict=True)]
    e = [da * slopes[-1]]
    for layer in reversed(range(1, len(weights))):
        e.insert(0, (e[0] @ weights[layer].T) * slopes[layer - 1])
    weight_gradients = [np.outer(a_l, e_l) for a_l, e_l in zip(a[:-1], e, strict=True)]
    bias_gradients = list(e)
    return weight_gradients, bias_gradients


def forward_rows(
    x: ArrayLike,
    weights: Arrays,
    biases: Arrays,
    activations: Sequence[Activation] | None = None,
) -> tuple[FloatArrays, FloatArrays]:
    r"""Send a batch through the network, one example a row.

    .. math::
        A^{[0]} = X, \qquad
        Z^{[l]} = A^{[l-1]} \theta^{[l]} + b^{[l]}, \qquad
        A^{[l]} = f\bigl(Z^{[l]}\bigr)

    Parameters
    ----------
    x : array_like of shape (m, d_0)
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^[l], of shape (d_(l-1), d_l).
    biases : sequence of L array_like
        ``biases[l - 1]`` is b^[l], of shape (d_l,), added to every row.
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.

    Returns
    -------
    z : list of L ndarrays of shape (m, d_l)
    a : list of L + 1 ndarrays of shape (m, d_l)

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes do not fit together, or x is empty or not finite.

    Examples
    --------
    >>> from textbook.backprop import forward_rows, worked_example
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_rows([x, 2 * x], weights, biases)
    >>> a[-1].round(4).tolist()
    [[0.7514, 0.7729], [0.7527, 0.7745]]
    """
    x = as_batch("x", x, "m d_0")
    weights, biases, activations = _check_network(
        x.shape[1], weights, biases, activations
    )

    z, a = [], [x]
    for theta, b, f in zip(weights, biases, activations, strict=True):
        z.append(a[-1] @ theta + b)
        a.append(f(z[-1]))
    return z, a


def backward_rows(
    da: ArrayLike,
    weights: Arrays,
    z: Arrays,
    a: Arrays,
    activations: Sequence[Activation] | None = None,
) -> tuple[FloatArrays, FloatArrays]:
    r"""Send the errors of a batch back, one example a row.

    .. math::
        E^{[L]} &= \nabla_A J \odot f'\bigl(Z^{[L]}\bigr), \qquad
        E^{[l]} = \bigl(E^{[l+1]} \theta^{[l+1]T}\bigr) \odot f'\bigl(Z^{[l]}\bigr) \\
        \nabla_{\theta^{[l]}} J &= A^{[l-1]T} E^{[l]}, \qquad
        \nabla_{b^{[l]}} J = \sum_{i=1}^{m} E^{[l]}_{i\,\cdot}

    Parameters
    ----------
    da : array_like of shape (m, d_L)
        The slope of the cost in each output, its 1/m included.
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^[l], of shape (d_(l-1), d_l).
    z : sequence of L array_like
    a : sequence of L + 1 array_like
        Both as `forward_rows` returned them.
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.

    Returns
    -------
    weight_gradients : list of L ndarrays, shaped like `weights`
    bias_gradients : list of L ndarrays of shape (d_l,)

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    The notes set the bias gradient equal to E, which has m rows too many. It is the sum of them.

    Examples
    --------
    Two equal examples have the gradient of one, because the cost is a mean:

    >>> from textbook.backprop import *
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_rows([x, x], weights, biases)
    >>> da = squared_error_gradient(a[-1], [target, target])
    >>> weight_gradients, bias_gradients = backward_rows(da, weights, z, a)
    >>> bias_gradients[0].round(4).tolist(), bias_gradients[1].round(4).tolist()
    ([0.0088, 0.01], [0.1385, -0.0381])
    """
    da, weights, z, a, activations = _check_backward(
        da, weights, z, a, activations, "m d_L"
    )

    slopes = [derivative_of(f)(z_l) for f, z_l in zip(activations, z, strict=True)]
    e = [da * slopes[-1]]
    for layer in reversed(range(1, len(weights))):
        e.insert(0, (e[0] @ weights[layer].T) * slopes[layer - 1])
    weight_gradients = [a_l.T @ e_l for a_l, e_l in zip(a[:-1], e, strict=True)]
    bias_gradients = [e_l.sum(axis=0) for e_l in e]
    return weight_gradients, bias_gradients


def forward_columns(
    x: ArrayLike,
    weights: Arrays,
    biases: Arrays,
    activations: Sequence[Activation] | None = None,
) -> tuple[FloatArrays, FloatArrays]:
    r"""Send a batch through the network, one example a column.

    .. math::
        A^{[0]} = X, \qquad
        Z^{[l]} = \theta^{[l]} A^{[l-1]} + b^{[l]}, \qquad
        A^{[l]} = f\bigl(Z^{[l]}\bigr)

    Parameters
    ----------
    x : array_like of shape (d_0, m)
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^[l], of shape (d_l, d_(l-1)): the transpose of the row layout's.
    biases : sequence of L array_like
        ``biases[l - 1]`` is b^[l], of shape (d_l, 1): a column, added to every column.
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.

    Returns
    -------
    z : list of L ndarrays of shape (d_l, m)
    a : list of L + 1 ndarrays of shape (d_l, m)

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes do not fit together, or x is empty or not finite.

    Warnings
    --------
    A bias of shape (d_l,) would be added along the wrong axis, silently where m = d_l, and is
    refused.

    Examples
    --------
    >>> from textbook.backprop import forward_columns, forward_rows, worked_example
    >>> x, target, weights, biases = worked_example()
    >>> rows = [x, 2 * x, -x]
    >>> z, a = forward_rows(rows, weights, biases)
    >>> turned_weights, turned_biases = [w.T for w in weights], [b[:, None] for b in biases]
    >>> z_columns, a_columns = forward_columns([*zip(*rows)], turned_weights, turned_biases)
    >>> bool(abs(a_columns[-1] - a[-1].T).max() < 1e-15)
    True
    """
    x = as_batch("x", x, "d_0 m")
    weights, biases, activations = _check_network(
        x.shape[0], weights, biases, activations, columns=True
    )

    z, a = [], [x]
    for theta, b, f in zip(weights, biases, activations, strict=True):
        z.append(theta @ a[-1] + b)
        a.append(f(z[-1]))
    return z, a


def backward_columns(
    da: ArrayLike,
    weights: Arrays,
    z: Arrays,
    a: Arrays,
    activations: Sequence[Activation] | None = None,
) -> tuple[FloatArrays, FloatArrays]:
    r"""Send back the errors of a batch whose examples stand in columns.

    .. math::
        E^{[L]} &= \nabla_A J \odot f'\bigl(Z^{[L]}\bigr), \qquad
        E^{[l]} = \bigl(\theta^{[l+1]T} E^{[l+1]}\bigr) \odot f'\bigl(Z^{[l]}\bigr) \\
        \nabla_{\theta^{[l]}} J &= E^{[l]} A^{[l-1]T}, \qquad
        \nabla_{b^{[l]}} J = \sum_{i=1}^{m} E^{[l]}_{\cdot\,i}

    Parameters
    ----------
    da : array_like of shape (d_L, m)
        The slope of the cost in each output, its 1/m included.
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^[l], of shape (d_l, d_(l-1)).
    z : sequence of L array_like
    a : sequence of L + 1 array_like
        Both as `forward_columns` returned them.
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.

    Returns
    -------
    weight_gradients : list of L ndarrays, shaped like `weights`
    bias_gradients : list of L ndarrays of shape (d_l, 1)

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    The same gradients as in the row layout, each weight matrix turned:

    >>> from textbook.backprop import *
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_rows([x], weights, biases)
    >>> da = squared_error_gradient(a[-1], [target])
    >>> by_rows, _ = backward_rows(da, weights, z, a)
    >>> by_columns, _ = backward_columns(
    ...     da.T, [w.T for w in weights], [v.T for v in z], [v.T for v in a]
    ... )
    >>> all((r.T == c).all() for r, c in zip(by_rows, by_columns))
    True
    """
    da, weights, z, a, activations = _check_backward(
        da, weights, z, a, activations, "d_L m", columns=True
    )

    slopes = [derivative_of(f)(z_l) for f, z_l in zip(activations, z, strict=True)]
    e = [da * slopes[-1]]
    for layer in reversed(range(1, len(weights))):
        e.insert(0, (weights[layer].T @ e[0]) * slopes[layer - 1])
    weight_gradients = [e_l @ a_l.T for a_l, e_l in zip(a[:-1], e, strict=True)]
    bias_gradients = [e_l.sum(axis=1, keepdims=True) for e_l in e]
    return weight_gradients, bias_gradients


def backward_by_indices(
    da: ArrayLike,
    weights: Arrays,
    z: Arrays,
    a: Arrays,
    activations: Sequence[Activation] | None = None,
) -> tuple[FloatArrays, FloatArrays]:
    r"""Compute what `backward_rows` computes, number by number, with every sum written out.

    .. math::
        e^{(l)}_{ik} = f'\bigl(z^{(l)}_{ik}\bigr) \sum_q e^{(l+1)}_{iq} \theta^{(l+1)}_{kq},
        \qquad
        \frac{\partial J}{\partial \theta^{(l)}_{jk}} = \sum_i a^{(l-1)}_{ij} e^{(l)}_{ik},
        \qquad
        \frac{\partial J}{\partial b^{(l)}_k} = \sum_i e^{(l)}_{ik}

    Parameters
    ----------
    da : array_like of shape (m, d_L)
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^(l), of shape (d_(l-1), d_l).
    z : sequence of L array_like
    a : sequence of L + 1 array_like
        Both as `forward_rows` returned them.
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.

    Returns
    -------
    weight_gradients : list of L ndarrays, shaped like `weights`
    bias_gradients : list of L ndarrays of shape (d_l,)

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes do not fit together.

    See Also
    --------
    backward_rows : the same without a Python loop over numbers; use that one.

    Examples
    --------
    >>> from textbook.backprop import *
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_rows([x, 2 * x], weights, biases)
    >>> da = squared_error_gradient(a[-1], [target, target])
    >>> slow, _ = backward_by_indices(da, weights, z, a)
    >>> fast, _ = backward_rows(da, weights, z, a)
    >>> all(abs(s - f).max() < 1e-16 for s, f in zip(slow, fast))
    True
    """
    da, weights, z, a, activations = _check_backward(
        da, weights, z, a, activations, "m d_L"
    )

    slopes = [derivative_of(f)(z_l) for f, z_l in zip(activations, z, strict=True)]
    e = [np.zeros_like(z_l) for z_l in z]
    weight_gradients = [np.zeros_like(theta) for theta in weights]
    bias_gradients = [np.zeros_like(z_l[0]) for z_l in z]
    for layer in reversed(range(len(weights))):
        inputs, outputs = weights[layer].shape
        for i in range(len(da)):
            for k in range(outputs):
                if layer == len(weights) - 1:
                    arrived = da[i, k]
                else:  # from each unit q of the layer after it
                    after = range(weights[layer + 1].shape[1])
                    arrived = sum(
                        e[layer + 1][i, q] * weights[layer + 1][k, q] for q in after
                    )
                e[layer][i, k] = slopes[layer][i, k] * arrived
                bias_gradients[layer][k] += e[layer][i, k]
                for j in range(inputs):
                    weight_gradients[layer][j, k] += a[layer][i, j] * e[layer][i, k]
    return weight_gradients, bias_gradients


def gradient_step(
    parameters: Arrays, gradients: Arrays, learning_rate: float
) -> FloatArrays:
    r"""Move every array of parameters one step against its gradient.

    .. math:: \theta^{(l)} \leftarrow \theta^{(l)} - \alpha \nabla_{\theta^{(l)}} J

    Parameters
    ----------
    parameters : sequence of array_like
    gradients : sequence of array_like, shaped like `parameters`
    learning_rate : float above 0
        The letter alpha, which the notes leave out.

    Returns
    -------
    list of ndarray
        New arrays; the old ones are untouched.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `learning_rate` is not a number.
    ValueError
        If the shapes differ, or `learning_rate` is not above 0.

    Examples
    --------
    All weights at once with alpha = 0.5, the biases left as they are:

    >>> from textbook.backprop import *
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_example(x, weights, biases)
    >>> da = squared_error_gradient(a[-1], target)
    >>> weight_gradients, bias_gradients = backward_example(da, weights, z, a)
    >>> weights = gradient_step(weights, weight_gradients, learning_rate=0.5)
    >>> weights[1].round(4).tolist()
    [[0.3589, 0.5113], [0.4087, 0.5614]]
    >>> z, a = forward_example(x, weights, biases)
    >>> round(squared_error(a[-1], target), 10)
    0.2910277737
    """
    parameters, gradients, learning_rate = _check_step(
        parameters, gradients, learning_rate
    )

    return [
        theta - learning_rate * slope
        for theta, slope in zip(parameters, gradients, strict=True)
    ]


def gradient_step_layer_by_layer(
    da: ArrayLike,
    weights: Arrays,
    z: Arrays,
    a: Arrays,
    learning_rate: float,
    activations: Sequence[Activation] | None = None,
) -> FloatArrays:
    r"""Update the last layer first, and send its error back through the new weights.

    .. math::
        \theta^{(l)} \leftarrow \theta^{(l)} - \alpha\, a^{(l-1)T} e^{(l)}, \qquad
        e^{(l-1)} = \bigl(e^{(l)} \theta^{(l)T}\bigr) \odot f'\bigl(z^{(l-1)}\bigr)
        \quad\text{with the new } \theta^{(l)}

    Parameters
    ----------
    da : array_like of shape (m, d_L)
        The slope of the cost in each output, its 1/m included.
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^(l), of shape (d_(l-1), d_l).
    z : sequence of L array_like
    a : sequence of L + 1 array_like
        Both as `forward_rows` returned them.
    learning_rate : float above 0
        The letter alpha.
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.

    Returns
    -------
    list of L ndarrays
        The new weights.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `learning_rate` is not a number.
    ValueError
        If the shapes do not fit together, or `learning_rate` is not above 0.

    Warnings
    --------
    This is not gradient descent: what it subtracts from the first layers is not the gradient at
    any one point. It stands here because the example's author got his 0.291027924 by it.

    Examples
    --------
    Compare with the 0.2910277737 of `gradient_step`:

    >>> from textbook.backprop import *
    >>> x, target, weights, biases = worked_example()
    >>> z, a = forward_rows([x], weights, biases)
    >>> da = squared_error_gradient(a[-1], [target])
    >>> weights = gradient_step_layer_by_layer(da, weights, z, a, learning_rate=0.5)
    >>> z, a = forward_rows([x], weights, biases)
    >>> round(squared_error(a[-1], [target]), 10)
    0.2910279239
    """
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    da, weights, z, a, activations = _check_backward(
        da, weights, z, a, activations, "m d_L"
    )

    slopes = [derivative_of(f)(z_l) for f, z_l in zip(activations, z, strict=True)]
    new_weights = list(weights)
    e = da * slopes[-1]
    for layer in reversed(range(len(weights))):
        new_weights[layer] = weights[layer] - learning_rate * a[layer].T @ e
        if layer > 0:
            e = (e @ new_weights[layer].T) * slopes[layer - 1]
    return new_weights


def train(
    x: ArrayLike,
    target: ArrayLike,
    weights: Arrays,
    biases: Arrays,
    learning_rate: float,
    steps: int,
    activations: Sequence[Activation] | None = None,
    *,
    train_biases: bool = True,
    layer_by_layer: bool = False,
) -> tuple[FloatArrays, FloatArrays, FloatArray]:
    r"""Take many steps of gradient descent on the squared error of the whole batch.

    .. math::
        \theta^{(l)} \leftarrow \theta^{(l)} - \alpha \nabla_{\theta^{(l)}} J, \qquad
        b^{(l)} \leftarrow b^{(l)} - \alpha \nabla_{b^{(l)}} J

    Parameters
    ----------
    x : array_like of shape (m, d_0)
    target : array_like of shape (m, d_L)
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^(l), of shape (d_(l-1), d_l).
    biases : sequence of L array_like of shape (d_l,)
    learning_rate : float above 0
        The letter alpha.
    steps : int
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.
    train_biases : bool, default True
        False leaves the biases as they are, as the worked example does.
    layer_by_layer : bool, default False
        True takes the steps of `gradient_step_layer_by_layer`; only without trained biases.

    Returns
    -------
    weights : list of L ndarrays
    biases : list of L ndarrays
    costs : ndarray of shape (steps + 1,)
        The cost before the first step and after each.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a number.
    ValueError
        If the shapes do not fit together, a setting lies outside its range, or the learning rate
        is so large that the cost overflows.

    Examples
    --------
    >>> from textbook.backprop import train, worked_example
    >>> x, target, weights, biases = worked_example()
    >>> _, _, costs = train([x], [target], weights, biases, 0.5, steps=1000, train_biases=False)
    >>> [round(float(costs[t]), 6) for t in (0, 1, 100, 1000)]
    [0.298371, 0.291028, 0.020047, 0.001114]
    """
    check_count("steps", steps)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    if layer_by_layer and train_biases:
        raise ValueError(
            "layer_by_layer must go with train_biases=False, got train_biases=True"
        )

    weights = _copies(_check_list("weights", weights))
    biases = _copies(_check_list("biases", biases))
    z, a = forward_rows(x, weights, biases, activations)
    costs = [squared_error(a[-1], target)]
    for step in range(1, steps + 1):
        da = squared_error_gradient(a[-1], target)
        # An overflow is told in words, below
        with np.errstate(over="ignore", invalid="ignore"):
            if layer_by_layer:
                weights = gradient_step_layer_by_layer(
                    da, weights, z, a, learning_rate, activations
                )
            else:
                weight_gradients, bias_gradients = backward_rows(
                    da, weights, z, a, activations
                )
                weights = gradient_step(weights, weight_gradients, learning_rate)
                if train_biases:
                    biases = gradient_step(biases, bias_gradients, learning_rate)
            z, a = forward_rows(x, weights, biases, activations)
            finite = np.isfinite(np.sum(a[-1] ** 2))
        if not finite:
            raise ValueError(
                f"learning_rate must be smaller, got {learning_rate}: "
                f"the cost overflows at step {step}"
            )
        costs.append(squared_error(a[-1], target))
    return weights, biases, np.array(costs)


def _check_output(
    output: ArrayLike, target: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    output = as_float_array("output", output)
    axes = "d" if output.ndim == 1 else "m d"
    output = as_batch("output", output, axes)
    target = as_batch("target", target, axes).astype(output.dtype)
    check_same_shape("target", target, "output", output)
    return np.atleast_2d(output), np.atleast_2d(target)


def _check_list(
    name: str, arrays: Arrays, axes: str | None = None, length: int | None = None
) -> FloatArrays:
    expected = "at least one array" if length is None else f"{length} arrays"
    check_sequence(name, arrays, "arrays")
    if len(arrays) == 0 or (length is not None and len(arrays) != length):
        raise ValueError(f"{name} must hold {expected}, got {len(arrays)}")
    return [
        as_float_array(f"{name}[{i}]", array, axes) for i, array in enumerate(arrays)
    ]


def _copies(arrays: FloatArrays) -> FloatArrays:
    return [array.copy() for array in arrays]


def _check_step(
    parameters: Arrays, gradients: Arrays, learning_rate: float
) -> tuple[FloatArrays, FloatArrays, float]:
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    parameters = _check_list("parameters", parameters)
    gradients = _check_list("gradients", gradients, length=len(parameters))
    for i, (theta, slope) in enumerate(zip(parameters, gradients, strict=True)):
        check_same_shape(f"gradients[{i}]", slope, f"parameters[{i}]", theta)
    return parameters, gradients, learning_rate


def _check_activations(
    activations: Sequence[Activation] | None, layers: int
) -> Sequence[Activation]:
    if activations is None:
        return [sigmoid] * layers
    check_sequence("activations", activations, "functions")
    if len(activations) != layers:
        raise ValueError(
            f"activations must name one function for each of {layers} layers, "
            f"got {len(activations)}"
        )
    for i, f in enumerate(activations):
        _check_activation(f"activations[{i}]", f)
    return activations


def _check_network(
    width: int,
    weights: Arrays,
    biases: Arrays,
    activations: Sequence[Activation] | None,
    columns: bool = False,
) -> tuple[FloatArrays, FloatArrays, Sequence[Activation]]:
    """Make sure that each layer takes what the one before it gives."""
    weights = _check_list(
        "weights", weights, "d_l d_(l-1)" if columns else "d_(l-1) d_l"
    )
    biases = _check_list(
        "biases", biases, "d_l 1" if columns else "d_l", length=len(weights)
    )
    for i, (theta, b) in enumerate(zip(weights, biases, strict=True)):
        inputs, outputs = theta.shape[::-1] if columns else theta.shape
        if inputs != width:
            raise ValueError(
                f"weights[{i}] must take {width} inputs, got shape {theta.shape}"
            )
        bias_shape = (outputs, 1) if columns else (outputs,)
        if b.shape != bias_shape:
            raise ValueError(
                f"biases[{i}] must have shape {bias_shape}, got shape {b.shape}"
            )
        width = outputs
    return weights, biases, _check_activations(activations, len(weights))


def _check_backward(
    da: ArrayLike,
    weights: Arrays,
    z: Arrays,
    a: Arrays,
    activations: Sequence[Activation] | None,
    axes: str,
    columns: bool = False,
) -> tuple[FloatArray, FloatArrays, FloatArrays, FloatArrays, Sequence[Activation]]:
    """Make sure that da, z and a belong to a forward pass through these weights."""
    da = as_float_array("da", da, axes)
    axes = axes.replace("_L", "_l")
    weights = _check_list(
        "weights", weights, "d_l d_(l-1)" if columns else "d_(l-1) d_l"
    )
    z = _check_list("z", z, axes, length=len(weights))
    a = _check_list("a", a, axes, length=len(weights) + 1)
    check_same_shape("da", da, "a[-1]", a[-1])
    examples = (
        slice(1, None) if columns else slice(None, -1)
    )  # the axis of a batch, or none
    for i, theta in enumerate(weights):
        if a[i].shape[examples] != da.shape[examples]:
            raise ValueError(
                f"a[{i}] must hold as many examples as da, shape {da.shape}, got shape {a[i].shape}"
            )
        check_same_shape(f"a[{i + 1}]", a[i + 1], f"z[{i}]", z[i])
        unit_axis = 0 if columns else -1
        expected = (a[i].shape[unit_axis], z[i].shape[unit_axis])[
            :: -1 if columns else 1
        ]
        if theta.shape != expected:
            raise ValueError(
                f"weights[{i}] must have shape {expected} to go with a and z, "
                f"got shape {theta.shape}"
            )
    return da, weights, z, a, _check_activations(activations, len(weights))
