r"""Pooling: one number for each window of an image, the largest or the mean.

A batch of images is (N, H, W, C); every channel is pooled by itself. The windows of a 4 x 4 image,
two pixels high and two wide, side by side:

>>> import numpy as np
>>> from textbook.pooling import average_pool2d, max_pool2d
>>> image = np.reshape([1, 3, 2, 0, 5, 7, 1, 1, 4, 0, 6, 8, 2, 2, 9, 5], (1, 4, 4, 1))
>>> max_pool2d(image, 2)[0, :, :, 0].tolist()
[[7.0, 2.0], [4.0, 9.0]]
>>> average_pool2d(image, 2)[0, :, :, 0].tolist()
[[4.0, 1.0], [2.0, 7.0]]
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import (
    FloatArray,
    as_float_array,
    as_pair,
    check_count,
    check_sequence,
)
from textbook.convolution import same_padding

__all__ = [
    "average_pool2d",
    "average_pool2d_backward",
    "global_average_pool",
    "global_average_pool_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool2d_backward_by_loops",
    "pool2d_by_loops",
]

_IntOrPair = int | tuple[int, int]
_Padding = str | int | tuple[int, int]


def pool2d_by_loops(
    x: ArrayLike,
    function: Callable[[FloatArray], float],
    kernel_size: _IntOrPair,
    stride: _IntOrPair | None = None,
    padding: _Padding = 0,
) -> FloatArray:
    r"""Apply a function to the pixels of each window, one window and one channel at a time.

    .. math:: y_{nijc} = f\bigl( x_{n, R_i, S_j, c} \bigr), \qquad
        R_i = \{ r : i s - p \le r < i s - p + k \} \cap \{0, \dots, H - 1\}

    R_i are the rows of window i, and S_j are its columns in the same way; what lies beyond the
    image belongs to no window.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
    function : callable
        Takes an array of pixels of shape (rows, columns), returns one number.
    kernel_size : int or (rows, columns)
        Size k of a window.
    stride : int or (rows, columns), optional
        Steps s from one window to the next; as large as the window when not given.
    padding : int, (rows, columns), "SAME" or "VALID", default 0
        How far p the windows reach beyond each edge, less than their size.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, `function` cannot be called, or a setting is not a whole
        number.
    ValueError
        If `x` is not four-dimensional or is empty, a setting is too small, `padding` is not smaller
        than the window, or the window larger than the padded image.

    Examples
    --------
    Whatever turns a window into a number will do, such as the range:

    >>> import numpy as np
    >>> from textbook.pooling import pool2d_by_loops
    >>> row = np.reshape([1, 4, 2, 7, 3], (1, 1, 5, 1))
    >>> pool2d_by_loops(row, np.ptp, (1, 2), stride=1).ravel().tolist()
    [3.0, 2.0, 5.0, 4.0]
    """
    x, sides = _check_windows(x, kernel_size, stride, padding)
    if not callable(function):
        raise TypeError(f"function must be a function of pixels, got {function!r:.60}")

    y = np.zeros(_output_shape(x, sides), x.dtype)
    for n, i, j, c in np.ndindex(y.shape):
        rows, columns = _window(sides, i, j)
        y[n, i, j, c] = function(x[n, rows, columns, c])
    return y


def max_pool2d(
    x: ArrayLike,
    kernel_size: _IntOrPair,
    stride: _IntOrPair | None = None,
    padding: _Padding = 0,
) -> FloatArray:
    r"""Return the largest value of each window.

    .. math:: y_{nijc} = \max_{r \in R_i,\; q \in S_j} x_{nrqc}, \qquad
        H_\text{out} = \Bigl\lfloor \frac{H + 2p - k}{s} \Bigr\rfloor + 1

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
    kernel_size : int or (rows, columns)
    stride : int or (rows, columns), optional
        As large as the window when not given. Smaller, and the windows overlap.
    padding : int, (rows, columns), "SAME" or "VALID", default 0
        Pixels at each edge that never win, as if minus infinity stood there.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or a setting is not a whole number.
    ValueError
        If `x` is not four-dimensional or is empty, a setting is too small, `padding` is not smaller
        than the window, or the window larger than the padded image.

    Warnings
    --------
    PyTorch refuses more padding than half a window. "SAME" is TensorFlow's rule: H / s windows,
    rounded up, and where the padding is odd, the pixel more at the bottom and on the right.

    Examples
    --------
    On an image of negative numbers, zeros around it would win:

    >>> import numpy as np
    >>> from textbook.pooling import max_pool2d
    >>> image = np.reshape([-4, -3, -2, -1], (1, 2, 2, 1))
    >>> max_pool2d(image, 2, padding=1).ravel().tolist()
    [-4.0, -3.0, -2.0, -1.0]

    AlexNet's windows of 3 in steps of 2 share their edges, so one pixel can win twice:

    >>> row = np.reshape([0, 1, 9, 2, 3], (1, 1, 5, 1))
    >>> max_pool2d(row, (1, 3), stride=2).ravel().tolist()
    [9.0, 9.0]
    """
    x, (rows, columns) = _check_windows(x, kernel_size, stride, padding)

    return _max_along(1, _max_along(2, x, columns), rows)


def max_pool2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    kernel_size: _IntOrPair,
    stride: _IntOrPair | None = None,
    padding: _Padding = 0,
) -> FloatArray:
    r"""Send the slope of each window's output to the pixel that won it.

    .. math:: dx_{nrqc} = \sum_{(i,j) \,:\, (r,q) \text{ wins } (i,j)} dy_{nijc}

    Of several pixels that are equally large the first in reading order wins.

    Parameters
    ----------
    dy : array_like of shape (N, H_out, W_out, C)
    x : array_like of shape (N, H, W, C)
        What was pooled.
    kernel_size : int or (rows, columns)
    stride : int or (rows, columns), optional
        As large as the window when not given.
    padding : int, (rows, columns), "SAME" or "VALID", default 0

    Returns
    -------
    ndarray of shape (N, H, W, C)

    Raises
    ------
    TypeError
        If `dy` or `x` does not hold real numbers, or a setting is not a whole number.
    ValueError
        If `max_pool2d` would refuse `x` or a setting, or `dy` does not have its output's shape.

    Warnings
    --------
    PyTorch's max_pool2d has the same rule for ties; its amax shares the slope evenly.

    Examples
    --------
    The 9 wins both windows and gets both slopes; the two sevens below are tied:

    >>> import numpy as np
    >>> from textbook.pooling import max_pool2d_backward
    >>> row, slopes = np.reshape([0, 1, 9, 2, 3], (1, 1, 5, 1)), np.reshape([5, 0.5], (1, 1, 2, 1))
    >>> max_pool2d_backward(slopes, row, (1, 3), stride=2).ravel().tolist()
    [0.0, 0.0, 5.5, 0.0, 0.0]
    >>> max_pool2d_backward([[[[1]]]], [[[[2], [7]], [[7], [1]]]], 2).ravel().tolist()
    [0.0, 1.0, 0.0, 0.0]
    """
    x, (rows, columns) = _check_windows(x, kernel_size, stride, padding)
    dy = _check_slopes(dy, _output_shape(x, (rows, columns)))

    across = _max_along(2, x, columns)
    d_across = _max_along_backward(1, dy, across, _max_along(1, across, rows), rows)
    return _max_along_backward(2, d_across, x, across, columns)


def max_pool2d_backward_by_loops(
    dy: ArrayLike,
    x: ArrayLike,
    kernel_size: _IntOrPair,
    stride: _IntOrPair | None = None,
    padding: _Padding = 0,
) -> FloatArray:
    r"""Find the winner of each window, one window at a time, and add the slope to it.

    .. math:: dx_{n r^* q^* c} \mathrel{+}= dy_{nijc}, \qquad
        (r^*, q^*) = \operatorname*{arg\,max}_{r \in R_i,\; q \in S_j} x_{nrqc}

    Parameters
    ----------
    dy : array_like of shape (N, H_out, W_out, C)
    x : array_like of shape (N, H, W, C)
    kernel_size : int or (rows, columns)
    stride : int or (rows, columns), optional
        As large as the window when not given.
    padding : int, (rows, columns), "SAME" or "VALID", default 0

    Returns
    -------
    ndarray of shape (N, H, W, C)

    Raises
    ------
    TypeError
        If `dy` or `x` does not hold real numbers, or a setting is not a whole number.
    ValueError
        If `max_pool2d` would refuse `x` or a setting, or `dy` does not have its output's shape.

    Examples
    --------
    >>> from textbook.pooling import max_pool2d_backward_by_loops
    >>> dx = max_pool2d_backward_by_loops([[[[3]]]], [[[[1], [4]], [[2], [0]]]], 2)
    >>> dx[0, :, :, 0].tolist()
    [[0.0, 3.0], [0.0, 0.0]]
    """
    x, sides = _check_windows(x, kernel_size, stride, padding)
    dy = _check_slopes(dy, _output_shape(x, sides))

    dx = np.zeros(x.shape, np.result_type(dy, x))
    for n, i, j, c in np.ndindex(dy.shape):
        rows, columns = _window(sides, i, j)
        pixels = x[n, rows, columns, c]
        row, column = np.unravel_index(pixels.argmax(), pixels.shape)  # the first
        dx[n, rows.start + row, columns.start + column, c] += dy[n, i, j, c]
    return dx


def average_pool2d(
    x: ArrayLike,
    kernel_size: _IntOrPair,
    stride: _IntOrPair | None = None,
    padding: _Padding = 0,
    count_padding: bool = False,
) -> FloatArray:
    r"""Return the mean of each window.

    .. math:: y_{nijc} = \frac{1}{k_{ij}} \sum_{r \in R_i} \sum_{q \in S_j} x_{nrqc}, \qquad
        k_{ij} = |R_i|\,|S_j| \quad\text{or}\quad k^2

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
    kernel_size : int or (rows, columns)
    stride : int or (rows, columns), optional
        As large as the window when not given.
    padding : int, (rows, columns), "SAME" or "VALID", default 0
    count_padding : bool, default False
        Whether to divide by all places of a window, as if zeros stood beyond the image, or by the
        pixels that it holds.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or a setting is not a whole number.
    ValueError
        If `x` is not four-dimensional or is empty, a setting is too small, `padding` is not smaller
        than the window, or the window larger than the padded image.

    Warnings
    --------
    TensorFlow never counts the padding. PyTorch counts it unless told count_include_pad=False.

    Examples
    --------
    A gray wall is gray up to its edge, or darker there:

    >>> import numpy as np
    >>> from textbook.pooling import average_pool2d
    >>> wall = np.full((1, 1, 4, 1), 8)
    >>> average_pool2d(wall, (1, 2), padding=(0, 1)).ravel().tolist()
    [8.0, 8.0, 8.0]
    >>> average_pool2d(wall, (1, 2), padding=(0, 1), count_padding=True).ravel().tolist()
    [4.0, 8.0, 4.0]
    """
    x, (rows, columns) = _check_windows(x, kernel_size, stride, padding)

    total = _sum_along(1, _sum_along(2, x, columns), rows)
    return total / _divisors(rows, columns, count_padding).astype(x.dtype)


def average_pool2d_backward(
    dy: ArrayLike,
    shape: Sequence[int],
    kernel_size: _IntOrPair,
    stride: _IntOrPair | None = None,
    padding: _Padding = 0,
    count_padding: bool = False,
) -> FloatArray:
    r"""Spread the slope of each window's mean evenly over its pixels.

    .. math:: dx_{nrqc} = \sum_{i \,:\, r \in R_i} \; \sum_{j \,:\, q \in S_j}
        \frac{dy_{nijc}}{k_{ij}}

    Parameters
    ----------
    dy : array_like of shape (N, H_out, W_out, C)
    shape : sequence of int
        Shape (N, H, W, C) of what was pooled. Its values do not matter.
    kernel_size : int or (rows, columns)
    stride : int or (rows, columns), optional
        As large as the window when not given.
    padding : int, (rows, columns), "SAME" or "VALID", default 0
    count_padding : bool, default False
        As it was forward.

    Returns
    -------
    ndarray of shape (N, H, W, C)

    Raises
    ------
    TypeError
        If `dy` does not hold real numbers, `shape` is not a list, or a size or a setting is not a
        whole number.
    ValueError
        If `shape` does not have four sizes of at least 1, `average_pool2d` would refuse a setting,
        or `dy` does not have its output's shape.

    Examples
    --------
    The middle pixel belongs to both windows:

    >>> import numpy as np
    >>> from textbook.pooling import average_pool2d_backward
    >>> slopes = np.reshape([6, 12], (1, 1, 2, 1))
    >>> average_pool2d_backward(slopes, (1, 1, 5, 1), (1, 3), stride=2).ravel().tolist()
    [2.0, 2.0, 6.0, 4.0, 4.0]
    """
    n, height, width, c = _check_shape(shape)
    rows, columns = _sides((height, width), kernel_size, stride, padding)
    dy = _check_slopes(dy, (n, rows.output, columns.output, c))

    share = dy / _divisors(rows, columns, count_padding).astype(dy.dtype)
    return _sum_along_backward(2, _sum_along_backward(1, share, rows), columns)


def global_average_pool(x: ArrayLike) -> FloatArray:
    r"""Return the mean of each channel over the whole image.

    .. math:: y_{nc} = \frac{1}{H W} \sum_{r=1}^{H} \sum_{q=1}^{W} x_{nrqc}

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        Of any height and width.

    Returns
    -------
    ndarray of shape (N, C)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` is not four-dimensional or is empty.

    Examples
    --------
    Two pixels with two channels each, and the same number in another order:

    >>> from textbook.pooling import global_average_pool
    >>> global_average_pool([[[[1, 10], [3, 50]]]]).tolist()
    [[2.0, 30.0]]
    >>> global_average_pool([[[[3, 10]], [[1, 50]]]]).tolist()
    [[2.0, 30.0]]
    """
    x = _check_images("x", x)

    # Two short sums in a row lose fewer digits than a long one
    of_columns = x.mean(axis=1)
    y: FloatArray = of_columns.mean(axis=1)
    return y


def global_average_pool_backward(dy: ArrayLike, shape: Sequence[int]) -> FloatArray:
    r"""Give every pixel of a channel the same share of the slope.

    .. math:: dx_{nrqc} = \frac{dy_{nc}}{H W}

    Parameters
    ----------
    dy : array_like of shape (N, C)
    shape : sequence of int
        Shape (N, H, W, C) of what was averaged.

    Returns
    -------
    ndarray of shape (N, H, W, C)

    Raises
    ------
    TypeError
        If `dy` does not hold real numbers, `shape` is not a list, or a size is not a whole number.
    ValueError
        If `shape` does not have four sizes of at least 1, or `dy` not its first and its last.

    Examples
    --------
    >>> from textbook.pooling import global_average_pool_backward
    >>> global_average_pool_backward([[8, 4]], (1, 2, 2, 2))[0, 1].tolist()
    [[2.0, 1.0], [2.0, 1.0]]
    """
    n, height, width, c = _check_shape(shape)
    dy = _check_slopes(dy, (n, c))

    dx = np.empty((n, height, width, c), dy.dtype)
    dx[:] = dy[:, None, None, :] / (height * width)
    return dx


# -- One side of the image at a time


class _Side(NamedTuple):
    """The windows along one side of an image."""

    size: int  # pixels of the image
    kernel: int
    stride: int
    before: int  # padding at the upper or the left edge
    output: int  # number of windows


def _meetings(side: _Side) -> Iterator[tuple[slice, slice]]:
    """Yield, for each place within a window, the windows that hold a pixel there, and the pixels.

    Pixels that a window would have beyond the image are not among them.
    """
    for place in range(side.kernel):
        offset = place - side.before  # of window 0's pixel
        first = max(0, -(offset // side.stride))
        last = min(side.output - 1, (side.size - 1 - offset) // side.stride)
        if first <= last:
            start, stop = first * side.stride + offset, last * side.stride + offset + 1
            yield slice(first, last + 1), slice(start, stop, side.stride)


def _max_along(axis: int, x: FloatArray, side: _Side) -> FloatArray:
    """Return the largest value of each window along one axis."""
    y = np.full(_resized(x, axis, side.output), -np.inf, x.dtype)
    best, pixels = y.swapaxes(0, axis), x.swapaxes(0, axis)
    for windows, places in _meetings(side):
        np.maximum(best[windows], pixels[places], out=best[windows])
    return y


def _max_along_backward(
    axis: int, dy: FloatArray, x: FloatArray, y: FloatArray, side: _Side
) -> FloatArray:
    """Give each slope to the first pixel of its window that is as large as the maximum."""
    dx, left = np.zeros(x.shape, np.result_type(dy, x)), dy.copy()
    slopes, unclaimed = dx.swapaxes(0, axis), left.swapaxes(0, axis)
    pixels, best = x.swapaxes(0, axis), y.swapaxes(0, axis)
    for windows, places in _meetings(side):
        claimed = unclaimed[windows] * (pixels[places] == best[windows])
        slopes[places] += claimed
        unclaimed[windows] -= claimed
    return dx


def _sum_along(axis: int, x: FloatArray, side: _Side) -> FloatArray:
    """Return the sum of each window along one axis."""
    y = np.zeros(_resized(x, axis, side.output), x.dtype)
    total, pixels = y.swapaxes(0, axis), x.swapaxes(0, axis)
    for windows, places in _meetings(side):
        total[windows] += pixels[places]
    return y


def _sum_along_backward(axis: int, dy: FloatArray, side: _Side) -> FloatArray:
    """Give each slope to all pixels of its window."""
    dx = np.zeros(_resized(dy, axis, side.size), dy.dtype)
    slopes, given = dx.swapaxes(0, axis), dy.swapaxes(0, axis)
    for windows, places in _meetings(side):
        slopes[places] += given[windows]
    return dx


def _divisors(rows: _Side, columns: _Side, count_padding: bool) -> FloatArray:
    """Return what each window's sum is divided by, of shape (H_out, W_out, 1)."""
    if count_padding:
        return np.full((1, 1, 1), float(rows.kernel * columns.kernel))
    high, wide = (_sum_along(0, np.ones(side.size), side) for side in (rows, columns))
    return (high[:, None] * wide)[:, :, None]


def _resized(x: FloatArray, axis: int, size: int) -> tuple[int, ...]:
    return (*x.shape[:axis], size, *x.shape[axis + 1 :])


def _window(sides: tuple[_Side, _Side], i: int, j: int) -> tuple[slice, slice]:
    """Return the rows and the columns of the image that window (i, j) holds."""
    starts = [
        at * side.stride - side.before for at, side in zip((i, j), sides, strict=True)
    ]
    rows, columns = (
        slice(max(0, start), min(side.size, start + side.kernel))
        for start, side in zip(starts, sides, strict=True)
    )
    return rows, columns


def _output_shape(x: FloatArray, sides: tuple[_Side, _Side]) -> tuple[int, ...]:
    return (x.shape[0], sides[0].output, sides[1].output, x.shape[3])


# -- Checks


def _check_images(name: str, value: ArrayLike) -> FloatArray:
    x = as_float_array(name, value, "N H W C")
    if x.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {x.shape}")
    return x


def _check_windows(
    x: ArrayLike,
    kernel_size: _IntOrPair,
    stride: _IntOrPair | None,
    padding: _Padding,
) -> tuple[FloatArray, tuple[_Side, _Side]]:
    """Return the images as an array, and where the windows lie along both sides."""
    x = _check_images("x", x)
    return x, _sides((x.shape[1], x.shape[2]), kernel_size, stride, padding)


def _sides(
    sizes: tuple[int, int],
    kernel_size: _IntOrPair,
    stride: _IntOrPair | None,
    padding: _Padding,
) -> tuple[_Side, _Side]:
    kernels = as_pair("kernel_size", kernel_size, 1)
    strides = kernels if stride is None else as_pair("stride", stride, 1)
    if padding == "SAME":
        zeros = [
            same_padding(*side) for side in zip(sizes, kernels, strides, strict=True)
        ]
        before = [first for first, _ in zeros]
        padded = [size + sum(ends) for size, ends in zip(sizes, zeros, strict=True)]
    elif padding == "VALID":
        before, padded = [0, 0], list(sizes)
    elif isinstance(padding, str):
        raise ValueError(
            f'padding must be "SAME", "VALID" or a number, got {padding!r:.60}'
        )
    else:
        before = list(as_pair("padding", padding, 0))
        padded = [size + 2 * p for size, p in zip(sizes, before, strict=True)]
    if any(p >= k for p, k in zip(before, kernels, strict=True)):
        raise ValueError(
            f"padding must be smaller than the window of {kernels}, got {padding!r:.60}"
        )
    if any(k > size for k, size in zip(kernels, padded, strict=True)):
        raise ValueError(
            f"kernel_size must not be larger than the padded image of {tuple(padded)}, "
            f"got {kernels}"
        )
    rows, columns = (
        _Side(size, k, s, p, (length - k) // s + 1)
        for size, k, s, p, length in zip(
            sizes, kernels, strides, before, padded, strict=True
        )
    )
    return rows, columns


def _check_shape(shape: Sequence[int]) -> tuple[int, ...]:
    check_sequence("shape", shape, "sizes (N, H, W, C)")
    for size in shape:
        check_count("shape", size, at_least=1)
    if len(shape) != 4:
        raise ValueError(f"shape must be (N, H, W, C), got {tuple(shape)}")
    return tuple(shape)


def _check_slopes(dy: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    dy = as_float_array("dy", dy)
    if dy.shape != shape:
        raise ValueError(
            f"dy must have the shape of the output, {shape}, got shape {dy.shape}"
        )
    return dy
