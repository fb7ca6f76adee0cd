r"""Normalization between layers: a value beside its neighbors, or beside the rest of its batch.

Local response normalization compares the channels at one place of an image; batch normalization
compares one channel over all examples and places. Channels stand on the last axis.

>>> from textbook.normalization import batch_norm, local_response_norm
>>> local_response_norm([0, 50, 200, 50, 0]).round(2).tolist()
[0.0, 12.28, 49.13, 12.28, 0.0]
>>> y, mean, variance = batch_norm([[50], [200], [50], [100]], gamma=[1], beta=[0])
>>> y.round(2).ravel().tolist(), mean.tolist(), variance.tolist()
([-0.82, 1.63, -0.82, 0.0], [100.0], [3750.0])
"""

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import (
    FloatArray,
    as_finite_array,
    as_float_array,
    check_count,
    check_number,
    check_same_shape,
)

__all__ = [
    "batch_moments",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_inference",
    "batch_norm_inference_backward",
    "local_response_norm",
    "local_response_norm_backward",
    "update_running",
]


def local_response_norm(
    a: ArrayLike,
    k: float = 2.0,
    n: int = 5,
    alpha: float = 1e-4,
    beta: float = 0.75,
) -> FloatArray:
    r"""Divide each activation by a power of the strength of its neighbors across channels.

    .. math::
        b_i = a_i \Big/ \Bigl(k + \alpha \sum_{j=\max(0,\, i - \lfloor n/2 \rfloor)}^{\min(c - 1,\,
        i + \lfloor n/2 \rfloor)} a_j^2 \Bigr)^{\beta}

    Parameters
    ----------
    a : array_like of shape (..., c)
        Activations, after the ReLU. Channels stand last: (m, h, w, c) for images.
    k : float above 0, default 2.0
    n : int, default 5
        Width of the window, odd: the channel itself and as many on either side.
    alpha : float, default 0.0001
        At least 0.
    beta : float, default 0.75
        At least 0.

    Returns
    -------
    ndarray of shape (..., c)

    Raises
    ------
    TypeError
        If `a` does not hold real numbers, or a setting is no number.
    ValueError
        If `a` has no axis, holds a value that is not finite or too large to be squared, `n` is
        even, or a setting lies outside its range.

    Warnings
    --------
    PyTorch and Caffe divide alpha by n. Where they are told 1e-4, give ``alpha=1e-4 / n``.
    TensorFlow counts the neighbors on one side: its ``depth_radius`` is 2 where n is 5. None of
    the three has these four settings for its defaults.

    References
    ----------
    Krizhevsky, Sutskever and Hinton (2012), ImageNet classification with deep convolutional neural
    networks, section 3.3.

    Examples
    --------
    With the default settings one channel alone, at five strengths, keeps this share of itself:

    >>> import numpy as np
    >>> from textbook.normalization import local_response_norm
    >>> a = np.array([[1.0], [10], [100], [200], [1000]])
    >>> (local_response_norm(a) / a).round(4).ravel().tolist()
    [0.5946, 0.5924, 0.4387, 0.2608, 0.0312]

    A strong channel, here the last, dims two neighbors on either side, and the third no more:

    >>> local_response_norm([50, 50, 50, 50, 200]).round(2).tolist()
    [23.41, 21.93, 11.62, 11.94, 49.13]
    """
    a = _check_activations(a)
    k, n, alpha, beta = _check_settings(k, n, alpha, beta)

    strength = k + alpha * _window_sums(a**2, n)
    return a * strength**-beta


