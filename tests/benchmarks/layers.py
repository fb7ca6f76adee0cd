"""What is timed of convolutional networks: layers by themselves, VGG16's convolutions, whole steps.

A layer's case runs forward, or forward and then backward to the slopes in input, weights and bias.
Arrays are float32, made anew from one seed in each process, and kept for one case at a time.
"""

import collections
import warnings
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

EPSILON = 1e-5


class Layer(NamedTuple):
    batch: int
    size: int
    channels: int
    filters: int
    kernel: int
    stride: int = 1
    padding: int = 0


def vgg(size: int, channels: int, filters: int) -> Layer:
    return Layer(8, size, channels, filters, 3, padding=1)


VGG16 = [
    *(vgg(224, 3, 64), vgg(224, 64, 64)),
    *(vgg(112, 64, 128), vgg(112, 128, 128)),
    *(vgg(56, 128, 256), vgg(56, 256, 256), vgg(56, 256, 256)),
    *(vgg(28, 256, 512), vgg(28, 512, 512), vgg(28, 512, 512)),
    *(vgg(14, 512, 512), vgg(14, 512, 512), vgg(14, 512, 512)),
]
LAYERS = {
    "VGG16 conv1_1": VGG16[0],
    "VGG16 conv1_2": VGG16[1],
    "VGG16 conv3_2": VGG16[5],
    "VGG16 conv5_1": VGG16[10],
    "ResNet stem": Layer(8, 224, 3, 64, 7, stride=2, padding=3),
    "ResNet 1 x 1": Layer(8, 56, 64, 256, 1),
    "AlexNet conv1": Layer(8, 227, 3, 96, 11, stride=4),
    "LeNet conv1": Layer(64, 28, 1, 6, 5, padding=2),
    "LeNet conv2": Layer(64, 14, 6, 16, 5),
    "CIFAR ResNet 3 x 3": Layer(64, 32, 16, 16, 3, padding=1),
    "DenseNet growth": Layer(8, 28, 128, 32, 3, padding=1),
}
POOLED = (64, 28, 28, 16)  # what pooling gets
NORMALIZED = (64, 32, 32, 16)  # what batch norm gets
SCORES = (1000, 1000)  # what the softmax gets
MILLION = 10**6  # what Adam moves


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def arrays(layer: Layer) -> tuple[np.ndarray, ...]:
    """Return x, w, b and the slopes that come from above."""
    output = (layer.size + 2 * layer.padding - layer.kernel) // layer.stride + 1
    fan_in = layer.kernel**2 * layer.channels
    x = normal(layer.batch, layer.size, layer.size, layer.channels)
    w = normal(layer.kernel, layer.kernel, layer.channels, layer.filters, seed=1)
    dy = normal(layer.batch, output, output, layer.filters, seed=2)
    return x, w * np.float32(fan_in**-0.5), normal(layer.filters, seed=3), dy


def layer_cases(prepare) -> dict[str, Any]:
    """Return the cases of all layers; `prepare(layer)` makes their two functions."""
    prepared = lru_cache(maxsize=1)(prepare)
    cases = {}
    for name, layer in LAYERS.items():
        cases[f"{name}, forward"] = lambda layer=layer: prepared(layer)[0]()
        cases[f"{name}, both ways"] = lambda layer=layer: prepared(layer)[1]()
    return cases


def vgg_cases(prepare) -> dict[str, Any]:
    """Return the thirteen convolutions in a row, each on numbers of its own."""
    layers = cache(lambda: [prepare(layer) for layer in VGG16])

    def in_a_row(way):
        for layer in layers():
            result = layer[way]()
        return result

    return {
        "VGG16's 13 convolutions, forward": lambda: in_a_row(0),
        "VGG16's 13 convolutions, both ways": lambda: in_a_row(1),
    }


