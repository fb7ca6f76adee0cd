r"""ResNet (2015): blocks that add to what they are given, so that a hundred of them can be stacked.

Fifty layers with weights, of which the last one alone has a tenth of the parameters:

>>> from textbook.architectures.resnet import resnet
>>> from textbook.network import summary
>>> counts = summary(resnet(50), input_shape=(224, 224, 3))
>>> counts.trained, counts.rows[-1].parameters
(25557032, 2049000)
"""

from dataclasses import dataclass

import numpy as np

from textbook._checks import FloatArray, check_choice, check_count
from textbook.architectures._width import check_width, thinned
from textbook.network import (
    BatchNorm,
    Conv2D,
    Dense,
    GlobalAveragePool,
    Identity,
    Layer,
    MaxPool2D,
    ReLU,
    Residual,
    Rng,
    Sequential,
    Shape,
    Tree,
)

__all__ = [
    "ShortcutA",
    "basic_block",
    "bottleneck_block",
    "cifar_resnet",
    "resnet",
]

# How many blocks of each width; with three layers a block from ResNet-50 on.
_BLOCKS = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
_OPTIONS = ("A", "B", "C", "none")


@dataclass(frozen=True)
class ShortcutA(Layer):
    r"""Every second pixel, and channels of zeros behind those that there are: nothing to learn.

    .. math:: y_{nijo} = x_{n,\, s i,\, s j,\, o} \text{ for } o < C, \qquad 0 \text{ otherwise}

    Parameters
    ----------
    filters : int
        Channels of the output, at least as many as those of the input.
    stride : int, default 2
        Pixels from one that is kept to the next, s.
    """

    filters: int
    stride: int = 2

    def __post_init__(self) -> None:
        check_count("filters", self.filters, at_least=1)
        check_count("stride", self.stride, at_least=1)

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3 or input_shape[2] > self.filters:
            raise ValueError(
                f"input must be (H, W, C) with at most {self.filters} channels, got {input_shape}"
            )
        rows, columns = (-(-side // self.stride) for side in input_shape[:2])
        return rows, columns, self.filters

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, Shape]:
        y = np.zeros((len(x), *self.output_shape(x.shape[1:])), x.dtype)
        y[..., : x.shape[3]] = x[:, :: self.stride, :: self.stride]
        return y, x.shape

    def backward(
        self, dy: FloatArray, params: Tree, cache: Shape
    ) -> tuple[FloatArray, Tree]:
        dx = np.zeros(cache, dy.dtype)
        dx[:, :: self.stride, :: self.stride] = dy[..., : cache[3]]
        return dx, {}


def basic_block(filters: int, shortcut: Layer | None, stride: int = 1) -> Sequential:
    r"""Return two convolutions of 3 x 3, to whose result their own input is added.

    .. math:: y = \operatorname{ReLU}\bigl(\text{BN}(W_2 * \operatorname{ReLU}(
        \text{BN}(W_1 * x))) + S(x)\bigr)

    Parameters
    ----------
    filters : int
        Of both convolutions, at least 1.
    shortcut : Layer or None
        S. With None nothing is added: a block of a plain network.
    stride : int, default 1
        Of the first convolution.

    Returns
    -------
    Sequential

    Raises
    ------
    TypeError
        If `filters` or `stride` is not a whole number, or `shortcut` is no layer.
    ValueError
        If `filters` or `stride` is below 1.

    References
    ----------
    He, Zhang, Ren and Sun (2016), Deep residual learning for image recognition, figure 2.

    Examples
    --------
    With second weights of 0 the block hands on what it was given, as far as it is positive:

    >>> import numpy as np
    >>> from textbook.architectures.resnet import basic_block
    >>> from textbook.network import Identity, initialize
    >>> block = basic_block(1, Identity())
    >>> params = initialize(block, np.random.default_rng(0), input_shape=(1, 4, 1))
    >>> params["add"]["main"]["conv2"]["weights"][:] = 0
    >>> y, _ = block.forward(params, np.array([[[[5.0], [-3.0], [0.5], [2.0]]]]))
    >>> y.ravel().tolist()
    [5.0, 0.0, 0.5, 2.0]
    """
    check_count("filters", filters, at_least=1)
    check_count("stride", stride, at_least=1)
    _check_shortcut(shortcut)

    main = Sequential(
        conv1=Conv2D(filters, 3, stride, padding=1, bias=False),
        bn1=BatchNorm(),
        relu1=ReLU(),
        conv2=Conv2D(filters, 3, padding=1, bias=False),
        bn2=BatchNorm(),
    )
    return _added(main, shortcut)


def bottleneck_block(
    filters: int,
    shortcut: Layer | None,
    stride: int = 1,
    strided_kernel: int = 1,
) -> Sequential:
    r"""Return three convolutions, narrow in the middle, to whose result their input is added.

    .. math:: C \xrightarrow{1 \times 1} F \xrightarrow{3 \times 3} F
        \xrightarrow{1 \times 1} 4 F

    Parameters
    ----------
    filters : int
        Of the first two convolutions, F. The third has four times as many.
    shortcut : Layer or None
        As in `basic_block`.
    stride : int, default 1
    strided_kernel : int, default 1
        Which convolution takes the stride: 1 for the first, as in the paper, or 3 for that of
        3 x 3.

    Returns
    -------
    Sequential

    Raises
    ------
    TypeError
        If `filters` or `stride` is not a whole number, or `shortcut` is no layer.
    ValueError
        If `filters` or `stride` is below 1, or `strided_kernel` is neither 1 nor 3.

    References
    ----------
    He, Zhang, Ren and Sun (2016), Deep residual learning for image recognition, figure 5.

    Examples
    --------
    256 channels squeezed into 64 need fewer weights than a basic block of 64 channels:

    >>> from textbook.architectures.resnet import basic_block, bottleneck_block
    >>> from textbook.network import Identity, summary
    >>> wide = summary(bottleneck_block(64, Identity()), input_shape=(56, 56, 256))
    >>> basic = summary(basic_block(64, Identity()), input_shape=(56, 56, 64))
    >>> wide.trained, basic.trained
    (70400, 73984)
    """
    check_count("filters", filters, at_least=1)
    check_count("stride", stride, at_least=1)
    _check_shortcut(shortcut)
    check_choice("strided_kernel", strided_kernel, (1, 3))

    first, second = (stride, 1) if strided_kernel == 1 else (1, stride)
    main = Sequential(
        conv1=Conv2D(filters, 1, first, bias=False),
        bn1=BatchNorm(),
        relu1=ReLU(),
        conv2=Conv2D(filters, 3, second, padding=1, bias=False),
        bn2=BatchNorm(),
        relu2=ReLU(),
        conv3=Conv2D(4 * filters, 1, bias=False),
        bn3=BatchNorm(),
    )
    return _added(main, shortcut)


def resnet(
    depth: int,
    classes: int = 1000,
    shortcut: str = "B",
    strided_kernel: int = 1,
    width: float = 1.0,
) -> Sequential:
    r"""Return the network for images of 224 x 224 whose layers with weights number 18 to 152.

    .. math:: x \to 112^2 \cdot 64 \to 56^2 \cdot F \to 28^2 \cdot 2F \to 14^2 \cdot 4F
        \to 7^2 \cdot 8F \to 8F \to \text{scores}

    F is 64 with blocks of two layers and 256 with blocks of three, which begin at a depth of 50.

    Parameters
    ----------
    depth : int
        18, 34, 50, 101 or 152.
    classes : int, default 1000
    shortcut : str, default "B"
        Where a block changes the shape of its input: "A", a `ShortcutA`; "B", a convolution of
        1 x 1 with batch normalization; "C", that one in every block. With "none", no block adds
        anything.
    strided_kernel : int, default 1
        As in `bottleneck_block`.
    width : float, default 1.0
        The share of the paper's channels.

    Returns
    -------
    Sequential
        Blocks bear the names of the paper's table, conv2_1 to conv5_3. It ends in scores.

    Raises
    ------
    TypeError
        If `classes` is not a whole number, or `width` no number.
    ValueError
        If one of them is too small, or another argument is not one of its choices.

    Warnings
    --------
    Frameworks give the stride to the convolution of 3 x 3. Then 50 layers cost 4.089 instead of
    3.858 billion multiply-adds, with equally many weights. For depths of 18 and 34 they use "B",
    while the paper's comparison with plain networks rests on "A".

    References
    ----------
    He, Zhang, Ren and Sun (2016), Deep residual learning for image recognition, table 1.

    Examples
    --------
    >>> from textbook.architectures.resnet import resnet
    >>> from textbook.network import summary
    >>> for depth in (50, 152):
    ...     for kernel in (1, 3):
    ...         counts = summary(resnet(depth, strided_kernel=kernel), (224, 224, 3))
    ...         print(depth, kernel, f"{counts.trained:,} {counts.multiply_adds:,}")
    50 1 25,557,032 3,857,973,248
    50 3 25,557,032 4,089,184,256
    152 1 60,192,808 11,282,415,616
    152 3 60,192,808 11,513,626,624
    """
    check_choice("depth", depth, tuple(_BLOCKS))
    check_count("classes", classes, at_least=1)
    check_choice("shortcut", shortcut, _OPTIONS)
    check_choice("strided_kernel", strided_kernel, (1, 3))
    channels = thinned(64, check_width(width))

    layers: dict[str, Layer] = {
        "conv1": Conv2D(channels, 7, stride=2, padding=3, bias=False),
        "bn1": BatchNorm(),
        "relu1": ReLU(),
        "pool1": MaxPool2D(3, stride=2, padding=1),
    }
    first = channels
    for stage, count in enumerate(_BLOCKS[depth]):
        filters = first * 2**stage
        outputs = 4 * filters if depth >= 50 else filters
        for number in range(1, count + 1):
            stride = 2 if stage > 0 and number == 1 else 1
            way = _shortcut(shortcut, channels, outputs, stride)
            layers[f"conv{stage + 2}_{number}"] = (
                bottleneck_block(filters, way, stride, strided_kernel)
                if depth >= 50
                else basic_block(filters, way, stride)
            )
            channels = outputs
    return Sequential(**layers, pool5=GlobalAveragePool(), fc=Dense(classes))


def cifar_resnet(
    depth: int, classes: int = 10, shortcut: str = "A", width: float = 1.0
) -> Sequential:
    r"""Return the network for images of 32 x 32: three times n blocks of two layers.

    .. math:: \text{depth} = 6 n + 2, \qquad x \to 32^2 \cdot 16 \to 16^2 \cdot 32
        \to 8^2 \cdot 64 \to 64 \to \text{scores}

    Parameters
    ----------
    depth : int
        8, 14, 20 and so on; the paper has 20, 32, 44, 56, 110 and 1202.
    classes : int, default 10
    shortcut : str, default "A"
        As in `resnet`. With "none" it is the plain network of that depth, with exactly as many
        weights.
    width : float, default 1.0
        As in `resnet`.

    Returns
    -------
    Sequential

    Raises
    ------
    TypeError
        If `depth` or `classes` is not a whole number, or `width` no number.
    ValueError
        If `depth` is not 6 n + 2, `classes` or `width` is too small, or `shortcut` is not one of
        its choices.

    Warnings
    --------
    The zeros of "A" stand behind the channels that there are, as in Facebook's code for Torch of
    2016; other programs put half of them in front. That makes the same networks, with their filters
    in another order.

    References
    ----------
    He, Zhang, Ren and Sun (2016), Deep residual learning for image recognition, section 4.2.

    Examples
    --------
    The paper's 0.27, 0.85 and 1.7 million. A gradient moves these; the moments that batch
    normalization keeps for inference come on top:

    >>> from textbook.architectures.resnet import cifar_resnet
    >>> from textbook.network import summary
    >>> for depth in (20, 56, 110):
    ...     counts = summary(cifar_resnet(depth), input_shape=(32, 32, 3))
    ...     print(depth, counts.trained, counts.parameters)
    20 269722 271098
    56 853018 857082
    110 1727962 1736058
    """
    check_count("depth", depth)
    if depth < 8 or depth % 6 != 2:
        raise ValueError(f"depth must be 6 n + 2, at least 8, got {depth}")
    check_count("classes", classes, at_least=1)
    check_choice("shortcut", shortcut, _OPTIONS)
    channels = thinned(16, check_width(width))

    layers: dict[str, Layer] = {
        "conv1": Conv2D(channels, 3, padding=1, bias=False),
        "bn1": BatchNorm(),
        "relu1": ReLU(),
    }
    first = channels
    for stage in range(3):
        filters = first * 2**stage
        for number in range(1, (depth - 2) // 6 + 1):
            stride = 2 if stage > 0 and number == 1 else 1
            way = _shortcut(shortcut, channels, filters, stride)
            layers[f"conv{stage + 2}_{number}"] = basic_block(filters, way, stride)
            channels = filters
    return Sequential(**layers, pool4=GlobalAveragePool(), fc=Dense(classes))


def _added(main: Layer, shortcut: Layer | None) -> Sequential:
    """Return a block: the ReLU comes after the sum."""
    if shortcut is None:
        return Sequential(main=main, relu=ReLU())
    return Sequential(add=Residual(main, shortcut), relu=ReLU())


def _shortcut(option: str, channels: int, outputs: int, stride: int) -> Layer | None:
    """Return what goes around a block."""
    if option == "none":
        return None
    if option != "C" and stride == 1 and channels == outputs:
        return Identity()
    if option == "A":
        return ShortcutA(outputs, stride)
    return Sequential(conv=Conv2D(outputs, 1, stride, bias=False), bn=BatchNorm())


def _check_shortcut(shortcut: Layer | None) -> None:
    if shortcut is not None and not isinstance(shortcut, Layer):
        raise TypeError(f"shortcut must be a layer or None, got {shortcut!r:.60}")
