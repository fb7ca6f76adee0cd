r"""Receptive field: which pixels of the input can reach one number inside a network.

A layer is written as four whole numbers (kernel, stride, padding, dilation), along one axis of the
image. Convolution and pooling are alike here. Two kernels of 3 see as far as one of 5:

>>> from textbook.receptive_field import receptive_field
>>> receptive_field([(3, 1, 1, 1), (3, 1, 1, 1)]), receptive_field([(5, 1, 2, 1)])
((5, 1, -2), (5, 1, -2))
"""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_finite_array,
    check_count,
    check_sequence,
)

__all__ = [
    "expected_spread",
    "field_by_layer",
    "input_gradient",
    "network_layers",
    "path_shares",
    "receptive_field",
    "seen_pixels",
    "sizes_by_layer",
    "spread",
    "stack_weights",
]

_Layer = tuple[int, int, int, int]

_CONV, _POOL = (3, 1, 1, 1), (2, 2, 0, 1)

_NETWORKS: dict[str, tuple[int, dict[str, _Layer]]] = {
    "lenet": (
        32,
        {
            "conv1": (5, 1, 0, 1),
            "pool1": (2, 2, 0, 1),
            "conv2": (5, 1, 0, 1),
            "pool2": (2, 2, 0, 1),
            "conv3": (5, 1, 0, 1),
        },
    ),
    "alexnet": (
        227,
        {
            "conv1": (11, 4, 0, 1),
            "pool1": (3, 2, 0, 1),
            "conv2": (5, 1, 2, 1),
            "pool2": (3, 2, 0, 1),
            "conv3": (3, 1, 1, 1),
            "conv4": (3, 1, 1, 1),
            "conv5": (3, 1, 1, 1),
            "pool5": (3, 2, 0, 1),
        },
    ),
    "vgg16": (
        224,
        {
            "conv1_1": _CONV,
            "conv1_2": _CONV,
            "pool1": _POOL,
            "conv2_1": _CONV,
            "conv2_2": _CONV,
            "pool2": _POOL,
            "conv3_1": _CONV,
            "conv3_2": _CONV,
            "conv3_3": _CONV,
            "pool3": _POOL,
            "conv4_1": _CONV,
            "conv4_2": _CONV,
            "conv4_3": _CONV,
            "pool4": _POOL,
            "conv5_1": _CONV,
            "conv5_2": _CONV,
            "conv5_3": _CONV,
            "pool5": _POOL,
        },
    ),
}


# -- How large it is, and where


def receptive_field(layers: Sequence[_Layer]) -> tuple[int, int, int]:
    r"""Return size, jump and start of the field of a stack of layers, by the closed form.

    .. math::
        r_L = 1 + \sum_{l=1}^{L} d_l\,(K_l - 1)\,J_{l-1}, \qquad
        J_l = \prod_{i=1}^{l} s_i, \qquad
        t_L = -\sum_{l=1}^{L} p_l\,J_{l-1}

    Position i of the output sees pixels of the input from t + iJ to t + iJ + r - 1.

    Parameters
    ----------
    layers : sequence of (int, int, int, int)
        Kernel K, stride s, padding p on either side and dilation d of each layer, input first.

    Returns
    -------
    size : int
        Pixels from the first to the last that position 0 can see, the border not considered.
    jump : int
        Pixels between the fields of neighboring positions.
    start : int
        First pixel of the field of position 0; below 0 it lies in the padding.

    Raises
    ------
    TypeError
        If `layers` is not a list, or what it holds is not four whole numbers.
    ValueError
        If a kernel, a stride or a dilation is below 1, or a padding below 0.

    Examples
    --------
    A stride widens the steps of the layers behind it, not its own:

    >>> from textbook.receptive_field import receptive_field
    >>> receptive_field([(3, 2, 0, 1), (3, 1, 0, 1)]), receptive_field([(3, 1, 0, 1), (3, 2, 0, 1)])
    ((7, 2, 0), (5, 2, 0))

    A kernel of 3 with dilation 2 spans 5 pixels:

    >>> receptive_field([(3, 1, 2, 2)])
    (5, 1, -2)
    """
    layers = _check_layers(layers)

    kernel, stride, padding, dilation = np.array(layers, dtype=int).reshape(-1, 4).T
    jump = np.cumprod([1, *stride])
    size = 1 + np.sum(dilation * (kernel - 1) * jump[:-1])
    return int(size), int(jump[-1]), int(-np.sum(padding * jump[:-1]))