def textbook_cases() -> dict[str, Any]:
    from textbook import convolution, normalization, optimizers, pooling, training

    def prepare(layer):
        x, w, b, dy = arrays(layer)
        windows = (layer.stride, layer.padding)

        def forward():
            return convolution.conv2d(x, w, b, *windows)

        def both():
            return forward(), *convolution.conv2d_backward(dy, x, w, *windows)

        return forward, both

    @cache
    def images(*shape):
        return normal(*shape), normal(*shape, seed=1)

    def max_pool():
        x, dy = images(*POOLED)
        return pooling.max_pool2d(x, 2), pooling.max_pool2d_backward(dy[:, ::2, ::2], x, 2)

    def average_pool():
        x, dy = images(*POOLED)
        dx = pooling.average_pool2d_backward(dy[:, ::2, ::2], x.shape, 2)
        return pooling.average_pool2d(x, 2), dx

    def batch_norm():
        x, dy = images(*NORMALIZED)
        gamma, beta = np.ones((2, x.shape[-1]), np.float32)
        y, mean, variance = normalization.batch_norm(x, gamma, beta, EPSILON)
        return y, *normalization.batch_norm_backward(dy, x, gamma, mean, variance, EPSILON)

    def cross_entropy():
        scores, _ = images(*SCORES)
        return training.softmax_cross_entropy(scores, np.arange(len(scores)))

    state: list[Any] = [None]

    def adam():
        theta, gradient = images(MILLION)
        theta, state[0] = optimizers.adam_step(theta, gradient, state[0], learning_rate=1e-3)
        return theta if state[0].t == 1 else None

    return {
        **layer_cases(prepare),
        **vgg_cases(prepare),
        "max pooling, both ways": max_pool,
        "average pooling, both ways": average_pool,
        "batch norm, both ways": batch_norm,
        "softmax cross-entropy, both ways": cross_entropy,
        "Adam, a million parameters": adam,
        **steps(),
    }


def networks() -> dict[str, Any]:
    """Return the networks of whole steps, with their input, batch and first parameters."""
    from textbook.architectures.lenet import lenet5
    from textbook.architectures.resnet import cifar_resnet
    from textbook.network import initialize

    found = {}
    for name, network, shape, batch in (
        ("LeNet-5", lenet5(), (28, 28, 1), 64),
        ("ResNet-20", cifar_resnet(20), (32, 32, 3), 32),
    ):
        params = initialize(network, np.random.default_rng(0), shape)
        labels = np.random.default_rng(1).integers(10, size=batch)
        found[f"{name}, a step of {batch}"] = network, shape, params, normal(batch, *shape), labels
    return found


def steps() -> dict[str, Any]:
    """Return a step of training for each network: forward, loss, backward, momentum."""
    from textbook.optimizers import momentum_step, on_tree
    from textbook.training import softmax_cross_entropy

    move = on_tree(momentum_step)

    def stepper(network, shape, params, x, labels):
        now = [params, None]

        def step():
            params, state = now
            scores, cache = network.forward(params, x, training=True)
            cost, slopes = softmax_cross_entropy(scores, labels)
            _, gradients = network.backward(slopes, params, cache)
            now[:] = move(network.renew(params, cache), gradients, state, learning_rate=1e-3)
            return np.array(cost)

        return step

    return {name: stepper(*parts) for name, parts in networks().items()}