def local_response_norm_backward(
    db: ArrayLike,
    a: ArrayLike,
    k: float = 2.0,
    n: int = 5,
    alpha: float = 1e-4,
    beta: float = 0.75,
) -> FloatArray:
    r"""Send slopes back through `local_response_norm`, to each channel from all that it dims.

    .. math::
        \frac{\partial J}{\partial a_i} = \frac{\partial J}{\partial b_i}\, s_i^{-\beta}
        - 2 \alpha \beta\, a_i \sum_{|j - i| \le \lfloor n/2 \rfloor}
        \frac{\partial J}{\partial b_j}\, a_j\, s_j^{-\beta - 1}

    Here s_i is what stands in the parentheses of the forward formula.

    Parameters
    ----------
    db : array_like of shape (..., c)
        The slope of the cost in each output.
    a : array_like of shape (..., c)
        What `local_response_norm` was given.
    k : float above 0, default 2.0
    n : int, default 5
    alpha : float, default 0.0001
    beta : float, default 0.75
        The settings of the forward call.

    Returns
    -------
    ndarray of shape (..., c)

    Raises
    ------
    TypeError
        If `db` or `a` does not hold real numbers, or a setting is no number.
    ValueError
        If the shapes differ, `a` has no axis, is not finite or too large to be squared, `n` is
        even, or a setting lies outside its range.

    Examples
    --------
    If only the middle output counts, raising its own channel helps, and raising a neighbor hurts,
    unless the neighbor is silent:

    >>> from textbook.normalization import local_response_norm_backward
    >>> local_response_norm_backward([0, 0, 1, 0, 0], [0, 50, 200, 50, 0]).round(5).tolist()
    [0.0, -0.05669, 0.0189, -0.05669, 0.0]
    """
    a = _check_activations(a)
    db = as_float_array("db", db)
    check_same_shape("db", db, "a", a)
    k, n, alpha, beta = _check_settings(k, n, alpha, beta)

    strength = k + alpha * _window_sums(a**2, n)
    blame = _window_sums(db * a * strength ** (-beta - 1), n)
    return db * strength**-beta - 2 * alpha * beta * a * blame