def field_by_layer(layers: Sequence[_Layer]) -> list[tuple[int, int, int]]:
    r"""Follow size, jump and start of the field from the input through a stack, layer by layer.

    .. math::
        r_l = r_{l-1} + d_l\,(K_l - 1)\,J_{l-1}, \qquad
        t_l = t_{l-1} - p_l\,J_{l-1}, \qquad
        J_l = s_l\,J_{l-1}

    It begins with a pixel that sees itself: r = 1, J = 1, t = 0.

    Parameters
    ----------
    layers : sequence of (int, int, int, int)
        Kernel, stride, padding and dilation of each layer, from the input to the output.

    Returns
    -------
    list of (int, int, int)
        Size, jump and start; entry 0 is the input's, entry l that of layer l.

    Raises
    ------
    TypeError
        If `layers` is not a list, or what it holds is not four whole numbers.
    ValueError
        If a kernel, a stride or a dilation is below 1, or a padding below 0.

    Examples
    --------
    The first two layers of LeNet, a kernel of 5 and pooling of 2:

    >>> from textbook.receptive_field import field_by_layer
    >>> field_by_layer([(5, 1, 0, 1), (2, 2, 0, 1)])
    [(1, 1, 0), (5, 1, 0), (6, 2, 0)]
    """
    layers = _check_layers(layers)

    size, jump, start = 1, 1, 0
    fields = [(size, jump, start)]
    for kernel, stride, padding, dilation in layers:
        size += dilation * (kernel - 1) * jump
        start -= padding * jump
        jump *= stride  # last: a layer's own stride moves the layers behind it apart
        fields.append((size, jump, start))
    return fields


