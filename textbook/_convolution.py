"""The fast path of `textbook.convolution`: patches block by block, and matrix products.

Cut out the patch under each output pixel and lay it down as a row: the convolution is then one
matrix product of the patches with the filters. All the patches of a batch would take many times its
memory, so they are copied block by block into one buffer that stays in the processor's cache. The
arrays that come in are of one precision; the public functions see to that.

`forward` and `backward` choose the way that suits a shape, and are the only place that does.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.lib.stride_tricks import as_strided

from textbook import _winograd
from textbook._checks import FloatArray
from textbook._cores import PRODUCT, Result, Scratch, side_by_side, sum_of
from textbook._windows import Block, Geometry, blocks, framed, inside

BLOCK_FLOATS = 2**17  # so many numbers of patches at a time,
BLOCK_PIXELS = 512  # but no fewer than so many rows in a product
FEW_CHANNELS = 4

# Work for cores side by side: so much, since threads take time to start, and products of long lines
WORTH_THREADS = 5 * 10**8  # multiplications
LONG_LINE = 100  # pixels
MANY_SLOPES = 2**22
LONG_ROW = 64  # slopes of a pixel

# Measured: with fewer channels the pixels' transform eats the gain, with fewer outputs the kernel's
WINOGRAD_CHANNELS = 64
WINOGRAD_PIXELS = 1500
WINOGRAD_PIXELS_OF_FEW = 10**5  # if there are fewer filters
WINOGRAD_WEIGHTS = 2**18  # its transform holds each of them four times


# -- Which way?


def forward(
    x: FloatArray, w: FloatArray, g: Geometry, bias: FloatArray | None = None
) -> FloatArray:
    """Return the output, (N, H_out, W_out, O)."""
    if _is_pointwise(x, w, g):
        return _pointwise(x, w, g, bias)
    if _suits_winograd(x, w, g):
        return _winograd.forward(x, w, g, bias)
    if _suits_rows(w, g):
        return _forward_by_rows(x, w, g, bias)
    return _forward_by_blocks(x, w, g, bias)


def backward(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> tuple[FloatArray, FloatArray]:
    """Return the slopes in the input and in the weights, dx and dw."""
    if _is_pointwise(x, w, g):
        return _pointwise_backward(dy, x, w, g)
    dx = _input_gradient(dy, w, g, x.shape)
    if _suits_winograd(x, w, g):
        return dx, _winograd.weight_gradient(dy, x, w, g)
    if _suits_rows(w, g):
        return dx, _weight_gradient_by_rows(dy, x, w, g)
    return dx, _weight_gradient(dy, x, w, g)


def bias_gradient(dy: FloatArray) -> FloatArray:
    """Return the sum of the slopes over images and pixels, db."""
    slopes = dy.reshape(-1, dy.shape[3])
    if slopes.shape[1] < LONG_ROW or slopes.size < MANY_SLOPES:
        return np.ones(len(slopes), dy.dtype) @ slopes

    # As a product this would be faster, but wake the library's threads in front of the next layer
    def add(rows: Sequence[int]) -> FloatArray:
        total: FloatArray = slopes[rows[0] : rows[-1] + 1].sum(axis=0)
        return total

    return sum_of(side_by_side(add, range(len(slopes))))


def _input_gradient(
    dy: FloatArray, w: FloatArray, g: Geometry, shape: tuple[int, ...]
) -> FloatArray:
    if g.stride != (1, 1) and g.dilation == (1, 1) and g.groups == 1:
        return _input_gradient_by_phases(dy, w, g, shape)
    # With a stride, or few outputs, most windows of the turned kernel would meet nothing but zeros
    few_outputs = 2 * g.output[0] * g.output[1] < shape[1] * shape[2]
    if g.stride != (1, 1) or few_outputs:
        return _add_back(dy, w, g, shape)
    return forward(dy, *_turned(w, g, shape))


def _suits_winograd(x: FloatArray, w: FloatArray, g: Geometry) -> bool:
    """Whether fewer multiplications are worth the transforms before and after, and some digits."""
    channels, filters = w.shape[2:]
    enough = filters >= WINOGRAD_CHANNELS
    return (
        x.dtype == np.float32
        and w.shape[:2] == (3, 3)
        and (g.stride, g.dilation, g.groups) == ((1, 1), (1, 1), 1)
        and channels >= WINOGRAD_CHANNELS
        and channels * filters <= WINOGRAD_WEIGHTS
        and len(x) * g.output[0] * g.output[1]
        >= (WINOGRAD_PIXELS if enough else WINOGRAD_PIXELS_OF_FEW)
    )


def _suits_rows(w: FloatArray, g: Geometry) -> bool:
    """Whether to copy a patch row by row and add products is cheaper than to copy it whole."""
    _, width, channels, filters = w.shape
    return g.stride[0] == 1 and g.groups == 1 and width * channels > filters


# -- A kernel of one pixel: one product, no patches


def _is_pointwise(x: FloatArray, w: FloatArray, g: Geometry) -> bool:
    seen = tuple(-(-size // s) for size, s in zip(x.shape[1:3], g.stride, strict=True))
    return (
        w.shape[:2] == (1, 1)
        and g.groups == 1
        and (g.before, g.output) == ((0, 0), seen)
    )


def _seen(x: FloatArray, g: Geometry) -> FloatArray:
    """Return the pixels that the stride leaves, as rows."""
    return x[:, :: g.stride[0], :: g.stride[1]].reshape(-1, x.shape[3])


def _pointwise(
    x: FloatArray, w: FloatArray, g: Geometry, bias: FloatArray | None
) -> FloatArray:
    y: FloatArray = _seen(x, g) @ w[0, 0]
    if bias is not None:
        y += bias
    return y.reshape(len(x), *g.output, -1)


def _pointwise_backward(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> tuple[FloatArray, FloatArray]:
    slopes = dy.reshape(-1, dy.shape[3])
    dx: FloatArray = (slopes @ w[0, 0].T).reshape(*dy.shape[:3], -1)
    if g.stride != (1, 1):
        seen, dx = dx, np.zeros(x.shape, x.dtype)
        dx[:, :: g.stride[0], :: g.stride[1]] = seen
    return dx, (_seen(x, g).T @ slopes)[None, None]


# -- Stride 1: the rows of patches, each of which serves as many kernel rows as there are


def _forward_by_rows(
    x: FloatArray, w: FloatArray, g: Geometry, bias: FloatArray | None
) -> FloatArray:
    y = np.empty((len(x), *g.output, w.shape[3]), x.dtype)
    weights = w.reshape(len(w), -1, w.shape[3])
    scratch = Scratch(x.dtype)
    for images, rows, _ in blocks(len(x), g.output, _room_for_rows(w)):
        bands = _bands(x, images, rows, w, g, scratch)
        out = y[images, rows].reshape(len(bands[0]), -1, w.shape[3])
        np.matmul(bands[0], weights[0], out=out)
        product = scratch("product", *out.shape)
        for band, row in zip(bands[1:], weights[1:], strict=True):
            out += np.matmul(band, row, out=product)
        if bias is not None:
            out += bias
    return y


def _weight_gradient_by_rows(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> FloatArray:
    dw = np.zeros((len(w), w.shape[1] * w.shape[2], w.shape[3]), x.dtype)
    scratch = Scratch(x.dtype)
    for images, rows, _ in blocks(len(x), g.output, _room_for_rows(w)):
        bands = _bands(x, images, rows, w, g, scratch)
        slopes = dy[images, rows].reshape(len(bands[0]), -1, w.shape[3])
        for total, band in zip(dw, bands, strict=True):
            total += (band.swapaxes(1, 2) @ slopes).sum(axis=0)
    return dw.reshape(w.shape)


def _room_for_rows(w: FloatArray) -> int:
    """Return how many outputs are computed at a time."""
    return max(BLOCK_PIXELS, BLOCK_FLOATS // w[0, ..., 0].size)


def _bands(
    x: FloatArray,
    images: slice,
    rows: slice,
    w: FloatArray,
    g: Geometry,
    scratch: Scratch,
) -> list[FloatArray]:
    """Return what each kernel row meets in these rows of outputs, (images, pixels, weights).

    The bands overlap in one buffer: the first row of a window is the second of the one above it.
    """
    channels, count = w.shape[2], rows.stop - rows.start
    reach = g.dilation[0] * (len(w) - 1)
    view = _seen_by(x, images, rows, w, g, scratch)
    windows = _windows(view, count + reach, w[:1], g)[:, :, :, 0, :, 0]
    pixels = (len(view), count * g.output[1])
    places = range(0, reach + 1, g.dilation[0])
    if channels > FEW_CHANNELS:
        lines = _copied(windows, scratch)
        return [lines[:, k : k + count].reshape(*pixels, -1) for k in places]
    lines = _copied(windows.transpose(3, 4, 0, 1, 2), scratch)
    bands = (lines[:, :, :, k : k + count].reshape(-1, *pixels) for k in places)
    return [band.transpose(1, 2, 0) for band in bands]


def _copied(windows: FloatArray, scratch: Scratch) -> FloatArray:
    copy = scratch("copy", *windows.shape)
    np.copyto(copy, windows)
    return copy


# -- A stride: the pixels between two outputs are so many convolutions of the slopes


def _input_gradient_by_phases(
    dy: FloatArray, w: FloatArray, g: Geometry, shape: tuple[int, ...]
) -> FloatArray:
    """Return dx as one convolution at stride 1, whose channels are then laid out as pixels.

    A pixel meets every s-th weight of the kernel, and which ones is told by its place modulo s.
    """
    (s, t), filters = g.stride, w.shape[3]
    height, width = -(-w.shape[0] // s), -(-w.shape[1] // t)
    kernel = np.zeros((height * s, width * t, *w.shape[2:]), w.dtype)
    kernel[: w.shape[0], : w.shape[1]] = w
    phases = kernel.reshape(height, s, width, t, -1, filters)[::-1, :, ::-1]
    phases = phases.transpose(0, 2, 5, 1, 3, 4).reshape(height, width, filters, -1)
    ends = [size + before for size, before in zip(shape[1:3], g.before, strict=True)]
    output = (-(-ends[0] // s), -(-ends[1] // t))
    at_once = Geometry((1, 1), (height - 1, width - 1), (1, 1), 1, output)
    places = forward(dy, phases, at_once).reshape(-1, *output, s, t, shape[3])
    pixels = places.transpose(0, 1, 3, 2, 4, 5).reshape(
        -1, output[0] * s, output[1] * t, shape[3]
    )
    dx = pixels[:, g.before[0] : ends[0], g.before[1] : ends[1]]
    return np.ascontiguousarray(dx)


# -- Any kernel: products of blocks of patches


def _forward_by_blocks(
    x: FloatArray, w: FloatArray, g: Geometry, bias: FloatArray | None = None
) -> FloatArray:
    y = np.empty((len(x), *g.output, w.shape[3]), x.dtype)
    weights, outputs = _by_group(w, g)[:, None], _by_group(y, g)
    size = _pixels_of_a_product(x, w, g)

    def compute(parts: Sequence[Block]) -> None:
        scratch = Scratch(x.dtype)
        for images, rows, pixels in parts:
            patches = _patches(x, images, rows, w, g, scratch)
            out = outputs[:, pixels]
            np.matmul(_split(patches, size), weights, out=_split(out, size))
            if bias is not None:
                y[images, rows] += bias

    _by_blocks(compute, x, w, g, size)
    return y


def _weight_gradient(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> FloatArray:
    slopes = _by_group(dy, g)
    size = _pixels_of_a_product(x, w, g)

    def compute(parts: Sequence[Block]) -> FloatArray:
        scratch = Scratch(x.dtype)
        dw = np.zeros(w.shape, w.dtype)
        total = _by_group(dw, g)
        for images, rows, pixels in parts:
            patches = _split(_patches(x, images, rows, w, g, scratch), size)
            products = patches.swapaxes(2, 3) @ _split(slopes[:, pixels], size)
            total += products.sum(axis=1)
        return dw

    return sum_of(_by_blocks(compute, x, w, g, size))


def _by_blocks(
    compute: Callable[[Sequence[Block]], Result],
    x: FloatArray,
    w: FloatArray,
    g: Geometry,
    size: int | None,
) -> list[Result]:
    """Go through the outputs block by block: (the results of) one call, or one for each core."""
    parts = list(blocks(len(x), g.output, _room(w, g)))
    return [compute(parts)] if size is None else side_by_side(compute, parts)


def _pixels_of_a_product(x: FloatArray, w: FloatArray, g: Geometry) -> int | None:
    """Return a line's outputs where the cores work side by side, else None: the whole block's.

    They do where the work is large and its products are small, so that most of it is copying.
    """
    pixels = g.output[1]
    line = pixels * w.size // g.groups
    work = len(x) * g.output[0] * g.groups * line
    suits = pixels >= LONG_LINE and line <= PRODUCT and work >= WORTH_THREADS
    return pixels if suits else None


def _split(array: FloatArray, pixels: int | None) -> FloatArray:
    """Split (groups, pixels, n) into products of so many pixels."""
    return array.reshape(len(array), -1, pixels or array.shape[1], array.shape[2])


def _turned(
    w: FloatArray, g: Geometry, shape: tuple[int, ...]
) -> tuple[FloatArray, Geometry]:
    """Return the kernel turned by 180 degrees, inputs and outputs exchanged, and its windows."""
    turned = w[::-1, ::-1].reshape(*w.shape[:3], g.groups, -1).transpose(0, 1, 4, 3, 2)
    reach = [d * (k - 1) for d, k in zip(g.dilation, w.shape[:2], strict=True)]
    before = (reach[0] - g.before[0], reach[1] - g.before[1])
    output = (shape[1], shape[2])
    back = g._replace(before=before, output=output)
    return turned.reshape(*turned.shape[:3], -1), back


def _add_back(
    dy: FloatArray, w: FloatArray, g: Geometry, shape: tuple[int, ...]
) -> FloatArray:
    """Return dx: each output's slope times the weights, added up where its window lay."""
    dx = np.zeros(shape, w.dtype)
    dx_by_group = dx.reshape(*shape[:3], g.groups, -1)
    slopes, weights = _by_group(dy, g), _by_group(w, g).swapaxes(1, 2)
    for images, rows, pixels in blocks(len(dy), g.output, _room(w, g)):
        shares = (slopes[:, pixels] @ weights).reshape(
            g.groups, -1, rows.stop - rows.start, g.output[1], *w.shape[:3]
        )
        for k, m in np.ndindex(*w.shape[:2]):
            top = rows.start * g.stride[0] + k * g.dilation[0] - g.before[0]
            left = m * g.dilation[1] - g.before[1]
            from_rows, to_rows = inside(top, g.stride[0], shares.shape[2], shape[1])
            from_columns, to_columns = inside(left, g.stride[1], g.output[1], shape[2])
            share = shares[:, :, from_rows, from_columns, k, m]
            dx_by_group[images, to_rows, to_columns] += np.moveaxis(share, 0, 3)
    return dx


