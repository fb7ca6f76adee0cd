r"""GoogLeNet: nine modules that look at their input with four kinds of windows at once.

What makes windows of 5 x 5 affordable is a 1 x 1 convolution in front, which leaves fewer channels:

>>> from textbook.network import Conv2D, Sequential, summary
>>> direct = Conv2D(32, 5, padding=2)
>>> through_a_1x1 = Sequential(reduce=Conv2D(16, 1), conv=Conv2D(32, 5, padding=2))
>>> [summary(layer, (28, 28, 192)).multiply_adds for layer in (direct, through_a_1x1)]
[120422400, 12443648]
"""

from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike

from textbook._checks import FloatArray, as_float_array, check_count, check_number
from textbook.architectures._width import check_width, thinned
from textbook.network import (
    AveragePool2D,
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    Heads,
    Layer,
    LocalResponseNorm,
    MaxPool2D,
    ReLU,
    Sequential,
    named_parameters,
)

__all__ = [
    "auxiliary_cost",
    "googlenet",
    "inception",
    "inception_v2",
    "inception_v3",
    "without_auxiliaries",
]

# The paper's table 1: 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, and the projection behind the pooling
_CHANNELS = {
    "inception3a": (64, 96, 128, 16, 32, 32),
    "inception3b": (128, 128, 192, 32, 96, 64),
    "inception4a": (192, 96, 208, 16, 48, 64),
    "inception4b": (160, 112, 224, 24, 64, 64),
    "inception4c": (128, 128, 256, 24, 64, 64),
    "inception4d": (112, 144, 288, 32, 64, 64),
    "inception4e": (256, 160, 320, 32, 128, 128),
    "inception5a": (256, 160, 320, 32, 128, 128),
    "inception5b": (384, 192, 384, 48, 128, 128),
}


def inception(
    one: int, three_reduce: int, three: int, five_reduce: int, five: int, pooled: int
) -> Concatenate:
    r"""Describe an Inception module: windows of 1, 3 and 5 and a pooling, joined by channels.

    .. math:: C_\text{out} = \text{one} + \text{three} + \text{five} + \text{pooled}

    Parameters
    ----------
    one : int
        Filters of the 1 x 1 convolution.
    three_reduce : int
        Filters of the 1 x 1 convolution in front of the 3 x 3.
    three : int
        Filters of the 3 x 3 convolution.
    five_reduce : int
        Filters in front of the 5 x 5.
    five : int
        Filters of the 5 x 5 convolution.
    pooled : int
        Filters of the 1 x 1 convolution behind the pooling, which by itself keeps all channels.

    Returns
    -------
    Concatenate
        Four branches: ones, threes, fives and pooled. A ReLU follows each convolution.

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If an argument is below 1.

    References
    ----------
    Szegedy, Liu, Jia and others (2015), Going deeper with convolutions, section 4.

    Examples
    --------
    The first one in GoogLeNet:

    >>> from textbook.architectures.googlenet import inception
    >>> from textbook.network import summary
    >>> module = inception(64, 96, 128, 16, 32, 32)
    >>> module.output_shape((28, 28, 192)), summary(module, (28, 28, 192)).parameters
    ((28, 28, 256), 163696)
    """
    _check_filters(locals())

    return Concatenate(
        ones=Sequential(**_conv("conv", one, 1)),
        threes=Sequential(
            **_conv("reduce", three_reduce, 1), **_conv("conv", three, 3)
        ),
        fives=Sequential(**_conv("reduce", five_reduce, 1), **_conv("conv", five, 5)),
        pooled=Sequential(
            pool=MaxPool2D(3, 1, padding=1), **_conv("project", pooled, 1)
        ),
    )


