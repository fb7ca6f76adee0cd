"""The networks that made the history of image classification, each as its paper describes it.

A function builds each network out of the layers of `textbook.network`; nothing is allocated:

>>> from textbook.architectures.lenet import lenet5
>>> from textbook.network import summary
>>> summary(lenet5(), input_shape=(28, 28, 1)).parameters
61706
"""
