"""An executable textbook on neural networks: short NumPy functions, every number computed.

The chapters, in reading order, are the modules of this package:

Part I, the neural network
    activations                  why a network needs a bend, and which bends there are
    logistic_regression          one neuron that answers yes or no, and how it learns
    softmax_regression           one answer out of several, each with its probability
    distributed_representation   new coordinates, made so that a straight cut is enough
    backprop                     a whole network's gradient, number by number
    data_splits                  what to learn from, what to choose by, what to be judged by
    initialization               how large the first random weights may be
    bias_variance                more data or a bigger network? What two errors say
    regularization               four ways to fit the training set less and the rest better
    gradient_checking            is that gradient right? Ask the function itself
    optima                       what the curvature says where the gradient is 0
    gradient_descent             a step after all examples, after one, or after a few
    exponential_average          one number that remembers a series, and forgets it
    optimizers                   steps that remember: momentum, RMSProp, Adam, Nesterov
    learning_rate_decay          long steps first, short steps last
    perceptron                   a neuron that learns from its mistakes alone, and when it is done
    input_normalization          features on one scale, by the training set's numbers
    vanishing_gradients          what a product of many layers does to a gradient, and clipping

Part II, the convolutional network
    convolution                  few weights, used at every place of an image
    pooling                      one number for each window of an image, and what is lost by it
    receptive_field              the pixels that a number can see, and those that it looks at
    normalization                a value beside its neighbors, or beside the rest of its batch
    network                      layers that compose, forward and backward, with their counts
    training                     one loop that trains any of them, and what to watch meanwhile
    architectures.lenet          two convolutions read a digit: 1998, and what changed since
    architectures.alexnet        sixty million weights, most of them in one layer
    architectures.vgg            nothing but 3 x 3, and what sixteen layers of it weigh
    architectures.googlenet      branches side by side, and a 1 x 1 that saves nine tenths
    architectures.resnet         why deeper was worse, and a sum that mended it
    architectures.densenet       every layer sees all that came before it
    transfer_learning            weights trained for one task, put to work on another
    applications                 sound, masks, clean pictures: what convolution is good for

Besides, there are modules that serve the chapters:

    datasets                     small real data, shipped with the package

Each is loaded when it is first used:

>>> import textbook
>>> round(textbook.activations.sigmoid(0.3775), 4)
0.5933
"""

import importlib
from types import ModuleType

__version__ = "0.1.0"

# The reading order. The site, the index of functions and the tests follow it.
_CHAPTERS = [
    "activations",
    "logistic_regression",
    "softmax_regression",
    "distributed_representation",
    "backprop",
    "data_splits",
    "initialization",
    "bias_variance",
    "regularization",
    "gradient_checking",
    "optima",
    "gradient_descent",
    "exponential_average",
    "optimizers",
    "learning_rate_decay",
    "perceptron",
    "input_normalization",
    "vanishing_gradients",
    "convolution",
    "pooling",
    "receptive_field",
    "normalization",
    "network",
    "training",
    "architectures.lenet",
    "architectures.alexnet",
    "architectures.vgg",
    "architectures.googlenet",
    "architectures.resnet",
    "architectures.densenet",
    "transfer_learning",
    "applications",
]

# All public modules: the chapters, and what serves them.
_MODULES = [*_CHAPTERS, "datasets"]

# A folder of chapters, such as the architectures, stands where its first one does.
__all__ = list(dict.fromkeys(name.partition(".")[0] for name in _CHAPTERS))


def __getattr__(name: str) -> ModuleType:
    if name in [*__all__, "datasets"]:
        return importlib.import_module(f"textbook.{name}")
    raise AttributeError(
        f"module 'textbook' has no attribute {name!r}; its chapters are: {', '.join(__all__)}"
    )


def __dir__() -> list[str]:
    return sorted([*__all__, "datasets", "__version__"])
