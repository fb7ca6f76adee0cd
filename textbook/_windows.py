"""Where the windows of a convolution lie, and in which blocks they are gone through."""

from collections.abc import Iterator
from typing import NamedTuple

from textbook._checks import FloatArray, Pair
from textbook._cores import Scratch


class Geometry(NamedTuple):
    """Where the windows of a convolution lie; pairs are (rows, columns)."""

    stride: Pair
    before: Pair  # zeros above and to the left; below 0, so many pixels are cut off
    dilation: Pair
    groups: int
    output: Pair


Block = tuple[slice, slice, slice]  # images, rows, and the same outputs counted through


def inside(first: int, stride: int, count: int, size: int) -> tuple[slice, slice]:
    """Return which of `count` positions from `first` on lie in 0 to `size`, and those positions."""
    start = max(0, -(first // stride))
    stop = min(count, (size - 1 - first) // stride + 1)
    if stop <= start:
        return slice(0, 0), slice(0, 0)
    last = first + (stop - 1) * stride
    return slice(start, stop), slice(first + start * stride, last + 1, stride)


def blocks(images: int, output: Pair, room: int) -> Iterator[Block]:
    """Yield several images, or some rows of one, up to `room` outputs."""
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


def framed(
    x: FloatArray, images: slice, place: Pair, size: Pair, scratch: Scratch, name: str
) -> FloatArray:
    """Return a rectangle of pixels, with zeros where it reaches beyond the image.

    Where it does not, this is a view of `x`, else a copy in the buffer of that name.
    """
    (top, left), (height, width) = place, size
    r, r_end = max(top, 0), max(top, 0, min(top + height, x.shape[1]))
    c, c_end = max(left, 0), max(left, 0, min(left + width, x.shape[2]))
    seen = x[images, r:r_end, c:c_end]
    if seen.shape[1:3] == size:
        return seen
    frame = scratch(name, len(seen), height, width, x.shape[3])
    # Zeros at the border alone: the rest is written over
    frame[:, : r - top] = 0
    frame[:, r_end - top :] = 0
    frame[:, :, : c - left] = 0
    frame[:, :, c_end - left :] = 0
    frame[:, r - top : r_end - top, c - left : c_end - left] = seen
    return frame
