r"""The process: layers compose into networks.

A layer describes one step: it holds settings, no arrays. Its numbers stand in a tree of dicts that
goes in and comes out, so that nothing is hidden:

>>> import numpy as np
>>> from textbook.network import Conv2D, Dense, Flatten, MaxPool2D, ReLU, Sequential, initialize
>>> network = Sequential(
...     conv1=Conv2D(4, 3), relu1=ReLU(), pool1=MaxPool2D(2), flat=Flatten(), scores=Dense(10)
... )
>>> params = initialize(network, np.random.default_rng(0), input_shape=(8, 8, 1))
>>> params["conv1"]["weights"].shape, params["scores"]["weights"].shape
((3, 3, 1, 4), (36, 10))
>>> y, cache = network.forward(params, np.ones((2, 8, 8, 1), np.float32))
>>> dx, gradients = network.backward(np.ones_like(y), params, cache)
>>> y.shape, dx.shape, gradients["conv1"]["bias"].shape
((2, 10), (2, 8, 8, 1), (4,))
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from textbook._checks import (
    FloatArray,
    Pair,
    as_float_array,
    as_pair,
    check_count,
    check_generator,
    check_number,
    check_sequence,
)
from textbook.activations import (
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from textbook.convolution import conv2d, conv2d_backward, output_size
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.initialization import glorot, he, lecun
from textbook.normalization import (
    batch_norm,
    batch_norm_backward,
    batch_norm_inference,
    batch_norm_inference_backward,
    local_response_norm,
    local_response_norm_backward,
    update_running,
)
from textbook.pooling import (
    average_pool2d,
    average_pool2d_backward,
    global_average_pool,
    global_average_pool_backward,
    max_pool2d,
    max_pool2d_backward,
)
from textbook.regularization import dropout, dropout_backward

__all__ = [
    "AveragePool2D",
    "BatchNorm",
    "Composite",
    "Concatenate",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Frozen",
    "GlobalAveragePool",
    "Heads",
    "Identity",
    "Layer",
    "LeakyReLU",
    "LocalResponseNorm",
    "MaxPool2D",
    "Parameter",
    "ReLU",
    "Residual",
    "Row",
    "Sequential",
    "Sigmoid",
    "Summary",
    "Tanh",
    "check_parameters",
    "from_pytorch",
    "gradient_errors",
    "initialize",
    "load_parameters",
    "named_parameters",
    "nested_parameters",
    "save_parameters",
    "summary",
    "to_pytorch",
    "trace",
]

Shape = tuple[int, ...]  # of one example: the axis of the batch is left out
Tree = dict[str, Any]  # arrays, or records, by the names of layers
Rng = np.random.Generator | None
_IntOrPair = int | Pair
_Padding = str | int | Pair
_Run = Callable[[str, Any], Any]


class Parameter(NamedTuple):
    """What a layer says of one of its arrays.

    Attributes
    ----------
    shape : tuple of int
    start : str or float
        "zeros" or "ones"; for weights "he", "lecun", "glorot" or the deviation of a normal
        distribution.
    trained : bool
        Whether a gradient moves it.
    """

    shape: Shape
    start: str | float
    trained: bool = True


class Layer(ABC):
    """One step of a network, forward and backward; what has no parameters keeps the shape.

    To write a layer of your own, derive a frozen dataclass and give it `forward` and `backward`,
    and the other methods where they differ from these.
    """

    def parameters(self, input_shape: Shape) -> Tree:
        """Return a `Parameter` for each array that the layer needs, by name."""
        return {}

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of one output. Nothing is computed."""
        return input_shape

    @abstractmethod
    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[Any, Any]:
        """Return the output, and a cache of what the way back needs."""

    @abstractmethod
    def backward(self, dy: Any, params: Tree, cache: Any) -> tuple[FloatArray, Tree]:
        """Return the slopes in the input, and those in the trained parameters by name."""

    def children(self) -> dict[str, "Layer"]:
        """Return the layers that this one is made of, by name."""
        return {}

    def input_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """Return the shape that each child is given."""
        return {}

    def renew(self, params: Tree, cache: Any) -> Tree:
        """Return the parameters with those renewed that a batch, and not a gradient, changes."""
        return params

    def multiply_adds(self, input_shape: Shape) -> int:
        """Return how many products are summed for one example."""
        return 0

    def values(self, input_shape: Shape) -> int:
        """Return how many new numbers one example makes; 0 where the input can be written over."""
        return math.prod(self.output_shape(input_shape))


# -- Layers with weights


@dataclass(frozen=True)
class Dense(Layer):
    r"""Every input times a weight for every unit: a fully connected layer.

    .. math:: Y = X \Theta + b

    Parameters
    ----------
    units : int
        Outputs, at least 1.
    bias : bool, default True
    start : str or float, default "he"
        How the weights start: a name of `textbook.initialization`, or a deviation.
    """

    units: int
    bias: bool = True
    start: str | float = "he"

    def __post_init__(self) -> None:
        check_count("units", self.units, at_least=1)
        _check_start(self.start)

    def parameters(self, input_shape: Shape) -> Tree:
        _check_axes(input_shape, "d")
        return _weights_and_bias((*input_shape, self.units), self.start, self.bias)

    def output_shape(self, input_shape: Shape) -> Shape:
        _check_axes(input_shape, "d")
        return (self.units,)

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, FloatArray]:
        weights = params["weights"]
        if x.shape[1:] != weights.shape[:1]:
            raise ValueError(f"x must have shape (m, {len(weights)}), got {x.shape}")

        y = x @ weights
        return y + params["bias"] if self.bias else y, x

    def backward(
        self, dy: FloatArray, params: Tree, cache: FloatArray
    ) -> tuple[FloatArray, Tree]:
        gradients = {"weights": cache.T @ dy}
        if self.bias:
            gradients["bias"] = dy.sum(axis=0)
        return dy @ params["weights"].T, gradients

    def multiply_adds(self, input_shape: Shape) -> int:
        return input_shape[0] * self.units


@dataclass(frozen=True)
class Conv2D(Layer):
    r"""The same small weights at every place of an image, by `textbook.convolution.conv2d`.

    .. math:: y_{nijo} = b_o + \sum_{k,\,l,\,c} w_{klco}\, x_{n,\, i s + k,\, j s + l,\, c}

    Parameters
    ----------
    filters : int
        Channels of the output, at least 1.
    kernel_size : int or (rows, columns)
    stride : int or (rows, columns), default 1
    padding : "SAME", "VALID", int or (rows, columns), default "VALID"
    dilation : int or (rows, columns), default 1
    groups : int, default 1
    bias : bool, default True
    start : str or float, default "he"
    """

    filters: int
    kernel_size: _IntOrPair
    stride: _IntOrPair = 1
    padding: _Padding = "VALID"
    dilation: _IntOrPair = 1
    groups: int = 1
    bias: bool = True
    start: str | float = "he"

    def __post_init__(self) -> None:
        check_count("filters", self.filters, at_least=1)
        check_count("groups", self.groups, at_least=1)
        if self.filters % self.groups:
            raise ValueError(
                f"groups must divide the {self.filters} filters, got {self.groups}"
            )
        as_pair("dilation", self.dilation, 1)
        _check_windows(self.kernel_size, self.stride, self.padding)
        _check_start(self.start)

    def parameters(self, input_shape: Shape) -> Tree:
        _check_axes(input_shape, "H W C")
        channels = input_shape[2]
        if channels % self.groups:
            raise ValueError(
                f"groups must divide the {channels} channels, got {self.groups}"
            )
        kernel = as_pair("kernel_size", self.kernel_size, 1)
        shape = (*kernel, channels // self.groups, self.filters)
        return _weights_and_bias(shape, self.start, self.bias)

    def output_shape(self, input_shape: Shape) -> Shape:
        sides = _output_sides(
            input_shape, self.kernel_size, self.padding, self.stride, self.dilation
        )
        self.parameters(input_shape)  # the channels have to fit as well
        return (*sides, self.filters)

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, FloatArray]:
        bias = params["bias"] if self.bias else None
        return conv2d(x, params["weights"], bias, *self._windows()), x

    def backward(
        self, dy: FloatArray, params: Tree, cache: FloatArray
    ) -> tuple[FloatArray, Tree]:
        dx, dw, db = conv2d_backward(dy, cache, params["weights"], *self._windows())
        return dx, {"weights": dw, "bias": db} if self.bias else {"weights": dw}

    def multiply_adds(self, input_shape: Shape) -> int:
        rows, columns, _ = self.output_shape(input_shape)
        shape: Shape = self.parameters(input_shape)["weights"].shape
        return rows * columns * math.prod(shape)

    def _windows(self) -> tuple[_IntOrPair, _Padding, _IntOrPair, int]:
        return self.stride, self.padding, self.dilation, self.groups


