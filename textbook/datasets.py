r"""Data that the chapters compute with: small, real, and shipped with the package.

Where each file comes from and who is to be named stands in `data/README.md` beside this module.

>>> from textbook.datasets import load_digits
>>> images, labels = load_digits()
>>> images.shape, labels[:5].tolist()
((1797, 8, 8), [0, 1, 2, 3, 4])
"""

import wave
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textbook._checks import FloatArray

__all__ = [
    "load_breast_cancer",
    "load_coin_mask",
    "load_digit_network",
    "load_digits",
    "load_mnist",
    "load_photograph",
    "load_pitch_network",
    "load_pluck",
    "load_temperatures",
]

_FOLDER = Path(__file__).parent / "data"


def load_breast_cancer() -> tuple[FloatArray, NDArray[np.int_]]:
    r"""Return 569 tumors of the breast as a table of 30 columns, and which are malignant.

    .. math:: x_i \in \mathbb{R}^{30}, \qquad y_i = 1 \text{ where tumor } i \text{ is malignant}

    Returns
    -------
    features : ndarray of shape (569, 30)
        Ten quantities of the cell nuclei under the microscope (radius, texture, perimeter, area,
        smoothness, compactness, concavity, concave points, symmetry, fractal dimension): first the
        ten means over the nuclei, then their standard errors, then the means of the three largest.
    labels : ndarray of int of shape (569,)
        1 for malignant, 0 for benign; scikit-learn has it the other way round.

    References
    ----------
    Wolberg, Mangasarian, Street and Street (1995), Breast Cancer Wisconsin (Diagnostic), UCI
    Machine Learning Repository, CC BY 4.0.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.datasets import load_breast_cancer
    >>> features, labels = load_breast_cancer()
    >>> features[0, :4].tolist(), np.bincount(labels).tolist()
    ([17.99, 10.38, 122.8, 1001.0], [357, 212])
    """
    with np.load(_FOLDER / "breast_cancer.npz", allow_pickle=False) as file:
        return file["features"], file["labels"].astype(np.int_)


def load_coin_mask() -> NDArray[np.bool_]:
    r"""Return where in the photograph "coins" there is a coin.

    .. math:: y_{rq} = 1 \quad\text{where}\quad
        \left(\frac{r - r_k}{h_k}\right)^2 + \left(\frac{q - q_k}{w_k}\right)^2 \le 1
        \quad\text{for one of the coins } k

    Returns
    -------
    ndarray of bool of shape (303, 384)

    Notes
    -----
    The outlines are 24 ellipses. The first and the last row and column of each coin were read off
    an enlarged print by eye, before anything was computed with the picture. Coins that have lost
    a piece of their rim are counted as whole.

    Examples
    --------
    A third of the picture is coin:

    >>> from textbook.datasets import load_coin_mask
    >>> round(float(load_coin_mask().mean()), 4)
    0.346
    """
    path = _FOLDER / "coins_outlines.csv"
    top, bottom, left, right = np.loadtxt(path, delimiter=",", skiprows=1, unpack=True)
    rows, columns = np.arange(303)[:, None, None], np.arange(384)[:, None]
    # a pixel is one wide: the outermost ones lie half a pixel within the rim
    down = (2 * rows - top - bottom) / (bottom - top + 1)
    across = (2 * columns - left - right) / (right - left + 1)
    inside: NDArray[np.bool_] = np.any(down**2 + across**2 <= 1, axis=-1)
    return inside