def inception_v2(
    one: int,
    three_reduce: int,
    three: int,
    double_reduce: int,
    double: int,
    pooled: int,
) -> Concatenate:
    r"""Describe a module whose 5 x 5 is two 3 x 3, each convolution with batch normalization.

    .. math:: 5^2\, C\, C' \quad\to\quad 3^2\, C\, C' + 3^2\, C'^2

    Parameters
    ----------
    one : int
        Filters of the branch of windows of 1.
    three_reduce : int
        Channels that the single 3 x 3 is given.
    three : int
        Filters of the single 3 x 3.
    double_reduce : int
        Channels that the first of the two 3 x 3 is given.
    double : int
        Filters of both.
    pooled : int
        Filters behind the pooling, which takes the mean.

    Returns
    -------
    Concatenate
        Four branches: ones, threes, doubles and pooled. The convolutions have no bias, since beta
        does its work.

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If an argument is below 1.

    Warnings
    --------
    Names differ. Batch normalization and the two 3 x 3 come from one paper (2015), whose network is
    called Inception v2 by the notes and BN-Inception by others; a later paper (2016) gives the name
    Inception v2 to a network with further changes.

    References
    ----------
    Ioffe and Szegedy (2015), Batch normalization: accelerating deep network training by reducing
    internal covariate shift.

    Examples
    --------
    >>> from textbook.architectures.googlenet import inception_v2
    >>> from textbook.network import summary
    >>> counts = summary(inception_v2(64, 64, 64, 64, 96, 32), (28, 28, 192))
    >>> counts.rows[-1].output, counts.trained, counts.parameters - counts.trained
    ((28, 28, 32), 219072, 960)
    """
    _check_filters(locals())

    return Concatenate(
        ones=Sequential(**_normalized("conv", one, 1)),
        threes=Sequential(
            **_normalized("reduce", three_reduce, 1), **_normalized("conv", three, 3)
        ),
        doubles=Sequential(
            **_normalized("reduce", double_reduce, 1),
            **_normalized("first", double, 3),
            **_normalized("second", double, 3),
        ),
        pooled=Sequential(
            pool=AveragePool2D(3, 1, padding=1), **_normalized("project", pooled, 1)
        ),
    )


def inception_v3(
    one: int,
    long_reduce: int,
    long: int,
    double_reduce: int,
    double: int,
    pooled: int,
    side: int = 7,
) -> Concatenate:
    r"""Describe a module whose square windows are a row and a column, one after the other.

    .. math:: n^2\, C\, C' \quad\to\quad n\, C^2 + n\, C\, C'

    Parameters
    ----------
    one : int
        Filters of the 1 x 1 convolution that stands alone.
    long_reduce : int
        Channels of the branch with one row and one column, up to its last convolution.
    long : int
        Filters of that last convolution.
    double_reduce : int
        Channels of the branch that has two of each, again up to the last.
    double : int
        Filters of the last of the four.
    pooled : int
        Filters behind the mean of 3 x 3.
    side : int, default 7
        Length n of rows and columns, an odd number: 7, or 3 for windows of 3 x 3.

    Returns
    -------
    Concatenate
        Four branches: ones, longs, doubles and pooled. Batch normalization and a ReLU follow each
        convolution.

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If an argument is below 1, or `side` is even.

    References
    ----------
    Szegedy, Vanhoucke, Ioffe, Shlens and Wojna (2016), Rethinking the Inception architecture for
    computer vision.

    Examples
    --------
    The weights of a 7 x 7 and of what stands in its place, for 128 channels in and 192 out:

    >>> from textbook.architectures.googlenet import inception_v3
    >>> from textbook.network import Conv2D, summary
    >>> module = inception_v3(192, 128, 192, 128, 192, 192)
    >>> rows = {row.name: row.parameters for row in summary(module, (17, 17, 768)).rows}
    >>> rows["longs.row"] + rows["longs.column"]
    286720
    >>> summary(Conv2D(192, 7, padding=3, bias=False), (17, 17, 128)).parameters
    1204224
    """
    _check_filters(locals())
    if side % 2 == 0:
        raise ValueError(f"side must be an odd number, got {side}")

    row, column = (1, side), (side, 1)
    return Concatenate(
        ones=Sequential(**_normalized("conv", one, 1)),
        longs=Sequential(
            **_normalized("reduce", long_reduce, 1),
            **_normalized("row", long_reduce, row),
            **_normalized("column", long, column),
        ),
        doubles=Sequential(
            **_normalized("reduce", double_reduce, 1),
            **_normalized("column1", double_reduce, column),
            **_normalized("row1", double_reduce, row),
            **_normalized("column2", double_reduce, column),
            **_normalized("row2", double, row),
        ),
        pooled=Sequential(
            pool=AveragePool2D(3, 1, padding=1), **_normalized("project", pooled, 1)
        ),
    )