def sizes_by_layer(layers: Sequence[_Layer], input_size: int) -> list[int]:
    r"""Return how many positions there are along one axis, from the input to the last layer.

    .. math:: n_l = \left\lfloor \frac{n_{l-1} + 2 p_l - d_l\,(K_l - 1) - 1}{s_l} \right\rfloor + 1

    Parameters
    ----------
    layers : sequence of (int, int, int, int)
        Kernel, stride, padding and dilation.
    input_size : int, at least 1
        Pixels along the axis.

    Returns
    -------
    list of int
        Entry 0 is `input_size`, entry l the number of positions of layer l.

    Raises
    ------
    TypeError
        If `layers` does not hold fours of whole numbers, or `input_size` is not a whole number.
    ValueError
        If a setting or `input_size` is too small, or a kernel does not fit.

    Examples
    --------
    AlexNet's first convolution and its pooling, which overlaps:

    >>> from textbook.receptive_field import sizes_by_layer
    >>> sizes_by_layer([(11, 4, 0, 1), (3, 2, 0, 1)], 227)
    [227, 55, 27]
    """
    layers = _check_layers(layers)
    check_count("input_size", input_size, at_least=1)

    sizes = [int(input_size)]
    for kernel, stride, padding, dilation in layers:
        room = sizes[-1] + 2 * padding - dilation * (kernel - 1) - 1
        if room < 0:
            raise ValueError(
                f"layers must fit: layer {len(sizes)} reaches over {dilation * (kernel - 1) + 1} "
                f"pixels, got {sizes[-1]} with {padding} beyond either end"
            )
        sizes.append(room // stride + 1)
    return sizes


def seen_pixels(
    layers: Sequence[_Layer], position: int, input_size: int
) -> NDArray[np.int_]:
    r"""Return the numbers of all input pixels that one output position sees.

    .. math::
        S_{l-1} = \{\, s_l\,i - p_l + d_l\,k \;:\; i \in S_l,\ 0 \le k < K_l \,\}
        \cap \{0, \dots, n_{l-1} - 1\}, \qquad S_L = \{\text{position}\}

    Parameters
    ----------
    layers : sequence of (int, int, int, int)
        Kernel, stride, padding and dilation.
    position : int
        A position of the last layer, counted from 0.
    input_size : int, at least 1
        Pixels along the axis.

    Returns
    -------
    ndarray of int of shape (n,)
        In ascending order. Padding is no pixel; with dilation some pixels in between are missing.

    Raises
    ------
    TypeError
        If `layers` does not hold fours of whole numbers, or another argument is not whole.
    ValueError
        If a setting is too small, a kernel does not fit, or the output has no such position.

    Examples
    --------
    Two kernels of 3 with padding 1, on seven pixels. The first output and the middle one:

    >>> from textbook.receptive_field import seen_pixels
    >>> layers = [(3, 1, 1, 1), (3, 1, 1, 1)]
    >>> seen_pixels(layers, 0, 7).tolist(), seen_pixels(layers, 3, 7).tolist()
    ([0, 1, 2], [1, 2, 3, 4, 5])
    """
    layers = _check_layers(layers)
    sizes = sizes_by_layer(layers, input_size)
    _check_position(position, sizes[-1])

    seen = np.array([position])
    for (kernel, stride, padding, dilation), size in zip(
        reversed(layers), reversed(sizes[:-1]), strict=True
    ):
        windows = stride * seen[:, None] - padding + dilation * np.arange(kernel)
        seen = np.unique(windows[(windows >= 0) & (windows < size)])
    return seen


def network_layers(name: str) -> tuple[int, dict[str, _Layer]]:
    r"""Return the input size and the layers of LeNet-5, AlexNet or VGG16, up to the dense ones.

    .. math:: \text{layer } l \mapsto (K_l, s_l, p_l, d_l)

    Parameters
    ----------
    name : str
        "lenet", "alexnet" or "vgg16".

    Returns
    -------
    input_size : int
        Height and width of the image.
    layers : dict of str to (int, int, int, int)
        Kernel, stride, padding and dilation of each convolution and pooling, by name.

    Raises
    ------
    TypeError
        If `name` is not a string.
    ValueError
        If there is no such network.

    Notes
    -----
    LeNet's third convolution covers the whole of the map that it gets, so it is a dense layer as
    well. AlexNet's second kernel is 5 as in its paper, where the notes have 3.

    Examples
    --------
    >>> from textbook.receptive_field import network_layers
    >>> input_size, layers = network_layers("alexnet")
    >>> input_size, layers["conv1"], layers["pool1"]
    (227, (11, 4, 0, 1), (3, 2, 0, 1))
    """
    if not isinstance(name, str):
        raise TypeError(f"name must be a string, got {name!r:.60}")
    if name not in _NETWORKS:
        raise ValueError(
            f"name must be one of {', '.join(_NETWORKS)}, got {name!r:.60}"
        )

    input_size, layers = _NETWORKS[name]
    return input_size, dict(layers)


# -- What it costs


def stack_weights(kernels: Sequence[int], channels: Sequence[int]) -> int:
    r"""Count the weights of a stack of square kernels, biases left out.

    .. math:: \sum_{l=1}^{L} K_l^2\, C_{l-1}\, C_l

    Parameters
    ----------
    kernels : sequence of int
        Height, and width, of the kernels of each layer.
    channels : sequence of int
        Channels of the input and of what each layer gives: one entry more than `kernels`.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If `kernels` or `channels` is not a list of whole numbers.
    ValueError
        If an entry is below 1, or `channels` does not have one entry more than `kernels`.

    Examples
    --------
    The notes' two designs, then both with 64 channels throughout:

    >>> from textbook.receptive_field import stack_weights
    >>> stack_weights([5], [1, 1]), stack_weights([3, 3], [1, 1, 1])
    (25, 18)
    >>> stack_weights([5], [64, 64]), stack_weights([3, 3], [64, 64, 64])
    (102400, 73728)
    """
    _check_stack(kernels, channels)

    pairs = itertools.pairwise(channels)
    return sum(
        int(kernel) ** 2 * int(c_in) * int(c_out)
        for kernel, (c_in, c_out) in zip(kernels, pairs, strict=True)
    )


# -- What counts within it


def path_shares(layers: Sequence[_Layer]) -> FloatArray:
    r"""Return which share of all paths to one output begins at each pixel of its field.

    .. math::
        P = u_1 * u_2 * \dots * u_L, \qquad
        u_l[q] = \begin{cases}
        1/K_l & q = d_l\,J_{l-1}\,k \text{ for some } k = 0, \dots, K_l - 1 \\
        0 & \text{otherwise}
        \end{cases}

    A path chooses one of the K pixels of the window in each layer.

    Parameters
    ----------
    layers : sequence of (int, int, int, int)
        Kernel, stride, padding and dilation. The padding is not considered: no border is near.

    Returns
    -------
    ndarray of shape (size,)
        From the first pixel of the field to the last; they sum to 1.

    Raises
    ------
    TypeError
        If `layers` is not a list, or what it holds is not four whole numbers.
    ValueError
        If a kernel, a stride or a dilation is below 1, or a padding below 0.

    Examples
    --------
    Two kernels of 3 make nine paths. One begins at the edge of the field, three in its middle:

    >>> from textbook.receptive_field import path_shares
    >>> (9 * path_shares([(3, 1, 1, 1), (3, 1, 1, 1)])).round(12).tolist()
    [1.0, 2.0, 3.0, 2.0, 1.0]
    """
    layers = _check_layers(layers)

    shares, jump = np.ones(1), 1
    for kernel, stride, _, dilation in layers:
        choices = np.zeros(dilation * jump * (kernel - 1) + 1)
        choices[:: dilation * jump] = 1 / kernel
        shares = np.convolve(shares, choices)
        jump *= stride
    return shares


def expected_spread(layers: Sequence[_Layer]) -> float:
    r"""Return the standard deviation of the place where a path begins, by the closed form.

    .. math:: \sigma = \sqrt{\sum_{l=1}^{L} \frac{K_l^2 - 1}{12}\,(d_l\,J_{l-1})^2}

    Parameters
    ----------
    layers : sequence of (int, int, int, int)
        Kernel, stride, padding and dilation.

    Returns
    -------
    float
        In pixels.

    Raises
    ------
    TypeError
        If `layers` is not a list, or what it holds is not four whole numbers.
    ValueError
        If a kernel, a stride or a dilation is below 1, or a padding below 0.

    Examples
    --------
    Four times as many layers: twice the spread.

    >>> from textbook.receptive_field import expected_spread
    >>> [round(expected_spread([(3, 1, 1, 1)] * depth), 4) for depth in (6, 24)]
    [2.0, 4.0]
    """
    layers = _check_layers(layers)

    variance, jump = 0.0, 1
    for kernel, stride, _, dilation in layers:
        variance += (kernel**2 - 1) / 12 * (dilation * jump) ** 2
        jump *= stride
    return float(np.sqrt(variance))


def spread(shares: ArrayLike) -> float:
    r"""Return the standard deviation, in pixels, of what is distributed along a line of pixels.

    .. math::
        \sqrt{\sum_i P_i\,(i - \mu)^2}, \qquad \mu = \sum_i P_i\,i, \qquad
        P_i = \frac{v_i}{\sum_q v_q}

    Parameters
    ----------
    shares : array_like of shape (n,)
        What each pixel has, not negative. It need not sum to 1.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `shares` does not hold real numbers.
    ValueError
        If it is not one-dimensional, an entry is negative or not finite, or all are 0.

    Examples
    --------
    Five equal shares have a variance of 2. With most of it in the middle there is less:

    >>> from textbook.receptive_field import spread
    >>> round(spread([1, 1, 1, 1, 1]) ** 2, 4), round(spread([1, 2, 3, 2, 1]) ** 2, 4)
    (2.0, 1.3333)
    """
    values = _check_shares(shares)

    p = values / values.sum()
    pixels = np.arange(len(p))
    mean = np.sum(p * pixels)
    return float(np.sqrt(np.sum(p * (pixels - mean) ** 2)))


def input_gradient(dy: ArrayLike, kernels: Sequence[ArrayLike]) -> FloatArray:
    r"""Carry a gradient back through a stack of linear convolutions of stride 1, without padding.

    .. math::
        \nabla_x[i, j, c] = \sum_{k, q, o} w[k, q, c, o]\;\nabla_y[i - k, j - q, o]

    What lies outside of the upstream gradient counts as 0.

    Parameters
    ----------
    dy : array_like of shape (H, W, O)
        Upstream gradient: slopes in the output of the last layer.
    kernels : sequence of array_like of shape (K, L, C, O)
        One for each layer, the one next to the input first; as many C as the layer before has O.

    Returns
    -------
    ndarray of shape (H + sum of K - 1, W + sum of L - 1, C)
        Slopes in the input of the first layer.

    Raises
    ------
    TypeError
        If `dy` or a kernel does not hold real numbers, or `kernels` is not a list.
    ValueError
        If a shape does not fit, or a value is not finite.

    Examples
    --------
    Between an input of two pixels and an output of one, the gradient is the kernel as it is:

    >>> from textbook.receptive_field import input_gradient
    >>> w = [[[[3]], [[7]]]]
    >>> input_gradient([[[1]]], [w])[:, :, 0].tolist()
    [[3.0, 7.0]]
    >>> input_gradient([[[1]]], [w, w])[:, :, 0].tolist()
    [[9.0, 42.0, 49.0]]
    """
    dy, kernels = _check_kernels(dy, kernels)

    for w in reversed(kernels):
        height, width, _ = dy.shape
        rows, columns, channels, _ = w.shape
        dx = np.zeros((height + rows - 1, width + columns - 1, channels), dy.dtype)
        for k, q in np.ndindex(rows, columns):
            dx[k : k + height, q : q + width] += dy @ w[k, q].T
        dy = dx
    return dy


# -- Checks


def _check_layers(layers: Sequence[_Layer]) -> list[_Layer]:
    """Return the layers as tuples of Python integers."""
    check_sequence("layers", layers, "(kernel, stride, padding, dilation)")
    checked = []
    for number, layer in enumerate(layers, start=1):
        entries = list(layer) if isinstance(layer, (Sequence, np.ndarray)) else []
        if len(entries) != 4 or not all(
            isinstance(e, (int, np.integer)) and not isinstance(e, bool)
            for e in entries
        ):
            raise TypeError(
                "layers must hold four whole numbers each (kernel, stride, padding, dilation), "
                f"got {layer!r:.60} as layer {number}"
            )
        kernel, stride, padding, dilation = map(int, entries)
        if min(kernel, stride, dilation) < 1 or padding < 0:
            raise ValueError(
                "layers must have kernel, stride and dilation of at least 1 and a padding of at "
                f"least 0, got {(kernel, stride, padding, dilation)} as layer {number}"
            )
        checked.append((kernel, stride, padding, dilation))
    return checked


def _check_position(position: int, size: int) -> None:
    check_count("position", position)
    if position >= size:
        raise ValueError(
            f"position must be below {size}, the number of outputs, got {position}"
        )


def _check_stack(kernels: Sequence[int], channels: Sequence[int]) -> None:
    for name, entries in (("kernels", kernels), ("channels", channels)):
        check_sequence(name, entries, "whole numbers")
        for entry in entries:
            check_count(f"{name} entry", entry, at_least=1)
    if len(channels) != len(kernels) + 1:
        raise ValueError(
            f"channels must have {len(kernels) + 1} entries, one more than kernels, "
            f"got {len(channels)}"
        )


def _check_shares(shares: ArrayLike) -> FloatArray:
    values = as_finite_array("shares", shares, "n")
    if values.size == 0 or values.min() < 0 or values.max() == 0:
        raise ValueError(
            f"shares must hold no negative number and a positive one, got {values[:5].tolist()}"
        )
    return values.astype(np.float64)


def _check_kernels(
    dy: ArrayLike, kernels: Sequence[ArrayLike]
) -> tuple[FloatArray, list[FloatArray]]:
    dy = as_finite_array("dy", dy, "H W O")
    check_sequence("kernels", kernels, "arrays of shape (K, L, C, O)")
    checked = [
        as_finite_array(f"kernels[{i}]", w, "K L C O") for i, w in enumerate(kernels)
    ]
    channels = dy.shape[-1]
    for i, w in reversed(list(enumerate(checked))):
        if w.shape[-1] != channels or w.size == 0:
            raise ValueError(
                f"kernels[{i}] must have shape (K, L, C, {channels}), none of them 0, to give the "
                f"{channels} channels that come after it, got shape {w.shape}"
            )
        channels = w.shape[2]
    return dy, checked
