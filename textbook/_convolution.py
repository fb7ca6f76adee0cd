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


# -- Which way?


def forward(x: FloatArray, w: FloatArray, g: Geometry) -> FloatArray:
    """Return the output without bias, (N, H_out, W_out, O)."""
    if _is_pointwise(w, g):
        return _pointwise(x, w, g)
    if _suits_winograd(x, w, g):
        return _winograd.forward(x, w, g)
    return _forward_by_blocks(x, w, g)


def backward(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> tuple[FloatArray, FloatArray]:
    """Return the slopes in the input and in the weights, dx and dw."""
    if _is_pointwise(w, g):
        return _pointwise_backward(dy, x, w, g)
    # With a stride, or few outputs, most windows of the turned kernel would meet nothing but zeros
    few_outputs = 2 * g.output[0] * g.output[1] < x.shape[1] * x.shape[2]
    if g.stride != (1, 1) or few_outputs:
        dx = _add_back(dy, w, g, x.shape)
    else:
        dx = forward(dy, *_turned(w, g, x.shape))
    if _suits_winograd(x, w, g):
        return dx, _winograd.weight_gradient(dy, x, w, g)
    return dx, _weight_gradient(dy, x, w, g)


def _suits_winograd(x: FloatArray, w: FloatArray, g: Geometry) -> bool:
    """Whether fewer multiplications are worth their transforms, and the fewer digits."""
    channels, filters = w.shape[2:]
    tiles = len(x) * g.output[0] * g.output[1] / _winograd.TILE**2
    return (
        x.dtype == np.float32
        and w.shape[:2] == (3, 3)
        and (g.stride, g.dilation, g.groups) == ((1, 1), (1, 1), 1)
        and min(channels, filters) >= 64
        and channels * filters <= 2**18  # else its 36 transforms take too much memory
        and tiles >= 48  # else they take more time than they save
    )


# -- A kernel of one pixel: one product, no patches


def _is_pointwise(w: FloatArray, g: Geometry) -> bool:
    return w.shape[:2] == (1, 1) and g.before == (0, 0) and g.groups == 1


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
    pixels_last = channels <= 4
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
