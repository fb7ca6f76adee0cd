r"""AlexNet: five convolutions and three dense layers, made for two cards of 3 GB.

Each card holds half of the channels, and only in a few layers are they told of the other half.
Without this cut the network has a few more weights, and far more to multiply:

>>> from textbook.architectures.alexnet import alexnet
>>> from textbook.network import summary
>>> for groups in (2, 1):
...     counts = summary(alexnet(groups=groups), input_shape=(227, 227, 3))
...     print(f"{counts.parameters:,} parameters, {counts.multiply_adds:,} multiply-adds")
60,965,224 parameters, 724,406,816 multiply-adds
62,378,344 parameters, 1,135,256,096 multiply-adds
"""

from textbook._checks import check_count, check_number
from textbook.architectures._width import check_width, thinned
from textbook.network import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LocalResponseNorm,
    MaxPool2D,
    ReLU,
    Sequential,
)

__all__ = ["alexnet"]


def alexnet(
    classes: int = 1000,
    groups: int = 2,
    second_kernel: int = 5,
    normalize_last: bool = False,
    keep_prob: float = 0.5,
    width: float = 1.0,
) -> Sequential:
    r"""Describe AlexNet, for images of 227 x 227 pixels in three channels.

    .. math:: 227 \to 55 \to 27 \to 13 \to 6, \qquad 9216 \to 4096 \to 4096 \to 1000

    Parameters
    ----------
    classes : int, default 1000
    groups : int, default 2
        Parts into which the channels of the second, fourth and fifth convolution are cut; 1 leaves
        them whole, as in the notes.
    second_kernel : int, default 5
        Rows and columns of the second kernel, an odd number. The notes have 3.
    normalize_last : bool, default False
        Pool first and normalize then, which is the order in the notes.
    keep_prob : float, default 0.5
        The share of the two hidden dense layers that is kept in training.
    width : float, default 1.0
        The share of the channels and hidden units that the network has: below 1 for experiments.

    Returns
    -------
    Sequential
        A network that ends in logits.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `classes`, `groups` or `width` is too small, `second_kernel` is even, or `keep_prob` is
        not above 0 and at most 1.

    Warnings
    --------
    The paper says 224 pixels, of which windows of 11 in steps of 4 make no 55; frameworks
    take 227, or 224 with a padding of 2. It starts all weights with a deviation of 0.01, and the
    biases of three convolutions and of the hidden dense layers at 1; here each starts by its
    inputs, and at 0. The AlexNet of torchvision is another network, by the same first author:
    64 channels in the first layer, and no normalization.

    References
    ----------
    Krizhevsky, Sutskever and Hinton (2012), ImageNet classification with deep convolutional neural
    networks.

    Examples
    --------
    The variant in the notes: one group, and 3 x 3 weights in the second layer.

    >>> from textbook.architectures.alexnet import alexnet
    >>> from textbook.network import summary
    >>> notes = alexnet(groups=1, second_kernel=3, normalize_last=True)
    >>> summary(notes, input_shape=(227, 227, 3)).parameters
    61985128
    >>> [row.output for row in summary(notes, (227, 227, 3)).rows if "pool" in row.name]
    [(27, 27, 96), (13, 13, 256), (6, 6, 256)]
    """
    check_count("classes", classes, at_least=1)
    check_count("groups", groups, at_least=1)
    check_count("second_kernel", second_kernel, at_least=1)
    if second_kernel % 2 == 0:
        raise ValueError(f"second_kernel must be an odd number, got {second_kernel}")
    check_number("keep_prob", keep_prob, above=0, at_most=1)
    width = check_width(width)

    def conv(filters: int, kernel: int, parts: int) -> Conv2D:
        kept = thinned(
            filters, width, groups
        )  # the next layer's channels are cut as well
        return Conv2D(kept, kernel, padding=kernel // 2, groups=parts)

    def norm_and_pool(number: int) -> dict[str, Layer]:
        pair = [
            (f"norm{number}", LocalResponseNorm()),
            (f"pool{number}", MaxPool2D(3, stride=2)),
        ]
        return dict(reversed(pair) if normalize_last else pair)

    return Sequential(
        conv1=Conv2D(thinned(96, width, groups), 11, stride=4),
        relu1=ReLU(),
        **norm_and_pool(1),
        conv2=conv(256, second_kernel, groups),
        relu2=ReLU(),
        **norm_and_pool(2),
        conv3=conv(384, 3, 1),
        relu3=ReLU(),
        conv4=conv(384, 3, groups),
        relu4=ReLU(),
        conv5=conv(256, 3, groups),
        relu5=ReLU(),
        pool5=MaxPool2D(3, stride=2),
        flat=Flatten(),
        fc6=Dense(thinned(4096, width)),
        relu6=ReLU(),
        drop6=Dropout(keep_prob),
        fc7=Dense(thinned(4096, width)),
        relu7=ReLU(),
        drop7=Dropout(keep_prob),
        fc8=Dense(classes),
    )
