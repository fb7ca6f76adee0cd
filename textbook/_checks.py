"""The few checks that every function shares.

Each takes the argument's name first, so that the message can say which argument is wrong,
what was given and what was expected.
"""

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating[Any]]
Pair = tuple[int, int]  # rows, columns


def as_float_array(name: str, value: ArrayLike, axes: str | None = None) -> FloatArray:
    """Return `value` as an array of floats, with one axis for each letter of `axes`.

    Floats keep their precision (float32 stays float32), integers and booleans become float64.
    """
    try:
        array = np.asarray(value)
    except ValueError:  # a list of lists of different lengths
        message = f"{name} must hold real numbers in rows of one length, got {_described(value)}"
        raise TypeError(message) from None
    if array.dtype.kind in "iub":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers, got {_described(value)}")
    if axes is not None and array.ndim != len(axes.split()):
        raise ValueError(
            f"{name} must have shape {_shape_of_letters(axes)}, got shape {array.shape}"
        )
    return array


def as_finite_array(name: str, value: ArrayLike, axes: str | None = None) -> FloatArray:
    """Return `value` as an array of finite floats: what enters a cost."""
    array = as_float_array(name, value, axes)
    if not np.isfinite(array).all():
        bad = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(
            f"{name} must be finite, got {float(array[bad])} at index {bad}"
        )
    return array


def as_batch(name: str, value: ArrayLike, axes: str) -> FloatArray:
    """Return `value` as an array of finite floats, at least one: data at the door."""
    array = as_finite_array(name, value, axes)
    if array.size == 0:
        raise ValueError(
            f"{name} must hold at least one example and one feature, got shape {array.shape}"
        )
    return array


def as_arrays(
    name: str, arrays: Sequence[ArrayLike], axes: str | None = None
) -> list[FloatArray]:
    """Return a list of arrays of finite floats, at least one of them: a network's weights."""
    check_sequence(name, arrays, "arrays")
    if len(arrays) == 0:
        raise ValueError(f"{name} must hold at least one array, got {arrays!r:.60}")
    return [
        as_finite_array(f"{name}[{i}]", array, axes) for i, array in enumerate(arrays)
    ]


def as_binary_labels(
    name: str, value: ArrayLike, axes: str | None = None
) -> FloatArray:
    """Return labels as floats after making sure that each is 0 or 1."""
    array = as_float_array(name, value, axes)
    wrong = np.unique(array[(array != 0) & (array != 1)])
    if wrong.size:
        raise ValueError(
            f"{name} must hold only the labels 0 and 1, got {wrong[:5].tolist()} among them"
        )
    return array


def check_same_shape(
    name: str, array: FloatArray, other_name: str, other: FloatArray
) -> None:
    """Raise ValueError unless the two arrays have one shape."""
    if array.shape != other.shape:
        raise ValueError(
            f"{name} must have the shape of {other_name}, {other.shape}, got shape {array.shape}"
        )


def check_number(
    name: str,
    value: float,
    *,
    at_least: float = -np.inf,
    above: float = -np.inf,
    at_most: float = np.inf,
    below: float = np.inf,
) -> float:
    """Return `value` as a Python float after making sure that it is finite and within the bounds.

    A Python float leaves the precision of an array alone: float32 times np.float64(0.5) is float64.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {_described(value)}")
    number = float(value)
    if (
        not np.isfinite(number)
        or number < at_least
        or number <= above
        or number > at_most
        or number >= below
    ):
        bounds = [
            f"at least {at_least:g}" if at_least > -np.inf else "",
            f"above {above:g}" if above > -np.inf else "",
            f"at most {at_most:g}" if at_most < np.inf else "",
            f"below {below:g}" if below < np.inf else "",
        ]
        expected = " and ".join(bound for bound in bounds if bound)
        raise ValueError(
            f"{name} must be finite{' and ' + expected if expected else ''}, got {value}"
        )
    return number


def check_count(name: str, value: int, *, at_least: int = 0) -> None:
    """Raise unless `value` is a whole number that is not too small."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, got {_described(value)}")
    if value < at_least:
        raise ValueError(f"{name} must be at least {at_least}, got {value}")


def check_choice(
    name: str, value: int | str, choices: tuple[int, ...] | tuple[str, ...]
) -> None:
    """Raise ValueError unless `value` is one of a few."""
    if isinstance(value, bool) or value not in choices:
        *others, last = map(repr, choices)
        raise ValueError(
            f"{name} must be {', '.join(others)} or {last}, got {value!r:.60}"
        )


def as_pair(name: str, value: int | Pair, at_least: int) -> Pair:
    """Return a setting as (rows, columns)."""
    pair = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(pair) != 2:
        raise ValueError(
            f"{name} must be one number or (rows, columns), got {value!r:.60}"
        )
    for part in pair:
        check_count(name, part, at_least=at_least)
    return pair


def as_slope(slope: ArrayLike, start: FloatArray) -> FloatArray:
    """Return what a reader's `gradient` gave, in the shape and precision of `start`."""
    slope = as_float_array("gradient", slope)
    if slope.shape != start.shape:
        raise ValueError(
            f"gradient must return an array of shape {start.shape}, got shape {slope.shape}"
        )
    return slope.astype(start.dtype, copy=False)


def check_sequence(name: str, value: Sequence[Any], what: str) -> None:
    """Raise TypeError unless `value` is a list, a tuple or an array."""
    if not isinstance(value, (Sequence, np.ndarray)) or isinstance(value, str):
        raise TypeError(f"{name} must be a list of {what}, got {_described(value)}")


def check_generator(rng: np.random.Generator) -> None:
    """Raise TypeError unless chance comes from a generator that the caller passed."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {rng!r:.60}")


def as_plain(result: FloatArray) -> FloatArray:
    """Return one number as a Python float, an array as it is."""
    # Told as an array, since one type for both would trouble every caller with the case it is not
    return float(result) if np.ndim(result) == 0 else result  # type: ignore[return-value]


def _shape_of_letters(axes: str) -> str:
    letters = axes.split()
    return f"({letters[0]},)" if len(letters) == 1 else f"({', '.join(letters)})"


def _described(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    return f"{type(value).__name__} {value!r:.60}"