@dataclass(frozen=True)
class BatchNorm(Layer):
    r"""Each feature or channel by the moments of its batch, or in inference by running ones.

    .. math:: y = \gamma\, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta

    The running mean starts at 0 and the running variance at 1. They belong to the parameters, no
    gradient moves them, and `renew` carries them on from the cache of a training step.

    Parameters
    ----------
    momentum : float, default 0.9
        The share of the old that is kept, as in `textbook.normalization.update_running`.
    epsilon : float above 0, default 1e-05
    """

    momentum: float = 0.9
    epsilon: float = 1e-5

    def __post_init__(self) -> None:
        check_number("momentum", self.momentum, at_least=0, at_most=1)
        check_number("epsilon", self.epsilon, above=0)

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) not in (1, 3):
            raise ValueError(f"input must be (d,) or (H, W, C), got {input_shape}")
        return input_shape

    def parameters(self, input_shape: Shape) -> Tree:
        shape = self.output_shape(input_shape)[-1:]
        return {
            "gamma": Parameter(shape, "ones"),
            "beta": Parameter(shape, "zeros"),
            "mean": Parameter(shape, "zeros", trained=False),
            "variance": Parameter(shape, "ones", trained=False),
        }

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, Any]:
        gamma, beta = params["gamma"], params["beta"]
        if training:
            y, mean, variance = batch_norm(x, gamma, beta, self.epsilon)
        else:
            mean, variance = params["mean"], params["variance"]
            y = batch_norm_inference(x, gamma, beta, mean, variance, self.epsilon)
        return y, (training, x, mean, variance)

    def backward(
        self, dy: FloatArray, params: Tree, cache: Any
    ) -> tuple[FloatArray, Tree]:
        training, x, mean, variance = cache
        way = batch_norm_backward if training else batch_norm_inference_backward
        dx, dgamma, dbeta = way(dy, x, params["gamma"], mean, variance, self.epsilon)
        return dx, {"gamma": dgamma, "beta": dbeta}

    def renew(self, params: Tree, cache: Any) -> Tree:
        training, x, mean, variance = cache
        if not training:
            return params
        count = x.size // x.shape[-1]
        mean, variance = update_running(
            params["mean"], params["variance"], mean, variance, count, self.momentum
        )
        return {**params, "mean": mean, "variance": variance}


# -- Layers without weights


class _InPlace(Layer):
    """A layer whose output takes the place of its input."""

    def values(self, input_shape: Shape) -> int:
        return 0


@dataclass(frozen=True)
class Identity(_InPlace):
    """Nothing: the shortcut of a residual block, and the old features in a dense one."""

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, None]:
        return x, None

    def backward(
        self, dy: FloatArray, params: Tree, cache: None
    ) -> tuple[FloatArray, Tree]:
        return dy, {}


class _Bend(_InPlace):
    """A function of each number by itself; `derivative` is its slope, told from the input."""

    function: Callable[[FloatArray], FloatArray]
    derivative: Callable[[FloatArray], FloatArray]

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, FloatArray]:
        return self.function(x), x

    def backward(
        self, dy: FloatArray, params: Tree, cache: FloatArray
    ) -> tuple[FloatArray, Tree]:
        return dy * self.derivative(cache), {}


@dataclass(frozen=True)
class ReLU(_Bend):
    """What is above 0, by `textbook.activations.relu`."""

    function = staticmethod(relu)
    derivative = staticmethod(relu_derivative)


@dataclass(frozen=True)
class Sigmoid(_Bend):
    """Between 0 and 1, by `textbook.activations.sigmoid`."""

    function = staticmethod(sigmoid)
    derivative = staticmethod(sigmoid_derivative)


@dataclass(frozen=True)
class Tanh(_Bend):
    """Between -1 and 1, by `textbook.activations.tanh`."""

    function = staticmethod(tanh)
    derivative = staticmethod(tanh_derivative)


@dataclass(frozen=True)
class LeakyReLU(_Bend):
    """A small share of what is below 0 as well, by `textbook.activations.leaky_relu`.

    Parameters
    ----------
    negative_slope : float, default 0.01
    """

    negative_slope: float = 0.01

    def __post_init__(self) -> None:
        check_number("negative_slope", self.negative_slope)

    def function(self, z: FloatArray) -> FloatArray:
        return leaky_relu(z, self.negative_slope)

    def derivative(self, z: FloatArray) -> FloatArray:
        return leaky_relu_derivative(z, self.negative_slope)


@dataclass(frozen=True)
class Flatten(_InPlace):
    """Each image as one row: rows first, then columns, then channels."""

    def output_shape(self, input_shape: Shape) -> Shape:
        return (math.prod(input_shape),)

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, Shape]:
        return x.reshape(len(x), -1), x.shape

    def backward(
        self, dy: FloatArray, params: Tree, cache: Shape
    ) -> tuple[FloatArray, Tree]:
        return dy.reshape(cache), {}


@dataclass(frozen=True)
class Dropout(_InPlace):
    """In training some activations set to 0 by chance, by `textbook.regularization.dropout`.

    Parameters
    ----------
    keep_prob : float
        The probability that a number is kept: above 0, at most 1.
    """

    keep_prob: float

    def __post_init__(self) -> None:
        check_number("keep_prob", self.keep_prob, above=0, at_most=1)

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, Any]:
        if not training:
            return x, None
        if rng is None:
            raise TypeError(
                "rng must be a numpy.random.Generator where dropout is trained, got None"
            )
        return dropout(x, self.keep_prob, rng)

    def backward(
        self, dy: FloatArray, params: Tree, cache: Any
    ) -> tuple[FloatArray, Tree]:
        if cache is None:
            return dy, {}
        return dropout_backward(dy, cache, self.keep_prob), {}


@dataclass(frozen=True)
class LocalResponseNorm(Layer):
    """A value beside its neighbors, by `textbook.normalization.local_response_norm`.

    Parameters
    ----------
    k : float above 0, default 2.0
    n : int, default 5
    alpha : float, default 0.0001
    beta : float, default 0.75
    """

    k: float = 2.0
    n: int = 5
    alpha: float = 1e-4
    beta: float = 0.75

    def __post_init__(self) -> None:
        local_response_norm([0.0], *self._settings())  # which checks them

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, FloatArray]:
        return local_response_norm(x, *self._settings()), x

    def backward(
        self, dy: FloatArray, params: Tree, cache: FloatArray
    ) -> tuple[FloatArray, Tree]:
        return local_response_norm_backward(dy, cache, *self._settings()), {}

    def _settings(self) -> tuple[float, int, float, float]:
        return self.k, self.n, self.alpha, self.beta