def googlenet(
    classes: int = 1000,
    auxiliary: bool = False,
    keep_prob: float = 0.6,
    width: float = 1.0,
) -> Sequential:
    r"""Describe GoogLeNet, for use or for training, with the first form of its modules.

    .. math:: 224 \to 112 \to 56 \to 28 \to 14 \to 7 \to 1, \qquad 1024 \to 1000

    Parameters
    ----------
    classes : int, default 1000
    auxiliary : bool, default False
        The form for training, which has two more classifiers behind modules 4a and 4d.
    keep_prob : float, default 0.6
        What dropout leaves of the 1024 means.
    width : float, default 1.0
        The share of the paper's channels.

    Returns
    -------
    Sequential
        A network that ends in logits; with `auxiliary` in pairs of main and auxiliary ones, as
        ((main, second), first).

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `classes` or `width` is too small, or `keep_prob` is not above 0 and at most 1.

    Warnings
    --------
    The GoogLeNet of torchvision has batch normalization, none of the local kind, and 3 x 3 where
    this has 5 x 5: 6,624,904 parameters. The constants of the local normalization are AlexNet's,
    since the paper tells none; Caffe divides alpha by n. Poolings that halve the image reach over
    its far edge alone, as SAME does with even sides.

    References
    ----------
    Szegedy and others (2015), Going deeper with convolutions, table 1.

    Examples
    --------
    >>> from textbook.architectures.googlenet import googlenet
    >>> from textbook.network import summary
    >>> for auxiliary in (False, True):
    ...     counts = summary(googlenet(auxiliary=auxiliary), input_shape=(224, 224, 3))
    ...     print(f"{counts.parameters:,} parameters, {counts.multiply_adds:,} multiply-adds")
    6,998,552 parameters, 1,582,671,872 multiply-adds
    13,378,280 parameters, 1,591,044,096 multiply-adds
    """
    check_count("classes", classes, at_least=1)
    check_number("keep_prob", keep_prob, above=0, at_most=1)
    width = check_width(width)

    def module(name: str) -> dict[str, Layer]:
        return {name: inception(*(thinned(c, width) for c in _CHANNELS[name]))}

    layers: dict[str, Layer] = dict(
        conv1=Conv2D(thinned(64, width), 7, stride=2, padding=3),
        relu1=ReLU(),
        pool1=MaxPool2D(3, 2, padding="SAME"),
        norm1=LocalResponseNorm(),
        **_conv("reduce2", thinned(64, width), 1),
        **_conv("conv2", thinned(192, width), 3),
        norm2=LocalResponseNorm(),
        pool2=MaxPool2D(3, 2, padding="SAME"),
        **module("inception3a"),
        **module("inception3b"),
        pool3=MaxPool2D(3, 2, padding="SAME"),
        **module("inception4a"),
        **module("inception4b"),
        **module("inception4c"),
        **module("inception4d"),
        **module("inception4e"),
        pool4=MaxPool2D(3, 2, padding="SAME"),
        **module("inception5a"),
        **module("inception5b"),
        pool5=GlobalAveragePool(),
        drop=Dropout(keep_prob),
        scores=Dense(classes),
    )
    if auxiliary:
        layers = _with_exit(layers, "inception4d", _auxiliary(classes, width), "exit2")
        layers = _with_exit(layers, "inception4a", _auxiliary(classes, width), "exit1")
    return Sequential(**layers)


def without_auxiliaries(params: dict[str, Any]) -> dict[str, Any]:
    r"""Return what the network for use needs of the parameters of the network for training.

    .. math:: \theta[\text{exit1}][\text{main}][\ldots] \to \theta[\ldots]

    Parameters
    ----------
    params : dict
        Arrays by name, nested, of a `googlenet` with auxiliary classifiers or without.

    Returns
    -------
    dict
        The same arrays, not copied, without those of the auxiliary classifiers.

    Raises
    ------
    TypeError
        If `params` is not made of dicts and arrays.
    ValueError
        If a name in `params` is empty or has a dot in it.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.architectures.googlenet import googlenet, without_auxiliaries
    >>> from textbook.network import check_parameters, initialize
    >>> trained, used = (googlenet(classes=2, auxiliary=a, width=1 / 32) for a in (True, False))
    >>> params = initialize(trained, np.random.default_rng(0), input_shape=(96, 96, 3))
    >>> check_parameters(used, without_auxiliaries(params), input_shape=(96, 96, 3))
    >>> list(params)[-1], list(without_auxiliaries(params))[-1]
    ('exit1', 'scores')
    """
    named_parameters(params)  # which checks the tree

    tree = {}
    for name, part in params.items():
        tree.update(
            without_auxiliaries(part["main"])
            if name.startswith("exit")
            else {name: part}
        )
    return tree