def torch_cases() -> dict[str, Any]:
    import torch
    from torch.nn import functional

    def channels_first(x):
        """Return the same memory as PyTorch sees it: NCHW in the order channels_last."""
        return torch.from_numpy(x).permute(0, 3, 1, 2)

    def prepare(layer):
        x, w, b, dy = arrays(layer)
        x, dy = channels_first(x).requires_grad_(), channels_first(dy)
        w = torch.from_numpy(w).permute(3, 2, 0, 1)
        w = w.contiguous(memory_format=torch.channels_last).requires_grad_()
        b = torch.from_numpy(b).requires_grad_()
        windows = {"stride": layer.stride, "padding": layer.padding}

        def forward():
            with torch.no_grad():
                return images(functional.conv2d(x, w, b, **windows))

        def both():
            y = functional.conv2d(x, w, b, **windows)
            dx, dw, db = torch.autograd.grad(y, [x, w, b], dy)
            return images(y.detach()), images(dx), dw.permute(2, 3, 1, 0).numpy(), db.numpy()

        return forward, both

    def images(x):
        return x.permute(0, 2, 3, 1).numpy()

    @cache
    def leaves(*shape):
        x, dy = normal(*shape), normal(*shape, seed=1)
        if len(shape) == 4:
            return channels_first(x).requires_grad_(), channels_first(dy)
        return torch.from_numpy(x).requires_grad_(), torch.from_numpy(dy)

    def pool(function):
        x, dy = leaves(*POOLED)
        y = function(x, 2)
        (dx,) = torch.autograd.grad(y, [x], dy[:, :, ::2, ::2])
        return images(y.detach()), images(dx)

    def batch_norm():
        x, dy = leaves(*NORMALIZED)
        gamma = torch.ones(x.shape[1], requires_grad=True)
        beta = torch.ones(x.shape[1], requires_grad=True)
        y = functional.batch_norm(x, None, None, gamma, beta, training=True, eps=EPSILON)
        dx, dgamma, dbeta = torch.autograd.grad(y, [x, gamma, beta], dy)
        return images(y.detach()), images(dx), dgamma.numpy(), dbeta.numpy()

    def cross_entropy():
        scores, _ = leaves(*SCORES)
        cost = functional.cross_entropy(scores, torch.arange(len(scores)))
        return cost.detach().numpy(), torch.autograd.grad(cost, [scores])[0].numpy()

    @cache
    def million():
        theta, gradient = leaves(MILLION)
        theta = theta.detach().clone().requires_grad_()
        theta.grad = gradient
        return theta, torch.optim.Adam([theta], lr=1e-3, fused=True)

    def adam():
        theta, optimizer = million()
        optimizer.step()
        steps = optimizer.state[theta]["step"]
        return theta.detach().numpy() if steps == 1 else None

    return {
        **layer_cases(prepare),
        **vgg_cases(prepare),
        "max pooling, both ways": lambda: pool(functional.max_pool2d),
        "average pooling, both ways": lambda: pool(functional.avg_pool2d),
        "batch norm, both ways": batch_norm,
        "softmax cross-entropy, both ways": cross_entropy,
        "Adam, a million parameters": adam,
        **torch_steps(),
    }


def torch_module(layer):
    """Return a layer of the book as a module of PyTorch, its parts under the same names."""
    from torch import nn

    from textbook.architectures.resnet import ShortcutA
    from textbook.network import Residual, Sequential

    if isinstance(layer, Sequential):
        parts = layer.children().items()
        return nn.Sequential(collections.OrderedDict((k, torch_module(v)) for k, v in parts))
    if isinstance(layer, Residual):
        return torch_sum(torch_module(layer.main), torch_module(layer.shortcut))
    if isinstance(layer, ShortcutA):
        return torch_shortcut(layer.filters, layer.stride)
    padding = 0 if getattr(layer, "padding", 0) == "VALID" else getattr(layer, "padding", 0)
    return {
        "Conv2D": lambda: nn.LazyConv2d(
            *(layer.filters, layer.kernel_size, layer.stride, padding), bias=layer.bias
        ),
        "Dense": lambda: nn.LazyLinear(layer.units),
        "BatchNorm": nn.LazyBatchNorm2d,
        "MaxPool2D": lambda: nn.MaxPool2d(layer.kernel_size),
        "GlobalAveragePool": lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        "ReLU": nn.ReLU,
        "Flatten": nn.Flatten,
        "Identity": nn.Identity,
    }[type(layer).__name__]()