@dataclass(frozen=True)
class _Pool2D(Layer):
    """One number for each window of a channel."""

    kernel_size: _IntOrPair
    stride: _IntOrPair | None = None
    padding: _Padding = "VALID"

    def __post_init__(self) -> None:
        _check_windows(self.kernel_size, self.stride, self.padding, pooled=True)

    def output_shape(self, input_shape: Shape) -> Shape:
        stride = self.kernel_size if self.stride is None else self.stride
        sides = _output_sides(input_shape, self.kernel_size, self.padding, stride)
        return (*sides, input_shape[2])

    def _windows(self) -> tuple[_IntOrPair, _IntOrPair | None, _Padding]:
        return self.kernel_size, self.stride, self.padding


@dataclass(frozen=True)
class MaxPool2D(_Pool2D):
    """The largest number of each window, by `textbook.pooling.max_pool2d`.

    Parameters
    ----------
    kernel_size : int or (rows, columns)
    stride : int or (rows, columns), optional
        That of the kernel unless told otherwise.
    padding : "SAME", "VALID", int or (rows, columns), default "VALID"
    """

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, FloatArray]:
        return max_pool2d(x, *self._windows()), x

    def backward(
        self, dy: FloatArray, params: Tree, cache: FloatArray
    ) -> tuple[FloatArray, Tree]:
        return max_pool2d_backward(dy, cache, *self._windows()), {}


@dataclass(frozen=True)
class AveragePool2D(_Pool2D):
    """The mean of each window, by `textbook.pooling.average_pool2d`.

    Parameters
    ----------
    kernel_size : int or (rows, columns)
    stride : int or (rows, columns), optional
        That of the kernel unless told otherwise.
    padding : "SAME", "VALID", int or (rows, columns), default "VALID"
    """

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, Shape]:
        return average_pool2d(x, *self._windows()), x.shape

    def backward(
        self, dy: FloatArray, params: Tree, cache: Shape
    ) -> tuple[FloatArray, Tree]:
        return average_pool2d_backward(dy, cache, *self._windows()), {}


@dataclass(frozen=True)
class GlobalAveragePool(Layer):
    """The mean of each channel, by `textbook.pooling.global_average_pool`."""

    def output_shape(self, input_shape: Shape) -> Shape:
        _check_axes(input_shape, "H W C")
        return input_shape[2:]

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[FloatArray, Shape]:
        return global_average_pool(x), x.shape

    def backward(
        self, dy: FloatArray, params: Tree, cache: Shape
    ) -> tuple[FloatArray, Tree]:
        return global_average_pool_backward(dy, cache), {}


# -- Layers made of layers


class Composite(Layer):
    """Layers joined into one. What differs is how a number flows through them, and back."""

    @abstractmethod
    def flow(self, run: _Run, x: Any) -> tuple[Any, Any]:
        """Return the output, and how it was joined; `run(name, x)` is what a child makes of x."""

    @abstractmethod
    def flow_back(self, back: _Run, dy: Any, joined: Any) -> FloatArray:
        """Return dx; `back(name, dy)` is what a child sends back."""

    def parameters(self, input_shape: Shape) -> Tree:
        shapes = self.input_shapes(input_shape)
        trees = {}
        for name, child in self.children().items():
            with _in_layer(name):
                trees[name] = child.parameters(shapes[name])
        return {name: tree for name, tree in trees.items() if tree}

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[Any, Any]:
        caches, children = {}, self.children()

        def run(name: str, x: FloatArray) -> Any:
            with _in_layer(name):
                y, caches[name] = children[name].forward(
                    _part(params, name), x, training=training, rng=rng
                )
            return y

        y, joined = self.flow(run, x)
        return y, (caches, joined)

    def backward(self, dy: Any, params: Tree, cache: Any) -> tuple[FloatArray, Tree]:
        (caches, joined), gradients, children = cache, {}, self.children()

        def back(name: str, dy: Any) -> FloatArray:
            with _in_layer(name):
                dx, gradients[name] = children[name].backward(
                    dy, _part(params, name), caches[name]
                )
            return dx

        dx = self.flow_back(back, dy, joined)
        return dx, {name: gradients[name] for name in children if gradients.get(name)}

    def renew(self, params: Tree, cache: Any) -> Tree:
        caches, children = cache[0], self.children()
        renewed = {}
        for name, part in params.items():
            with _in_layer(name):
                renewed[name] = children[name].renew(part, caches[name])
        return renewed

    def multiply_adds(self, input_shape: Shape) -> int:
        shapes = self.input_shapes(input_shape)
        return sum(
            child.multiply_adds(shapes[name]) for name, child in self.children().items()
        )

    def values(self, input_shape: Shape) -> int:
        shapes = self.input_shapes(input_shape)
        return sum(
            child.values(shapes[name]) for name, child in self.children().items()
        )


@dataclass(frozen=True, init=False, repr=False, eq=False)
class _Named(Composite):
    """Layers given in order, or by name; what has no name is numbered by its kind."""

    layers: dict[str, Layer]

    def __init__(self, *layers: Layer, **named: Layer) -> None:
        object.__setattr__(self, "layers", _with_names(layers, named))

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}={layer!r}" for name, layer in self.layers.items())
        return f"{type(self).__name__}({parts})"

    def __eq__(self, other: object) -> bool:
        # two dicts are equal in any order, two networks are not
        return type(other) is type(self) and repr(other) == repr(self)

    def __hash__(self) -> int:
        return hash(repr(self))

    def children(self) -> dict[str, Layer]:
        return self.layers


class Sequential(_Named):
    """Layers one after the other, each on what the last one made.

    Parameters
    ----------
    *layers : Layer
        Without a name: the second ReLU of such a row is called relu_2.
    **named : Layer
        ``conv1=Conv2D(6, 5)``: its weights are then ``params["conv1"]["weights"]``.
    """

    def input_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        shapes = {}
        for name, layer in self.layers.items():
            shapes[name] = _check_single(input_shape)
            with _in_layer(name):
                input_shape = layer.output_shape(input_shape)
        return shapes

    def output_shape(self, input_shape: Shape) -> Shape:
        last, shape = list(self.input_shapes(input_shape).items())[-1]
        return self.layers[last].output_shape(shape)

    def flow(self, run: _Run, x: Any) -> tuple[Any, None]:
        for name in self.layers:
            x = run(name, x)
        return x, None

    def flow_back(self, back: _Run, dy: Any, joined: None) -> FloatArray:
        for name in reversed(self.layers):
            dy = back(name, dy)
        slopes: FloatArray = dy
        return slopes


class _Parallel(Composite):
    """Layers side by side, all on the same input."""

    def input_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        return dict.fromkeys(self.children(), input_shape)

    def output_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        shapes = {}
        for name, child in self.children().items():
            with _in_layer(name):
                shapes[name] = child.output_shape(input_shape)
        return shapes


@dataclass(frozen=True)
class Residual(_Parallel):
    r"""The sum of two ways, and nothing else: no activation is hidden in it.

    .. math:: y = F(x) + S(x)

    Parameters
    ----------
    main : Layer
    shortcut : Layer, default Identity()
        `Identity`, or a projection where the shapes differ.
    """

    main: Layer
    shortcut: Layer = Identity()

    def __post_init__(self) -> None:
        _check_layer("main", self.main)
        _check_layer("shortcut", self.shortcut)

    def children(self) -> dict[str, Layer]:
        return {"main": self.main, "shortcut": self.shortcut}

    def output_shape(self, input_shape: Shape) -> Shape:
        shapes = self.output_shapes(input_shape)
        _check_single(shapes["main"])
        if shapes["main"] != shapes["shortcut"]:
            raise ValueError(
                f"shortcut must have the output shape of main, {shapes['main']}, "
                f"got {shapes['shortcut']}"
            )
        return shapes["main"]

    def flow(self, run: _Run, x: Any) -> tuple[Any, None]:
        return run("main", x) + run("shortcut", x), None

    def flow_back(self, back: _Run, dy: Any, joined: None) -> FloatArray:
        dx: FloatArray = back("main", dy) + back("shortcut", dy)
        return dx


