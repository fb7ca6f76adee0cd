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
    numbers = rng.normal(size=shape) * scale
    return np.abs(numbers) + 1 if name.endswith(("gamma", "variance")) else numbers


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


TABLE_1 = """
3a  64  96 128 16  32  32
3b 128 128 192 32  96  64
4a 192  96 208 16  48  64
4b 160 112 224 24  64  64
4c 128 128 256 24  64  64
4d 112 144 288 32  64  64
4e 256 160 320 32 128 128
5a 256 160 320 32 128 128
5b 384 192 384 48 128 128
"""


def inception(net, x, name, one, three_reduce, three, five_reduce, five, pooled):
    import torch
    from torch.nn import functional as f

    def conv(x, name, filters, kernel):
        return net.conv(x, name, filters, kernel, padding=kernel // 2).relu()

    ones = conv(x, f"{name}ones.conv", one, 1)
    threes = conv(x, f"{name}threes.reduce", three_reduce, 1)
    threes = conv(threes, f"{name}threes.conv", three, 3)
    fives = conv(x, f"{name}fives.reduce", five_reduce, 1)
    fives = conv(fives, f"{name}fives.conv", five, 5)
    largest = conv(f.max_pool2d(x, 3, 1, 1), f"{name}pooled.project", pooled, 1)
    return torch.cat([ones, threes, fives, largest], dim=1)


def normalized(net, x, name, filters, kernel):
    """Convolve, normalize by the batch, bend."""
    import torch

    rows, columns = kernel
    before, _, last = name.rpartition(".")
    x = net.conv(x, name, filters, kernel, bias=False, padding=(rows // 2, columns // 2))
    gamma = net.array(f"{before}.norm_{last}.gamma", filters)
    beta = net.array(f"{before}.norm_{last}.beta", filters)
    return torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True).relu()


def inception_v2(net, x, one, three_reduce, three, double_reduce, double, pooled):
    return branches(
        net,
        x,
        {
            "ones": [("conv", one, (1, 1))],
            "threes": [("reduce", three_reduce, (1, 1)), ("conv", three, (3, 3))],
            "doubles": [
                ("reduce", double_reduce, (1, 1)),
                ("first", double, (3, 3)),
                ("second", double, (3, 3)),
            ],
        },
        pooled,
    )


def inception_v3(net, x, one, long_reduce, long, double_reduce, double, pooled, side=7):
    row, column = (1, side), (side, 1)
    return branches(
        net,
        x,
        {
            "ones": [("conv", one, (1, 1))],
            "longs": [
                ("reduce", long_reduce, (1, 1)),
                ("row", long_reduce, row),
                ("column", long, column),
            ],
            "doubles": [
                ("reduce", double_reduce, (1, 1)),
                ("column1", double_reduce, column),
                ("row1", double_reduce, row),
                ("column2", double_reduce, column),
                ("row2", double, row),
            ],
        },
        pooled,
    )


def branches(net, x, steps, pooled):
    import torch

    outputs = []
    for branch, layers in steps.items():
        y = x
        for name, filters, kernel in layers:
            y = normalized(net, y, f"{branch}.{name}", filters, kernel)
        outputs.append(y)
    mean = torch.nn.functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    outputs.append(normalized(net, mean, "pooled.project", pooled, (1, 1)))
    return torch.cat(outputs, dim=1).permute(0, 2, 3, 1)


def googlenet(net, x, width, classes, auxiliary=False):
    from torch.nn import functional as f

    def thin(channels):
        return max(1, round(width * channels))

    def halved(x):
        return f.max_pool2d(x, 3, 2, ceil_mode=True)

    def response_norm(x):
        return f.local_response_norm(x, size=5, alpha=5 * 1e-4, beta=0.75, k=2.0)

    def classifier(x, name):
        x = net.conv(f.avg_pool2d(x, 5, 3), f"{name}.project", thin(128), 1).relu()
        x = net.dense(flat(x), f"{name}.fc", thin(1024)).relu()
        return net.dense(x, f"{name}.scores", classes)

    x = net.conv(x, "conv1", thin(64), 7, stride=2, padding=3).relu()
    x = response_norm(halved(x))
    x = net.conv(x, "reduce2", thin(64), 1).relu()
    x = net.conv(x, "conv2", thin(192), 3, padding=1).relu()
    x = halved(response_norm(x))
    path, auxiliaries = "", []
    for line in TABLE_1.split("\n")[1:-1]:
        module, *channels = line.split()
        x = inception(net, x, f"{path}inception{module}.", *(thin(int(c)) for c in channels))
        if module in ("3b", "4e"):
            x = halved(x)
        if auxiliary and module in ("4a", "4d"):
            path += f"exit{len(auxiliaries) + 1}."
            auxiliaries.append(classifier(x, f"{path}auxiliary"))
            path += "main."
    scores = net.dense(x.mean(dim=(2, 3)), f"{path}scores", classes)
    return [scores, *reversed(auxiliaries)]


NETWORKS = {
    function.__name__: function
    for function in (lenet5, alexnet, vgg, googlenet, inception_v2, inception_v3)
}


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
    """Return each array's sum along a drawn direction, added up by four in the order of names."""
    sums = [
        float(np.sum(slope * direction(seed, name, slope.shape)))
        for name, slope in sorted(slopes.items())
    ]
    return [sum(sums[start : start + 4]) for start in range(0, len(sums), 4)]
