r"""Convolution: one small set of weights, used at every place of an image.

An image is (H, W), a batch with channels (N, H, W, C); a kernel is (K, L), that of a layer with O
filters (K, L, C, O). `convolve1d` and `convolve2d` turn the kernel round; `cross_correlate1d`,
`cross_correlate2d` and the layer `conv2d` do not. The notes' kernel finds a rise:

>>> from textbook.convolution import convolve1d, cross_correlate1d
>>> convolve1d([1, 4, 2, 7, 3], [1, 0, -1]).tolist()
[1.0, 3.0, 1.0]
>>> cross_correlate1d([1, 4, 2, 7, 3], [1, 0, -1]).tolist()
[-1.0, -3.0, -1.0]
"""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from textbook import _convolution
from textbook._checks import (
    FloatArray,
    Pair,
    as_float_array,
    as_pair,
    check_count,
)
from textbook._windows import Geometry

__all__ = [
    "classic_kernel",
    "conv2d",
    "conv2d_backward",
    "conv2d_backward_by_loops",
    "conv2d_by_loops",
    "convolution_matrix",
    "convolve1d",
    "convolve1d_by_loops",
    "convolve2d",
    "convolve2d_by_loops",
    "cross_correlate1d",
    "cross_correlate1d_by_loops",
    "cross_correlate2d",
    "cross_correlate2d_by_loops",
    "filter_image",
    "output_size",
    "same_padding",
    "symmetric_pad",
    "zero_pad",
]

_IntOrPair = int | tuple[int, int]
_Padding = str | int | tuple[int, int]

# As correlations. The Laplacian is the notes': all eight neighbors, and the sign of its negative.
_CLASSIC_KERNELS = {
    "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "laplacian": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
}


# -- One dimension


def convolve1d(x: ArrayLike, w: ArrayLike) -> FloatArray:
    r"""Slide the reversed kernel along a series; at each place take the sum of products.

    .. math:: (x * w)_i = \sum_{k=0}^{K-1} w_k\, x_{i + K - 1 - k}, \qquad i = 0, \dots, n - K

    Parameters
    ----------
    x : array_like of shape (n,)
    w : array_like of shape (K,)
        The kernel, no longer than `x`.

    Returns
    -------
    ndarray of shape (n - K + 1,)

    Raises
    ------
    TypeError
        If `x` or `w` does not hold real numbers.
    ValueError
        If `x` or `w` is not one-dimensional or is empty, or `w` is longer than `x`.

    Examples
    --------
    Where the kernel meets a single 1, it comes out as it went in:

    >>> from textbook.convolution import convolve1d
    >>> convolve1d([0, 0, 1, 0, 0], [1, 2, 3]).tolist()
    [1.0, 2.0, 3.0]
    """
    x, w = _check_series(x, w)

    return cross_correlate1d(x, w[::-1])


def convolve1d_by_loops(x: ArrayLike, w: ArrayLike) -> FloatArray:
    r"""Convolve a series as the formula reads, one product at a time.

    .. math:: (x * w)_i = \sum_{k=0}^{K-1} w_k\, x_{i + K - 1 - k}

    Parameters
    ----------
    x : array_like of shape (n,)
    w : array_like of shape (K,)

    Returns
    -------
    ndarray of shape (n - K + 1,)

    Raises
    ------
    TypeError
        If `x` or `w` does not hold real numbers.
    ValueError
        If `x` or `w` is not one-dimensional or is empty, or `w` is longer than `x`.

    Examples
    --------
    >>> from textbook.convolution import convolve1d_by_loops
    >>> convolve1d_by_loops([1, 4, 2, 7, 3], [1, 0, -1]).tolist()
    [1.0, 3.0, 1.0]
    """
    x, w = _check_series(x, w)

    y = np.zeros(len(x) - len(w) + 1, x.dtype)
    for i in range(len(y)):
        for k in range(len(w)):
            y[i] += w[k] * x[i + len(w) - 1 - k]
    return y


def cross_correlate1d(x: ArrayLike, w: ArrayLike) -> FloatArray:
    r"""Slide a kernel along a series as it is, and take the dot product with each window.

    .. math:: y_i = \sum_{k=0}^{K-1} w_k\, x_{i + k}, \qquad i = 0, \dots, n - K

    Parameters
    ----------
    x : array_like of shape (n,)
    w : array_like of shape (K,)

    Returns
    -------
    ndarray of shape (n - K + 1,)

    Raises
    ------
    TypeError
        If `x` or `w` does not hold real numbers.
    ValueError
        If `x` or `w` is not one-dimensional or is empty, or `w` is longer than `x`.

    Examples
    --------
    A single 1 gives the kernel back to front:

    >>> from textbook.convolution import cross_correlate1d
    >>> cross_correlate1d([0, 0, 1, 0, 0], [1, 2, 3]).tolist()
    [3.0, 2.0, 1.0]
    """
    x, w = _check_series(x, w)

    return sliding_window_view(x, len(w)) @ w


