"""Convolution by 3 x 3 with a quarter of the multiplications: Winograd's F(4 x 4, 3 x 3).

Along one axis, four outputs of a kernel of three weights are twelve products, as many as there are
when a polynomial of degree 3 is multiplied by one of degree 2. The product of the polynomials has
six coefficients, so its values at six points settle it, and each value is one multiplication. With
a kernel g and six pixels d, this gives the four outputs as A^T [(G g) * (B^T d)], with matrices that
do not depend on either; in two dimensions, a tile of 6 x 6 pixels gives 4 x 4 outputs,

    A^T [(G g G^T) * (B^T d B)] A,

by 36 multiplications instead of 144. They are summed over the channels, so at each of the 36 places
of a tile stands a matrix product: (tiles, channels) by (channels, filters).
"""

from collections.abc import Iterator
from math import isqrt, prod

import numpy as np
from numpy.typing import DTypeLike

from textbook._checks import FloatArray, Pair
from textbook._windows import Geometry, blocks, inside

TILE = 4  # outputs along a side
BLOCK_FLOATS = 2**22  # so many transformed pixels and products at a time

# The sixth point is infinity. At the usual 0, 1, -1, 2, -2 rounding errors are four times as large
POINTS = (0, 3 / 4, -3 / 4, 3 / 2, -3 / 2)

_Shape = tuple[int, int, int]  # tiles of a block: images, rows, columns


# -- The three maps


def matrices(points: tuple[float, ...]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return B, G and A for kernels of 3, from points of which infinity is one more."""
    p = np.array(points, dtype=np.float64)
    count = len(p) + 1
    B = np.zeros(
        (count, count)
    )  # column i: the polynomial that is 0 at all other points
    G = np.zeros((count, 3))  # row i: 1, p, p^2, over what that polynomial is at p
    A = np.zeros((count, count - 2))  # row i: 1, p, p^2, ...
    for i in range(count - 1):
        others = np.delete(p, i)
        B[:-1, i] = np.poly(others)[::-1]
        G[i] = p[i] ** np.arange(3) / np.prod(p[i] - others)
        A[i] = p[i] ** np.arange(count - 2)
    # The value at infinity is the highest coefficient
    B[:, -1] = np.poly(p)[::-1]
    G[-1, -1] = A[-1, -1] = 1
    return B, G, A


def _on_both_axes(dtype: DTypeLike) -> Iterator[FloatArray]:
    """Return B, G and A for tiles whose pixels stand in one column: d becomes B^T d B at once."""
    return (np.kron(m, m).astype(dtype) for m in matrices(POINTS))


# -- Forward and backward


def forward(x: FloatArray, w: FloatArray, g: Geometry) -> FloatArray:
    """Return the output without bias, (N, H_out, W_out, O)."""
    B, G, A = _on_both_axes(x.dtype)
    channels, filters = w.shape[2:]
    y = np.empty((len(x), *g.output, filters), x.dtype)
    kernel = (G @ w.reshape(9, -1)).reshape(-1, channels, filters)
    parts, most = _tile_blocks(len(x), w, g)
    one, other = np.empty((2, len(kernel) * most * max(channels, filters)), x.dtype)
    for images, rows, shape in parts:
        pixels = _transformed(x[images], B.T, rows, g.before, shape, one, other)
        products = _part(one, len(kernel), prod(shape), filters)
        np.matmul(pixels, kernel, out=products)
        outputs = _part(other, TILE, TILE, *shape, filters)
        np.matmul(A.T, products.reshape(len(A), -1), out=outputs.reshape(TILE**2, -1))
        for place, tiles, seen in _meetings(TILE, rows, (0, 0), shape, g.output):
            y[images][seen] = outputs[place][tiles]
    return y


def weight_gradient(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> FloatArray:
    """Return dw by the transposed maps: G^T [sum over tiles of (A dy A^T) * (B^T d B)] G."""
    B, G, A = _on_both_axes(x.dtype)
    channels, filters = w.shape[2:]
    dw = np.zeros(w.shape, x.dtype)
    parts, most = _tile_blocks(len(x), w, g)
    size = len(G) * most
    scratch = np.empty(max(size * max(channels, filters), w.size), x.dtype)
    one, other = (np.empty(size * c, x.dtype) for c in (channels, filters))
    sums = np.empty((len(G), channels, filters), x.dtype)
    for images, rows, shape in parts:
        pixels = _transformed(x[images], B.T, rows, g.before, shape, scratch, one)
        slopes = _transformed(dy[images], A, rows, (0, 0), shape, scratch, other)
        np.matmul(pixels.swapaxes(1, 2), slopes, out=sums)
        share = _part(scratch, *w.shape)
        np.matmul(G.T, sums.reshape(len(G), -1), out=share.reshape(9, -1))
        dw += share
    return dw


def _transformed(
    array: FloatArray,
    matrix: FloatArray,
    rows: slice,
    before: Pair,
    shape: _Shape,
    scratch: FloatArray,
    out: FloatArray,
) -> FloatArray:
    """Cut tiles out of images and apply one of the maps: (places, tiles, channels)."""
    side, channels = isqrt(matrix.shape[1]), array.shape[3]
    cut = _part(scratch, side, side, *shape, channels)
    for place, tiles, seen in _meetings(side, rows, before, shape, array.shape[1:3]):
        share = cut[place][tiles]
        if share.size < cut[place].size:
            cut[place].fill(0)
        share[...] = array[seen]
    transformed = _part(out, len(matrix), prod(shape), channels)
    np.matmul(
        matrix, cut.reshape(side**2, -1), out=transformed.reshape(len(matrix), -1)
    )
    return transformed


# -- Tiles


def _tile_blocks(
    images: int, w: FloatArray, g: Geometry
) -> tuple[list[tuple[slice, slice, _Shape]], int]:
    """Return (images, rows of tiles, shape) block by block, and the tiles of the largest."""
    tiles = (-(-g.output[0] // TILE), -(-g.output[1] // TILE))
    room = BLOCK_FLOATS // ((TILE + 2) ** 2 * sum(w.shape[2:]))
    parts = [
        (n, i, (n.stop - n.start, i.stop - i.start, tiles[1]))
        for n, i, _ in blocks(images, tiles, room)
    ]
    return parts, max(prod(shape) for _, _, shape in parts)


def _meetings(
    side: int, rows: slice, before: Pair, shape: _Shape, size: Pair
) -> Iterator[tuple[Pair, tuple[slice, ...], tuple[slice, ...]]]:
    """Yield each place of a tile, the tiles that have a pixel of the image there, and the pixels."""
    for r, s in np.ndindex(side, side):
        top, left = TILE * rows.start + r - before[0], s - before[1]
        tile_rows, pixel_rows = inside(top, TILE, shape[1], size[0])
        tile_columns, pixel_columns = inside(left, TILE, shape[2], size[1])
        whole = slice(None)
        yield (
            (r, s),
            (whole, tile_rows, tile_columns),
            (whole, pixel_rows, pixel_columns),
        )


def _part(buffer: FloatArray, *shape: int) -> FloatArray:
    """Return the beginning of a buffer in this shape."""
    return buffer[: prod(shape)].reshape(shape)