class Concatenate(_Named, _Parallel):
    """Branches side by side on one input, their channels joined: an Inception module.

    ``Concatenate(Identity(), H)`` is a step of a DenseNet: H's channels beside the old ones. It
    copies the old features at each step.

    Parameters
    ----------
    *layers : Layer
        Without a name, numbered as in `Sequential`.
    **named : Layer
    """

    def output_shape(self, input_shape: Shape) -> Shape:
        shapes = [_check_single(s) for s in self.output_shapes(input_shape).values()]
        if any(shape[:-1] != shapes[0][:-1] for shape in shapes):
            raise ValueError(
                f"layers must give images of one size to be joined, got {shapes}"
            )
        return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))

    def flow(self, run: _Run, x: Any) -> tuple[Any, list[int]]:
        outputs = [run(name, x) for name in self.layers]
        return np.concatenate(outputs, axis=-1), [y.shape[-1] for y in outputs]

    def flow_back(self, back: _Run, dy: Any, joined: list[int]) -> FloatArray:
        parts = np.split(dy, np.cumsum(joined[:-1]), axis=-1)
        return _total(back(*part) for part in zip(self.layers, parts, strict=True))


class Heads(_Named, _Parallel):
    """Branches side by side that stay apart: their outputs are a tuple.

    It ends a network that answers more than once, as GoogLeNet does in training.

    Parameters
    ----------
    *layers : Layer
        Without a name, numbered as in `Sequential`.
    **named : Layer
    """

    def output_shape(self, input_shape: Shape) -> Any:
        return tuple(self.output_shapes(input_shape).values())

    def flow(self, run: _Run, x: Any) -> tuple[Any, None]:
        return tuple(run(name, x) for name in self.layers), None

    def flow_back(self, back: _Run, dy: Any, joined: None) -> FloatArray:
        return _total(back(*part) for part in zip(self.layers, dy, strict=True))


@dataclass(frozen=True)
class Frozen(Layer):
    """A layer that is not trained: always in inference mode, and its weights stand still.

    Its parameters have the names that they have without it, so trained ones fit in.

    Parameters
    ----------
    layer : Layer
    """

    layer: Layer

    def __post_init__(self) -> None:
        _check_layer("layer", self.layer)

    def parameters(self, input_shape: Shape) -> Tree:
        records = self.layer.parameters(input_shape)
        return _mapped(lambda record: record._replace(trained=False), records)

    def output_shape(self, input_shape: Shape) -> Shape:
        return self.layer.output_shape(input_shape)

    def children(self) -> dict[str, Layer]:
        return {name: Frozen(layer) for name, layer in self.layer.children().items()}

    def input_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        return self.layer.input_shapes(input_shape)

    def forward(
        self, params: Tree, x: FloatArray, *, training: bool = False, rng: Rng = None
    ) -> tuple[Any, Any]:
        return self.layer.forward(params, x, training=False)

    def backward(self, dy: Any, params: Tree, cache: Any) -> tuple[FloatArray, Tree]:
        dx, _ = self.layer.backward(dy, params, cache)
        return dx, {}

    def multiply_adds(self, input_shape: Shape) -> int:
        return self.layer.multiply_adds(input_shape)

    def values(self, input_shape: Shape) -> int:
        return self.layer.values(input_shape)


# -- Trees of parameters


def initialize(
    layer: Layer,
    rng: np.random.Generator,
    input_shape: Sequence[int],
    dtype: DTypeLike = "float32",
) -> Tree:
    r"""Draw the first weights of a layer or of a whole network, as its records say.

    .. math:: w \sim \mathcal{N}(0, s^2), \qquad b = 0, \qquad
        s = \sqrt{2 / n_\text{in}} \text{ unless told otherwise}

    Parameters
    ----------
    layer : Layer
    rng : numpy.random.Generator
    input_shape : sequence of int
        Of one example: (d,) or (H, W, C).
    dtype : data-type, default "float32"

    Returns
    -------
    dict
        Arrays by name, nested as the layers are. Layers without parameters are left out.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the layers do not fit the shape or one another, or `dtype` holds no floats.

    References
    ----------
    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers.

    Examples
    --------
    A kernel of 3 x 3 sums 9 products for each of 50 channels, so its deviation is that of
    450 inputs, sqrt(2/450) = 0.0667:

    >>> import numpy as np
    >>> from textbook.network import Conv2D, initialize
    >>> params = initialize(Conv2D(100, 3), np.random.default_rng(0), input_shape=(8, 8, 50))
    >>> round(float(params["weights"].std()), 4), params["weights"].dtype.name
    (0.0668, 'float32')
    """
    layer, input_shape = _check_layer("layer", layer), _check_shape(input_shape)
    check_generator(rng)
    dtype = _check_dtype(dtype)

    records = _records(layer, input_shape)
    return _mapped(lambda record: _first(record, rng).astype(dtype), records)


def named_parameters(params: Tree) -> dict[str, FloatArray]:
    r"""Return the arrays of a tree under one name each, the names of its branches joined by dots.

    .. math:: \theta[\text{conv1}][\text{weights}] \to \theta[\text{conv1.weights}]

    Parameters
    ----------
    params : dict
        Arrays by name, nested.

    Returns
    -------
    dict
        The same arrays, not copied, in the order of the layers.

    Raises
    ------
    TypeError
        If `params` is not made of dicts and arrays.
    ValueError
        If a name is empty or has a dot in it.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.network import Dense, ReLU, Sequential, initialize, named_parameters
    >>> network = Sequential(Dense(8), ReLU(), Dense(2, bias=False))
    >>> params = initialize(network, np.random.default_rng(0), input_shape=(5,))
    >>> {name: array.shape for name, array in named_parameters(params).items()}
    {'dense_1.weights': (5, 8), 'dense_1.bias': (8,), 'dense_2.weights': (8, 2)}
    """
    return dict(_leaves("params", params))


def nested_parameters(named: Mapping[str, ArrayLike]) -> Tree:
    r"""Return the tree that `named_parameters` was given.

    .. math:: \theta[\text{conv1.weights}] \to \theta[\text{conv1}][\text{weights}]

    Parameters
    ----------
    named : dict
        Arrays by names with dots.

    Returns
    -------
    dict
        The arrays, nested.

    Raises
    ------
    TypeError
        If `named` is not a dict, or does not hold real numbers.
    ValueError
        If a part of a name is empty, or a name is that of an array and of a branch.

    Examples
    --------
    >>> from textbook.network import nested_parameters
    >>> tree = nested_parameters({"conv1.bias": [0.5], "fc.bias": [1.0, 2.0]})
    >>> {layer: part["bias"].tolist() for layer, part in tree.items()}
    {'conv1': [0.5], 'fc': [1.0, 2.0]}
    """
    if not isinstance(named, Mapping):
        raise TypeError(f"named must be a dict, got {named!r:.60}")
    tree: Tree = {}
    for name, value in named.items():
        *branches, last = _check_name(name)
        place = tree
        for branch in branches:
            place = place.setdefault(branch, {})
            if not isinstance(place, dict):
                raise ValueError(f"named must not use {branch!r} twice, got {name!r}")
        if last in place:
            raise ValueError(f"named must not use {last!r} twice, got {name!r}")
        place[last] = as_float_array(f"named[{name!r}]", value)
    return tree