def cross_correlate1d_by_loops(x: ArrayLike, w: ArrayLike) -> FloatArray:
    r"""Correlate a series with a kernel, one product at a time.

    .. math:: y_i = \sum_{k=0}^{K-1} w_k\, x_{i + k}

    Parameters
    ----------
    x : array_like of shape (n,)
    w : array_like of shape (K,)

    Returns
    -------
    ndarray of shape (n - K + 1,)

    Raises
    ------
    TypeError
        If `x` or `w` does not hold real numbers.
    ValueError
        If `x` or `w` is not one-dimensional or is empty, or `w` is longer than `x`.

    Examples
    --------
    >>> from textbook.convolution import cross_correlate1d_by_loops
    >>> cross_correlate1d_by_loops([1, 4, 2, 7, 3], [-1, 0, 1]).tolist()
    [1.0, 3.0, 1.0]
    """
    x, w = _check_series(x, w)

    y = np.zeros(len(x) - len(w) + 1, x.dtype)
    for i in range(len(y)):
        for k in range(len(w)):
            y[i] += w[k] * x[i + k]
    return y


# -- Two dimensions


def convolve2d(x: ArrayLike, w: ArrayLike) -> FloatArray:
    r"""Slide the kernel, turned by 180 degrees, over an image.

    .. math:: (x * w)_{ij} = \sum_{k=0}^{K-1} \sum_{l=0}^{L-1}
        w_{kl}\, x_{i + K - 1 - k,\; j + L - 1 - l}

    Parameters
    ----------
    x : array_like of shape (H, W)
    w : array_like of shape (K, L)
        The kernel, no larger than `x`.

    Returns
    -------
    ndarray of shape (H - K + 1, W - L + 1)

    Raises
    ------
    TypeError
        If `x` or `w` does not hold real numbers.
    ValueError
        If `x` or `w` is not two-dimensional or is empty, or `w` is larger than `x`.

    Examples
    --------
    A white pixel on black becomes a picture of the kernel:

    >>> from textbook.convolution import convolve2d
    >>> convolve2d([[0, 0, 0], [0, 1, 0], [0, 0, 0]], [[1, 2], [3, 4]]).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    x, w = _check_image(x, w)

    return cross_correlate2d(x, w[::-1, ::-1])


def convolve2d_by_loops(x: ArrayLike, w: ArrayLike) -> FloatArray:
    r"""Convolve an image as the double sum reads.

    .. math:: (x * w)_{ij} = \sum_{k=0}^{K-1} \sum_{l=0}^{L-1}
        w_{kl}\, x_{i + K - 1 - k,\; j + L - 1 - l}

    Parameters
    ----------
    x : array_like of shape (H, W)
    w : array_like of shape (K, L)

    Returns
    -------
    ndarray of shape (H - K + 1, W - L + 1)

    Raises
    ------
    TypeError
        If `x` or `w` does not hold real numbers.
    ValueError
        If `x` or `w` is not two-dimensional or is empty, or `w` is larger than `x`.

    Examples
    --------
    >>> from textbook.convolution import convolve2d_by_loops
    >>> convolve2d_by_loops([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, -1]]).tolist()
    [[4.0, 4.0]]
    """
    x, w = _check_image(x, w)

    (height, width), (rows, columns) = x.shape, w.shape
    y = np.zeros((height - rows + 1, width - columns + 1), x.dtype)
    for i, j in np.ndindex(y.shape):
        for k, m in np.ndindex(w.shape):
            y[i, j] += w[k, m] * x[i + rows - 1 - k, j + columns - 1 - m]
    return y


def cross_correlate2d(x: ArrayLike, w: ArrayLike) -> FloatArray:
    r"""Slide a kernel over an image as it stands: the dot product with the window at each place.

    .. math:: y_{ij} = \sum_{k=0}^{K-1} \sum_{l=0}^{L-1} w_{kl}\, x_{i + k,\, j + l}

    Parameters
    ----------
    x : array_like of shape (H, W)
    w : array_like of shape (K, L)

    Returns
    -------
    ndarray of shape (H - K + 1, W - L + 1)

    Raises
    ------
    TypeError
        If `x` or `w` does not hold real numbers.
    ValueError
        If `x` or `w` is not two-dimensional or is empty, or `w` is larger than `x`.

    Examples
    --------
    The white pixel now gives the kernel upside down and back to front:

    >>> from textbook.convolution import cross_correlate2d
    >>> cross_correlate2d([[0, 0, 0], [0, 1, 0], [0, 0, 0]], [[1, 2], [3, 4]]).tolist()
    [[4.0, 3.0], [2.0, 1.0]]
    """
    x, w = _check_image(x, w)

    y: FloatArray = np.einsum("ijkl,kl->ij", sliding_window_view(x, w.shape), w)
    return y


def cross_correlate2d_by_loops(x: ArrayLike, w: ArrayLike) -> FloatArray:
    r"""Correlate an image with a kernel, one weight and one pixel at a time.

    .. math:: y_{ij} = \sum_{k=0}^{K-1} \sum_{l=0}^{L-1} w_{kl}\, x_{i + k,\, j + l}

    Parameters
    ----------
    x : array_like of shape (H, W)
    w : array_like of shape (K, L)

    Returns
    -------
    ndarray of shape (H - K + 1, W - L + 1)

    Raises
    ------
    TypeError
        If `x` or `w` does not hold real numbers.
    ValueError
        If `x` or `w` is not two-dimensional or is empty, or `w` is larger than `x`.

    Examples
    --------
    >>> from textbook.convolution import cross_correlate2d_by_loops
    >>> cross_correlate2d_by_loops([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, -1]]).tolist()
    [[-4.0, -4.0]]
    """
    x, w = _check_image(x, w)

    (height, width), (rows, columns) = x.shape, w.shape
    y = np.zeros((height - rows + 1, width - columns + 1), x.dtype)
    for i, j in np.ndindex(y.shape):
        for k, m in np.ndindex(w.shape):
            y[i, j] += w[k, m] * x[i + k, j + m]
    return y


def convolution_matrix(w: ArrayLike, height: int, width: int) -> FloatArray:
    r"""Write a cross-correlation as the matrix of a dense layer: most entries 0, the rest shared.

    .. math:: M_{(ij),\,(i+k,\; j+l)} = w_{kl}, \qquad
        \operatorname{vec}(y) = M \operatorname{vec}(x)

    Here vec lays an image out row after row.

    Parameters
    ----------
    w : array_like of shape (K, L)
    height : int
        Rows of the image, at least as many as the kernel's.
    width : int
        Columns of the image, at least as many as the kernel's.

    Returns
    -------
    ndarray of shape ((H - K + 1) (W - L + 1), H W)

    Raises
    ------
    TypeError
        If `w` does not hold real numbers, or a size is not a whole number.
    ValueError
        If `w` is not two-dimensional or is empty, or the image is smaller than the kernel.

    Examples
    --------
    >>> from textbook.convolution import convolution_matrix
    >>> convolution_matrix([[1, 2]], height=1, width=4).tolist()
    [[1.0, 2.0, 0.0, 0.0], [0.0, 1.0, 2.0, 0.0], [0.0, 0.0, 1.0, 2.0]]
    """
    w = _check_filled("w", w, "K L")
    check_count("height", height, at_least=w.shape[0])
    check_count("width", width, at_least=w.shape[1])

    rows, columns = height - w.shape[0] + 1, width - w.shape[1] + 1
    matrix = np.zeros((rows, columns, height, width), w.dtype)
    for i, j in np.ndindex(rows, columns):
        matrix[i, j, i : i + w.shape[0], j : j + w.shape[1]] = w
    return matrix.reshape(rows * columns, height * width)


# -- Sizes and borders


def output_size(
    size: int, kernel: int, padding: str | int = 0, stride: int = 1, dilation: int = 1
) -> int:
    r"""Return how many places a kernel has along one side of an image.

    .. math:: H_\text{out} = \left\lfloor
        \frac{H + p_\text{before} + p_\text{after} - d\,(K - 1) - 1}{s} \right\rfloor + 1

    Parameters
    ----------
    size : int, at least 1
        Pixels along the side, H.
    kernel : int, at least 1
        Weights along the side, K.
    padding : int or {"SAME", "VALID"}, default 0
        Pixels added at either end, p; "VALID" is 0, "SAME" what `same_padding` says.
    stride : int, at least 1, default 1
        Pixels from one place to the next, s.
    dilation : int, at least 1, default 1
        Pixels from one weight to the next, d.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If one is too small, `padding` is another word, or `kernel` reaches beyond the padded side.

    Examples
    --------
    The notes' 2 x 2 filter on a 4 x 4 image, AlexNet's first layer, and a stride that does not
    come out even, so that the last pixel is never seen:

    >>> from textbook.convolution import output_size
    >>> output_size(4, 2), output_size(227, 11, stride=4), output_size(8, 3, stride=2)
    (3, 55, 3)
    """
    check_count("size", size, at_least=1)
    check_count("kernel", kernel, at_least=1)
    check_count("stride", stride, at_least=1)
    check_count("dilation", dilation, at_least=1)
    before, after = _ends(size, kernel, padding, stride, dilation)
    reach = dilation * (kernel - 1) + 1
    if reach > size + before + after:
        raise ValueError(
            f"kernel must not reach beyond the padded side of {size + before + after}, got {kernel}"
            f" that spans {reach}"
        )

    return (size + before + after - reach) // stride + 1


def same_padding(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> Pair:
    r"""Return the zeros before and after a side by TensorFlow's rule SAME.

    .. math:: p = \max\bigl(0,\; s\,(\lceil H / s \rceil - 1) + d\,(K - 1) + 1 - H\bigr), \qquad
        p_\text{before} = \lfloor p / 2 \rfloor

    So the output has H / s pixels, rounded up. Where p is odd, the pixel more stands after: at the
    bottom and on the right.

    Parameters
    ----------
    size : int, at least 1
    kernel : int, at least 1
    stride : int, at least 1, default 1
    dilation : int, at least 1, default 1

    Returns
    -------
    before : int
        Above or on the left.
    after : int
        Below or on the right.

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If an argument is below 1.

    Warnings
    --------
    Frameworks that take a number for the padding put it at both ends. At stride 2 that is another
    convolution, moved by a pixel, although its output has the same size.

    Examples
    --------
    >>> from textbook.convolution import same_padding
    >>> same_padding(5, 3), same_padding(6, 3, stride=2), same_padding(4, 2)
    ((1, 1), (0, 1), (0, 1))
    """
    check_count("size", size, at_least=1)
    check_count("kernel", kernel, at_least=1)
    check_count("stride", stride, at_least=1)
    check_count("dilation", dilation, at_least=1)

    steps = -(-size // stride) - 1  # rounded up, minus the first place
    total = max(0, stride * steps + dilation * (kernel - 1) + 1 - size)
    return total // 2, total - total // 2


def zero_pad(x: ArrayLike, rows: int, columns: int) -> FloatArray:
    r"""Put rows of zeros above and below an image, columns of zeros on its left and right.

    .. math:: y_{i + p,\, j + q} = x_{ij}, \qquad \text{0 elsewhere}

    Parameters
    ----------
    x : array_like of shape (H, W)
    rows : int, at least 0
        How many above, and how many below: p.
    columns : int, at least 0
        How many on the left, and how many on the right: q.

    Returns
    -------
    ndarray of shape (H + 2 p, W + 2 q)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or a count is not a whole number.
    ValueError
        If `x` is not two-dimensional or is empty, or a count is negative.

    Examples
    --------
    >>> from textbook.convolution import zero_pad
    >>> zero_pad([[1, 9]], rows=1, columns=2).astype(int).tolist()
    [[0, 0, 0, 0, 0, 0], [0, 0, 1, 9, 0, 0], [0, 0, 0, 0, 0, 0]]
    """
    x = _check_padding(x, rows, columns)

    height, width = x.shape
    padded = np.zeros((height + 2 * rows, width + 2 * columns), x.dtype)
    padded[rows : rows + height, columns : columns + width] = x
    return padded


def symmetric_pad(x: ArrayLike, rows: int, columns: int) -> FloatArray:
    r"""Continue an image beyond its border by its mirror image, the border pixels repeated.

    .. math:: \dots\; x_1\; x_0 \;|\; x_0\; x_1\; \dots\; x_{H-1} \;|\; x_{H-1}\; x_{H-2}\; \dots

    Parameters
    ----------
    x : array_like of shape (H, W)
    rows : int, at least 0
        How many above, and how many below: p.
    columns : int, at least 0
        How many on the left, and how many on the right: q.

    Returns
    -------
    ndarray of shape (H + 2 p, W + 2 q)

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or a count is not a whole number.
    ValueError
        If `x` is not two-dimensional or is empty, or a count is negative.

    Warnings
    --------
    NumPy's `reflect` has the mirror in the middle of the border pixel, and does not repeat it.

    Examples
    --------
    Beyond the far end of the mirror image the image begins again:

    >>> from textbook.convolution import symmetric_pad
    >>> symmetric_pad([[1, 9]], rows=0, columns=3).astype(int).tolist()
    [[9, 9, 1, 1, 9, 9, 1, 1]]
    """
    x = _check_padding(x, rows, columns)

    return x[np.ix_(_mirrored(x.shape[0], rows), _mirrored(x.shape[1], columns))]


# -- Filters for photographs


def classic_kernel(name: str) -> FloatArray:
    r"""Return one of the notes' four kernels, to be used without turning it.

    .. math:: \text{Sobel X} = \begin{pmatrix} -1 & 0 & 1 \\ -2 & 0 & 2 \\ -1 & 0 & 1 \end{pmatrix}

    Parameters
    ----------
    name : {"sobel_x", "sobel_y", "laplacian", "sharpen"}

    Returns
    -------
    ndarray of shape (3, 3)

    Raises
    ------
    ValueError
        If there is no kernel of that name.

    References
    ----------
    Sobel and Feldman presented theirs in a talk of 1968; Sobel tells its history in An isotropic
    3 x 3 image gradient operator (2014).

    Examples
    --------
    Sums of 0 leave a plain surface black, a sum of 1 keeps its brightness:

    >>> from textbook.convolution import classic_kernel
    >>> names = ("sobel_x", "sobel_y", "laplacian", "sharpen")
    >>> [float(classic_kernel(name).sum()) for name in names]
    [0.0, 0.0, 0.0, 1.0]
    """
    if name not in _CLASSIC_KERNELS:
        known = ", ".join(_CLASSIC_KERNELS)
        raise ValueError(f"name must be one of {known}; got {name!r}")

    return np.array(_CLASSIC_KERNELS[name], np.float64)


def filter_image(image: ArrayLike, w: ArrayLike) -> FloatArray:
    r"""Filter a photograph so that it stays one: same size, values from 0 to 255.

    .. math:: y = \min\bigl(255,\, \max(0,\, \operatorname{symmetric}(x) \star w)\bigr)

    The star is `cross_correlate2d`. The symmetric border avoids the dark frame that zeros make.

    Parameters
    ----------
    image : array_like of shape (H, W)
        Gray values.
    w : array_like of shape (K, L)
        The kernel; K and L are odd, so that it has a middle.

    Returns
    -------
    ndarray of shape (H, W)

    Raises
    ------
    TypeError
        If `image` or `w` does not hold real numbers.
    ValueError
        If `image` or `w` is not two-dimensional or is empty, or a side of `w` is even.

    Examples
    --------
    Sharpening an edge makes its dark side darker and its bright side brighter; 300 is cut to 255:

    >>> from textbook.convolution import classic_kernel, filter_image
    >>> filter_image([[100, 100, 200, 200]], classic_kernel("sharpen")).tolist()
    [[100.0, 0.0, 255.0, 200.0]]
    """
    image = _check_filled("image", image, "H W")
    w = _check_filled("w", w, "K L")
    if w.shape[0] % 2 == 0 or w.shape[1] % 2 == 0:
        raise ValueError(f"w must have odd sides, got shape {w.shape}")

    padded = symmetric_pad(image, w.shape[0] // 2, w.shape[1] // 2)
    return np.clip(cross_correlate2d(padded, w), 0, 255)


# -- The layer


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    stride: _IntOrPair = 1,
    padding: _Padding = "VALID",
    dilation: _IntOrPair = 1,
    groups: int = 1,
) -> FloatArray:
    r"""Correlate each image of a batch with each filter, summed over the channels.

    .. math:: y_{nijo} = b_o + \sum_{k,\,l,\,c} w_{klco}\;
        x_{n,\; si + dk - p,\; sj + dl - q,\; c}

    Pixels beyond the border are 0.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        A batch of images, channels last.
    w : array_like of shape (K, L, C / groups, O)
        The weights: height, width, channels in, filters.
    b : array_like of shape (O,), optional
        The bias of each filter; none is 0.
    stride : int or (rows, columns), default 1
    padding : {"SAME", "VALID"}, int or (rows, columns), default "VALID"
        "SAME" is TensorFlow's rule, "VALID" adds nothing; a number is added at both ends.
    dilation : int or (rows, columns), default 1
        Pixels from one weight to the next.
    groups : int, at least 1, default 1
        Channels and filters are dealt into so many groups, in order; a filter sees its own only.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, O)
        In the precision of `x` and `w`; `output_size` tells H_out and W_out.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a whole number.
    ValueError
        If the shapes do not fit, an array is empty, a setting is too small or another word, or `w`
        is larger than the padded image.

    References
    ----------
    LeCun et al. (1989), Backpropagation applied to handwritten zip code recognition.

    Examples
    --------
    One image of two channels, and a filter that adds the first to the pixel on the right in the
    second:

    >>> import numpy as np
    >>> from textbook.convolution import conv2d
    >>> x = np.array([[[[1, 10], [2, 20], [3, 30]]]])
    >>> w = np.array([[[[1], [0]], [[0], [1]]]])
    >>> conv2d(x, w, b=[100])[0, :, :, 0].tolist()
    [[121.0, 132.0]]
    >>> conv2d(x, w, padding="SAME")[0, :, :, 0].tolist()
    [[21.0, 32.0, 3.0]]
    """
    x, w, geometry = _check_layer(x, w, stride, padding, dilation, groups)
    bias = None if b is None else _check_bias(b, w)
    return _convolution.forward(x, w, geometry, bias)


def conv2d_by_loops(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    stride: _IntOrPair = 1,
    padding: _Padding = "VALID",
    dilation: _IntOrPair = 1,
    groups: int = 1,
) -> FloatArray:
    r"""Compute `conv2d` one output number at a time: slow, and the definition.

    .. math:: y_{nijo} = b_o + \sum_{k,\,l,\,c} w_{klco}\;
        x_{n,\; si + dk - p,\; sj + dl - q,\; c}

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
    w : array_like of shape (K, L, C / groups, O)
    b : array_like of shape (O,), optional
    stride : int or (rows, columns), default 1
    padding : {"SAME", "VALID"}, int or (rows, columns), default "VALID"
    dilation : int or (rows, columns), default 1
    groups : int, at least 1, default 1

    Returns
    -------
    ndarray of shape (N, H_out, W_out, O)

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a whole number.
    ValueError
        If `conv2d` would refuse the arguments.

    Examples
    --------
    Every second pixel of every second row:

    >>> import numpy as np
    >>> from textbook.convolution import conv2d_by_loops
    >>> x = np.arange(12).reshape(1, 3, 4, 1)
    >>> conv2d_by_loops(x, [[[[1]]]], stride=2)[0, :, :, 0].tolist()
    [[0.0, 2.0], [8.0, 10.0]]
    """
    x, w, geometry = _check_layer(x, w, stride, padding, dilation, groups)
    bias = _check_bias(b, w)

    y = np.empty((len(x), *geometry.output, w.shape[3]), x.dtype)
    padded, window_of = _with_windows(x, w, geometry)
    for n, i, j, o in np.ndindex(y.shape):
        y[n, i, j, o] = (padded[window_of(n, i, j, o)] * w[..., o]).sum() + bias[o]
    return y


def conv2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    stride: _IntOrPair = 1,
    padding: _Padding = "VALID",
    dilation: _IntOrPair = 1,
    groups: int = 1,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Turn the slopes of the cost in the output into those in the input, the weights and the bias.

    .. math:: \frac{\partial J}{\partial b_o} = \sum_{nij} dy_{nijo}, \qquad
        \frac{\partial J}{\partial w_{klco}} = \sum_{nij} dy_{nijo}\;
        x_{n,\; si + dk - p,\; sj + dl - q,\; c}

    Parameters
    ----------
    dy : array_like of shape (N, H_out, W_out, O)
        Slopes of the cost in what `conv2d` returned.
    x : array_like of shape (N, H, W, C)
        What `conv2d` was given, as are all the arguments that follow.
    w : array_like of shape (K, L, C / groups, O)
    stride : int or (rows, columns), default 1
    padding : {"SAME", "VALID"}, int or (rows, columns), default "VALID"
    dilation : int or (rows, columns), default 1
    groups : int, at least 1, default 1

    Returns
    -------
    dx : ndarray of shape (N, H, W, C)
        At stride 1 the convolution of `dy` with the kernel, this time turned.
    dw : ndarray of shape (K, L, C / groups, O)
    db : ndarray of shape (O,)
        Sums over the batch; a mean belongs into the cost.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a whole number.
    ValueError
        If the shape of `dy` is not that of the output, or `conv2d` would refuse the others.

    Examples
    --------
    The middle pixel lies under both weights, the outer ones under one:

    >>> from textbook.convolution import conv2d_backward
    >>> dx, dw, db = conv2d_backward([[[[1], [10]]]], [[[[1], [2], [3]]]], [[[[5]], [[7]]]])
    >>> dx.ravel().tolist(), dw.ravel().tolist(), db.tolist()
    ([5.0, 57.0, 70.0], [21.0, 32.0], [11.0])
    """
    dy, x, w, geometry = _check_slopes(dy, x, w, stride, padding, dilation, groups)

    dx, dw = _convolution.backward(dy, x, w, geometry)
    return dx, dw, _convolution.bias_gradient(dy)