def torch_sum(main, shortcut):
    from torch import nn

    class Sum(nn.Module):
        def __init__(self):
            super().__init__()
            self.main, self.shortcut = main, shortcut

        def forward(self, x):
            return self.main(x) + self.shortcut(x)

    return Sum()


def torch_shortcut(filters, stride):
    from torch import nn

    class Shortcut(nn.Module):
        def forward(self, x):
            zeros = (0, 0, 0, 0, 0, filters - x.shape[1])
            return nn.functional.pad(x[:, :, ::stride, ::stride], zeros)

    return Shortcut()


def torch_steps() -> dict[str, Any]:
    import torch
    from torch.nn import functional

    from textbook.network import to_pytorch

    def stepper(network, shape, params, x, labels):
        x = torch.from_numpy(x).permute(0, 3, 1, 2)
        model = torch_module(network).train()
        model(x)  # which tells its layers how many channels they get
        state = {k: torch.from_numpy(v) for k, v in to_pytorch(network, params, shape).items()}
        model.load_state_dict(state, strict=False)
        model = model.to(memory_format=torch.channels_last)
        labels = torch.from_numpy(labels)
        optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, fused=True)

        def step():
            optimizer.zero_grad(set_to_none=True)
            cost = functional.cross_entropy(model(x), labels)
            cost.backward()
            optimizer.step()
            return cost.detach().numpy()

        return step

    return {name: stepper(*parts) for name, parts in networks().items()}


def numpy_ml_cases() -> dict[str, Any]:
    # It was written for an older Python, in which these names stood one floor higher
    for name in ("Hashable", "Iterable", "Mapping"):
        setattr(collections, name, getattr(collections.abc, name))
    warnings.simplefilter("ignore")
    from numpy_ml.neural_nets.layers import BatchNorm2D, Conv2D

    def prepare(layer):
        x, w, b, dy = arrays(layer)
        kernel = (layer.kernel, layer.kernel)
        conv = Conv2D(layer.filters, kernel, layer.padding, layer.stride)
        conv.forward(x[:1])
        conv.parameters = {"W": w, "b": b.reshape(1, 1, 1, -1)}
        conv.flush_gradients()

        def forward():
            return conv.forward(x, retain_derived=False)

        def both():
            conv.flush_gradients()
            y = conv.forward(x)
            dx = conv.backward(dy)
            return y, dx, conv.gradients["W"], conv.gradients["b"]

        return forward, both

    def batch_norm():
        x, dy = normal(*NORMALIZED), normal(*NORMALIZED, seed=1)
        layer = BatchNorm2D(epsilon=EPSILON)
        layer.forward(x[:1])
        layer.parameters["scaler"] = np.ones(x.shape[-1])
        layer.parameters["intercept"] = np.ones(x.shape[-1])
        layer.flush_gradients()
        y = layer.forward(x)
        dx = layer.backward(dy)
        return y, dx, layer.gradients["scaler"], layer.gradients["intercept"]

    # Its pooling gives slopes to other pixels; the two largest layers take it minutes
    large = ("VGG16 conv1_2", "VGG16 conv3_2")
    cases = {**layer_cases(prepare), "batch norm, both ways": batch_norm}
    return {name: case for name, case in cases.items() if not name.startswith(large)}


def scipy_cases() -> dict[str, Any]:
    from scipy.signal import correlate

    def prepare(layer):
        x, w, b, _ = arrays(layer)
        border = [(0, 0), (layer.padding,) * 2, (layer.padding,) * 2, (0, 0)]

        def forward():
            padded = np.pad(x, border)
            y = [[correlate(image, f, "valid")[..., 0] for f in filters()] for image in padded]
            return np.stack([np.stack(channels, axis=-1) for channels in y]) + b

        def filters():
            return np.moveaxis(w, 3, 0)

        return forward, None

    layers = ("LeNet conv1", "LeNet conv2", "CIFAR ResNet 3 x 3")
    wanted = {f"{name}, forward" for name in layers}
    return {name: case for name, case in layer_cases(prepare).items() if name in wanted}
