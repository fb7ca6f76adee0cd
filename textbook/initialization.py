r"""Initialization: how large the first random weights of a layer may be.

A layer of 200 inputs sums 200 products, so its weights have to be small. How small depends on the
bend that follows:

>>> import numpy as np
>>> from textbook.initialization import he, lecun
>>> rng = np.random.default_rng(0)
>>> round(float(he(200, 5000, rng).std()), 3), round(float(lecun(200, 5000, rng).std()), 3)
(0.1, 0.071)
"""

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import (
    FloatArray,
    as_batch,
    check_count,
    check_generator,
    check_sequence,
)
from textbook.activations import Activation
from textbook.backprop import Arrays, FloatArrays, backward_rows, forward_rows

__all__ = ["Spread", "glorot", "he", "initial_parameters", "lecun", "spread_by_depth"]

Scheme = Callable[[int, int, np.random.Generator], FloatArray]


class Spread(NamedTuple):
    """How large the numbers in a network are, layer by layer: root mean squares.

    Attributes
    ----------
    activations : ndarray of shape (L + 1,)
        Of a^(0), the input, to a^(L), the output.
    errors : ndarray of shape (L,)
        Of the slopes in the biases; for a batch of one example these are e^(1) to e^(L).
    weight_gradients : ndarray of shape (L,)
        Of the slopes in theta^(1) to theta^(L).
    """

    activations: FloatArray
    errors: FloatArray
    weight_gradients: FloatArray