def batch_moments(x: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Return the mean and the variance of each feature over the batch, or channel over its pixels.

    .. math::
        \mu = \frac1N \sum_{i=1}^{N} x_i, \qquad
        \sigma^2 = \frac1N \sum_{i=1}^{N} (x_i - \mu)^2

    Parameters
    ----------
    x : array_like of shape (m, d) or (m, h, w, c)
        Over the last axis nothing is summed. N is m for rows, and m h w for images.

    Returns
    -------
    mean : ndarray of shape (d,) or (c,)
    variance : ndarray of shape (d,) or (c,)
        Divided by N, not N - 1: exactly 0 for a feature that never changes.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` has another number of axes, is empty, or a variance is not finite: a value was not,
        or its square is too large for the precision.

    Notes
    -----
    The mean of the squares less the square of the mean would be one pass fewer, and the difference
    of two large numbers. In float32, with mean 1000 and deviation 1, no digit of it is safe.

    Examples
    --------
    Two images of one pixel row, two channels each:

    >>> from textbook.normalization import batch_moments
    >>> x = [[[[1, 10], [3, 10]]], [[[5, 10], [7, 10]]]]
    >>> mean, variance = batch_moments(x)
    >>> mean.tolist(), variance.tolist()
    ([4.0, 10.0], [5.0, 0.0])
    """
    x = _check_batch("x", x)

    first, count = x.reshape(-1, x.shape[-1])[0], x.size // x.shape[-1]
    with np.errstate(over="ignore", invalid="ignore"):
        centered = _long_rows(x) - _repeated(
            first, x
        )  # 0 where a feature never changes
        shift = _totals(centered, x) / count
        centered -= _repeated(shift, x)
        mean, variance = first + shift, _totals(centered**2, x) / count
    _check_moments("x", variance)
    return mean, variance


def batch_norm(
    x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, epsilon: float = 1e-5
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Standardize each feature by its batch, then give it a learned spread and a learned mean.

    .. math::
        \hat x_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad
        y_i = \gamma \hat x_i + \beta

    Parameters
    ----------
    x : array_like of shape (m, d) or (m, h, w, c)
        A batch as rows, or images, whose channels are normalized over all pixels.
    gamma : array_like of shape (d,) or (c,)
    beta : array_like of shape (d,) or (c,)
        Learned, one each for a feature or channel. They start at 1 and 0.
    epsilon : float above 0, default 1e-05

    Returns
    -------
    y : ndarray of the shape of `x`
    mean : ndarray of shape (d,) or (c,)
    variance : ndarray of shape (d,) or (c,)
        What `batch_moments` found, for the backward pass and for `update_running`.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `epsilon` is no number.
    ValueError
        If the shapes do not fit, `x` is empty, a variance is not finite, or `epsilon` is not above
        0.

    Warnings
    --------
    Every answer depends on the whole batch. A batch of one row is its own mean: its output is beta,
    whatever it holds. PyTorch refuses such a batch in training; here `update_running` does.

    References
    ----------
    Ioffe and Szegedy (2015), Batch normalization: accelerating deep network training by reducing
    internal covariate shift, algorithm 1.

    Examples
    --------
    The first feature gets mean 10 and deviation 2; the second, a constant, has only its beta:

    >>> from textbook.normalization import batch_norm
    >>> x = [[1, 7], [3, 7], [5, 7], [7, 7]]
    >>> y, mean, variance = batch_norm(x, gamma=[2, 2], beta=[10, -1])
    >>> y.round(4).tolist()
    [[7.3167, -1.0], [9.1056, -1.0], [10.8944, -1.0], [12.6833, -1.0]]
    """
    mean, variance = batch_moments(x)
    return batch_norm_inference(x, gamma, beta, mean, variance, epsilon), mean, variance


def batch_norm_backward(
    dy: ArrayLike,
    x: ArrayLike,
    gamma: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    epsilon: float = 1e-5,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Send slopes back through `batch_norm`, whose mean and variance depend on every example.

    .. math::
        \frac{\partial J}{\partial \beta} &= \sum_{i=1}^{N} \frac{\partial J}{\partial y_i}, \qquad
        \frac{\partial J}{\partial \gamma}
        = \sum_{i=1}^{N} \frac{\partial J}{\partial y_i} \hat x_i \\
        \frac{\partial J}{\partial x_i} &= \frac{\gamma}{\sqrt{\sigma^2 + \varepsilon}}
        \Bigl( \frac{\partial J}{\partial y_i} - \frac1N \frac{\partial J}{\partial \beta}
        - \frac{\hat x_i}{N} \frac{\partial J}{\partial \gamma} \Bigr)

    Parameters
    ----------
    dy : array_like of shape (m, d) or (m, h, w, c)
        The slope of the cost in each output.
    x : array_like of shape (m, d) or (m, h, w, c)
    gamma : array_like of shape (d,) or (c,)
        Both as `batch_norm` was given them.
    mean : array_like of shape (d,) or (c,)
    variance : array_like of shape (d,) or (c,)
        Both as `batch_norm` returned them: those of this very batch.
    epsilon : float above 0, default 1e-05

    Returns
    -------
    dx : ndarray of the shape of `x`
    dgamma : ndarray of shape (d,) or (c,)
    dbeta : ndarray of shape (d,) or (c,)

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `epsilon` is no number.
    ValueError
        If the shapes do not fit, `x` is empty, a mean or variance is not finite, a variance is
        negative, or `epsilon` is not above 0.

    Examples
    --------
    The cost is the last output alone. Its slopes in the four inputs sum to 0, since lifting all
    four by as much changes nothing:

    >>> from textbook.normalization import batch_norm, batch_norm_backward
    >>> x = [[1], [3], [5], [7]]
    >>> y, mean, variance = batch_norm(x, gamma=[2], beta=[10])
    >>> dx, dgamma, dbeta = batch_norm_backward([[0], [0], [0], [1]], x, [2], mean, variance)
    >>> dx.round(4).ravel().tolist()
    [0.1789, -0.0894, -0.3578, 0.2683]
    >>> dgamma.round(4).tolist(), dbeta.tolist()
    ([1.3416], [1.0])
    """
    x, gamma, mean, variance, epsilon = _check_normalized(
        x, gamma, mean, variance, epsilon
    )
    dy = _check_slopes(dy, x)

    deviation, count = np.sqrt(variance + epsilon), x.size // x.shape[-1]
    dy = _long_rows(dy)
    x_hat = _long_rows(x) - _repeated(mean, x)
    x_hat /= _repeated(deviation, x)
    dbeta, dgamma = _totals(dy, x), _totals(dy * x_hat, x)
    x_hat *= _repeated(dgamma / count, x)
    dx = dy - x_hat
    dx -= _repeated(dbeta / count, x)
    dx *= _repeated(gamma / deviation, x)
    return dx.reshape(x.shape), dgamma, dbeta


def batch_norm_inference(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    epsilon: float = 1e-5,
) -> FloatArray:
    r"""Normalize by a mean and a variance that are given, so that no example sees another.

    .. math:: y_i = \gamma\, \frac{x_i - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta

    Parameters
    ----------
    x : array_like of shape (m, d) or (m, h, w, c)
    gamma : array_like of shape (d,) or (c,)
    beta : array_like of shape (d,) or (c,)
    mean : array_like of shape (d,) or (c,)
    variance : array_like of shape (d,) or (c,)
        After training: the running ones, kept by `update_running`.
    epsilon : float above 0, default 1e-05
        The value of the training.

    Returns
    -------
    ndarray of the shape of `x`

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `epsilon` is no number.
    ValueError
        If the shapes do not fit, `x` is empty, a mean or variance is not finite, a variance is
        negative, or `epsilon` is not above 0.

    Examples
    --------
    Alone or in company, 7 is read as 1.5 deviations above a mean of 4:

    >>> from textbook.normalization import batch_norm_inference
    >>> running = {"gamma": [1], "beta": [0], "mean": [4], "variance": [4]}
    >>> batch_norm_inference([[7]], **running).round(4).tolist()
    [[1.5]]
    >>> batch_norm_inference([[7], [0]], **running).round(4).tolist()
    [[1.5], [-2.0]]
    """
    x, gamma, mean, variance, epsilon = _check_normalized(
        x, gamma, mean, variance, epsilon
    )
    beta = _check_feature("beta", beta, x)

    y = _long_rows(x) - _repeated(mean, x)
    y *= _repeated(gamma / np.sqrt(variance + epsilon), x)
    y += _repeated(beta, x)
    return y.reshape(x.shape)


def batch_norm_inference_backward(
    dy: ArrayLike,
    x: ArrayLike,
    gamma: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    epsilon: float = 1e-5,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Send slopes back through `batch_norm_inference`, where mean and variance are constants.

    .. math::
        \frac{\partial J}{\partial x_i} = \frac{\gamma}{\sqrt{\sigma^2 + \varepsilon}}
        \frac{\partial J}{\partial y_i}, \qquad
        \frac{\partial J}{\partial \gamma}
        = \sum_{i=1}^{N} \frac{\partial J}{\partial y_i} \hat x_i, \qquad
        \frac{\partial J}{\partial \beta} = \sum_{i=1}^{N} \frac{\partial J}{\partial y_i}

    Parameters
    ----------
    dy : array_like of shape (m, d) or (m, h, w, c)
        The slope of the cost in each output.
    x : array_like of shape (m, d) or (m, h, w, c)
    gamma : array_like of shape (d,) or (c,)
    mean : array_like of shape (d,) or (c,)
    variance : array_like of shape (d,) or (c,)
        All as `batch_norm_inference` was given them.
    epsilon : float above 0, default 1e-05

    Returns
    -------
    dx : ndarray of the shape of `x`
    dgamma : ndarray of shape (d,) or (c,)
    dbeta : ndarray of shape (d,) or (c,)

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `epsilon` is no number.
    ValueError
        If the shapes do not fit, `x` is empty, a mean or variance is not finite, a variance is
        negative, or `epsilon` is not above 0.

    Warnings
    --------
    For training this is wrong, and it does not look wrong: dgamma and dbeta are the same, dx has
    the right shape and size, and the network learns something.

    Examples
    --------
    The slope of one example is its own affair:

    >>> from textbook.normalization import batch_norm_inference_backward
    >>> dx, dgamma, dbeta = batch_norm_inference_backward(
    ...     [[0], [0], [0], [1]], [[1], [3], [5], [7]], gamma=[2], mean=[4], variance=[5]
    ... )
    >>> dx.round(4).ravel().tolist(), dgamma.round(4).tolist(), dbeta.tolist()
    ([0.0, 0.0, 0.0, 0.8944], [1.3416], [1.0])
    """
    x, gamma, mean, variance, epsilon = _check_normalized(
        x, gamma, mean, variance, epsilon
    )
    dy = _check_slopes(dy, x)

    deviation = np.sqrt(variance + epsilon)
    slopes = _long_rows(dy)
    x_hat = _long_rows(x) - _repeated(mean, x)
    x_hat /= _repeated(deviation, x)
    dbeta, dgamma = _totals(slopes, x), _totals(slopes * x_hat, x)
    dx = slopes * _repeated(gamma / deviation, x)
    return dx.reshape(x.shape), dgamma, dbeta


def update_running(
    running_mean: ArrayLike,
    running_variance: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    count: int,
    momentum: float = 0.9,
) -> tuple[FloatArray, FloatArray]:
    r"""Carry the running mean and variance on by the moments of one more batch.

    .. math::
        \bar\mu \leftarrow \rho\, \bar\mu + (1 - \rho)\, \mu, \qquad
        \bar\sigma^2 \leftarrow \rho\, \bar\sigma^2 + (1 - \rho)\, \frac{N}{N - 1}\, \sigma^2

    Parameters
    ----------
    running_mean : array_like of shape (d,)
    running_variance : array_like of shape (d,)
        From the batches before. They start at 0 and 1, as if nothing had to be normalized.
    mean : array_like of shape (d,)
    variance : array_like of shape (d,)
        Of this batch, as `batch_norm` returned them.
    count : int
        N, the values behind each mean: m for rows, m h w for images. At least 2.
    momentum : float, default 0.9
        The share of the old that is kept, from 0 to 1; the letter rho.

    Returns
    -------
    running_mean : ndarray of shape (d,)
    running_variance : ndarray of shape (d,)

    Raises
    ------
    TypeError
        If an array does not hold real numbers, `count` is not a whole number or `momentum` none.
    ValueError
        If the shapes differ, a number is not finite, a variance is negative, `count` is below 2, or
        `momentum` lies outside 0 to 1.

    Warnings
    --------
    Momentum is the share of the old here and in Keras, which has 0.99 for its default, and the
    share of the new in PyTorch, whose default is 0.1: our 0.9. The running variance is
    unbiased, as in PyTorch and in the paper; Keras leaves out N / (N - 1).

    References
    ----------
    Ioffe and Szegedy (2015), Batch normalization: accelerating deep network training by reducing
    internal covariate shift, algorithm 2.

    Examples
    --------
    A batch of four, whose deviations from 4 have the squares 9, 1, 1 and 9: divided by 4 they make
    the variance 5, divided by 3 they make 6.6667, and a tenth of that arrives.

    >>> from textbook.normalization import batch_moments, update_running
    >>> mean, variance = batch_moments([[1], [3], [5], [7]])
    >>> running = update_running([0], [1], mean, variance, count=4)
    >>> [r.round(4).tolist() for r in running]
    [[0.4], [1.5667]]
    """
    running_mean, running_variance, mean, variance = _check_running(
        running_mean, running_variance, mean, variance
    )
    check_count("count", count, at_least=2)
    momentum = check_number("momentum", momentum, at_least=0, at_most=1)

    unbiased = variance * (count / (count - 1))
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_variance = momentum * running_variance + (1 - momentum) * unbiased
    return running_mean, running_variance


# NumPy is slow on rows as short as the channels of an image, so a whole row of pixels makes one.


def _long_rows(x: FloatArray) -> FloatArray:
    """Return a batch as it is, and images as (m h, w c)."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[2] * x.shape[3])


def _repeated(v: FloatArray, x: FloatArray) -> FloatArray:
    """Return one number for each channel, (c,), as one for each place of a long row."""
    return v if x.ndim == 2 else np.tile(v, x.shape[2])


def _totals(rows: FloatArray, x: FloatArray) -> FloatArray:
    """Return the sum of each channel over long rows; as a product, which is fast."""
    totals: FloatArray = np.ones(len(rows), rows.dtype) @ rows
    return totals if x.ndim == 2 else totals.reshape(x.shape[2:]).sum(axis=0)


def _window_sums(v: FloatArray, n: int) -> FloatArray:
    """Sum each channel with n // 2 neighbors on either side, as far as there are any."""
    c, reach = v.shape[-1], n // 2
    padded = np.zeros((*v.shape[:-1], c + 2 * reach), v.dtype)
    padded[..., reach : reach + c] = v
    sums = np.zeros_like(v)
    for start in range(n):
        sums += padded[..., start : start + c]
    return sums


def _check_activations(a: ArrayLike) -> FloatArray:
    a = as_finite_array("a", a)
    if a.ndim == 0:
        raise ValueError(f"a must have shape (..., c), got shape {a.shape}")
    largest = float(np.abs(a).max(initial=0.0))
    if largest > np.sqrt(np.finfo(a.dtype).max) / 1024:
        raise ValueError(
            f"a must hold numbers whose squares {a.dtype} can add up, got {largest:.1e}"
        )
    return a


def _check_settings(
    k: float, n: int, alpha: float, beta: float
) -> tuple[float, int, float, float]:
    k = check_number("k", k, above=0)
    check_count("n", n, at_least=1)
    if n % 2 == 0:
        raise ValueError(f"n must be odd, so that a channel is in the middle, got {n}")
    alpha = check_number("alpha", alpha, at_least=0)
    beta = check_number("beta", beta, at_least=0)
    return k, n, alpha, beta


def _check_batch(name: str, x: ArrayLike) -> FloatArray:
    x = as_float_array(name, x)
    if x.ndim not in (2, 4):
        raise ValueError(
            f"{name} must have shape (m, d) or (m, h, w, c), got shape {x.shape}"
        )
    if x.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {x.shape}")
    return x


def _check_feature(name: str, value: ArrayLike, x: FloatArray) -> FloatArray:
    """Return one number for each feature, in the precision of x."""
    array = as_float_array(name, value)
    if array.shape != x.shape[-1:]:
        raise ValueError(
            f"{name} must have one entry for each feature or channel of x, "
            f"shape {x.shape[-1:]}, got shape {array.shape}"
        )
    return array.astype(x.dtype, copy=False)


def _check_normalized(
    x: ArrayLike,
    gamma: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    epsilon: float,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, float]:
    x = _check_batch("x", x)
    gamma = _check_feature("gamma", gamma, x)
    mean = _check_feature("mean", mean, x)
    variance = _check_feature("variance", variance, x)
    as_finite_array("mean", mean)
    as_finite_array("variance", variance)
    _check_not_negative("variance", variance)
    epsilon = check_number("epsilon", epsilon, above=0)
    return x, gamma, mean, variance, epsilon


def _check_running(
    running_mean: ArrayLike,
    running_variance: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    running_mean = as_finite_array("running_mean", running_mean, "d")
    running_variance = as_finite_array("running_variance", running_variance, "d")
    mean = as_finite_array("mean", mean, "d")
    variance = as_finite_array("variance", variance, "d")
    check_same_shape("running_variance", running_variance, "running_mean", running_mean)
    check_same_shape("mean", mean, "running_mean", running_mean)
    check_same_shape("variance", variance, "mean", mean)
    _check_not_negative("running_variance", running_variance)
    _check_not_negative("variance", variance)
    return running_mean, running_variance, mean, variance


def _check_not_negative(name: str, variance: FloatArray) -> None:
    if np.any(variance < 0):
        raise ValueError(f"{name} must not be negative, got {float(variance.min())}")


def _check_moments(name: str, variance: FloatArray) -> None:
    """Raise where a value was not finite: it leaves its trace in the variance."""
    if not np.isfinite(variance).all():
        feature = int(np.flatnonzero(~np.isfinite(variance))[0])
        raise ValueError(
            f"{name} must be finite and its squares too, "
            f"got a variance of {float(variance[feature])} in feature {feature}"
        )


def _check_slopes(dy: ArrayLike, x: FloatArray) -> FloatArray:
    dy = as_float_array("dy", dy)
    check_same_shape("dy", dy, "x", x)
    return dy