def conv2d_backward_by_loops(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    stride: _IntOrPair = 1,
    padding: _Padding = "VALID",
    dilation: _IntOrPair = 1,
    groups: int = 1,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Let each output number send its slope back to all that it was made of.

    .. math:: dx_{\text{window}} \mathrel{+}= dy_{nijo}\, w_o, \qquad
        dw_o \mathrel{+}= dy_{nijo}\, x_{\text{window}}, \qquad db_o \mathrel{+}= dy_{nijo}

    Parameters
    ----------
    dy : array_like of shape (N, H_out, W_out, O)
    x : array_like of shape (N, H, W, C)
    w : array_like of shape (K, L, C / groups, O)
    stride : int or (rows, columns), default 1
    padding : {"SAME", "VALID"}, int or (rows, columns), default "VALID"
    dilation : int or (rows, columns), default 1
    groups : int, at least 1, default 1

    Returns
    -------
    dx : ndarray of shape (N, H, W, C)
    dw : ndarray of shape (K, L, C / groups, O)
    db : ndarray of shape (O,)

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a whole number.
    ValueError
        If `conv2d_backward` would refuse the arguments.

    Examples
    --------
    >>> from textbook.convolution import conv2d_backward_by_loops
    >>> dx, dw, db = conv2d_backward_by_loops([[[[2]]]], [[[[3]]]], [[[[5]]]])
    >>> dx.item(), dw.item(), db.item()
    (10.0, 6.0, 2.0)
    """
    dy, x, w, geometry = _check_slopes(dy, x, w, stride, padding, dilation, groups)

    padded, window_of = _with_windows(x, w, geometry)
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(w[0, 0, 0])
    for n, i, j, o in np.ndindex(dy.shape):
        window = window_of(n, i, j, o)
        dpadded[window] += dy[n, i, j, o] * w[..., o]
        dw[..., o] += dy[n, i, j, o] * padded[window]
        db[o] += dy[n, i, j, o]
    (top, left), (height, width) = geometry.before, x.shape[1:3]
    return dpadded[:, top : top + height, left : left + width].copy(), dw, db


def _check_filled(name: str, value: ArrayLike, axes: str) -> FloatArray:
    """Return `value` as an array of floats that has at least one entry."""
    array = as_float_array(name, value, axes)
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {array.shape}")
    return array


def _check_series(x: ArrayLike, w: ArrayLike) -> tuple[FloatArray, FloatArray]:
    return _check_smaller(_check_filled("x", x, "n"), _check_filled("w", w, "K"))


def _check_image(x: ArrayLike, w: ArrayLike) -> tuple[FloatArray, FloatArray]:
    return _check_smaller(_check_filled("x", x, "H W"), _check_filled("w", w, "K L"))


def _check_smaller(x: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray]:
    if any(k > n for k, n in zip(w.shape, x.shape, strict=True)):
        raise ValueError(
            f"w must not be larger than x of shape {x.shape}, got shape {w.shape}"
        )
    dtype = np.result_type(x, w)
    return x.astype(dtype, copy=False), w.astype(dtype, copy=False)


def _check_padding(x: ArrayLike, rows: int, columns: int) -> FloatArray:
    x = _check_filled("x", x, "H W")
    check_count("rows", rows)
    check_count("columns", columns)
    return x


def _mirrored(size: int, beyond: int) -> NDArray[np.int_]:
    """Return the pixels along a side and `beyond` it, where the image runs back and forth."""
    place = np.arange(-beyond, size + beyond) % (2 * size)
    return np.minimum(place, 2 * size - 1 - place)


def _ends(
    size: int, kernel: int, padding: str | int, stride: int, dilation: int
) -> Pair:
    """Return how many zeros stand before and after one side."""
    if padding == "SAME":
        return same_padding(size, kernel, stride, dilation)
    if padding == "VALID":
        return 0, 0
    if isinstance(padding, str):
        raise ValueError(
            f'padding must be "SAME", "VALID" or a number, got {padding!r:.60}'
        )
    check_count("padding", padding)
    return padding, padding


def _as_paddings(padding: _Padding) -> tuple[str | int, str | int]:
    if isinstance(padding, str):
        return padding, padding
    return as_pair("padding", padding, 0)


def _check_layer(
    x: ArrayLike,
    w: ArrayLike,
    stride: _IntOrPair,
    padding: _Padding,
    dilation: _IntOrPair,
    groups: int,
) -> tuple[FloatArray, FloatArray, Geometry]:
    """Return both arrays in one precision, and where the windows lie."""
    x, w = _check_filled("x", x, "N H W C"), _check_filled("w", w, "K L C/groups O")
    check_count("groups", groups, at_least=1)
    if x.shape[3] % groups or w.shape[3] % groups:
        raise ValueError(
            f"groups must divide {x.shape[3]} channels and {w.shape[3]} filters, got {groups}"
        )
    if w.shape[2] != x.shape[3] // groups:
        raise ValueError(
            f"w must have shape (K, L, {x.shape[3] // groups}, O) for the channels of x, "
            f"got shape {w.shape}"
        )
    dtype = np.result_type(x, w)
    x, w = x.astype(dtype, copy=False), w.astype(dtype, copy=False)
    return x, w, _geometry(x, w, stride, padding, dilation, groups)


def _geometry(
    x: FloatArray,
    w: FloatArray,
    stride: _IntOrPair,
    padding: _Padding,
    dilation: _IntOrPair,
    groups: int,
) -> Geometry:
    strides = as_pair("stride", stride, 1)
    dilations = as_pair("dilation", dilation, 1)
    paddings = _as_paddings(padding)
    sizes, kernels = x.shape[1:3], w.shape[:2]
    sides = list(zip(sizes, kernels, paddings, strides, dilations, strict=True))
    ends = [_ends(*side) for side in sides]
    padded = tuple(
        size + sum(zeros) for (size, *_), zeros in zip(sides, ends, strict=True)
    )
    spans = tuple(d * (kernel - 1) + 1 for _, kernel, _, _, d in sides)
    if spans[0] > padded[0] or spans[1] > padded[1]:
        raise ValueError(
            f"w must not reach beyond the padded image of {padded}, got a kernel that spans {spans}"
        )
    rows, columns = (output_size(*side) for side in sides)
    before = (ends[0][0], ends[1][0])
    return Geometry(strides, before, dilations, groups, (rows, columns))


def _check_bias(b: ArrayLike | None, w: FloatArray) -> FloatArray:
    """Return the bias in the precision of the weights; none is 0."""
    if b is None:
        return np.zeros(w.shape[3], w.dtype)
    b = as_float_array("b", b, "O")
    if b.shape != w.shape[3:]:
        raise ValueError(f"b must have shape {w.shape[3:]}, got shape {b.shape}")
    return b.astype(w.dtype, copy=False)


def _check_slopes(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    stride: _IntOrPair,
    padding: _Padding,
    dilation: _IntOrPair,
    groups: int,
) -> tuple[FloatArray, FloatArray, FloatArray, Geometry]:
    """Return the arrays in one precision, and where the windows lie."""
    x, w, geometry = _check_layer(x, w, stride, padding, dilation, groups)
    dy = as_float_array("dy", dy, "N H_out W_out O")
    shape = (len(x), *geometry.output, w.shape[3])
    if dy.shape != shape:
        raise ValueError(
            f"dy must have the shape of the output, {shape}, got shape {dy.shape}"
        )
    dtype = np.result_type(dy, x)
    dy, x, w = (array.astype(dtype, copy=False) for array in (dy, x, w))
    return dy, x, w, geometry


def _with_windows(
    x: FloatArray, w: FloatArray, g: Geometry
) -> tuple[FloatArray, Callable[[int, int, int, int], tuple[int | slice, ...]]]:
    """Return `x` with its border of zeros, and where in it the window of an output number lies."""
    spans = [
        d * (kernel - 1) + 1 for d, kernel in zip(g.dilation, w.shape[:2], strict=True)
    ]
    seen = [
        (out - 1) * s + span
        for out, s, span in zip(g.output, g.stride, spans, strict=True)
    ]
    (top, left), (n, height, width, c) = g.before, x.shape
    padded = np.zeros(
        (n, max(seen[0], top + height), max(seen[1], left + width), c), x.dtype
    )
    padded[:, top : top + height, left : left + width] = x
    channels, filters = w.shape[2], w.shape[3] // g.groups

    def window_of(n: int, i: int, j: int, o: int) -> tuple[int | slice, ...]:
        up, across, first = i * g.stride[0], j * g.stride[1], o // filters * channels
        return (
            n,
            slice(up, up + spans[0], g.dilation[0]),
            slice(across, across + spans[1], g.dilation[1]),
            slice(first, first + channels),
        )

    return padded, window_of
