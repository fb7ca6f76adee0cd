r"""LeNet-5: two convolutions and two poolings read a digit, three dense layers name it.

The network of 1998 and the one that bears its name today have the same shapes, and so the same
number of weights:

>>> from textbook.architectures.lenet import lenet5
>>> from textbook.network import summary
>>> [summary(lenet5(original=form), (28, 28, 1)).parameters for form in (True, False)]
[61706, 61706]
"""

from textbook._checks import check_count, check_number
from textbook.network import (
    AveragePool2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    ReLU,
    Sequential,
    Tanh,
)

__all__ = ["lenet5"]


def lenet5(
    classes: int = 10,
    original: bool = False,
    padding: int = 2,
    keep_prob: float = 1.0,
) -> Sequential:
    r"""Describe LeNet-5, as it is built today or as in 1998, by the paper's names of its layers.

    .. math:: 28 \to 28 \to 14 \to 10 \to 5, \qquad 400 \to 120 \to 84 \to 10

    Parameters
    ----------
    classes : int, default 10
    original : bool, default False
        Tanh and average pooling, rather than ReLU and max pooling.
    padding : int, default 2
        What the first convolution adds at each edge: 2 takes images of 28 x 28, which MNIST has,
        and 0 those of 32 x 32, which the paper and the notes have.
    keep_prob : float, default 1.0
        The share of the two hidden dense layers that dropout keeps in training. At 1 no dropout is
        built in.

    Returns
    -------
    Sequential
        A network that ends in logits.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `classes` or `padding` is too small, or `keep_prob` is not above 0 and at most 1.

    Warnings
    --------
    Of the paper this leaves out: a trained factor and bias for each map after pooling, and the tanh
    behind them; the table that gives each of the 16 maps of C3 only some of the 6 maps before it;
    the last layer's distances from drawn characters, in place of scores. With these it counts
    60,000 parameters. Its 1.7159 tanh(2a/3) differs from tanh by two factors, which the weights
    around it can take over.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document
    recognition.

    Examples
    --------
    Without padding, on images with three channels:

    >>> from textbook.architectures.lenet import lenet5
    >>> from textbook.network import summary
    >>> print(summary(lenet5(padding=0), input_shape=(32, 32, 3)))
    layer   kind       output        values   bytes  parameters  multiply-adds
    input              32 x 32 x 3    3,072  12,288           0              0
    c1      Conv2D     28 x 28 x 6    4,704  18,816         456        352,800
    bend1   ReLU       28 x 28 x 6        0       0           0              0
    s2      MaxPool2D  14 x 14 x 6    1,176   4,704           0              0
    c3      Conv2D     10 x 10 x 16   1,600   6,400       2,416        240,000
    bend3   ReLU       10 x 10 x 16       0       0           0              0
    s4      MaxPool2D  5 x 5 x 16       400   1,600           0              0
    flat    Flatten    400                0       0           0              0
    c5      Dense      120              120     480      48,120         48,000
    bend5   ReLU       120                0       0           0              0
    f6      Dense      84                84     336      10,164         10,080
    bend6   ReLU       84                 0       0           0              0
    output  Dense      10                10      40         850            840
    total                            11,166  44,664      62,006        651,720

    The digits of MNIST, with one channel:

    >>> counts = summary(lenet5(), input_shape=(28, 28, 1))
    >>> counts.parameters, counts.multiply_adds
    (61706, 416520)
    """
    check_count("classes", classes, at_least=1)
    check_count("padding", padding)
    check_number("keep_prob", keep_prob, above=0, at_most=1)

    bend: Layer = Tanh() if original else ReLU()
    pool: Layer = AveragePool2D(2) if original else MaxPool2D(2)
    start = "lecun" if original else "he"

    def dropped(name: str) -> dict[str, Layer]:
        return {name: Dropout(keep_prob)} if keep_prob < 1 else {}

    return Sequential(
        c1=Conv2D(6, 5, padding=padding, start=start),
        bend1=bend,
        s2=pool,
        c3=Conv2D(16, 5, start=start),
        bend3=bend,
        s4=pool,
        flat=Flatten(),
        c5=Dense(120, start=start),
        bend5=bend,
        **dropped("drop5"),
        f6=Dense(84, start=start),
        bend6=bend,
        **dropped("drop6"),
        output=Dense(classes, start=start),
    )
