r"""VGG: 3 x 3 convolutions and nothing else, until the image is small enough for dense layers.

Between eleven and nineteen layers nearly all parameters stand in the same place, the first dense
layer:

>>> from textbook.architectures.vgg import vgg
>>> from textbook.network import summary
>>> for depth in (11, 13, 16, 19):
...     counts = summary(vgg(depth), input_shape=(224, 224, 3))
...     print(f"{depth} layers: {counts.parameters:,} parameters")
11 layers: 132,863,336 parameters
13 layers: 133,047,848 parameters
16 layers: 138,357,544 parameters
19 layers: 143,667,240 parameters
"""

from textbook._checks import check_count, check_number
from textbook.architectures._width import check_width, thinned
from textbook.network import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    ReLU,
    Sequential,
)

__all__ = ["vgg"]

# Convolutions in each of the five blocks, by the number of layers with weights: the columns A, B, D
# and E of the paper's table.
_BLOCKS = {
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}
_CHANNELS = (64, 128, 256, 512, 512)


def vgg(
    depth: int = 16, classes: int = 1000, keep_prob: float = 0.5, width: float = 1.0
) -> Sequential:
    r"""Describe the VGG network with a number of layers that have weights.

    .. math:: 224 \to 112 \to 56 \to 28 \to 14 \to 7, \qquad
        25088 \to 4096 \to 4096 \to 1000

    Parameters
    ----------
    depth : int, default 16
        11, 13, 16 or 19.
    classes : int, default 1000
    keep_prob : float, default 0.5
        What dropout leaves of each hidden dense layer.
    width : float, default 1.0
        The share of the paper's channels and hidden units.

    Returns
    -------
    Sequential
        A network that ends in logits. Images of 224 x 224 are the paper's; any size of at least 32
        will do, and decides how many weights the first dense layer has.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If there is no network of that `depth`, `classes` or `width` is too small, or `keep_prob`
        is not above 0 and at most 1.

    Warnings
    --------
    The authors began with 11 layers from a normal distribution with variance 0.01, and the deeper
    ones from what had been trained; here every layer starts by the number of its inputs. They
    subtract the training set's mean color from each image, which is not part of the network.

    References
    ----------
    Simonyan and Zisserman (2015), Very deep convolutional networks for large-scale image
    recognition.

    Examples
    --------
    Memory for the numbers of one image, the image included:

    >>> from textbook.architectures.vgg import vgg
    >>> from textbook.network import summary
    >>> table = summary(vgg(16), input_shape=(224, 224, 3))
    >>> table.values, 4 * table.values, table.multiply_adds
    (15237608, 60950432, 15470264320)

    A thin one for the digits of MNIST, brought to 32 x 32 pixels:

    >>> summary(vgg(11, classes=10, width=1 / 8), input_shape=(32, 32, 1)).parameters
    445482
    """
    check_count("depth", depth)
    if depth not in _BLOCKS:
        raise ValueError(f"depth must be 11, 13, 16 or 19, got {depth}")
    check_count("classes", classes, at_least=1)
    check_number("keep_prob", keep_prob, above=0, at_most=1)
    width = check_width(width)

    layers: dict[str, Layer] = {}
    for block, (convolutions, channels) in enumerate(
        zip(_BLOCKS[depth], _CHANNELS, strict=True), start=1
    ):
        for number in range(1, convolutions + 1):
            filters = thinned(channels, width)
            layers[f"conv{block}_{number}"] = Conv2D(filters, 3, padding=1)
            layers[f"relu{block}_{number}"] = ReLU()
        layers[f"pool{block}"] = MaxPool2D(2)
    return Sequential(
        **layers,
        flat=Flatten(),
        fc6=Dense(thinned(4096, width)),
        relu6=ReLU(),
        drop6=Dropout(keep_prob),
        fc7=Dense(thinned(4096, width)),
        relu7=ReLU(),
        drop7=Dropout(keep_prob),
        fc8=Dense(classes),
    )