def auxiliary_cost(
    scores: Any,
    labels: ArrayLike,
    loss: Callable[[FloatArray, ArrayLike], tuple[float, FloatArray]],
    weight: float = 0.3,
) -> tuple[float, Any]:
    r"""Return the cost of all classifiers together, and its slopes in the scores of each.

    .. math:: J = J_\text{main} + w\, (J_1 + J_2)

    Parameters
    ----------
    scores : pair or sequence of ndarray of shape (m, K)
        What a network returns: ((main, second), first), or main alone.
    labels : array_like of shape (m,) or (m, K)
        As `loss` wants them.
    loss : function
        Called with the scores of one classifier and `labels`; returns a cost and its slopes.
    weight : float, default 0.3
        How much an auxiliary classifier counts.

    Returns
    -------
    cost : float
    slopes : ndarray of the shape of `scores`
        Nested as `scores` is.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `scores` is a tuple of more or less than two, or `weight` is below 0.

    Examples
    --------
    With half the mean square of what is missing as the loss:

    >>> import numpy as np
    >>> from textbook.architectures.googlenet import auxiliary_cost
    >>> def loss(scores, labels):
    ...     missing = scores - labels
    ...     return float(np.mean(missing**2) / 2), missing / missing.size
    >>> main, first = np.array([[1.0, 2.0]]), np.array([[4.0, 0.0]])
    >>> cost, slopes = auxiliary_cost((main, first), [[0.0, 0.0]], loss)
    >>> round(cost, 4), [part.round(4).tolist() for part in slopes]
    (2.45, [[[0.5, 1.0]], [[0.6, 0.0]]])
    """
    if not callable(loss):
        raise TypeError(f"loss must be a function, got {loss!r:.60}")
    check_number("weight", weight, at_least=0)
    as_float_array("labels", labels)
    if isinstance(scores, tuple) and len(scores) != 2:
        raise ValueError(f"scores must be pairs, got a tuple of {len(scores)}")

    if not isinstance(scores, tuple):
        return loss(as_float_array("scores", scores), labels)
    cost, slopes = auxiliary_cost(scores[0], labels, loss, weight)
    extra, extra_slopes = loss(as_float_array("scores", scores[1]), labels)
    return cost + weight * extra, (slopes, weight * extra_slopes)


# -- Helpers


def _check_filters(given: dict[str, int]) -> None:
    for name, filters in given.items():
        check_count(name, filters, at_least=1)


def _conv(name: str, filters: int, kernel: int) -> dict[str, Layer]:
    return {name: Conv2D(filters, kernel, padding="SAME"), f"relu_{name}": ReLU()}


def _normalized(
    name: str, filters: int, kernel: int | tuple[int, int]
) -> dict[str, Layer]:
    return {
        name: Conv2D(filters, kernel, padding="SAME", bias=False),
        f"norm_{name}": BatchNorm(),
        f"relu_{name}": ReLU(),
    }


def _auxiliary(classes: int, width: float) -> Sequential:
    return Sequential(
        pool=AveragePool2D(5, 3),
        **_conv("project", thinned(128, width), 1),
        flat=Flatten(),
        fc=Dense(thinned(1024, width)),
        relu_fc=ReLU(),
        drop=Dropout(0.3),  # 70 % are dropped
        scores=Dense(classes),
    )


def _with_exit(
    layers: dict[str, Layer], last: str, auxiliary: Layer, name: str
) -> dict[str, Layer]:
    """Fork the network behind a layer: one way goes on as before, the other leads out."""
    cut = list(layers).index(last) + 1
    before, after = list(layers.items())[:cut], list(layers.items())[cut:]
    exits = Heads(main=Sequential(**dict(after)), auxiliary=auxiliary)
    return {**dict(before), name: exits}
