"""The networks that made the history of image classification, each as its paper describes it.

A function builds each of them out of the layers of `textbook.network`; nothing is allocated:

>>> from textbook import architectures
>>> from textbook.network import summary
>>> summary(architectures.lenet.lenet5(), input_shape=(28, 28, 1)).parameters
61706

Each module is loaded when it is first used.
"""

import importlib
from types import ModuleType

__all__ = ["lenet", "alexnet", "vgg", "googlenet", "resnet", "densenet"]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return importlib.import_module(f"textbook.architectures.{name}")
    raise AttributeError(
        f"module 'textbook.architectures' has no attribute {name!r}; "
        f"there are: {', '.join(__all__)}"
    )


def __dir__() -> list[str]:
    return sorted(__all__)
