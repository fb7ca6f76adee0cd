"""The fast path of `textbook.convolution`: patches block by block, and matrix products.

Cut out the patch under each output pixel and lay it down as a row: the convolution is then one
matrix product of the patches with the filters. All the patches of a batch would take many times its
memory, so they are copied block by block into one buffer that stays in the processor's cache. The
arrays that come in are of one precision; the public functions see to that.

`forward` and `backward` choose the way that suits a shape, and are the only place that does.
"""

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from textbook import _winograd
from textbook._checks import FloatArray
from textbook._windows import Geometry, blocks, inside

BLOCK_FLOATS = 2**17  # so many numbers of patches at a time,
BLOCK_PIXELS = 512  # but no fewer than so many rows in a product
FEW_CHANNELS = 4

# Measured: with fewer channels the pixels' transform eats the gain, with fewer outputs the kernel's
WINOGRAD_CHANNELS = 64
WINOGRAD_PIXELS = 1500
WINOGRAD_WEIGHTS = 2**18  # its transform holds each of them four times


# -- Which way?


def forward(x: FloatArray, w: FloatArray, g: Geometry) -> FloatArray:
    """Return the output without bias, (N, H_out, W_out, O)."""
    if _is_pointwise(x, w, g):
        return _pointwise(x, w, g)
    if _suits_winograd(x, w, g):
        return _winograd.forward(x, w, g)
    if _suits_rows(w, g):
        return _forward_by_rows(x, w, g)
    return _forward_by_blocks(x, w, g)


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
    return (
        x.dtype == np.float32
        and w.shape[:2] == (3, 3)
        and (g.stride, g.dilation, g.groups) == ((1, 1), (1, 1), 1)
        and min(channels, filters) >= WINOGRAD_CHANNELS
        and channels * filters <= WINOGRAD_WEIGHTS
        and len(x) * g.output[0] * g.output[1] >= WINOGRAD_PIXELS
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


def _pointwise(x: FloatArray, w: FloatArray, g: Geometry) -> FloatArray:
    y: FloatArray = _seen(x, g) @ w[0, 0]
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


def _forward_by_rows(x: FloatArray, w: FloatArray, g: Geometry) -> FloatArray:
    y = np.empty((len(x), *g.output, w.shape[3]), x.dtype)
    weights = w.reshape(len(w), -1, w.shape[3])
    scratch = np.empty(0, x.dtype)
    for images, rows, bands in _bands(x, w, g):
        out = y[images, rows].reshape(len(bands[0]), -1, w.shape[3])
        np.matmul(bands[0], weights[0], out=out)
        if scratch.size < out.size:
            scratch = np.empty(out.size, x.dtype)
        product = scratch[: out.size].reshape(out.shape)
        for band, row in zip(bands[1:], weights[1:], strict=True):
            out += np.matmul(band, row, out=product)
    return y


def _weight_gradient_by_rows(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> FloatArray:
    dw = np.zeros((len(w), w.shape[1] * w.shape[2], w.shape[3]), x.dtype)
    for images, rows, bands in _bands(x, w, g):
        slopes = dy[images, rows].reshape(len(bands[0]), -1, w.shape[3])
        for total, band in zip(dw, bands, strict=True):
            total += (band.swapaxes(1, 2) @ slopes).sum(axis=0)
    return dw.reshape(w.shape)


def _bands(
    x: FloatArray, w: FloatArray, g: Geometry
) -> Iterator[tuple[slice, slice, list[FloatArray]]]:
    """Yield images, rows of outputs, and what each kernel row meets, (images, pixels, weights).

    The bands overlap in one buffer: the first row of a window is the second of the one above it.
    """
    height, width, channels, _ = w.shape
    reach = g.dilation[0] * (height - 1)
    room = max(BLOCK_PIXELS, BLOCK_FLOATS // (width * channels))
    parts = list(blocks(len(x), g.output, room))
    most = max((n.stop - n.start) * (i.stop - i.start + reach) for n, i, _ in parts)
    buffer = np.empty(most * g.output[1] * width * channels, x.dtype)
    border = np.empty(0, x.dtype)
    for images, rows, _ in parts:
        view, border = _rows_with_border(x, images, rows, w, g, border)
        windows = _windows(view, len(view[0]), w[:1], g)[:, :, :, 0, :, 0]
        lines = _copied(windows, buffer)
        count = rows.stop - rows.start
        pixels = (len(view), count * g.output[1])
        bands = []
        for k in range(0, reach + 1, g.dilation[0]):
            if channels > FEW_CHANNELS:
                bands.append(lines[:, k : k + count].reshape(*pixels, -1))
            else:
                band = lines[:, :, :, k : k + count].reshape(-1, *pixels)
                bands.append(band.transpose(1, 2, 0))
        yield images, rows, bands


def _copied(windows: FloatArray, buffer: FloatArray) -> FloatArray:
    """Return a copy in the buffer: pixels before weights, or after where channels are few."""
    if windows.shape[-1] <= FEW_CHANNELS:
        windows = windows.transpose(3, 4, 0, 1, 2)
    copy = buffer[: windows.size].reshape(windows.shape)
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


def _forward_by_blocks(x: FloatArray, w: FloatArray, g: Geometry) -> FloatArray:
    y = np.empty((len(x), *g.output, w.shape[3]), x.dtype)
    weights, rows = _by_group(w, g), _by_group(y, g)
    for pixels, patches in _patches(x, w, g):
        np.matmul(patches, weights, out=rows[:, pixels])
    return y


def _weight_gradient(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> FloatArray:
    slopes = _by_group(dy, g)
    dw = np.zeros(w.shape, w.dtype)
    total = _by_group(dw, g)
    product = np.empty(total.shape, dw.dtype)
    for pixels, patches in _patches(x, w, g):
        total += np.matmul(patches.swapaxes(1, 2), slopes[:, pixels], out=product)
    return dw


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
    x: FloatArray, w: FloatArray, g: Geometry
) -> Iterator[tuple[slice, FloatArray]]:
    """Yield block by block the places of the outputs and their patches, (groups, pixels, weights).

    The patches lie in one buffer that the next block writes over.
    """
    height, width, channels, _ = w.shape
    parts = list(blocks(len(x), g.output, _room(w, g)))
    most = max(pixels.stop - pixels.start for _, _, pixels in parts)
    # With few channels long rows of pixels are copied faster than short rows of channels
    pixels_last = channels <= FEW_CHANNELS
    weights = height * width * channels
    shape = (g.groups, weights, most) if pixels_last else (g.groups, most, weights)
    buffer = np.empty(shape, x.dtype)
    border = np.empty(0, x.dtype)
    for images, rows, pixels in parts:
        view, border = _rows_with_border(x, images, rows, w, g, border)
        windows = _windows(view, rows.stop - rows.start, w, g)
        count = pixels.stop - pixels.start
        if pixels_last:
            axes, block = (5, 3, 4, 6, 0, 1, 2), buffer[:, :, :count]
            patches = block.swapaxes(1, 2)
        else:
            axes, patches = (5, 0, 1, 2, 3, 4, 6), buffer[:, :count]
            block = patches
        windows = windows.transpose(axes)
        np.copyto(block.reshape(windows.shape), windows)
        yield pixels, patches


def _rows_with_border(
    x: FloatArray,
    images: slice,
    rows: slice,
    w: FloatArray,
    g: Geometry,
    border: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return what the windows of these output rows see, and the array that holds the zeros.

    Where no zeros are seen this is a view of `x`, else a copy in `border`, made larger if need be.
    """
    top = rows.start * g.stride[0] - g.before[0]
    left = -g.before[1]
    height = (
        (rows.stop - rows.start - 1) * g.stride[0]
        + g.dilation[0] * (w.shape[0] - 1)
        + 1
    )
    width = (g.output[1] - 1) * g.stride[1] + g.dilation[1] * (w.shape[1] - 1) + 1
    r, r_end = max(top, 0), max(top, 0, min(top + height, x.shape[1]))
    c, c_end = max(left, 0), max(left, 0, min(left + width, x.shape[2]))
    inside = x[images, r:r_end, c:c_end]
    if inside.shape[1:3] == (height, width):
        return inside, border
    shape = (len(inside), height, width, x.shape[3])
    if border.size < np.prod(shape):
        border = np.empty(np.prod(shape), x.dtype)
    view = border[: np.prod(shape)].reshape(shape)
    view.fill(0)
    view[:, r - top : r_end - top, c - left : c_end - left] = inside
    return view, border


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
