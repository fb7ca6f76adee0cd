r"""DenseNet (2017): every layer reads all that came before it, and adds a few channels of its own.

Its 121 layers with weights have less than a third of the parameters of ResNet-50:

>>> from textbook.architectures.densenet import densenet
>>> from textbook.network import summary
>>> summary(densenet(121), input_shape=(224, 224, 3)).trained
7978856
"""

from collections.abc import Sequence

from textbook._checks import check_choice, check_count
from textbook.network import (
    AveragePool2D,
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    GlobalAveragePool,
    Identity,
    Layer,
    MaxPool2D,
    ReLU,
    Sequential,
)

__all__ = [
    "dense_block",
    "densenet",
    "densenet_bc",
    "transition",
]

# How many steps each block has.
_STEPS = {
    121: (6, 12, 24, 16),
    161: (6, 12, 36, 24),
    169: (6, 12, 32, 32),
    201: (6, 12, 48, 32),
}


def dense_block(steps: int, growth: int, bottleneck: bool = True) -> Sequential:
    r"""Return steps that each put new channels beside all that they were given.

    .. math:: x_l = [\, x_{l-1},\; H_l(x_{l-1}) \,], \qquad C_l = C_0 + l\, k

    H normalizes, cuts off below 0 and convolves with 3 x 3, for the k new channels. A bottleneck
    does so with 1 x 1 first, for 4 k channels.

    Parameters
    ----------
    steps : int
        How many, at least 1.
    growth : int
        The new channels of each step, k.
    bottleneck : bool, default True

    Returns
    -------
    Sequential

    Raises
    ------
    TypeError
        If `steps` or `growth` is not a whole number.
    ValueError
        If one of them is below 1.

    References
    ----------
    Huang, Liu, van der Maaten and Weinberger (2017), Densely connected convolutional networks.

    Examples
    --------
    >>> from textbook.architectures.densenet import dense_block
    >>> block = dense_block(steps=3, growth=12)
    >>> shapes = block.input_shapes((8, 8, 24))
    >>> [shape[2] for shape in shapes.values()], block.output_shape((8, 8, 24))
    ([24, 36, 48], (8, 8, 60))
    """
    check_count("steps", steps, at_least=1)
    check_count("growth", growth, at_least=1)

    squeeze = _activated_conv(1, 4 * growth, 1) if bottleneck else {}
    new = Sequential(**squeeze, **_activated_conv(2 if bottleneck else 1, growth, 3))
    step = Concatenate(old=Identity(), new=new)
    return Sequential(**{f"step{number}": step for number in range(1, steps + 1)})


def transition(filters: int) -> Sequential:
    r"""Return what stands between two blocks: fewer channels, and half as many rows and columns.

    .. math:: H \times W \times C \to \left\lfloor \tfrac{H}{2} \right\rfloor \times
        \left\lfloor \tfrac{W}{2} \right\rfloor \times F

    Parameters
    ----------
    filters : int
        Channels that are left, F.

    Returns
    -------
    Sequential

    Raises
    ------
    TypeError
        If `filters` is not a whole number.
    ValueError
        If `filters` is below 1.

    References
    ----------
    Huang, Liu, van der Maaten and Weinberger (2017), section 3.

    Examples
    --------
    >>> from textbook.architectures.densenet import transition
    >>> transition(128).output_shape((57, 56, 256))
    (28, 28, 128)
    """
    check_count("filters", filters, at_least=1)

    return Sequential(**_activated_conv(1, filters, 1), pool=AveragePool2D(2))