def save_parameters(path: str | Path, params: Tree) -> None:
    r"""Write the arrays of a tree into an .npz file, under the names of `named_parameters`.

    .. math:: \theta \to \text{file}

    Parameters
    ----------
    path : str or Path
        The file's name, ending in .npz.
    params : dict
        Arrays by name, nested.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `path` has another ending, or a name in `params` is empty or has a dot in it.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from textbook.network import load_parameters, save_parameters
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_parameters(f"{folder}/w.npz", {"conv1": {"bias": np.array([1.5, 2.5])}})
    ...     load_parameters(f"{folder}/w.npz")["conv1"]["bias"].tolist()
    [1.5, 2.5]
    """
    path = _check_path(path)
    np.savez_compressed(path, allow_pickle=False, **dict(_leaves("params", params)))


def load_parameters(path: str | Path) -> Tree:
    r"""Read a tree that `save_parameters` wrote.

    .. math:: \text{file} \to \theta

    Parameters
    ----------
    path : str or Path
        The file's name, ending in .npz.

    Returns
    -------
    dict
        Arrays by name, nested. `check_parameters` tells whether a network can use them.

    Raises
    ------
    TypeError
        If `path` is no path.
    ValueError
        If `path` has another ending, or its file is none of that kind.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from textbook.network import load_parameters, save_parameters
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_parameters(f"{folder}/w.npz", {"fc": {"weights": np.float32([[1, 2]])}})
    ...     load_parameters(f"{folder}/w.npz")["fc"]["weights"].dtype.name
    'float32'
    """
    path = _check_path(path)
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return nested_parameters(dict(file))
    except (AttributeError, EOFError, TypeError, ValueError, BadZipFile) as wrong:
        raise ValueError(
            f"path must lead to arrays that were saved, got {str(path)!r:.80}"
        ) from wrong


def check_parameters(layer: Layer, params: Tree, input_shape: Sequence[int]) -> None:
    r"""Raise unless the arrays are those that a network needs, by name and by shape.

    .. math:: \operatorname{shape}(\theta_k) = \text{what layer } k \text{ says}

    Parameters
    ----------
    layer : Layer
    params : dict
        Arrays by name, nested.
    input_shape : sequence of int

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If an array is missing, has another shape or is not used, or the layers do not fit
        `input_shape`.

    Examples
    --------
    Weights for 5 inputs, and a network that has 6:

    >>> import numpy as np
    >>> from textbook.network import Dense, Sequential, check_parameters, initialize
    >>> network = Sequential(scores=Dense(2))
    >>> params = initialize(network, np.random.default_rng(0), input_shape=(5,))
    >>> check_parameters(network, params, input_shape=(5,))
    >>> check_parameters(network, params, input_shape=(6,))
    Traceback (most recent call last):
    ValueError: params must have (6, 2) for 'scores.weights', got shape (5, 2)
    """
    layer, input_shape = _check_layer("layer", layer), _check_shape(input_shape)
    wanted = dict(_leaves("records", _records(layer, input_shape), Parameter))
    given = dict(_leaves("params", params))
    for name, record in wanted.items():
        if name not in given:
            raise ValueError(f"params must hold {name!r}, got {_some(given)}")
        if given[name].shape != record.shape:
            raise ValueError(
                f"params must have {record.shape} for {name!r}, got shape {given[name].shape}"
            )
    for name in given:
        if name not in wanted:
            raise ValueError(
                f"params must hold only what is used, {_some(wanted)}, got {name!r}"
            )


def to_pytorch(
    layer: Layer, params: Tree, input_shape: Sequence[int]
) -> dict[str, FloatArray]:
    r"""Return the arrays by PyTorch's names and in its order of axes: a state dict, as arrays.

    .. math:: w_{klco} \to w_{ockl}, \qquad \theta_{io} \to \theta_{o\,\pi(i)}

    The permutation stands before a dense layer on a flattened image. Here the channels of a pixel
    lie side by side in such a row, in PyTorch the pixels of a channel.

    Parameters
    ----------
    layer : Layer
    params : dict
        Arrays by name, nested.
    input_shape : sequence of int
        Of one example: (d,) or (H, W, C).

    Returns
    -------
    dict
        Copies of the arrays under names like ``conv1.weight`` and ``bn1.running_mean``. Each is
        given to `torch.from_numpy` before `load_state_dict` takes the dict, and the module's
        parts have to be named as the layers are.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, or `layer` is made of layers in a way that is not known
        here.
    ValueError
        If the arrays are not those that `layer` needs, or have names of which PyTorch's is not
        known.

    Examples
    --------
    An image of 2 x 1 pixels with two channels, in a row: both channels of the first pixel, then
    both of the second. PyTorch wants the first channel of both pixels first.

    >>> import numpy as np
    >>> from textbook.network import Dense, Flatten, Sequential, to_pytorch
    >>> network = Sequential(flat=Flatten(), fc=Dense(1))
    >>> params = {"fc": {"weights": np.array([[1.0], [1.5], [2.0], [2.5]]), "bias": np.zeros(1)}}
    >>> state = to_pytorch(network, params, input_shape=(2, 1, 2))
    >>> {name: array.tolist() for name, array in state.items()}
    {'fc.weight': [[1.0, 2.0, 1.5, 2.5]], 'fc.bias': [0.0]}
    """
    check_parameters(layer, params, input_shape)
    places = _in_pytorch(layer, _check_shape(input_shape))

    arrays = named_parameters(params).items()
    moved = {
        places[name].name: array[places[name].order].transpose(places[name].axes)
        for name, array in arrays
    }
    # copies: PyTorch trains in place, and must not write into the tree
    return {name: np.array(array, order="C") for name, array in moved.items()}


def from_pytorch(
    layer: Layer, state: Mapping[str, ArrayLike], input_shape: Sequence[int]
) -> Tree:
    r"""Return the tree of parameters that a state dict of PyTorch holds.

    .. math:: w_{ockl} \to w_{klco}, \qquad \theta_{o\,\pi(i)} \to \theta_{io}

    It takes back what `to_pytorch` did, exactly.

    Parameters
    ----------
    layer : Layer
        The network that will use the parameters, its layers named as the parts of the module.
    state : mapping of str to array_like
        What ``state_dict()`` gives, on the CPU. Counts of batches that batch normalization has seen
        are passed over.
    input_shape : sequence of int
        Of one example: (d,) or (H, W, C).

    Returns
    -------
    dict
        Copies of the arrays by name, nested.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, or `layer` is made of layers in a way that is not known
        here.
    ValueError
        If an array is missing, has another shape or is not used, or the layers do not fit
        `input_shape`.

    Examples
    --------
    One filter of 1 x 3 on two channels. In PyTorch the channel comes before row and column:

    >>> import numpy as np
    >>> from textbook.network import Conv2D, Sequential, from_pytorch
    >>> network = Sequential(conv1=Conv2D(1, (1, 3), bias=False))
    >>> state = {"conv1.weight": np.array([[[[1, 2, 3]], [[4, 5, 6]]]])}
    >>> params = from_pytorch(network, state, input_shape=(8, 8, 2))
    >>> params["conv1"]["weights"][:, :, :, 0].tolist()
    [[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]]
    """
    layer, input_shape = _check_layer("layer", layer), _check_shape(input_shape)
    places = _in_pytorch(layer, input_shape)
    given = _check_state(state, [place.name for place in places.values()])

    named = {}
    for name, (of_pytorch, shape, order, axes) in places.items():
        array = given[of_pytorch]
        if array.shape != shape:
            raise ValueError(
                f"state must have {shape} for {of_pytorch!r}, got shape {array.shape}"
            )
        array = array.transpose(np.argsort(axes))
        named[name] = np.array(array[np.argsort(order)], order="C")
    return nested_parameters(named)


# -- Looking at a network


