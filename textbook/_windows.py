"""Where the windows of a convolution lie, and in which blocks they are gone through."""

from collections.abc import Iterator
from typing import NamedTuple

from textbook._checks import Pair


class Geometry(NamedTuple):
    """Where the windows of a convolution lie; pairs are (rows, columns)."""

    stride: Pair
    before: Pair  # zeros above and to the left; below 0, so many pixels are cut off
    dilation: Pair
    groups: int
    output: Pair


def inside(first: int, stride: int, count: int, size: int) -> tuple[slice, slice]:
    """Return which of `count` positions from `first` on lie in 0 to `size`, and those positions."""
    start = max(0, -(first // stride))
    stop = min(count, (size - 1 - first) // stride + 1)
    if stop <= start:
        return slice(0, 0), slice(0, 0)
    last = first + (stop - 1) * stride
    return slice(start, stop), slice(first + start * stride, last + 1, stride)


def blocks(
    images: int, output: Pair, room: int
) -> Iterator[tuple[slice, slice, slice]]:
    """Yield (images, rows, pixels): several images, or some rows of one, up to `room` outputs.

    `pixels` are the places of the same outputs when all are counted through.
    """
    pixels = output[0] * output[1]
    at_once = max(1, room // pixels)
    height = output[0] if room >= pixels else max(1, room // output[1])
    for n in range(0, images, at_once):
        stop = min(n + at_once, images)
        for i in range(0, output[0], height):
            end = min(i + height, output[0])
            first = n * pixels + i * output[1]
            last = (stop - 1) * pixels + end * output[1]
            yield slice(n, stop), slice(i, end), slice(first, last)
