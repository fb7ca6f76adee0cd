"""What is timed: the same computation by the book and by each library that has it.

A case returns an array. Before it is timed the results are compared: a library that computes
something else is no yardstick. Inputs are float32 and made anew from one seed in each process.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

import layers

Cases = dict[str, Callable[[], Any]]

rng = np.random.default_rng(0)

# a million numbers, and the gradient that comes from above
z = rng.normal(size=(1000, 1000)).astype(np.float32)
dy = rng.normal(size=z.shape).astype(np.float32)

# logistic regression: 10,000 examples, a column of ones and 100 features
x = rng.normal(size=(10_000, 101)).astype(np.float32)
x[:, 0] = 1
theta = (0.1 * rng.normal(size=101)).astype(np.float32)
y = (x @ theta + rng.logistic(size=10_000) > 0).astype(np.float32)
LEARNING_RATE, STEPS, REGULARIZATION = 1.0, 100, 1000.0

# a network of sigmoid units on 128 digits of 28 x 28 pixels
WIDTHS = (784, 128, 10)
images = rng.random(size=(128, WIDTHS[0]), dtype=np.float32)
targets = np.eye(10, dtype=np.float32)[rng.integers(10, size=128)]
weights = [
    (rng.normal(size=shape) / np.sqrt(shape[0])).astype(np.float32) for shape in pairwise(WIDTHS)
]
biases = [np.zeros(width, np.float32) for width in WIDTHS[1:]]


def textbook_cases() -> Cases:
    from textbook import activations, backprop, logistic_regression
    from textbook.backprop import train, worked_example

    def network_gradients():
        z, a = backprop.forward_rows(images, weights, biases)
        da = backprop.squared_error_gradient(a[-1], targets)
        return backprop.backward_rows(da, weights, z, a)[0][0]

    def descent():
        return logistic_regression.gradient_descent(x, y, LEARNING_RATE, STEPS)[-1]

    def fit():
        path = logistic_regression.gradient_descent(x, y, LEARNING_RATE, STEPS, REGULARIZATION)
        return path[-1]

    def small_network():
        inputs, target, start, offsets = worked_example()
        return train([inputs], [target], start, offsets, 0.5, steps=100)[0][0]

    return {
        "sigmoid": lambda: activations.sigmoid(z),
        "tanh": lambda: activations.tanh(z),
        "ReLU": lambda: activations.relu(z),
        "leaky ReLU": lambda: activations.leaky_relu(z),
        "sine": lambda: activations.sine(z),
        "sigmoid, backward": lambda: dy * activations.sigmoid_derivative(z),
        "tanh, backward": lambda: dy * activations.tanh_derivative(z),
        "ReLU, backward": lambda: dy * activations.relu_derivative(z),
        "logistic regression, probabilities": lambda: logistic_regression.probability(x, theta),
        "logistic regression, gradient": lambda: logistic_regression.gradient(x, y, theta),
        "logistic regression, 100 steps": descent,
        "logistic regression, fitted": fit,
        "784-128-10 network, gradients": network_gradients,
        "2-2-2 network, 100 steps": small_network,
    }


def torch_cases() -> Cases:
    import torch
    from torch.nn import functional

    from textbook.backprop import worked_example

    torch_z, torch_dy = torch.from_numpy(z), torch.from_numpy(dy)
    torch_x, torch_y = torch.from_numpy(x), torch.from_numpy(y)

    def forward(function):
        with torch.no_grad():
            return function(torch_z).numpy()

    def backward(function):
        leaf = torch_z.detach().requires_grad_()
        function(leaf).backward(torch_dy)
        return leaf.grad.numpy()

    def probabilities():
        with torch.no_grad():
            return torch.sigmoid(torch_x @ torch.from_numpy(theta)).numpy()

    def cost(leaf):
        return functional.binary_cross_entropy_with_logits(torch_x @ leaf, torch_y)

    def gradient():
        leaf = torch.from_numpy(theta).requires_grad_()
        return torch.autograd.grad(cost(leaf), leaf)[0].numpy()

    def descent():
        leaf = torch.zeros(101, requires_grad=True)
        optimizer = torch.optim.SGD([leaf], lr=LEARNING_RATE)
        for _ in range(STEPS):
            optimizer.zero_grad()
            cost(leaf).backward()
            optimizer.step()
        return leaf.detach().numpy()

    def leaves(arrays):
        return [torch.tensor(array, requires_grad=True) for array in arrays]

    def network_cost(inputs, target, thetas, offsets):
        a = inputs
        for weight, bias in zip(thetas, offsets, strict=True):
            a = torch.sigmoid(a @ weight + bias)
        return 0.5 * ((a - target) ** 2).sum() / len(inputs)

    torch_images, torch_targets = torch.from_numpy(images), torch.from_numpy(targets)
    thetas, offsets = leaves(weights), leaves(biases)

    def network_gradients():
        value = network_cost(torch_images, torch_targets, thetas, offsets)
        return torch.autograd.grad(value, [*thetas, *offsets])[0].numpy()

    def small_network():
        inputs, target, start, start_biases = worked_example()
        inputs, target = torch.tensor(inputs)[None], torch.tensor(target)[None]
        thetas, offsets = leaves(start), leaves(start_biases)
        optimizer = torch.optim.SGD([*thetas, *offsets], lr=0.5)
        for _ in range(100):
            optimizer.zero_grad()
            network_cost(inputs, target, thetas, offsets).backward()
            optimizer.step()
        return thetas[0].detach().numpy()

    return {
        "sigmoid": lambda: forward(torch.sigmoid),
        "tanh": lambda: forward(torch.tanh),
        "ReLU": lambda: forward(torch.relu),
        "leaky ReLU": lambda: forward(functional.leaky_relu),
        "sine": lambda: forward(torch.sin),
        "sigmoid, backward": lambda: backward(torch.sigmoid),
        "tanh, backward": lambda: backward(torch.tanh),
        "ReLU, backward": lambda: backward(torch.relu),
        "logistic regression, probabilities": probabilities,
        "logistic regression, gradient": gradient,
        "logistic regression, 100 steps": descent,
        "784-128-10 network, gradients": network_gradients,
        "2-2-2 network, 100 steps": small_network,
    }


def scipy_cases() -> Cases:
    from scipy.special import expit

    return {
        "sigmoid": lambda: expit(z),
        "logistic regression, probabilities": lambda: expit(x @ theta),
    }


def sklearn_cases() -> Cases:
    from sklearn.linear_model import LogisticRegression

    known = LogisticRegression(fit_intercept=False)
    known.coef_, known.classes_ = theta[None], np.array([0, 1])
    known.intercept_ = np.zeros(1, np.float32)

    def fit():
        # lbfgs instead of gradient descent, to its own tolerance; the same penalty
        model = LogisticRegression(C=1 / REGULARIZATION).fit(x[:, 1:], y)
        return np.concatenate([model.intercept_, model.coef_[0]])

    return {
        "logistic regression, probabilities": lambda: known.predict_proba(x)[:, 1],
        "logistic regression, fitted": fit,
    }


LIBRARIES = {
    "textbook": (textbook_cases, layers.textbook_cases),
    "torch": (torch_cases, layers.torch_cases),
    "numpy-ml": (layers.numpy_ml_cases,),
    "scipy": (scipy_cases, layers.scipy_cases),
    "scikit-learn": (sklearn_cases,),
}