def densenet(
    depth: int,
    classes: int = 1000,
    growth: int | None = None,
) -> Sequential:
    r"""Return the network for images of 224 x 224 with 121 to 201 layers that have weights.

    .. math:: \text{depth} = 1 + 2 \sum_{b=1}^{4} n_b + 3 + 1, \qquad C_0 = 2 k

    Parameters
    ----------
    depth : int
        121, 161, 169 or 201.
    classes : int, default 1000
    growth : int, optional
        New channels of each step: 48 for a depth of 161, 32 for the others, unless told otherwise.

    Returns
    -------
    Sequential
        Named as the paper's table has it: block1, transition1 and so on. It ends in scores.

    Raises
    ------
    TypeError
        If `classes` or `growth` is not a whole number.
    ValueError
        If one of them is below 1, or `depth` is not one of its choices.

    Warnings
    --------
    Concatenation copies the old channels in every step, so that what is kept for the way back
    grows with the square of the steps. `textbook.network.summary` counts the new channels alone.

    References
    ----------
    Huang, Liu, van der Maaten and Weinberger (2017), Densely connected convolutional networks,
    table 1.

    Examples
    --------
    >>> from textbook.architectures.densenet import densenet
    >>> from textbook.network import summary
    >>> for depth in (121, 161, 169, 201):
    ...     counts = summary(densenet(depth), input_shape=(224, 224, 3))
    ...     print(depth, f"{counts.trained:,} {counts.multiply_adds:,}")
    121 7,978,856 2,834,161,664
    161 28,681,000 7,727,907,072
    169 14,149,480 3,359,843,328
    201 20,013,928 4,291,365,888
    """
    check_choice("depth", depth, tuple(_STEPS))
    check_count("classes", classes, at_least=1)
    growth = (48 if depth == 161 else 32) if growth is None else growth
    check_count("growth", growth, at_least=1)

    return Sequential(
        conv1=Conv2D(2 * growth, 7, stride=2, padding=3, bias=False),
        bn1=BatchNorm(),
        relu1=ReLU(),
        pool1=MaxPool2D(3, stride=2, padding=1),
        **_blocks(_STEPS[depth], 2 * growth, growth),
        bn5=BatchNorm(),
        relu5=ReLU(),
        pool5=GlobalAveragePool(),
        fc=Dense(classes),
    )


def densenet_bc(depth: int, growth: int, classes: int = 10) -> Sequential:
    r"""Return three blocks with bottlenecks and compression, for images of 32 x 32.

    .. math:: \text{depth} = 6 n + 4, \qquad C_0 = 2 k

    Parameters
    ----------
    depth : int
        10, 16, 22 and so on; the paper has 100, 190 and 250.
    growth : int
        New channels of each step, k.
    classes : int, default 10

    Returns
    -------
    Sequential

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If `depth` is not 6 n + 4, or another argument is below 1.

    Warnings
    --------
    On images that were not augmented the paper adds dropout, which keeps 0.8, behind every
    convolution but the first. It is left out here.

    References
    ----------
    Huang, Liu, van der Maaten and Weinberger (2017), section 4 and table 2.

    Examples
    --------
    The paper's 0.8 million:

    >>> from textbook.architectures.densenet import densenet_bc
    >>> from textbook.network import summary
    >>> counts = summary(densenet_bc(100, growth=12), input_shape=(32, 32, 3))
    >>> counts.trained, counts.parameters
    (769162, 793150)
    """
    check_count("depth", depth)
    if depth < 10 or depth % 6 != 4:
        raise ValueError(f"depth must be 6 n + 4, at least 10, got {depth}")
    check_count("growth", growth, at_least=1)
    check_count("classes", classes, at_least=1)

    return Sequential(
        conv1=Conv2D(2 * growth, 3, padding=1, bias=False),
        **_blocks([(depth - 4) // 6] * 3, 2 * growth, growth),
        bn4=BatchNorm(),
        relu4=ReLU(),
        pool4=GlobalAveragePool(),
        fc=Dense(classes),
    )


def _blocks(steps: Sequence[int], channels: int, growth: int) -> dict[str, Layer]:
    """Return blocks with transitions between them, each of which halves the channels."""
    layers: dict[str, Layer] = {}
    for number, count in enumerate(steps, start=1):
        if number > 1:
            channels //= 2
            layers[f"transition{number - 1}"] = transition(channels)
        layers[f"block{number}"] = dense_block(count, growth)
        channels += count * growth
    return layers


def _activated_conv(number: int, filters: int, kernel_size: int) -> dict[str, Layer]:
    """Return a convolution with batch normalization and ReLU before it."""
    conv = Conv2D(filters, kernel_size, padding=kernel_size // 2, bias=False)
    return {
        f"bn{number}": BatchNorm(),
        f"relu{number}": ReLU(),
        f"conv{number}": conv,
    }