def load_digits() -> tuple[FloatArray, NDArray[np.int_]]:
    r"""Return 1,797 scans of handwritten digits, and which digit each one is.

    .. math:: x_i \in \{0, 1, \dots, 16\}^{8 \times 8}, \qquad y_i \in \{0, 1, \dots, 9\}

    Returns
    -------
    images : ndarray of shape (1797, 8, 8)
        Ink in each pixel, from 0 (none) to 16, as float64.
    labels : ndarray of int of shape (1797,)

    Notes
    -----
    A pixel counts the black points in a field of 4 x 4 of a finer scan. The writers of these
    images wrote none of the digits in the repository's training part, which is not shipped.

    References
    ----------
    Alpaydin and Kaynak (1998), Optical recognition of handwritten digits, UCI Machine Learning
    Repository, CC BY 4.0.

    Examples
    --------
    The first scan is a zero, and its middle is empty:

    >>> from textbook.datasets import load_digits
    >>> images, labels = load_digits()
    >>> int(labels[0]), images[0, 3].tolist()
    (0, [0.0, 4.0, 12.0, 0.0, 0.0, 8.0, 8.0, 0.0])
    """
    with np.load(_FOLDER / "digits_8x8.npz", allow_pickle=False) as file:
        return file["images"].astype(np.float64), file["labels"].astype(np.int_)


def load_mnist() -> tuple[NDArray[np.float32], NDArray[np.int_]]:
    r"""Return 6,000 digits of the MNIST training set in 28 x 28 gray values, and their labels.

    .. math:: x_i \in \{0, 1, \dots, 255\}^{28 \times 28}, \qquad y_i \in \{0, 1, \dots, 9\}

    Returns
    -------
    images : ndarray of shape (6000, 28, 28)
        Ink in each pixel, from 0 (paper) to 255, as float32.
    labels : ndarray of int of shape (6000,)

    Notes
    -----
    Single precision: training reads these pixels millions of times, and half the memory is about
    half the time. The order is the file's; the classes are mixed.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document
    recognition, Proceedings of the IEEE 86(11).

    Examples
    --------
    Between 531 and 679 examples a class:

    >>> import numpy as np
    >>> from textbook.datasets import load_mnist
    >>> images, labels = load_mnist()
    >>> images.shape, images.dtype.name, np.bincount(labels).tolist()
    ((6000, 28, 28), 'float32', [623, 679, 586, 630, 568, 531, 587, 630, 587, 579])
    """
    with np.load(_FOLDER / "mnist_6000.npz", allow_pickle=False) as file:
        return file["images"].astype(np.float32), file["labels"].astype(np.int_)


def load_photograph(name: str) -> FloatArray:
    r"""Return one of five pictures by its name, as gray values or as red, green and blue.

    .. math:: x \in \{0, 1, \dots, 255\}^{H \times W} \quad\text{or}\quad
        x \in \{0, 1, \dots, 255\}^{H \times W \times 3}

    Parameters
    ----------
    name : {"camera", "astronaut", "coins", "cell", "horse"}
        A photographer at work and a portrait of Eileen Collins (256 x 256, the portrait in color),
        Greek coins (303 x 384), a cell under the microscope (320 x 320), and the silhouette of a
        horse (164 x 200), whose two values are 0 for the horse and 1 for the ground.

    Returns
    -------
    ndarray of shape (H, W) or (H, W, 3)
        Brightness from 0 (black) to 255, as float64.

    Raises
    ------
    ValueError
        If there is no picture of that name.

    References
    ----------
    van der Walt et al. (2014), scikit-image: image processing in Python, PeerJ 2:e453, which
    carries the pictures; their authors are named in the data's README.

    Examples
    --------
    >>> from textbook.datasets import load_photograph
    >>> load_photograph("astronaut").shape
    (256, 256, 3)

    In the silhouette, one pixel in three is horse:

    >>> round(float((load_photograph("horse") == 0).mean()), 4)
    0.3316
    """
    with np.load(_FOLDER / "images.npz", allow_pickle=False) as file:
        if name not in file.files:
            raise ValueError(
                f"name must be one of {', '.join(file.files)}; got {name!r}"
            )
        photograph: FloatArray = file[name].astype(np.float64)
    return photograph