def _by_group(array: FloatArray, g: Geometry) -> FloatArray:
    """Return (..., O) as (groups, rows, O / groups): for weights and for pixels, without a copy."""
    rows: FloatArray = array.reshape(-1, g.groups, array.shape[-1] // g.groups)
    return rows.transpose(1, 0, 2)


def _room(w: FloatArray, g: Geometry) -> int:
    """Return how many patches go into the buffer at a time."""
    return max(BLOCK_PIXELS, BLOCK_FLOATS // (w[..., 0].size * g.groups))


def _patches(
    x: FloatArray,
    images: slice,
    rows: slice,
    w: FloatArray,
    g: Geometry,
    scratch: Scratch,
) -> FloatArray:
    """Return the patches under these rows of outputs, (groups, pixels, weights)."""
    view = _seen_by(x, images, rows, w, g, scratch)
    windows = _windows(view, rows.stop - rows.start, w, g)
    weights = w[..., 0].size
    # With few channels long rows of pixels are copied faster than short rows of channels
    if w.shape[2] <= FEW_CHANNELS:
        copy = _copied(windows.transpose(5, 3, 4, 6, 0, 1, 2), scratch)
        return copy.reshape(g.groups, weights, -1).swapaxes(1, 2)
    copy = _copied(windows.transpose(5, 0, 1, 2, 3, 4, 6), scratch)
    return copy.reshape(g.groups, -1, weights)


def _seen_by(
    x: FloatArray,
    images: slice,
    rows: slice,
    w: FloatArray,
    g: Geometry,
    scratch: Scratch,
) -> FloatArray:
    """Return the pixels under the windows of these rows of outputs, with zeros beyond the image."""
    height, width = (
        (count - 1) * stride + dilation * (size - 1) + 1
        for count, stride, dilation, size in zip(
            (rows.stop - rows.start, g.output[1]),
            g.stride,
            g.dilation,
            w.shape[:2],
            strict=True,
        )
    )
    top = rows.start * g.stride[0] - g.before[0]
    return framed(x, images, (top, -g.before[1]), (height, width), scratch, "frame")


def _windows(view: FloatArray, rows: int, w: FloatArray, g: Geometry) -> FloatArray:
    """Return the windows as a view: (images, rows, columns, K, L, groups, channels of a group)."""
    n, h, v, c = view.strides
    height, width, channels, _ = w.shape
    return as_strided(
        view,
        (len(view), rows, g.output[1], height, width, g.groups, channels),
        (
            *(n, h * g.stride[0], v * g.stride[1]),
            *(h * g.dilation[0], v * g.dilation[1], c * channels, c),
        ),
        writeable=False,
    )