def lecun(n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
    r"""Draw weights that keep the size of the activations where the bend is nearly straight.

    .. math:: \theta_{jk} \sim \mathcal{N}\Bigl(0, \frac{1}{n_\text{in}}\Bigr)

    Parameters
    ----------
    n_in : int
        Units before the layer, at least 1.
    n_out : int
        Units of the layer, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_in, n_out)

    Raises
    ------
    TypeError
        If `n_in` or `n_out` is not a whole number, or `rng` is not a generator.
    ValueError
        If `n_in` or `n_out` is below 1.

    Notes
    -----
    The notes call it tanh initialization. Others call it Xavier's, a name that here belongs to
    `glorot`.

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), Efficient BackProp, section 4.6.

    Examples
    --------
    A column leads into one unit, and its squares add up to about 1:

    >>> import numpy as np
    >>> from textbook.initialization import lecun
    >>> theta = lecun(10_000, 3, np.random.default_rng(0))
    >>> (theta**2).sum(axis=0).round(2).tolist()
    [1.0, 0.97, 1.02]
    """
    _check_layer(n_in, n_out, rng)

    return rng.normal(scale=np.sqrt(1 / n_in), size=(n_in, n_out))


def he(n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
    r"""Draw weights for a layer of ReLUs: twice the variance, since ReLU stops half of it.

    .. math:: \theta_{jk} \sim \mathcal{N}\Bigl(0, \frac{2}{n_\text{in}}\Bigr)

    Parameters
    ----------
    n_in : int
        Units before the layer, at least 1.
    n_out : int
        Units of the layer, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_in, n_out)

    Raises
    ------
    TypeError
        If `n_in` or `n_out` is not a whole number, or `rng` is not a generator.
    ValueError
        If `n_in` or `n_out` is below 1.

    Warnings
    --------
    The matrix stands for rows of examples, as in `forward_rows`. For columns of examples, where
    weights have the shape (n_out, n_in), transpose the result: the variance goes with the number
    of terms in a unit's sum, whichever axis they stand on. Keras draws from a normal distribution
    whose tails are cut off at two standard deviations.

    References
    ----------
    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers.

    Examples
    --------
    The standard deviation is 0.1 for 200 inputs, however many outputs there are:

    >>> import numpy as np
    >>> from textbook.initialization import he
    >>> rng = np.random.default_rng(0)
    >>> [round(float(he(200, n_out, rng).std()), 2) for n_out in (20, 2000)]
    [0.1, 0.1]
    """
    _check_layer(n_in, n_out, rng)

    return rng.normal(scale=np.sqrt(2 / n_in), size=(n_in, n_out))


def glorot(n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
    r"""Draw weights that share what is lost between the way forward and the way back.

    .. math:: \theta_{jk} \sim \mathcal{N}\Bigl(0, \frac{2}{n_\text{in} + n_\text{out}}\Bigr)

    Parameters
    ----------
    n_in : int
        Units before the layer, at least 1.
    n_out : int
        Units of the layer, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_in, n_out)

    Raises
    ------
    TypeError
        If `n_in` or `n_out` is not a whole number, or `rng` is not a generator.
    ValueError
        If `n_in` or `n_out` is below 1.

    Warnings
    --------
    The paper draws evenly from the interval between plus and minus sqrt(6 / (n_in + n_out)), which
    has this variance too. The argument needs the variance alone.

    Notes
    -----
    In the notes it bears its first author's first name, Xavier.

    References
    ----------
    Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks.

    Examples
    --------
    With as many outputs as inputs it is `lecun`; a layer that widens gets smaller weights.

    >>> import numpy as np
    >>> from textbook.initialization import glorot
    >>> rng = np.random.default_rng(0)
    >>> [round(float(glorot(200, n_out, rng).std()), 3) for n_out in (200, 1800)]
    [0.071, 0.032]
    """
    _check_layer(n_in, n_out, rng)

    return rng.normal(scale=np.sqrt(2 / (n_in + n_out)), size=(n_in, n_out))


def initial_parameters(
    widths: Sequence[int], scheme: Scheme, rng: np.random.Generator
) -> tuple[FloatArrays, FloatArrays]:
    r"""Draw the weights of a whole network, one layer after another; the biases are zeros.

    .. math::
        \theta^{(l)} = \text{scheme}(d_{l-1}, d_l), \qquad b^{(l)} = 0, \qquad l = 1, \dots, L

    Parameters
    ----------
    widths : sequence of L + 1 int
        Units of each layer, the input's d_0 first, the output's d_L last.
    scheme : callable
        `he`, `lecun`, `glorot`, or any function of n_in, n_out and rng.
    rng : numpy.random.Generator

    Returns
    -------
    weights : list of L ndarrays of shape (d_(l-1), d_l)
    biases : list of L ndarrays of shape (d_l,)

    Raises
    ------
    TypeError
        If `widths` is not a list of whole numbers, `scheme` is not a function, or `rng` is not a
        generator.
    ValueError
        If there are fewer than two widths, or one is below 1.

    Notes
    -----
    The notes' program makes these arrays for examples in columns: ``W`` of shape (d_l, d_(l-1)) and
    ``b`` of shape (d_l, 1). In print, its loop variable has become the digit 1.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.initialization import he, initial_parameters
    >>> weights, biases = initial_parameters([4, 5, 3], he, np.random.default_rng(0))
    >>> [theta.shape for theta in weights], [b.tolist() for b in biases]
    ([(4, 5), (5, 3)], [[0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    """
    _check_network(widths, scheme, rng)

    weights = [scheme(n_in, n_out, rng) for n_in, n_out in itertools.pairwise(widths)]
    biases = [np.zeros(n_out) for n_out in widths[1:]]
    return weights, biases


def spread_by_depth(
    da: ArrayLike,
    x: ArrayLike,
    weights: Arrays,
    biases: Arrays,
    activations: Sequence[Activation] | None = None,
) -> Spread:
    r"""Measure how large activations, errors and gradients are in each layer of a network.

    .. math::
        \operatorname{rms}(v) = \sqrt{\frac1n \sum_{i=1}^{n} v_i^2}
        \qquad\text{of } A^{[l]},\ \nabla_{b^{[l]}} J,\ \nabla_{\theta^{[l]}} J

    Parameters
    ----------
    da : array_like of shape (m, d_L)
        What arrives at the outputs on the way back: a slope of the cost, or random numbers.
    x : array_like of shape (m, d_0)
    weights : sequence of L array_like
        ``weights[l - 1]`` is theta^(l), of shape (d_(l-1), d_l).
    biases : sequence of L array_like of shape (d_l,)
    activations : sequence of L functions of `textbook.activations`, optional
        The sigmoid in every layer unless told otherwise.

    Returns
    -------
    Spread
        activations, errors, weight_gradients.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes do not fit together, `da` or `x` is empty or not finite, or the weights are
        so large that a number overflows.

    Examples
    --------
    Two layers that multiply by 3 and by 5, without a bend; the error of the first has passed the
    second:

    >>> from textbook.activations import identity
    >>> from textbook.initialization import spread_by_depth
    >>> spread = spread_by_depth([[1]], [[2]], [[[3]], [[5]]], [[0], [0]], [identity] * 2)
    >>> [sizes.tolist() for sizes in spread]
    [[2.0, 6.0, 30.0], [5.0, 1.0], [10.0, 6.0]]
    """
    da = as_batch("da", da, "m d_L")

    with np.errstate(over="ignore", invalid="ignore"):  # told in words, below
        z, a = forward_rows(x, weights, biases, activations)
        dtheta, db = backward_rows(da, weights, z, a, activations)
    _check_overflow(a + db + dtheta)
    return Spread(*(np.array([_rms(v) for v in layers]) for layers in (a, db, dtheta)))


def _rms(v: FloatArray) -> FloatArray:
    """Return the root mean square without squaring what is very large or very small."""
    largest: FloatArray = np.abs(v).max(initial=0)
    return largest if largest == 0 else largest * np.sqrt(np.mean((v / largest) ** 2))


def _check_overflow(arrays: FloatArrays) -> None:
    for array in arrays:
        if not np.isfinite(array).all():
            bad = array[~np.isfinite(array)][0]
            raise ValueError(
                f"weights must be small enough for {array.dtype}, got {bad} on the way"
            )


def _check_layer(n_in: int, n_out: int, rng: np.random.Generator) -> None:
    check_count("n_in", n_in, at_least=1)
    check_count("n_out", n_out, at_least=1)
    check_generator(rng)


def _check_network(
    widths: Sequence[int], scheme: Scheme, rng: np.random.Generator
) -> None:
    check_sequence("widths", widths, "whole numbers")
    if len(widths) < 2:
        raise ValueError(
            f"widths must name an input and at least one layer, got {widths!r:.60}"
        )
    for i, width in enumerate(widths):
        check_count(f"widths[{i}]", width, at_least=1)
    if not callable(scheme):
        raise TypeError(
            f"scheme must be a function of n_in, n_out and rng, got {scheme!r:.60}"
        )
    check_generator(rng)
