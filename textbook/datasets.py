r"""Data that the chapters compute with: small, real, and shipped with the package.

Where each file comes from and who is to be named stands in `data/README.md` beside this module.

>>> from textbook.datasets import load_digits
>>> images, labels = load_digits()
>>> images.shape, labels[:5].tolist()
((1797, 8, 8), [0, 1, 2, 3, 4])
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from textbook._checks import FloatArray

__all__ = ["load_digits", "load_mnist", "load_photograph", "load_temperatures"]

_FOLDER = Path(__file__).parent / "data"


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