class Row(NamedTuple):
    """One layer in a `summary`.

    Attributes
    ----------
    name : str
        Where it stands, dots between the names of branches.
    kind : str
        The layer's class.
    output : tuple of int
        The shape of one output.
    values : int
        New numbers for one example.
    parameters : int
        Trained or not.
    multiply_adds : int
        For one example.
    """

    name: str
    kind: str
    output: Any
    values: int
    parameters: int
    multiply_adds: int


class Summary(NamedTuple):
    """A network as a table; printed, it is one.

    Attributes
    ----------
    rows : tuple of Row
        One for the input, and one for each layer.
    trained : int
        How many parameters a gradient moves.
    itemsize : int
        Bytes of one number.
    """

    rows: tuple[Row, ...]
    trained: int
    itemsize: int

    @property
    def parameters(self) -> int:
        """All parameters, those that no gradient moves included."""
        return sum(row.parameters for row in self.rows)

    @property
    def values(self) -> int:
        """The numbers that one example fills, its pixels included."""
        return sum(row.values for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Products that are summed for one example."""
        return sum(row.multiply_adds for row in self.rows)

    def __str__(self) -> str:
        head = (
            "layer",
            "kind",
            "output",
            "values",
            "bytes",
            "parameters",
            "multiply-adds",
        )
        table = [head, *(self._cells(row) for row in self.rows)]
        total = Row("total", "", "", self.values, self.parameters, self.multiply_adds)
        table.append(self._cells(total))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = []
        for cells in table:
            words = [
                cell.ljust(width)
                for cell, width in zip(cells[:3], widths, strict=False)
            ]
            numbers = [
                cell.rjust(width)
                for cell, width in zip(cells[3:], widths[3:], strict=True)
            ]
            lines.append("  ".join([*words, *numbers]))
        return "\n".join(lines)

    def _cells(self, row: Row) -> tuple[str, ...]:
        shape = row.output
        output = shape if isinstance(shape, str) else " x ".join(map(str, shape))
        numbers = (
            row.values,
            self.itemsize * row.values,
            row.parameters,
            row.multiply_adds,
        )
        return row.name, row.kind, output, *(f"{n:,}" for n in numbers)


def summary(
    layer: Layer, input_shape: Sequence[int], dtype: DTypeLike = "float32"
) -> Summary:
    r"""Count what a network has and does, from shapes alone: no array is made.

    .. math:: \text{parameters} = \sum_k \prod \operatorname{shape}(\theta_k), \qquad
        \text{multiply-adds of a convolution} = H_\text{out} W_\text{out}\, K L C\, O

    Parameters
    ----------
    layer : Layer
    input_shape : sequence of int
        Of one example: (d,) or (H, W, C).
    dtype : data-type, default "float32"
        Of the values, for the bytes.

    Returns
    -------
    Summary
        Printed, it is a table. A layer whose output can be written over its input counts no
        values: an activation, dropout, the flattened image.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the layers do not fit the shape or one another, or `dtype` holds no floats.

    Examples
    --------
    >>> from textbook.network import Conv2D, Dense, Flatten, ReLU, Sequential, summary
    >>> network = Sequential(conv1=Conv2D(4, 3), relu1=ReLU(), flat=Flatten(), scores=Dense(10))
    >>> print(summary(network, input_shape=(8, 8, 1)))
    layer   kind     output     values  bytes  parameters  multiply-adds
    input            8 x 8 x 1      64    256           0              0
    conv1   Conv2D   6 x 6 x 4     144    576          40          1,296
    relu1   ReLU     6 x 6 x 4       0      0           0              0
    flat    Flatten  144             0      0           0              0
    scores  Dense    10             10     40       1,450          1,440
    total                          218    872       1,490          2,736
    """
    layer, input_shape = _check_layer("layer", layer), _check_shape(input_shape)
    dtype = _check_dtype(dtype)

    records = [leaf for _, leaf in _leaves("", _records(layer, input_shape), Parameter)]
    trained = sum(math.prod(record.shape) for record in records if record.trained)
    first = Row("input", "", input_shape, math.prod(input_shape), 0, 0)
    rows = (first, *_rows(layer, input_shape, ""))
    return Summary(rows, trained, dtype.itemsize)


def trace(
    layer: Layer,
    params: Tree,
    x: ArrayLike,
    training: bool = False,
    rng: np.random.Generator | None = None,
) -> dict[str, FloatArray]:
    r"""Return what each layer makes of a batch, by the layer's name.

    .. math:: a^{(l)} = f_l(a^{(l - 1)}), \qquad a^{(0)} = x

    Parameters
    ----------
    layer : Layer
    params : dict
        Arrays by name, nested.
    x : array_like of shape (m, d) or (m, H, W, C)
    training : bool, default False
    rng : numpy.random.Generator, optional
        For dropout in training.

    Returns
    -------
    dict
        Outputs in the order in which they are made; a layer that is not named is called "".

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, or `rng` is missing where dropout needs it.
    ValueError
        If `params` or `x` does not fit the layers.

    Examples
    --------
    >>> from textbook.network import Dense, ReLU, Sequential, trace
    >>> network = Sequential(hidden=Dense(2, bias=False), relu=ReLU())
    >>> params = {"hidden": {"weights": [[1.0, -1.0], [0.5, 0.5]]}}
    >>> {name: y.tolist() for name, y in trace(network, params, [[2.0, 2.0]]).items()}
    {'hidden': [[3.0, -1.0]], 'relu': [[3.0, 0.0]]}
    """
    x = as_float_array("x", x)
    check_parameters(layer, params, x.shape[1:])
    if rng is not None:
        check_generator(rng)

    found: dict[str, FloatArray] = {}

    def visit(layer: Layer, params: Tree, x: FloatArray, path: str) -> Any:
        if not isinstance(layer, Composite):
            found[path], _ = layer.forward(params, x, training=training, rng=rng)
            return found[path]

        def run(name: str, x: FloatArray) -> Any:
            with _in_layer(name):
                return visit(
                    layer.children()[name], _part(params, name), x, _join(path, name)
                )

        return layer.flow(run, x)[0]

    visit(layer, nested_parameters(named_parameters(params)), x, "")
    return found


def gradient_errors(
    layer: Layer, params: Tree, x: FloatArray, seed: int, training: bool = True
) -> dict[str, float]:
    r"""Compare a layer's `backward` with numerical slopes, in the input and each parameter.

    .. math:: \text{relative error of} \quad \langle \nabla_{\theta_k} J,\, u_k \rangle
        \quad \text{and} \quad \frac{J(\theta_k + h u_k) - J(\theta_k - h u_k)}{2 h}

    J is a weighted sum of the outputs, and u_k one random direction for each array: two
    evaluations, however many numbers it has.

    Parameters
    ----------
    layer : Layer
    params : dict
        Arrays by name, nested, of float64.
    x : ndarray of float64 of shape (m, d) or (m, H, W, C)
    seed : int
        Of the directions, and of the generator that `layer` gets anew in every evaluation: so
        dropout draws the same mask each time.
    training : bool, default True

    Returns
    -------
    dict
        The error in the input, under the name "x", and in each trained parameter. It is 0 where
        both slopes are so small that rounding alone could make them: those of a bias that batch
        normalization takes away again.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, or the arrays are not of double precision.
    ValueError
        If `params` or `x` does not fit the layers, `layer` returns slopes for other arrays than its
        trained ones, or in another shape, or `seed` is below 0.

    Examples
    --------
    A layer whose author forgot that both ways of a sum send slopes back:

    >>> import numpy as np
    >>> from textbook.network import Dense, Residual, gradient_errors
    >>> class Forgetful(Residual):
    ...     def flow_back(self, back, dy, joined):
    ...         return back("main", dy)
    >>> x, params = np.array([[1.0, 2.0]]), {"main": {"weights": np.eye(2) / 2}}
    >>> for kind in (Residual, Forgetful):
    ...     errors = gradient_errors(kind(Dense(2, bias=False)), params, x, seed=0)
    ...     print({name: round(error, 4) for name, error in errors.items()})
    {'x': 0.0, 'main.weights': 0.0}
    {'x': 0.5, 'main.weights': 0.0}
    """
    arrays = {"x": x, **named_parameters(params)}
    _check_double(arrays)
    check_parameters(layer, params, x.shape[1:])
    check_count("seed", seed)
    arrays = {name: _read_only(array) for name, array in arrays.items()}

    def outputs(arrays: dict[str, FloatArray]) -> tuple[Any, Tree, Any]:
        tree = nested_parameters({k: v for k, v in arrays.items() if k != "x"})
        rng = np.random.default_rng(seed)
        y, cache = layer.forward(tree, arrays["x"], training=training, rng=rng)
        return y, tree, cache

    rng = np.random.default_rng(seed)
    y, tree, cache = outputs(arrays)
    weights = _like(y, rng)
    same = _like(
        y, np.random.default_rng(seed)
    )  # lest `backward` write into the weights
    dx, gradients = layer.backward(same, tree, cache)
    slopes = {"x": dx, **named_parameters(gradients)}
    _check_slopes(slopes, arrays, _records(layer, x.shape[1:]))
    # what rounding can do to a numerical slope
    noise = np.finfo(np.float64).eps * _weighted_sum(y, weights, np.abs) / 1e-5
    errors = {}
    for name, slope in slopes.items():
        along = rng.normal(size=slope.shape)

        def cost(t: FloatArray, name: str = name, along: FloatArray = along) -> float:
            moved = {**arrays, name: arrays[name] + t * along}
            return _weighted_sum(outputs(moved)[0], weights)

        analytic = float(np.sum(slope * along))
        numerical = float(numerical_gradient(cost, np.array(0.0)))
        nothing = max(abs(analytic), abs(numerical)) < noise
        errors[name] = 0.0 if nothing else relative_error(analytic, numerical)
    return errors


# -- Helpers of the functions above


def _records(layer: Layer, input_shape: Shape) -> Tree:
    """Return the layer's records, once it is known that its parts fit together."""
    layer.output_shape(input_shape)
    return layer.parameters(input_shape)


def _mapped(function: Callable[[Any], Any], tree: Tree) -> Tree:
    return {
        name: _mapped(function, leaf) if isinstance(leaf, dict) else function(leaf)
        for name, leaf in tree.items()
    }


def _leaves(
    what: str, tree: Tree, record: type | None = None, path: str = ""
) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of a tree, arrays or records, under one name each."""
    if not isinstance(tree, Mapping):
        raise TypeError(f"{what} must be a dict of arrays by name, got {tree!r:.60}")
    for name, leaf in tree.items():
        if not isinstance(name, str) or not name or "." in name:
            raise ValueError(f"{what} must have names without a dot, got {name!r:.60}")
        where = _join(path, name)
        if isinstance(leaf, Mapping):
            yield from _leaves(what, dict(leaf), record, where)
        elif record is not None and isinstance(leaf, record):
            yield where, leaf
        else:
            yield where, as_float_array(f"{what}[{where!r}]", leaf)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _rows(layer: Layer, shape: Shape, path: str) -> Iterator[Row]:
    children, shapes = layer.children(), layer.input_shapes(shape)
    for name, child in children.items():
        yield from _rows(child, shapes[name], _join(path, name))
    if not children:
        records = _leaves("", layer.parameters(shape), Parameter)
        parameters = sum(math.prod(record.shape) for _, record in records)
        kind = type(layer).__name__
        if isinstance(layer, Frozen):
            kind = f"{type(layer.layer).__name__}, frozen"
        yield Row(
            *(path, kind, layer.output_shape(shape)),
            *(layer.values(shape), parameters, layer.multiply_adds(shape)),
        )


def _first(record: Parameter, rng: np.random.Generator) -> FloatArray:
    """Return the first values of an array; the inputs of a kernel are all but its last axis."""
    if record.start == "zeros":
        return np.zeros(record.shape)
    if record.start == "ones":
        return np.ones(record.shape)
    if not isinstance(record.start, str):
        return rng.normal(scale=record.start, size=record.shape)
    *window, n_in, n_out = record.shape
    places = math.prod(window)
    if record.start == "glorot":
        # each input of a convolution goes to as many outputs as its kernel has places
        weights = glorot(places * n_in, places * n_out, rng)[:, :n_out]
    else:
        draw = {"he": he, "lecun": lecun}[record.start]
        weights = draw(places * n_in, n_out, rng)
    return weights.reshape(record.shape)


def _weights_and_bias(shape: Shape, start: str | float, bias: bool) -> Tree:
    tree: Tree = {"weights": Parameter(shape, start)}
    if bias:
        tree["bias"] = Parameter(shape[-1:], "zeros")
    return tree


def _with_names(
    layers: Sequence[Layer], named: Mapping[str, Layer]
) -> dict[str, Layer]:
    """Return the layers by name, unnamed ones numbered by kind."""
    if not layers and not named:
        raise ValueError("layers must hold at least one layer, got none")
    numbered: dict[str, Layer] = {}
    counts: dict[str, int] = {}
    for layer in layers:
        kind = type(_check_layer("layers", layer)).__name__.lower()
        counts[kind] = counts.get(kind, 0) + 1
        numbered[f"{kind}_{counts[kind]}"] = layer
    for name, layer in named.items():
        _check_layer(name, layer)
        if "." in name or not name:
            raise ValueError(f"layers must have names without a dot, got {name!r}")
        if name in numbered:
            raise ValueError(f"layers must have one name each, got {name!r} twice")
    return {**numbered, **named}


def _part(params: Tree, name: str) -> Tree:
    part: Tree = params.get(name, {})
    return part


def _total(slopes: Iterator[Any]) -> FloatArray:
    """Return the sum without writing into a summand, which a child may have passed on."""
    total: FloatArray = next(slopes)
    for slope in slopes:
        total = total + slope
    return total


def _output_sides(
    input_shape: Shape,
    kernel_size: _IntOrPair,
    padding: _Padding,
    stride: _IntOrPair,
    dilation: _IntOrPair = 1,
) -> Pair:
    _check_axes(input_shape, "H W C")
    paddings: tuple[str | int, str | int] = (
        (padding, padding)
        if isinstance(padding, str)
        else as_pair("padding", padding, 0)
    )
    kernels, strides = (
        as_pair("kernel_size", kernel_size, 1),
        as_pair("stride", stride, 1),
    )
    dilations = as_pair("dilation", dilation, 1)
    sides = zip(input_shape[:2], kernels, paddings, strides, dilations, strict=True)
    rows, columns = (output_size(*side) for side in sides)
    return rows, columns


@contextmanager
def _in_layer(name: str) -> Iterator[None]:
    """Put the layer's name before what an error says."""
    try:
        yield
    except (TypeError, ValueError) as wrong:
        raise type(wrong)(f"{name}: {wrong}") from wrong


def _read_only(array: FloatArray) -> FloatArray:
    view = array.view()
    view.flags.writeable = False
    return view


def _like(y: Any, rng: np.random.Generator) -> Any:
    """Return random numbers in the shape of an output, which may be a tuple."""
    if isinstance(y, tuple):
        return tuple(_like(part, rng) for part in y)
    return rng.normal(size=y.shape)


def _weighted_sum(
    y: Any, weights: Any, of: Callable[[Any], Any] = lambda terms: terms
) -> float:
    if isinstance(y, tuple):
        return sum(_weighted_sum(*pair, of) for pair in zip(y, weights, strict=True))
    return float(np.sum(of(y * weights)))


def _some(names: Collection[str]) -> str:
    return ", ".join(list(names)[:3]) + (" ..." if len(names) > 3 else "") or "nothing"


# -- Where PyTorch has the same numbers


class _Place(NamedTuple):
    """An array's name and shape in PyTorch, and how it gets there: first rows, then axes."""

    name: str
    shape: Shape
    order: NDArray[np.int_]
    axes: tuple[int, ...]


_PYTORCH_NAMES = {
    "weights": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "mean": "running_mean",
    "variance": "running_var",
}


def _in_pytorch(layer: Layer, input_shape: Shape) -> dict[str, _Place]:
    """Return the place of each array of a network, by the array's name here."""
    records = dict(_leaves("", _records(layer, input_shape), Parameter))
    orders: dict[str, NDArray[np.int_]] = {}
    _order(layer, input_shape, np.arange(input_shape[-1]), "", orders)
    places = {}
    for name, (shape, *_) in records.items():
        path, _, leaf = name.rpartition(".")
        if leaf not in _PYTORCH_NAMES:
            raise ValueError(
                f"layer must have arrays named {', '.join(_PYTORCH_NAMES)}, got {name!r}"
            )
        axes = (3, 2, 0, 1) if len(shape) == 4 else tuple(range(len(shape)))[::-1]
        # what has a number for each input is in the inputs' order, what has not in its own
        of_inputs = leaf != "bias" and len(shape) < 4
        order = orders[path] if of_inputs else np.arange(shape[0])
        moved = tuple(shape[axis] for axis in axes)
        places[name] = _Place(_join(path, _PYTORCH_NAMES[leaf]), moved, order, axes)
    return places


def _order(
    layer: Layer, shape: Shape, order: Any, path: str, orders: dict[str, Any]
) -> Any:
    """Return where PyTorch's features lie among a layer's outputs, given those of its inputs.

    The inputs' are noted in `orders`, by the layer's name.
    """
    while isinstance(layer, Frozen):
        layer = layer.layer
    shapes, found = layer.input_shapes(shape), []
    for name, child in layer.children().items():
        found.append(_order(child, shapes[name], order, _join(path, name), orders))
        if isinstance(layer, Sequential):
            order = found[-1]
    if isinstance(layer, Sequential):
        return order
    if isinstance(layer, Concatenate):
        starts = np.cumsum([0, *map(len, found)])
        return np.concatenate([o + s for o, s in zip(found, starts, strict=False)])
    if isinstance(layer, Heads):
        return found
    if isinstance(layer, Residual):
        if not np.array_equal(*found):
            raise ValueError(
                f"layer must add features in one order, got a flattened image in {path!r}"
            )
        return found[0]
    if found:
        raise TypeError(
            "layer must be made by Sequential, Residual, Concatenate, Heads or Frozen, "
            f"got {type(layer).__name__}"
        )
    orders[path] = order
    return _order_after(layer, shape, order)


def _order_after(layer: Layer, shape: Shape, order: Any) -> Any:
    """Return the order of the outputs of a layer without children."""
    output = layer.output_shape(shape)
    if isinstance(layer, Flatten) and len(shape) == 3:
        return np.arange(output[0]).reshape(shape).transpose(2, 0, 1).ravel()
    if output == shape and "weights" not in layer.parameters(shape):
        return order
    return np.arange(output[-1])


# -- Checks


def _check_layer(name: str, layer: Layer) -> Layer:
    if not isinstance(layer, Layer):
        raise TypeError(f"{name} must be a layer, got {layer!r:.60}")
    return layer


def _check_shape(input_shape: Sequence[int]) -> Shape:
    check_sequence("input_shape", input_shape, "sizes")
    for size in input_shape:
        check_count("input_shape", size, at_least=1)
    return tuple(int(size) for size in input_shape)


def _check_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    try:
        known = np.dtype(dtype)
    except TypeError:
        raise TypeError(f"dtype must be a data-type, got {dtype!r:.60}") from None
    if dtype is None or known.kind != "f":
        raise ValueError(f"dtype must be one of floats, got {dtype!r:.60}")
    return known


def _check_single(shape: Any) -> Shape:
    if not all(isinstance(size, int) for size in shape):
        raise ValueError(f"Heads must end a network, got {shape} to go on from")
    single: Shape = shape
    return single


def _check_axes(input_shape: Shape, axes: str) -> None:
    letters = axes.split()
    if len(input_shape) != len(letters):
        wanted = f"({', '.join(letters)}{',' if len(letters) == 1 else ''})"
        raise ValueError(f"input must have shape {wanted}, got {input_shape}")


def _check_start(start: str | float) -> None:
    if isinstance(start, str):
        if start not in ("he", "lecun", "glorot", "zeros", "ones"):
            raise ValueError(
                f'start must be "he", "lecun", "glorot", "zeros", "ones" or a number, got {start!r}'
            )
    else:
        check_number("start", start, above=0)


def _check_windows(
    kernel_size: _IntOrPair,
    stride: _IntOrPair | None,
    padding: _Padding,
    pooled: bool = False,
) -> None:
    kernel = as_pair("kernel_size", kernel_size, 1)
    if stride is not None:
        as_pair("stride", stride, 1)
    if isinstance(padding, str):
        if padding not in ("SAME", "VALID"):
            raise ValueError(
                f'padding must be "SAME", "VALID" or a number, got {padding!r:.60}'
            )
    else:
        beyond = as_pair("padding", padding, 0)
        if pooled and any(p >= k for p, k in zip(beyond, kernel, strict=True)):
            raise ValueError(
                f"padding must be smaller than the window of {kernel}, got {padding}"
            )


def _check_name(name: str) -> list[str]:
    if not isinstance(name, str) or not all(name.split(".")):
        raise ValueError(f"named must have names like conv1.weights, got {name!r:.60}")
    return name.split(".")


def _check_path(path: str | Path) -> Path:
    if not isinstance(path, (str, Path)):
        raise TypeError(f"path must be a str or a Path, got {path!r:.60}")
    if Path(path).suffix != ".npz":
        raise ValueError(f"path must end in .npz, got {str(path)!r:.80}")
    return Path(path)


def _check_state(
    state: Mapping[str, ArrayLike], wanted: Sequence[str]
) -> dict[str, FloatArray]:
    if not isinstance(state, Mapping):
        raise TypeError(f"state must be a dict, got {state!r:.60}")
    given = {
        name: as_float_array(f"state[{name!r}]", value)
        for name, value in state.items()
        if str(name).rpartition(".")[2] != "num_batches_tracked"
    }
    for name in wanted:
        if name not in given:
            raise ValueError(f"state must hold {name!r}, got {_some(given)}")
    for name in given:
        if name not in wanted:
            raise ValueError(
                f"state must hold only what is used, {_some(dict.fromkeys(wanted))}, got {name!r}"
            )
    return given


def _check_double(arrays: Mapping[str, Any]) -> None:
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype != np.float64:
            what = "x" if name == "x" else "params"
            given = getattr(array, "dtype", type(array).__name__)
            raise TypeError(f"{what} must be of float64, got {given} for {name!r}")


def _check_slopes(
    slopes: Mapping[str, FloatArray], arrays: Mapping[str, FloatArray], records: Tree
) -> None:
    trained = [name for name, r in _leaves("", records, Parameter) if r.trained]
    if set(slopes) != {"x", *trained}:
        raise ValueError(
            f"layer must return slopes for {_some(trained)}, got {_some(list(slopes)[1:])}"
        )
    for name, slope in slopes.items():
        if slope.shape != arrays[name].shape:
            raise ValueError(
                f"layer must return slopes of shape {arrays[name].shape} for {name!r}, "
                f"got {slope.shape}"
            )