def load_digit_network() -> dict[str, Any]:
    r"""Return the weights of a LeNet-5 that this book trained on 5,000 digits of `load_mnist`.

    .. math:: \theta \in \mathbb{R}^{61{,}706}

    Returns
    -------
    dict
        Arrays by the names of the layers of `textbook.architectures.lenet.lenet5`, as float32.

    Notes
    -----
    Of five trained networks this one had the lowest cost on 500 other digits. Its input are
    images of 28 x 28 x 1 with values from 0 to 1. Stored in half precision.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document
    recognition.

    Examples
    --------
    The first four digits of `load_mnist`, which are among those that it learned from:

    >>> from textbook.architectures.lenet import lenet5
    >>> from textbook.datasets import load_digit_network, load_mnist
    >>> from textbook.training import predict
    >>> images, labels = load_mnist()
    >>> x = images[:4, :, :, None] / 255
    >>> predict(lenet5(), load_digit_network(), x).argmax(axis=1).tolist(), labels[:4].tolist()
    ([0, 3, 8, 1], [0, 3, 8, 1])
    """
    return _read_parameters("lenet5_mnist.npz")


def load_pitch_network() -> dict[str, Any]:
    r"""Return the trained weights of CREPE "tiny", a network that hears pitch.

    .. math:: \theta \in \mathbb{R}^{487{,}096}

    Returns
    -------
    dict
        Arrays by the names of the layers of `textbook.applications.pitch_network`, as float32.

    Notes
    -----
    Stored are half-precision weights; biases and batch normalization's numbers are in single.

    References
    ----------
    Kim, Salamon, Li and Bello (2018), CREPE: a convolutional representation for pitch estimation,
    ICASSP.

    Examples
    --------
    >>> from textbook.datasets import load_pitch_network
    >>> params = load_pitch_network()
    >>> list(params)[:3], params["conv1"]["weights"].shape
    (['conv1', 'norm1', 'conv2'], (512, 1, 1, 128))
    """
    return _read_parameters("crepe_tiny.npz")


def load_pluck() -> tuple[NDArray[np.float32], int]:
    r"""Return the sound of a plucked string, three tenths of a second.

    .. math:: x_t \in [-1, 1), \qquad t = 0, 1, \dots, 3306

    Returns
    -------
    samples : ndarray of shape (3307,)
        The mean of left and right, as float32.
    rate : int
        Samples in a second.

    References
    ----------
    A file of the tests of Python's standard library, Python Software Foundation.

    Examples
    --------
    >>> from textbook.datasets import load_pluck
    >>> samples, rate = load_pluck()
    >>> len(samples), rate, round(float(abs(samples).max()), 4)
    (3307, 11025, 0.5792)
    """
    with wave.open(str(_FOLDER / "pluck.wav"), "rb") as file:
        rate = file.getframerate()
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    # 16 bits with a sign reach from -32,768 to 32,767
    return both.mean(axis=1, dtype=np.float32) / np.float32(32768), rate


def load_temperatures() -> tuple[NDArray[np.datetime64], FloatArray, FloatArray]:
    r"""Return the days of 2012 in Seattle, and the highest and lowest temperature of each.

    .. math:: \theta_t \text{ in degrees Celsius}, \qquad t = 1, \dots, 366

    Returns
    -------
    days : ndarray of shape (366,)
        As datetime64[D].
    highest, lowest : ndarray of shape (366,)
        Degrees Celsius.

    References
    ----------
    National Oceanic and Atmospheric Administration, daily records of Seattle, by way of the
    collection vega_datasets.

    Examples
    --------
    The hottest day was in August:

    >>> from textbook.datasets import load_temperatures
    >>> days, highest, lowest = load_temperatures()
    >>> hottest = highest.argmax()
    >>> str(days[hottest]), float(highest[hottest]), float(lowest[hottest])
    ('2012-08-16', 34.4, 18.3)
    """
    path = _FOLDER / "seattle_temperature_2012.csv"
    days, *temperatures = np.loadtxt(path, str, delimiter=",", skiprows=1, unpack=True)
    highest, lowest = np.array(temperatures, np.float64)
    return days.astype("datetime64[D]"), highest, lowest


def _read_parameters(name: str) -> dict[str, Any]:
    """Return a tree of arrays, brought to single precision."""
    params: dict[str, Any] = {}
    with np.load(_FOLDER / name, allow_pickle=False) as file:
        for key in file.files:
            layer, _, array = key.partition(".")
            params.setdefault(layer, {})[array] = file[key].astype(np.float32)
    return params
