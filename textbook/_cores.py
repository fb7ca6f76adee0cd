"""Work that is shared out among the cores of the processor.

By itself NumPy keeps more than one core busy in large products of matrices alone. But it lets go of
Python's lock while it computes, so threads that call it run side by side. Such threads must leave
large products alone: the library that multiplies would start threads of its own, and for a while
after each product they go on waiting busily for the next, on the cores that are needed here.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import pairwise
from math import prod
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike

from textbook._checks import FloatArray

# So many multiplications in one product stay on the core that asks: measured with the OpenBLAS that
# NumPy's wheels bring along
PRODUCT = 10**6
MOST = 8  # threads, since each has some megabytes of buffers
LARGEST = 10**7  # numbers in a buffer that is used again

Part = TypeVar("Part")
Result = TypeVar("Result")


class Scratch:
    """Buffers by name, made once and used again for block after block."""

    def __init__(self, dtype: DTypeLike) -> None:
        self.dtype = dtype
        self.buffers: dict[str, FloatArray] = {}

    def __call__(self, name: str, *shape: int) -> FloatArray:
        """Return the beginning of a buffer in this shape; what it holds is of no use."""
        size = prod(shape)
        if size > LARGEST:
            return np.empty(shape, self.dtype)
        if name not in self.buffers or self.buffers[name].size < size:
            self.buffers[name] = np.empty(size, self.dtype)
        return self.buffers[name][:size].reshape(shape)


_KEPT = threading.local()


def kept_scratch(dtype: DTypeLike) -> Scratch:
    """Return a scratch that this thread keeps from call to call.

    The system clears fresh memory before it hands it out, and for the buffers of a deep layer that
    can take longer than the layer. Threads of `side_by_side` end with it, and so do theirs.
    """
    scratch: Scratch = vars(_KEPT).setdefault(np.dtype(dtype).name, Scratch(dtype))
    return scratch


def side_by_side(
    task: Callable[[Sequence[Part]], Result], parts: Sequence[Part]
) -> list[Result]:
    """Call the task with a share of the parts on each core, and return the results in order."""
    count = min(cores(), len(parts), MOST)
    if count == 1:
        return [task(parts)]
    ends = [len(parts) * k // count for k in range(count + 1)]
    shares = [parts[i:j] for i, j in pairwise(ends)]
    with ThreadPoolExecutor(count - 1) as threads:
        try:  # in contexts like ours, since they hold what `np.errstate` says
            others = [threads.submit(copy_context().run, task, s) for s in shares[1:]]
        except RuntimeError:  # no thread starts any more, as at the end of a program
            return [task(parts)]
        return [task(shares[0]), *(other.result() for other in others)]


def sum_of(shares: list[FloatArray]) -> FloatArray:
    """Return the sum of what the cores found, in the first of the arrays."""
    for share in shares[1:]:
        shares[0] += share
    return shares[0]


def cores() -> int:
    """Return how many cores are for us, as far as the system and two variables tell."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        told = os.environ.get(name, "").split(",")[0]
        if told.isdecimal() and int(told) > 0:
            return int(told)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
