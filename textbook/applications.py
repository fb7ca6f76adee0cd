r"""Where convolutional networks are of use: sound, masks of objects, clean pictures; and where not.

CREPE, a network whose images are one pixel wide, hears that a string is tuned to the middle C of
261.6 Hz:

>>> import numpy as np
>>> from textbook.applications import pitch
>>> from textbook.datasets import load_pitch_network, load_pluck
>>> samples, rate = load_pluck()
>>> heard = pitch(samples, rate, load_pitch_network())
>>> heard.shape, round(float(np.median(heard)), 1)
((24,), 261.3)
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_batch,
    as_finite_array,
    check_count,
    check_number,
    check_same_shape,
)
from textbook.convolution import symmetric_pad
from textbook.network import (
    BatchNorm,
    Conv2D,
    Dense,
    Flatten,
    Layer,
    MaxPool2D,
    ReLU,
    Sequential,
    Sigmoid,
    check_parameters,
)

__all__ = [
    "autocorrelation_pitch",
    "gaussian_filter",
    "intersection_over_union",
    "median_filter",
    "otsu_threshold",
    "pitch",
    "pitch_network",
    "psnr",
    "resample",
    "salience",
    "salience_pitch",
    "shuffle_pixels",
]

_RATE = 16000  # samples in a second, as CREPE was trained
_FRAME = 1024  # samples that it is given at once
_CENTS = 1997.3794084376191 + 20 * np.arange(360)  # above 10 Hz, one for each output

# -- Sound


def pitch_network() -> Sequential:
    r"""Return CREPE "tiny": from 1,024 samples of sound to the salience of 360 pitches.

    .. math:: (1024, 1, 1) \to (128, 1, 128) \to (64, 1, 16) \to \dots \to (4, 1, 64) \to 360

    A sound is an image one pixel wide. Six times come a convolution along it, a ReLU, batch
    normalization and the maximum of each two; the first kernel is 512 samples high and moves by
    4, the others are 64 high.

    Returns
    -------
    Sequential
        `textbook.datasets.load_pitch_network` has its weights.

    Warnings
    --------
    The ReLU stands before the normalization, whose epsilon is 0.001, as in the library that the
    weights come from. In the other order, or with another epsilon, the same weights hear wrong.

    References
    ----------
    Kim, Salamon, Li and Bello (2018), CREPE: a convolutional representation for pitch estimation,
    ICASSP.

    Examples
    --------
    >>> from textbook.applications import pitch_network
    >>> from textbook.network import summary
    >>> counted = summary(pitch_network(), (1024, 1, 1))
    >>> f"{counted.parameters:,} numbers, {counted.multiply_adds:,} multiply-adds"
    '487,096 numbers, 36,792,320 multiply-adds'
    """
    layers: dict[str, Layer] = {}
    for n, filters in enumerate((128, 16, 16, 16, 32, 64), start=1):
        kernel, stride = (512, 4) if n == 1 else (64, 1)
        layers[f"conv{n}"] = Conv2D(filters, (kernel, 1), (stride, 1), "SAME")
        layers[f"relu{n}"] = ReLU()
        layers[f"norm{n}"] = BatchNorm(epsilon=1e-3)
        layers[f"pool{n}"] = MaxPool2D((2, 1))
    return Sequential(**layers, flat=Flatten(), scores=Dense(360), salience=Sigmoid())


def resample(samples: ArrayLike, rate: float, new_rate: float) -> FloatArray:
    r"""Return a sound as if it had been sampled at another rate, on straight lines between samples.

    .. math:: y_j = (1 - f)\, x_i + f\, x_{i + 1}, \qquad i + f = j \cdot
        \frac{\text{rate}}{\text{new rate}}, \quad 0 \le f < 1

    Parameters
    ----------
    samples : array_like of shape (n,)
    rate : float above 0
        Samples in a second.
    new_rate : float above 0

    Returns
    -------
    ndarray of shape (n_new,)
        It ends with or before the last sample, so nothing is guessed.

    Raises
    ------
    TypeError
        If `samples` does not hold real numbers, or a rate is no number.
    ValueError
        If `samples` is not one-dimensional, is empty or not finite, or a rate is not above 0.

    Warnings
    --------
    Straight lines weaken what is high. To a lower rate, what is above half of it must be filtered
    out before, or it comes back as another tone.

    Examples
    --------
    >>> from textbook.applications import resample
    >>> resample([0.0, 2.0, 1.0], rate=2, new_rate=4).tolist()
    [0.0, 1.0, 2.0, 1.5, 1.0]
    """
    samples = as_batch("samples", samples, "n")
    rate, new_rate = (
        check_number("rate", rate, above=0),
        check_number("new_rate", new_rate, above=0),
    )

    # a hair is added, since 3 * (1 / 3) may come out below 1
    count = int((len(samples) - 1) * new_rate / rate + 1e-9) + 1
    places = np.minimum(np.arange(count) * (rate / new_rate), len(samples) - 1)
    sound: FloatArray = np.interp(places, np.arange(len(samples)), samples)
    return sound.astype(samples.dtype, copy=False)


def salience(
    samples: ArrayLike, rate: float, params: dict[str, Any], hop: int = 160
) -> FloatArray:
    r"""Return how much each of 360 pitches stands out, frame by frame, by the pitch network.

    .. math:: S_{tk} = \operatorname{network}\Bigl(
        \frac{x_t - \operatorname{mean}(x_t)}{\operatorname{std}(x_t)} \Bigr)_k, \qquad
        f_k = 10\,\text{Hz} \cdot 2^{(1997.38 + 20 k) / 1200}

    Parameters
    ----------
    samples : array_like of shape (n,)
    rate : float above 0
        Samples in a second; another rate than 16,000 is brought to it by `resample`.
    params : dict
        Arrays by name, nested, as `textbook.datasets.load_pitch_network` returns them.
    hop : int, default 160
        Samples, at 16,000 in a second, from the start of a frame to the next: 10 milliseconds.

    Returns
    -------
    ndarray of shape (frames, 360)
        Between 0 and 1. Neighbors are 20 cents apart, a fifth of a semitone: 31.7 to 2,006 Hz.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `samples` is not one-dimensional, not finite or shorter than 1,024 at 16,000 in a second,
        a setting is too small, or `params` do not fit the network.

    Examples
    --------
    How loud it is plays no part; in white noise nothing stands out:

    >>> import numpy as np
    >>> from textbook.applications import salience
    >>> from textbook.datasets import load_pitch_network, load_pluck
    >>> params, (pluck, rate) = load_pitch_network(), load_pluck()
    >>> noise = np.random.default_rng(0).normal(size=len(pluck))
    >>> for sound in (pluck, pluck / 100, noise):
    ...     round(float(salience(sound, rate, params).max(axis=1).mean()), 2)
    0.84
    0.84
    0.15
    """
    frames = _frames(samples, rate, hop)
    network = pitch_network()
    check_parameters(network, params, (_FRAME, 1, 1))

    # silence has no deviation to divide by
    deviation = np.maximum(frames.std(axis=1, keepdims=True), 1e-10)
    x = (frames - frames.mean(axis=1, keepdims=True)) / deviation
    x = x.astype(params["conv1"]["weights"].dtype)[:, :, None, None]
    # 64 frames at a time: each fills some 380 kB on its way
    blocks = [x[start : start + 64] for start in range(0, len(x), 64)]
    return np.concatenate([network.forward(params, block)[0] for block in blocks])


def salience_pitch(salience: ArrayLike) -> FloatArray:
    r"""Return the frequency at the peak of each row of saliences, in hertz.

    .. math:: f = 10 \cdot 2^{c / 1200}, \qquad
        c = \frac{\sum_{|k - k^*| \le 4} s_k\, c_k}{\sum_{|k - k^*| \le 4} s_k}, \qquad
        k^* = \operatorname{argmax}_k s_k

    The mean is of the cents c, weighted by the salience, over the peak and four neighbors on
    either side: so the answer may lie between two of the 360.

    Parameters
    ----------
    salience : array_like of shape (frames, 360)

    Returns
    -------
    ndarray of shape (frames,)

    Raises
    ------
    TypeError
        If `salience` does not hold real numbers.
    ValueError
        If `salience` has another shape, is not finite, or a row has nothing above 0 at its peak or
        something below 0 beside it.

    Examples
    --------
    Equal weights on outputs 200 and 201, and nothing else:

    >>> import numpy as np
    >>> from textbook.applications import salience_pitch
    >>> row = np.zeros((1, 360))
    >>> row[0, [200, 201]] = 0.5
    >>> salience_pitch(row).round(2).tolist()
    [321.37]
    """
    rows = as_batch("salience", salience, "frames pitches")
    if rows.shape[1] != len(_CENTS):
        raise ValueError(
            f"salience must have shape (frames, 360), got shape {rows.shape}"
        )
    peaks = rows.argmax(axis=1)[:, None]
    if rows.min() < 0 or np.take_along_axis(rows, peaks, axis=1).min() <= 0:
        raise ValueError(
            f"salience must be at least 0, and above 0 at each peak, got {rows.min():g}"
        )

    near = np.abs(np.arange(360) - peaks) <= 4
    cents = (near * rows) @ _CENTS.astype(rows.dtype) / (near * rows).sum(axis=1)
    hertz: FloatArray = 10 * 2 ** (cents / 1200)
    return hertz


def pitch(
    samples: ArrayLike, rate: float, params: dict[str, Any], hop: int = 160
) -> FloatArray:
    r"""Return the pitch that the network hears in each frame of a sound, in hertz.

    .. math:: f_t = 10\,\text{Hz} \cdot 2^{c_t / 1200}, \qquad
        c_t \text{ at the peak of } S_{t1}, \dots, S_{t,360}

    Parameters
    ----------
    samples : array_like of shape (n,)
    rate : float above 0
    params : dict
        Arrays by name, nested, as `textbook.datasets.load_pitch_network` returns them.
    hop : int, default 160
        Samples, at 16,000 in a second, from one frame to the next.

    Returns
    -------
    ndarray of shape (frames,)
        Always a number, in silence as well: how far to trust it, `salience` tells.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `samples` is not one-dimensional, not finite or shorter than 1,024 at 16,000 in a second,
        a setting is too small, or `params` do not fit the network.

    References
    ----------
    Kim, Salamon, Li and Bello (2018), CREPE: a convolutional representation for pitch estimation,
    ICASSP.

    Examples
    --------
    Four sines, an octave apart:

    >>> import numpy as np
    >>> from textbook.applications import pitch
    >>> from textbook.datasets import load_pitch_network
    >>> params, seconds = load_pitch_network(), np.arange(1024) / 16000
    >>> for hertz in (110, 220, 440, 880):
    ...     round(float(pitch(np.sin(2 * np.pi * hertz * seconds), 16000, params)[0]), 1)
    110.0
    220.9
    440.4
    878.9
    """
    return salience_pitch(salience(samples, rate, params, hop))


def autocorrelation_pitch(
    samples: ArrayLike,
    rate: float,
    lowest: float = 50.0,
    highest: float = 1000.0,
    hop: int = 160,
) -> FloatArray:
    r"""Return the pitch of each frame as the shift at which the sound agrees with itself, in hertz.

    .. math:: r(\tau) = \frac{\sum_i x_i\, x_{i + \tau}}
        {\sqrt{\sum_i x_i^2 \sum_i x_{i + \tau}^2}}, \qquad f = \frac{\text{rate}}{\tau^*}

    The shift is the first peak of r that is at least nine tenths as high as the highest, since at
    two periods a sound agrees with itself as well; a parabola through three values places it
    between two samples. Frames are those of `salience`.

    Parameters
    ----------
    samples : array_like of shape (n,)
    rate : float above 0
    lowest : float, default 50.0
        The lowest pitch that is looked for; at least 32, two periods in a frame.
    highest : float, default 1000.0
        The highest; above `lowest`, at most 4,000.
    hop : int, default 160

    Returns
    -------
    ndarray of shape (frames,)
        nan where there is no peak, as in silence.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `samples` is not one-dimensional, not finite or shorter than 1,024 at 16,000 in a second,
        or a setting is out of its bounds.

    References
    ----------
    Rabiner (1977), On the use of autocorrelation analysis for pitch detection, IEEE Transactions
    on Acoustics, Speech, and Signal Processing 25(1).

    Examples
    --------
    Three overtones of 200 Hz, without the tone itself, repeat 200 times a second all the same:

    >>> import numpy as np
    >>> from textbook.applications import autocorrelation_pitch
    >>> seconds = np.arange(1024) / 16000
    >>> overtones = sum(np.sin(2 * np.pi * hertz * seconds) for hertz in (400, 600, 800))
    >>> autocorrelation_pitch(overtones, 16000).round(1).tolist()
    [200.0]
    """
    check_number("lowest", lowest, at_least=2 * _RATE / _FRAME)
    check_number("highest", highest, above=lowest, at_most=_RATE / 4)
    frames = _frames(samples, rate, hop).astype(np.float64)

    x = frames - frames.mean(axis=1, keepdims=True)
    lags = np.arange(int(_RATE / highest) - 1, int(_RATE / lowest) + 2)
    r = np.stack([_agreement(x, int(lag)) for lag in lags], axis=1)
    left, middle, right = r[:, :-2], r[:, 1:-1], r[:, 2:]
    peaks = (middle >= left) & (middle > right)
    high = peaks & (middle >= 0.9 * np.where(peaks, middle, 0).max(axis=1)[:, None])
    first = high.argmax(axis=1)[:, None]

    a, b, c = (
        np.take_along_axis(v, first, axis=1)[:, 0] for v in (left, middle, right)
    )
    bend = np.where(high.any(axis=1), a - 2 * b + c, np.nan)
    period: FloatArray = lags[1:-1][first[:, 0]] + (a - c) / (2 * bend)
    return _RATE / period


def _agreement(x: FloatArray, lag: int) -> FloatArray:
    """Return the correlation of each frame with itself, moved by `lag`; 0 in silence."""
    here, there = x[:, : x.shape[1] - lag], x[:, lag:]
    size = np.sqrt(np.sum(here**2, axis=1) * np.sum(there**2, axis=1))
    agreement: FloatArray = np.sum(here * there, axis=1) / np.where(size > 0, size, 1)
    return agreement


def _frames(samples: ArrayLike, rate: float, hop: int) -> FloatArray:
    """Return the overlapping pieces of 1,024 samples at 16,000 in a second, one a row."""
    check_count("hop", hop, at_least=1)
    sound = resample(samples, rate, _RATE)
    if len(sound) < _FRAME:
        raise ValueError(
            f"samples must last {_FRAME / _RATE} seconds or longer, got {len(sound) / _RATE:.3g}"
        )
    return np.lib.stride_tricks.sliding_window_view(sound, _FRAME)[::hop]


# -- Neighbors


def shuffle_pixels(images: ArrayLike, order: ArrayLike) -> FloatArray:
    r"""Return images whose pixels have changed places, in all of them in the same way.

    .. math:: y_{n, j} = x_{n, \pi(j)}, \qquad j = 0, \dots, H W - 1 \text{ row by row}

    Parameters
    ----------
    images : array_like of shape (m, H, W) or (m, H, W, C)
    order : array_like of shape (H * W,)
        Where pixel j comes from: a permutation of 0 to H W - 1. Its inverse, `numpy.argsort`,
        undoes it.

    Returns
    -------
    ndarray of the shape of `images`

    Raises
    ------
    TypeError
        If `images` does not hold real numbers or `order` whole ones.
    ValueError
        If `images` has neither of the shapes or is empty, or `order` is no permutation of its
        pixels.

    Examples
    --------
    >>> from textbook.applications import shuffle_pixels
    >>> shuffle_pixels([[[1, 2], [3, 4]]], order=[2, 0, 3, 1]).tolist()
    [[[3.0, 1.0], [4.0, 2.0]]]
    """
    images = as_batch("images", images, "m H W C" if np.ndim(images) == 4 else "m H W")
    places = images.shape[1] * images.shape[2]
    order = _as_permutation(order, places)

    return images.reshape(len(images), places, -1)[:, order].reshape(images.shape)


def _as_permutation(order: ArrayLike, places: int) -> NDArray[np.int_]:
    array = np.asarray(order)
    if array.dtype.kind not in "iu":
        raise TypeError(f"order must hold whole numbers, got an array of {array.dtype}")
    if array.shape != (places,):
        raise ValueError(f"order must have shape ({places},), got shape {array.shape}")
    if not np.array_equal(np.sort(array), np.arange(places)):
        raise ValueError(
            f"order must name each of 0 to {places - 1} once, got {array[:5].tolist()} ..."
        )
    return array


# -- Masks


def otsu_threshold(image: ArrayLike) -> float:
    r"""Return the brightness that best cuts the pixels of an image into a dark and a bright class.

    .. math:: t^* = \operatorname{argmax}_t\; w_0(t)\, w_1(t)\, \bigl(\mu_1(t) - \mu_0(t)\bigr)^2

    Here w are the shares and mu the mean brightnesses of the pixels up to t and above it. The
    largest distance between the classes is the smallest variance within them.

    Parameters
    ----------
    image : array_like of shape (H, W)

    Returns
    -------
    float
        One of the image's own values: the bright class is ``image > threshold``.

    Raises
    ------
    TypeError
        If `image` does not hold real numbers.
    ValueError
        If `image` is not two-dimensional, is empty, not finite or of one brightness.

    References
    ----------
    Otsu (1979), A threshold selection method from gray-level histograms, IEEE Transactions on
    Systems, Man, and Cybernetics 9(1).

    Examples
    --------
    The mean of these, 30, would count the dim 40 among the bright:

    >>> from textbook.applications import otsu_threshold
    >>> otsu_threshold([[10, 12, 14], [11, 13, 40], [12, 78, 80]])
    40.0
    """
    pixels = np.sort(as_batch("image", image, "H W").astype(np.float64), axis=None)
    if pixels[0] == pixels[-1]:
        raise ValueError(f"image must have two brightnesses, got {pixels[0]:g} alone")

    ends = np.flatnonzero(np.diff(pixels))  # a cut between two equal pixels is none
    dark = ends + 1
    bright = pixels.size - dark
    sums = np.cumsum(pixels)[ends]
    apart = (pixels.sum() - sums) / bright - sums / dark
    # the shares' common divisor changes no maximum
    return float(pixels[ends[np.argmax(dark * bright * apart**2)]])


def intersection_over_union(predicted: ArrayLike, target: ArrayLike) -> float:
    r"""Return what two masks share, divided by what they cover together.

    .. math:: \operatorname{IoU} = \frac{|P \cap T|}{|P \cup T|}

    Parameters
    ----------
    predicted : array_like of shape (...)
        True or 1 where the object is said to be, else False or 0.
    target : array_like of shape (...)
        Where it is; the shape of `predicted`.

    Returns
    -------
    float
        From 0, no pixel in common, to 1, the same mask; two empty masks are the same.

    Raises
    ------
    TypeError
        If a mask does not hold truth values or real numbers.
    ValueError
        If a mask holds something else than 0 and 1, or the shapes differ.

    Examples
    --------
    Accuracy flatters who finds little: here 8 of 10 pixels are right, and half of the object is
    missing.

    >>> from textbook.applications import intersection_over_union
    >>> target = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
    >>> intersection_over_union([0, 0, 0, 0, 0, 0, 0, 0, 1, 1], target)
    0.5
    """
    found, truth = _as_mask("predicted", predicted), _as_mask("target", target)
    check_same_shape("predicted", found, "target", truth)

    union = np.sum(found | truth)
    return float(np.sum(found & truth) / union) if union else 1.0


# -- Clean pictures


def psnr(image: ArrayLike, reference: ArrayLike, peak: float = 255.0) -> float:
    r"""Return how close an image is to another one, in decibels: the peak signal-to-noise ratio.

    .. math:: \operatorname{PSNR} = 10 \log_{10} \frac{\text{peak}^2}
        {\frac{1}{n} \sum_i (x_i - r_i)^2}

    Parameters
    ----------
    image : array_like of shape (...)
    reference : array_like of shape (...)
        What it should be; the shape of `image`.
    peak : float, default 255.0
        The difference of white and black, above 0.

    Returns
    -------
    float
        More is closer; 20 more is a tenth of the root mean square error, equal images give inf.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `peak` is no number.
    ValueError
        If an array is empty or not finite, the shapes differ, or `peak` is not above 0.

    Examples
    --------
    Off by 25.5, a tenth of the peak:

    >>> from textbook.applications import psnr
    >>> psnr([[0.0, 229.5]], [[25.5, 255.0]])
    20.0
    """
    image = _as_pixels("image", image)
    reference = _as_pixels("reference", reference)
    check_same_shape("image", image, "reference", reference)
    peak = check_number("peak", peak, above=0)

    error = np.mean((image - reference) ** 2, dtype=np.float64)
    return float(10 * np.log10(peak**2 / error)) if error else float("inf")


def median_filter(image: ArrayLike, size: int) -> FloatArray:
    r"""Return an image in which each pixel is the median of the square around it.

    .. math:: y_{rq} = \operatorname{median}\{ x_{r + i,\, q + j} : |i|, |j| \le (k - 1) / 2 \}

    Beyond the border stands the mirror image.

    Parameters
    ----------
    image : array_like of shape (H, W)
    size : int
        Side k of the square, odd.

    Returns
    -------
    ndarray of shape (H, W)

    Raises
    ------
    TypeError
        If `image` does not hold real numbers, or `size` is not a whole number.
    ValueError
        If `image` is not two-dimensional, is empty or not finite, or `size` is even or below 1.

    Examples
    --------
    A speck disappears and an edge stays sharp:

    >>> from textbook.applications import median_filter
    >>> image = [[10, 10, 10, 80, 80], [10, 99, 10, 80, 80], [10, 10, 10, 80, 80]]
    >>> median_filter(image, 3)[1].tolist()
    [10.0, 10.0, 10.0, 80.0, 80.0]
    """
    image = as_batch("image", image, "H W")
    check_count("size", size, at_least=1)
    if size % 2 == 0:
        raise ValueError(f"size must be odd, got {size}")

    padded = symmetric_pad(image, size // 2, size // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
    middle: FloatArray = np.median(windows, axis=(2, 3))
    return middle.astype(image.dtype, copy=False)


def gaussian_filter(image: ArrayLike, spread: float) -> FloatArray:
    r"""Return a blurred image: the mean of a neighborhood, weighted by a bell around the pixel.

    .. math:: y = x \star \frac{g g^T}{\sum_{ij} g_i g_j}, \qquad
        g_i = e^{-i^2 / 2 \sigma^2}, \quad |i| \le 4 \sigma

    Beyond the border stands the mirror image.

    Parameters
    ----------
    image : array_like of shape (H, W)
    spread : float above 0
        Standard deviation of the bell, sigma, in pixels.

    Returns
    -------
    ndarray of shape (H, W)

    Raises
    ------
    TypeError
        If `image` does not hold real numbers, or `spread` is no number.
    ValueError
        If `image` is not two-dimensional, is empty or not finite, or `spread` is not above 0.

    Examples
    --------
    The light of one pixel is spread, not lost:

    >>> import numpy as np
    >>> from textbook.applications import gaussian_filter
    >>> blurred = gaussian_filter(np.pad([[100.0]], 6), spread=1)
    >>> blurred[6, 5:8].round(2).tolist(), round(float(blurred.sum()), 6)
    ([9.65, 15.92, 9.65], 100.0)
    """
    blurred = as_batch("image", image, "H W")
    spread = check_number("spread", spread, above=0)

    reach = int(4 * spread + 0.5)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)
    bell = (bell / bell.sum()).astype(blurred.dtype)
    # rows and columns one after the other, since the bell is a product of the two
    for rows, columns in ((reach, 0), (0, reach)):
        windows = np.lib.stride_tricks.sliding_window_view(
            symmetric_pad(blurred, rows, columns), len(bell), axis=0 if rows else 1
        )
        blurred = windows @ bell
    return blurred


# -- Checks


def _as_mask(name: str, mask: ArrayLike) -> Any:
    """Return a mask of truth values; 0 and 1 are taken for them."""
    array = as_finite_array(name, mask)
    wrong = array[(array != 0) & (array != 1)]
    if wrong.size:
        raise ValueError(f"{name} must hold only 0 and 1, got {wrong.flat[0]:g}")
    return array.astype(bool)


def _as_pixels(name: str, image: ArrayLike) -> FloatArray:
    """Return the pixels of an image of any number of axes."""
    array = as_finite_array(name, image)
    if array.size == 0:
        raise ValueError(
            f"{name} must hold at least one pixel, got shape {array.shape}"
        )
    return array
