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

from collections.abc import Callable, Sequence
from functools import cache
from math import isqrt, prod
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import DTypeLike

from textbook._checks import FloatArray, Pair
from textbook._cores import PRODUCT, Result, Scratch, kept_scratch, side_by_side, sum_of
from textbook._windows import Geometry, blocks, framed

TILE = 4  # outputs along a side
NARROW = 2**14  # pairs of a channel and a filter
FLOATS = 5 * 2**20  # so many transformed pixels and products at a time,
FLOATS_OF_A_CORE = 2**20  # or for each core, if the layer is narrow
SUM_FLOATS = 2**20  # so many sums of products at a time, on the way back

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


@cache
def _on_both_axes(points: tuple[float, ...], dtype: DTypeLike) -> list[FloatArray]:
    """Return B, G and A for tiles laid out as columns: x becomes B^T x B in one product."""
    return [np.kron(m, m).astype(dtype) for m in matrices(points)]


# -- Forward and backward


def forward(
    x: FloatArray, w: FloatArray, g: Geometry, bias: FloatArray | None = None
) -> FloatArray:
    """Return the output, (N, H_out, W_out, O)."""
    B, G, A = _on_both_axes(POINTS, x.dtype)
    channels, filters = w.shape[2:]
    y = np.empty((len(x), *g.output, filters), x.dtype)
    kernel = kept_scratch(x.dtype)("kernel", len(G), channels, filters)
    np.matmul(G, _by_channels(w), out=kernel.swapaxes(0, 1))

    def compute(parts: Sequence[_Block]) -> None:
        scratch = kept_scratch(x.dtype)
        for block in parts:
            pixels = _transformed(x, B.T, block, g.before, scratch, "one", "other")
            tiles = pixels.shape[1]
            products = scratch("one", len(A), tiles, filters)
            np.matmul(pixels, kernel, out=products)
            outputs = scratch("other", tiles, TILE**2, filters)
            np.matmul(A.T, products.swapaxes(0, 1), out=outputs)
            if bias is not None:
                outputs += bias
            _put(outputs, y, block, scratch)

    _by_blocks(compute, len(x), w, g)
    return y


def weight_gradient(
    dy: FloatArray, x: FloatArray, w: FloatArray, g: Geometry
) -> FloatArray:
    """Return dw by the maps turned over: G^T [sum of (A dy A^T) * (B^T x B)] G over all tiles."""
    B, G, A = _on_both_axes(POINTS, x.dtype)
    channels, filters = w.shape[2:]
    few = _few(filters, SUM_FLOATS // (len(G) * channels))

    def compute(parts: Sequence[_Block]) -> FloatArray:
        scratch = kept_scratch(x.dtype)
        dw = np.zeros(w.shape, x.dtype)
        by_channels = _by_channels(dw)
        for block in parts:
            pixels = _transformed(x, B.T, block, g.before, scratch, "one", "other")
            # Where forward has its transformed weights there is room for the slopes
            slopes = _transformed(dy, A, block, (0, 0), scratch, "one", "kernel")
            for some in few:
                sums = scratch("sums", len(G), channels, some.stop - some.start)
                np.matmul(pixels.swapaxes(1, 2), slopes[..., some], out=sums)
                by_channels[..., some] += G.T @ sums.swapaxes(0, 1)
        return dw

    return sum_of(_by_blocks(compute, len(x), w, g))


def _by_channels(w: FloatArray) -> FloatArray:
    """Return weights as (channels, 9, filters): turned ones are copied, products want them so."""
    return np.ascontiguousarray(w).reshape(9, *w.shape[2:]).swapaxes(0, 1)


def _transformed(
    array: FloatArray,
    matrix: FloatArray,
    block: _Block,
    before: Pair,
    scratch: Scratch,
    cut: str,
    out: str,
) -> FloatArray:
    """Cut tiles out of images and apply one of the maps: (places, tiles, channels).

    `cut` and `out` are the buffers for the tiles and for the result, and before that for a border.
    """
    side, channels = isqrt(matrix.shape[1]), array.shape[3]
    transformed = scratch(out, len(matrix), prod(block.shape), channels)
    _, rows, columns = block.shape
    place = (TILE * block.rows.start - before[0], -before[1])
    size = (TILE * (rows - 1) + side, TILE * (columns - 1) + side)
    view = framed(array, block.images, place, size, scratch, out)
    n, h, v, c = view.strides
    tiles = scratch(cut, *block.shape, side, side, channels)
    strides = (n, TILE * h, TILE * v, h, v, c)
    np.copyto(tiles, as_strided(view, tiles.shape, strides, writeable=False))
    columns_of_tiles = tiles.reshape(-1, side * side, channels)
    np.matmul(matrix, columns_of_tiles, out=transformed.swapaxes(0, 1))
    return transformed


def _few(filters: int, most: int) -> list[slice]:
    """Return all filters in slices of no more than so many."""
    size = max(1, most)
    return [slice(i, min(i + size, filters)) for i in range(0, filters, size)]


def _put(outputs: FloatArray, y: FloatArray, block: _Block, scratch: Scratch) -> None:
    """Lay tiles of outputs side by side; what stands out at the last row and column falls away."""
    target = y[block.images, TILE * block.rows.start : TILE * block.rows.stop]
    images, rows, columns = block.shape
    whole = (images, TILE * rows, TILE * columns, y.shape[3])
    strip = target if target.shape == whole else scratch("one", *whole)
    tiles = outputs.reshape(*block.shape, TILE, TILE, -1)
    strip.reshape(images, rows, TILE, columns, TILE, -1)[...] = tiles.swapaxes(2, 3)
    if strip is not target:
        target[...] = strip[:, : target.shape[1], : target.shape[2]]


# -- Blocks


def _by_blocks(
    compute: Callable[[Sequence[_Block]], Result],
    images: int,
    w: FloatArray,
    g: Geometry,
) -> list[Result]:
    """Go through the tiles block by block: (the results of) one call, or one for each core.

    A narrow layer is mostly copying, so each core takes blocks of its own, whose products it can
    do alone. In a wide one the products count, and all cores share each.
    """
    weights = w.shape[2] * w.shape[3]
    tiles = (-(-g.output[0] // TILE), -(-g.output[1] // TILE))
    narrow = weights <= NARROW and tiles[1] * weights <= PRODUCT
    floats = FLOATS_OF_A_CORE if narrow else FLOATS
    room = floats // ((TILE + 2) ** 2 * sum(w.shape[2:]))
    if narrow:
        room = min(room, PRODUCT // weights)
    found = [
        _Block(n, i, (n.stop - n.start, i.stop - i.start, tiles[1]))
        for n, i, _ in blocks(images, tiles, room)
    ]
    return side_by_side(compute, found) if narrow else [compute(found)]
