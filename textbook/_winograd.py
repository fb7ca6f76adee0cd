"""Convolution by 3 x 3 with a quarter of the multiplications: Winograd's F(4 x 4, 3 x 3).

Four neighboring outputs of a kernel of three weights are twelve products, as many as it takes to
multiply a polynomial of degree 3 by one of degree 2. But that product has six coefficients, so its
values at six points settle it, and each value is a single multiplication. Read backward, this gives
the four outputs of six pixels x as A^T [(G w) * (B^T x)], with matrices that depend on the points
alone. In two dimensions a tile of 6 x 6 pixels gives 4 x 4 outputs,

    A^T [(G w G^T) * (B^T x B)] A,

by 36 multiplications instead of 144. A layer adds them up over the channels before A is applied, so
each of the 36 places of a tile has a matrix product: (tiles, channels) by (channels, filters).
"""

from collections.abc import Iterator
from math import isqrt, prod
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from textbook._checks import FloatArray, Pair
from textbook._windows import Geometry, blocks, inside

TILE = 4  # outputs along a side
BLOCK_FLOATS = 6 * 2**20  # so many transformed pixels and products at a time
SUM_FLOATS = 2**21  # so many sums of products at a time, on the way back

# The sixth is infinity. With the usual 0, 1, -1, 2, -2 rounding errors are four times as large
POINTS = (0, 3 / 4, -3 / 4, 3 / 2, -3 / 2)


class _Block(NamedTuple):
    """The tiles that are computed at a time."""

    images: slice
    rows: slice  # of tiles
    shape: tuple[int, int, int]  # images, rows and columns of tiles


# -- The three maps


def matrices(points: tuple[float, ...]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return B, G and A for kernels of three weights, from these points and infinity."""
    p = np.array(points, dtype=np.float64)
    size = len(p) + 1  # of a tile along one side
    # B has a column for each point: the polynomial that is 0 at all the others
    B = np.zeros((size, size))
    # G has a row for each point, 1, p, p^2: the kernel's value there, over that of B's polynomial
    G = np.zeros((size, 3))
    # A has a row for each point, 1, p, ..., one power for each output
    A = np.zeros((size, size - 2))
    for i in range(len(p)):
        others = np.delete(p, i)
        B[:-1, i] = np.poly(others)[::-1]
        G[i] = p[i] ** np.arange(3) / np.prod(p[i] - others)
        A[i] = p[i] ** np.arange(size - 2)
    # The value at infinity is the coefficient of the highest power
    B[:, -1] = np.poly(p)[::-1]
    G[-1, -1] = A[-1, -1] = 1
    return B, G, A


def _on_both_axes(dtype: DTypeLike) -> Iterator[FloatArray]:
    """Return B, G and A for tiles laid out as columns: x becomes B^T x B in one product."""
    return (np.kron(m, m).astype(dtype) for m in matrices(POINTS))


# -- Forward and backward


def forward(x: FloatArray, w: FloatArray, g: Geometry) -> FloatArray:
    """Return the output without bias, (N, H_out, W_out, O)."""
    B, G, A = _on_both_axes(x.dtype)
    channels, filters = w.shape[2:]
    y = np.empty((len(x), *g.output, filters), x.dtype)
    kernel = (G @ w.reshape(9, -1)).reshape(-1, channels, filters)
    parts, most = _blocks_of_tiles(len(x), w, g)
    one, other = np.empty((2, len(kernel) * most * max(channels, filters)), x.dtype)
    for block in parts:
        pixels = _transformed(x, B.T, block, g.before, one, other)
        products = _part(one, *pixels.shape[:2], filters)
        np.matmul(pixels, kernel, out=products)
        outputs = _part(other, TILE, TILE, *block.shape, filters)
        np.matmul(A.T, products.reshape(len(A), -1), out=outputs.reshape(TILE**2, -1))
        for place, tiles, seen in _meetings(TILE, block, (0, 0), g.output):
            y[seen] = outputs[place][tiles]
    return y


def weight_gradient(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> FloatArray:
    """Return dw by the maps turned over: G^T [sum of (A dy A^T) * (B^T x B)] G over all tiles."""
    B, G, A = _on_both_axes(x.dtype)
    channels, filters = w.shape[2:]
    dw = np.zeros(w.shape, x.dtype)
    parts, most = _blocks_of_tiles(len(x), w, g)
    size = len(G) * most
    scratch = np.empty(size * max(channels, filters), x.dtype)
    one, other = (np.empty(size * c, x.dtype) for c in (channels, filters))
    at_once = max(1, SUM_FLOATS // (len(G) * channels))
    sums = np.empty(len(G) * channels * min(at_once, filters), x.dtype)
    for block in parts:
        pixels = _transformed(x, B.T, block, g.before, scratch, one)
        slopes = _transformed(dy, A, block, (0, 0), scratch, other)
        for first in range(0, filters, at_once):
            some = slopes[..., first : first + at_once]
            total = _part(sums, len(G), channels, some.shape[2])
            np.matmul(pixels.swapaxes(1, 2), some, out=total)
            share: FloatArray = G.T @ total.reshape(len(G), -1)
            dw[..., first : first + at_once] += share.reshape(3, 3, *total.shape[1:])
    return dw


def _transformed(
    array: FloatArray,
    matrix: FloatArray,
    block: _Block,
    before: Pair,
    scratch: FloatArray,
    out: FloatArray,
) -> FloatArray:
    """Cut tiles out of images and apply one of the maps: (places, tiles, channels)."""
    side, channels = isqrt(matrix.shape[1]), array.shape[3]
    cut = _part(scratch, side, side, *block.shape, channels)
    for place, tiles, seen in _meetings(side, block, before, array.shape[1:3]):
        share = cut[place][tiles]
        if share.size < cut[place].size:
            cut[place].fill(0)
        share[...] = array[seen]
    transformed = _part(out, len(matrix), prod(block.shape) * channels)
    np.matmul(matrix, cut.reshape(side * side, -1), out=transformed)
    return transformed.reshape(len(matrix), -1, channels)


# -- Tiles


def _blocks_of_tiles(
    images: int, w: FloatArray, g: Geometry
) -> tuple[list[_Block], int]:
    """Return the blocks, and how many tiles the largest has."""
    tiles = (-(-g.output[0] // TILE), -(-g.output[1] // TILE))
    room = BLOCK_FLOATS // ((TILE + 2) ** 2 * sum(w.shape[2:]))
    found = [
        _Block(n, i, (n.stop - n.start, i.stop - i.start, tiles[1]))
        for n, i, _ in blocks(images, tiles, room)
    ]
    return found, max(prod(block.shape) for block in found)


def _meetings(
    side: int, block: _Block, before: Pair, size: Pair
) -> Iterator[tuple[Pair, tuple[slice, ...], tuple[slice, ...]]]:
    """Yield each place of a tile, the tiles that have a pixel there, and these pixels."""
    _, rows, columns = block.shape
    for r, s in np.ndindex(side, side):
        top, left = TILE * block.rows.start + r - before[0], s - before[1]
        tile_rows, pixel_rows = inside(top, TILE, rows, size[0])
        tile_columns, pixel_columns = inside(left, TILE, columns, size[1])
        tiles = (slice(None), tile_rows, tile_columns)
        yield (r, s), tiles, (block.images, pixel_rows, pixel_columns)


def _part(buffer: FloatArray, *shape: int) -> FloatArray:
    """Return the beginning of a buffer in this shape."""
    return buffer[: prod(shape)].reshape(shape)
