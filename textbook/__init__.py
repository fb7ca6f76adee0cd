"""An executable textbook on neural networks: short NumPy functions, every number computed.

The chapters, in reading order, are the modules of this package:

Part I, the neural network
    activations            why a network needs a bend, and which bends there are
    logistic_regression    one neuron that answers yes or no, and how it learns
    backprop               a whole network's gradient, number by number
    gradient_checking      is that gradient right? Ask the function itself
    optima                 what the curvature says where the gradient is 0
    learning_rate_decay    long steps first, short steps last

Each is loaded when it is first used:

>>> import textbook
>>> round(textbook.activations.sigmoid(0.3775), 4)
0.5933
"""

import importlib
from types import ModuleType

__version__ = "0.1.0"

# The reading order. The site, the index of functions and the tests follow it.
__all__ = [
    "activations",
    "logistic_regression",
    "backprop",
    "gradient_checking",
    "optima",
    "learning_rate_decay",
]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return importlib.import_module(f"textbook.{name}")
    raise AttributeError(
        f"module 'textbook' has no attribute {name!r}; its chapters are: {', '.join(__all__)}"
    )


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
