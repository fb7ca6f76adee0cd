r"""Data splits: what to learn from, what to choose by, what to be judged by, and how exactly.

>>> import numpy as np
>>> from textbook.data_splits import split
>>> train, dev, test = split(10, [0.6, 0.2, 0.2], np.random.default_rng(0))
>>> train.tolist(), dev.tolist(), test.tolist()
([4, 6, 2, 7, 3, 5], [9, 0], [8, 1])
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    as_float_array,
    check_count,
    check_generator,
    check_number,
)

__all__ = [
    "apportion",
    "examples_needed",
    "group_split",
    "split",
    "standard_error",
    "stratified_split",
    "time_split",
    "wilson_interval",
]

IntArray = NDArray[np.int_]


def apportion(m: int, weights: ArrayLike) -> IntArray:
    r"""Share out m things in whole numbers, as nearly in proportion to the weights as can be.

    .. math::
        m_j = \Bigl\lfloor m \frac{w_j}{\sum_i w_i} \Bigr\rfloor + r_j, \qquad
        r_j \in \{0, 1\}, \qquad \sum_j m_j = m

    The parts whose shares were cut by most have r = 1; among equals, the earlier ones.

    Parameters
    ----------
    m : int
        How many things there are, at least 0.
    weights : array_like of shape (k,)
        At least 0, and not all of them 0.

    Returns
    -------
    ndarray of int of shape (k,)
        Whole numbers that sum to `m`, each less than 1 away from its exact share.

    Raises
    ------
    TypeError
        If `m` is not a whole number, or `weights` does not hold real numbers.
    ValueError
        If `m` is negative, or `weights` is not one-dimensional, negative, not finite, or 0
        throughout.

    Notes
    -----
    Shares are rounded to six decimals first. In binary, 100 * 0.29 is a little less than 29, and a
    part would be short of one example for it.

    Examples
    --------
    Of 1,797 the shares are 1078.2, 359.4 and 359.4. Rounded one by one they sum to 1,796:

    >>> from textbook.data_splits import apportion
    >>> apportion(1797, [60, 20, 20]).tolist()
    [1078, 360, 359]
    """
    check_count("m", m)
    weights = _check_weights("weights", weights)

    shares = np.round(m * (weights / weights.sum()), 6)
    sizes: IntArray = np.floor(shares).astype(np.int_)
    most_cut = np.argsort(sizes - shares, kind="stable")
    sizes[most_cut[: m - sizes.sum()]] += 1
    return sizes


def split(
    m: int, fractions: ArrayLike, rng: np.random.Generator
) -> tuple[IntArray, ...]:
    r"""Divide the numbers from 0 to m - 1 among parts by chance.

    .. math:: \{0, \dots, m - 1\} = S_1 \cup \dots \cup S_k, \qquad |S_j| \approx s_j m

    Parameters
    ----------
    m : int
        How many examples there are.
    fractions : array_like of shape (k,)
        The shares s of the parts, above 0. They sum to 1.
    rng : numpy.random.Generator
        Draws the order in which the examples are dealt out.

    Returns
    -------
    tuple of int arrays
        The indices of each part, in random order. Each index is in one part.

    Raises
    ------
    TypeError
        If `m` is not a whole number, `fractions` does not hold real numbers, or `rng` is not a
        generator.
    ValueError
        If `m` is so small that a part would be empty, or `fractions` is not one-dimensional, not
        above 0, or does not sum to 1.

    Examples
    --------
    Five folds are five equal parts:

    >>> import numpy as np
    >>> from textbook.data_splits import split
    >>> folds = split(12, [1 / 5] * 5, np.random.default_rng(1))
    >>> [fold.tolist() for fold in folds]
    [[8, 11, 4], [7, 5, 0], [1, 9], [2, 10], [6, 3]]
    """
    sizes = _check_sizes("m", m, fractions)
    check_generator(rng)

    return tuple(np.split(rng.permutation(m), np.cumsum(sizes)[:-1]))


def stratified_split(
    labels: ArrayLike, fractions: ArrayLike, rng: np.random.Generator
) -> tuple[IntArray, ...]:
    r"""Divide examples among parts so that every class has its share in each part.

    .. math:: |S_j \cap C_k| \approx s_j |C_k|, \qquad C_k = \{\, i : y^{(i)} = k \,\}

    Parameters
    ----------
    labels : array_like of shape (m,)
        The classes y: whole numbers, or names.
    fractions : array_like of shape (k,)
        The shares s of the parts, above 0. They sum to 1.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of int arrays
        The indices of each part, in random order, as many as `split` returns.

    Raises
    ------
    TypeError
        If `labels` holds neither numbers nor names, `fractions` does not hold real numbers, or
        `rng` is not a generator.
    ValueError
        If `labels` is not one-dimensional, not finite, or so short that a part would be empty, or
        `fractions` is not one-dimensional, not above 0, or does not sum to 1.

    Notes
    -----
    The parts are filled one after another, each with its share of what is left of every class. In
    the first part a class is less than one example off its share; a class with fewer examples than
    there are parts cannot be in all of them.

    Examples
    --------
    Two of three are of class "a", in each part:

    >>> import numpy as np
    >>> from textbook.data_splits import stratified_split
    >>> labels = np.array(["a", "a", "b"] * 4)
    >>> for part in stratified_split(labels, [0.5, 0.25, 0.25], np.random.default_rng(0)):
    ...     print(part.tolist(), "".join(labels[part]))
    [4, 7, 0, 5, 9, 2] aaabab
    [3, 11, 6] aba
    [10, 1, 8] aab
    """
    labels = _check_names("labels", labels)
    sizes = _check_sizes("labels", len(labels), fractions)
    check_generator(rng)

    _, classes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    order = rng.permutation(len(labels))
    by_class = order[np.argsort(classes[order], kind="stable")]
    left = np.split(by_class, np.cumsum(counts)[:-1])
    parts = []
    for size in sizes:
        takes = apportion(size, [len(own) for own in left])
        part = [own[:take] for own, take in zip(left, takes, strict=True)]
        left = [own[take:] for own, take in zip(left, takes, strict=True)]
        parts.append(rng.permutation(np.concatenate(part)))
    return tuple(parts)


def group_split(
    groups: ArrayLike, fractions: ArrayLike, rng: np.random.Generator
) -> tuple[IntArray, ...]:
    r"""Divide examples among parts and keep together what belongs together.

    .. math:: g_i = g_j \ \Rightarrow\ i, j \in S_k \text{ for one } k

    Parameters
    ----------
    groups : array_like of shape (m,)
        The group g of each example, a number or a name: its writer, its patient, its original.
    fractions : array_like of shape (k,)
        The shares of the groups, above 0. They sum to 1. Shares of the examples follow from the
        sizes of the groups.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of int arrays
        The indices of each part, rising.

    Raises
    ------
    TypeError
        If `groups` holds neither numbers nor names, `fractions` does not hold real numbers, or
        `rng` is not a generator.
    ValueError
        If `groups` is not one-dimensional, not finite, or so few that a part would be empty, or
        `fractions` is not one-dimensional, not above 0, or does not sum to 1.

    Examples
    --------
    Nine scans by four writers; whoever is tested on was not learned from:

    >>> import numpy as np
    >>> from textbook.data_splits import group_split
    >>> writers = np.array(list("AABBBCCDD"))
    >>> train, test = group_split(writers, [0.75, 0.25], np.random.default_rng(0))
    >>> "".join(writers[train]), "".join(writers[test])
    ('AABBBCC', 'DD')
    """
    groups = _check_names("groups", groups)
    names, members = np.unique(groups, return_inverse=True)
    sizes = _check_sizes("groups", len(names), fractions)
    check_generator(rng)

    chosen = np.split(rng.permutation(len(names)), np.cumsum(sizes)[:-1])
    return tuple(np.flatnonzero(np.isin(members, part)) for part in chosen)


def time_split(m: int, fractions: ArrayLike) -> tuple[IntArray, ...]:
    r"""Divide examples that stand in the order of time: the first part is the oldest.

    .. math:: i \in S_j,\ i' \in S_{j + 1} \ \Rightarrow\ i < i'

    Parameters
    ----------
    m : int
        How many examples there are.
    fractions : array_like of shape (k,)
        The shares of the parts, above 0, from the oldest to the newest. They sum to 1.

    Returns
    -------
    tuple of int arrays
        The indices of each part, rising.

    Raises
    ------
    TypeError
        If `m` is not a whole number, or `fractions` does not hold real numbers.
    ValueError
        If `m` is so small that a part would be empty, or `fractions` is not one-dimensional, not
        above 0, or does not sum to 1.

    Examples
    --------
    Seven days to learn from, then two, then one:

    >>> from textbook.data_splits import time_split
    >>> [part.tolist() for part in time_split(10, [0.7, 0.2, 0.1])]
    [[0, 1, 2, 3, 4, 5, 6], [7, 8], [9]]
    """
    sizes = _check_sizes("m", m, fractions)

    return tuple(np.split(np.arange(m), np.cumsum(sizes)[:-1]))


def standard_error(accuracy: float, m: int) -> float:
    r"""Return how far an accuracy on m examples is off by chance, as a standard deviation.

    .. math:: \operatorname{SE} = \sqrt{\frac{p\,(1 - p)}{m}}

    Parameters
    ----------
    accuracy : float
        The letter p, from 0 to 1: the probability of a right answer, or its estimate.
    m : int
        How many examples were tested.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `accuracy` is not a number, or `m` is not a whole number.
    ValueError
        If `accuracy` is not from 0 to 1, or `m` is below 1.

    Warnings
    --------
    With an estimate of 0 or 1 the formula gives 0, which is no reason to be certain:
    `wilson_interval` is for such cases.

    Examples
    --------
    The same nine in ten, on a hundred scans and on ten thousand:

    >>> from textbook.data_splits import standard_error
    >>> round(standard_error(0.9, 100), 4), round(standard_error(0.9, 10_000), 4)
    (0.03, 0.003)
    """
    accuracy = check_number("accuracy", accuracy, at_least=0, at_most=1)
    check_count("m", m, at_least=1)

    return math.sqrt(accuracy * (1 - accuracy) / m)


def examples_needed(accuracy: float, error: float) -> int:
    r"""Return how many examples a test needs for a standard error that is small enough.

    .. math:: m = \Bigl\lceil \frac{p\,(1 - p)}{\operatorname{SE}^2} \Bigr\rceil

    Parameters
    ----------
    accuracy : float
        The letter p, between 0 and 1: what you expect to find. At 0.5 most examples are needed.
    error : float above 0
        The standard error SE that is allowed.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If an argument is not a number.
    ValueError
        If `accuracy` is not between 0 and 1, or `error` is not above 0.

    Examples
    --------
    For half the error, four times the examples:

    >>> from textbook.data_splits import examples_needed
    >>> examples_needed(0.95, 0.01), examples_needed(0.95, 0.005)
    (475, 1900)
    """
    accuracy = check_number("accuracy", accuracy, above=0, at_most=1)
    if accuracy == 1:
        raise ValueError(
            "accuracy must be below 1, or nothing is left to chance; got 1"
        )
    error = check_number("error", error, above=0)

    return math.ceil(round(accuracy * (1 - accuracy) / error**2, 6))


def wilson_interval(correct: int, m: int, z: float = 1.96) -> tuple[float, float]:
    r"""Return the accuracies under which this many right answers are no surprise.

    .. math::
        \frac{\hat p + \frac{z^2}{2m} \pm z \sqrt{\frac{\hat p (1 - \hat p)}{m}
        + \frac{z^2}{4m^2}}}{1 + \frac{z^2}{m}}, \qquad \hat p = \frac{\text{correct}}{m}

    Parameters
    ----------
    correct : int
        Right answers.
    m : int
        All answers.
    z : float above 0, default 1.96
        How many standard errors are no surprise; 1.96 holds in 95 tests of 100.

    Returns
    -------
    tuple of two floats
        The lower and the upper end, from 0 to 1.

    Raises
    ------
    TypeError
        If `correct` or `m` is not a whole number, or `z` is not a number.
    ValueError
        If `m` is below 1, `correct` is not from 0 to `m`, or `z` is not above 0.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22(158).

    Examples
    --------
    Fifty of fifty right, and yet a program that fails once in fifteen may have done it:

    >>> from textbook.data_splits import wilson_interval
    >>> [round(end, 4) for end in wilson_interval(50, 50)]
    [0.9286, 1.0]
    """
    check_count("m", m, at_least=1)
    check_count("correct", correct)
    if correct > m:
        raise ValueError(f"correct must be at most m = {m}, got {correct}")
    z = check_number("z", z, above=0)

    share = int(correct) / int(m)
    middle = share + z**2 / (2 * m)
    reach = z * math.sqrt(share * (1 - share) / m + z**2 / (4 * m**2))
    low, high = ((middle + end) / (1 + z**2 / m) for end in (-reach, reach))
    return 0.0 if correct == 0 else float(low), 1.0 if correct == m else float(high)


def _check_weights(name: str, weights: ArrayLike) -> NDArray[np.float64]:
    weights = as_float_array(name, weights, "k").astype(np.float64)
    wrong = weights[~(np.isfinite(weights) & (weights >= 0))]
    if wrong.size:
        raise ValueError(f"{name} must be finite and at least 0, got {float(wrong[0])}")
    if not weights.sum() > 0:
        raise ValueError(f"{name} must not all be 0, got {weights[:5].tolist()}")
    return weights


def _check_sizes(name: str, m: int, fractions: ArrayLike) -> IntArray:
    """Return the size of each part, none of them 0. The name is that of what is split."""
    check_count(name, m, at_least=1)
    fractions = _check_weights("fractions", fractions)
    if np.any(fractions == 0):
        raise ValueError(f"fractions must be above 0, got {fractions[:5].tolist()}")
    if abs(fractions.sum() - 1) > 1e-6:  # float32 keeps seven digits
        raise ValueError(f"fractions must sum to 1, got the sum {fractions.sum():.6g}")
    sizes = apportion(m, fractions)
    if np.any(sizes == 0):
        raise ValueError(
            f"{name} must fill every part, got {m} for the fractions "
            f"{fractions[:5].tolist()}"
        )
    return sizes


def _check_names(name: str, value: ArrayLike) -> NDArray[np.generic]:
    """Return labels or groups, which may be numbers or names, in one dimension."""
    try:
        names = np.asarray(value)
    except ValueError:  # a list of lists of different lengths
        names = np.asarray(None)
    if names.dtype.kind not in "biufUSM":
        raise TypeError(f"{name} must hold numbers or names, got {value!r:.60}")
    if names.ndim != 1:
        raise ValueError(f"{name} must have shape (m,), got shape {names.shape}")
    if names.dtype.kind == "f" and not np.isfinite(names).all():
        raise ValueError(f"{name} must be finite, got {names[~np.isfinite(names)][0]}")
    return names
