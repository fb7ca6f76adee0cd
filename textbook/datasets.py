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

__all__ = ["load_digits"]

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
