"""LeNet, AlexNet, VGG and GoogLeNet in PyTorch, written from the papers and not from the book.

Each function takes a `Weights`, which draws an array by its name in the book and its shape, so that
both sides compute with the same numbers and none has to be stored.
"""

import math
import zlib

import numpy as np


def drawn(seed, name, shape):
    """Return the numbers of one array; the deviation keeps what flows through a ReLU as large."""
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    scale = math.sqrt(2 / math.prod(shape[:-1])) if len(shape) > 1 else 0.1
    return rng.normal(size=shape) * scale + (name.endswith("gamma"))


def direction(seed, name, shape):
    """Return what an array is multiplied by, so that one sum tells whether it is right."""
    return np.random.default_rng([seed, 1, zlib.crc32(name.encode())]).normal(size=shape)


class Weights:
    """The arrays of a network by name, made when they are first asked for."""

    def __init__(self, seed, dtype):
        self.seed, self.dtype, self.made = seed, dtype, {}

    def array(self, name, *shape):
        import torch

        numbers = drawn(self.seed, name, shape)
        self.made[name] = torch.tensor(numbers, dtype=self.dtype, requires_grad=True)
        return self.made[name]

    def conv(self, x, name, filters, kernel, bias=True, **settings):
        import torch

        rows, columns = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        channels = x.shape[1] // settings.get("groups", 1)
        w = self.array(f"{name}.weights", rows, columns, channels, filters)
        b = self.array(f"{name}.bias", filters) if bias else None
        return torch.nn.functional.conv2d(x, w.permute(3, 2, 0, 1).contiguous(), b, **settings)

    def dense(self, x, name, units):
        w = self.array(f"{name}.weights", x.shape[1], units)
        return x @ w + self.array(f"{name}.bias", units)


def flat(x):
    """Return each image as a row, the channels of a pixel side by side as in the book."""
    return x.permute(0, 2, 3, 1).flatten(1)


def lenet5(net, x, classes=10, original=False, padding=2):
    import torch
    from torch.nn import functional as f

    squash = torch.tanh if original else torch.relu
    pool = f.avg_pool2d if original else f.max_pool2d
    x = pool(squash(net.conv(x, "c1", 6, 5, padding=padding)), 2)
    x = flat(pool(squash(net.conv(x, "c3", 16, 5)), 2))
    x = squash(net.dense(x, "c5", 120))
    return net.dense(squash(net.dense(x, "f6", 84)), "output", classes)


def alexnet(net, x, width, classes, groups=2, second_kernel=5, normalize_last=False):
    from torch.nn import functional as f

    def normalized(x):
        return f.local_response_norm(x, size=5, alpha=5 * 1e-4, beta=0.75, k=2.0)

    def pooled(x):
        return f.max_pool2d(x, 3, 2)

    first, then = (pooled, normalized) if normalize_last else (normalized, pooled)
    sizes = [round(width * filters) for filters in (96, 256, 384, 384, 256, 4096)]
    half, grouped = second_kernel // 2, {"groups": groups}
    x = then(first(net.conv(x, "conv1", sizes[0], 11, stride=4).relu()))
    x = net.conv(x, "conv2", sizes[1], second_kernel, padding=half, **grouped)
    x = then(first(x.relu()))
    x = net.conv(x, "conv3", sizes[2], 3, padding=1).relu()
    x = net.conv(x, "conv4", sizes[3], 3, padding=1, **grouped).relu()
    x = pooled(net.conv(x, "conv5", sizes[4], 3, padding=1, **grouped).relu())
    x = net.dense(flat(x), "fc6", sizes[5]).relu()
    return net.dense(net.dense(x, "fc7", sizes[5]).relu(), "fc8", classes)


def vgg(net, x, depth, width, classes):
    from torch.nn import functional as f

    # the columns A, B, D and E of the paper's table, a pooling at each M
    column = {
        11: "64 M 128 M 256 256 M 512 512 M 512 512 M",
        13: "64 64 M 128 128 M 256 256 M 512 512 M 512 512 M",
        16: "64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M",
        19: "64 64 M 128 128 M 256 256 256 256 M 512 512 512 512 M 512 512 512 512 M",
    }[depth]
    for block, row in enumerate(column.split(" M")[:-1], start=1):
        for number, filters in enumerate(row.split(), start=1):
            name = f"conv{block}_{number}"
            x = net.conv(x, name, round(width * int(filters)), 3, padding=1).relu()
        x = f.max_pool2d(x, 2)
    x = net.dense(flat(x), "fc6", round(width * 4096)).relu()
    return net.dense(net.dense(x, "fc7", round(width * 4096)).relu(), "fc8", classes)


NETWORKS = {function.__name__: function for function in (lenet5, alexnet, vgg)}


def tensors_of(value):
    return [value] if hasattr(value, "shape") else [t for part in value for t in tensors_of(part)]


def ask(network, settings, shape, seed, double=True):
    """Return the outputs of a network on drawn images, and its slopes in all arrays.

    The cost is the sum of the outputs, each times a drawn number.
    """
    import torch

    dtype = torch.float64 if double else torch.float32
    net = Weights(seed, dtype)
    x = net.array("x", *shape)
    outputs = tensors_of(NETWORKS[network](net, x.permute(0, 3, 1, 2), **settings))
    weights = [direction(seed, f"y{i}", tuple(y.shape)) for i, y in enumerate(outputs)]
    cost = sum(
        (y * torch.tensor(w, dtype=dtype)).sum() for y, w in zip(outputs, weights, strict=True)
    )
    cost.backward()
    slopes = {name: tensor.grad.numpy() for name, tensor in net.made.items()}
    return [y.detach().numpy() for y in outputs], slopes


def before_resnet(network, settings, shape, seed):
    """Return outputs as they are, and of each slope its sum along a drawn direction."""
    outputs, slopes = ask(network, settings, shape, seed)
    return {"outputs": [y.tolist() for y in outputs], "slopes": fingerprints(slopes, seed)}


def fingerprints(slopes, seed):
    """Return one number for each array, in the order of their names."""
    return [
        float(np.sum(slope * direction(seed, name, slope.shape)))
        for name, slope in sorted(slopes.items())
    ]
