"""ResNet and DenseNet as PyTorch has them, small, and what they make of weights drawn by name.

The weights are too many to be stored. Each array comes from a generator of its own, that of its
name, so that the book can draw the same.
"""

import zlib

import numpy as np


def drawn(name, shape):
    """Return numbers for the array of that name in a state dict, each kind of a fitting size."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    if name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1):
        return rng.uniform(0.5, 1.5, shape)
    inputs = np.prod(shape[1:]) if len(shape) > 1 else 25
    return rng.normal(0, np.sqrt(2 / inputs), shape)


def direction(name, shape):
    """Return the direction in which the slope of that array is taken."""
    return drawn(f"direction of {name}", (1, *shape))[0] * np.sqrt(np.prod(shape))


def fingerprint(arrays):
    """Return a number for each part of a network: its arrays along their names' directions."""
    parts = {}
    for name, array in arrays.items():
        along = float(np.sum(direction(name, array.shape) * array))
        part = name.partition(".")[0]
        parts[part] = parts.get(part, 0.0) + along
    return [parts[part] for part in sorted(parts)]


def residual_network(shape, depth, classes, shortcut, strided_kernel, width):
    """Ask a network for large images, or for small ones where the depth is 6 n + 2."""
    return _asked(_resnet(depth, classes, shortcut, strided_kernel, width), shape, classes)


def densely_connected_network(shape, steps, growth, width, classes, large):
    return _asked(_densenet(steps, growth, width, classes, large), shape, classes)


def _asked(model, shape, classes):
    """Return the scores in inference and in training, and the slopes of a sum of the latter."""
    import torch

    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                tensor.copy_(torch.from_numpy(drawn(name, tuple(tensor.shape))))
    images = torch.from_numpy(direction("pixels", shape)).permute(0, 3, 1, 2).requires_grad_()
    inference = model.eval()(images)
    training = model.train()(images)
    training.backward(torch.from_numpy(direction("dy", (shape[0], classes))))
    slopes = {name: weight.grad.numpy() for name, weight in model.named_parameters()}
    slopes["images"] = images.grad.permute(0, 2, 3, 1).numpy()
    state = model.state_dict().items()
    running = {name: value.numpy() for name, value in state if "running" in name}
    return {
        "inference": inference.tolist(),
        "training": training.tolist(),
        "slopes": fingerprint(slopes),
        "running": fingerprint(running),
    }


def _resnet(depth, classes, shortcut, strided_kernel, width):
    from torch import nn

    class Added(nn.Module):
        def __init__(self, main, beside):
            super().__init__()
            self.main, self.shortcut = main, beside

        def forward(self, x):
            return self.main(x) + self.shortcut(x)

    class Padded(nn.Module):
        def __init__(self, channels, stride):
            super().__init__()
            self.channels, self.stride = channels, stride

        def forward(self, x):
            beyond = (0, 0, 0, 0, 0, self.channels - x.shape[1])
            return nn.functional.pad(x[:, :, :: self.stride, :: self.stride], beyond)

    def conv(inputs, outputs, kernel, stride=1):
        return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)

    blocks = {
        18: (2, 2, 2, 2),
        34: (3, 4, 6, 3),
        50: (3, 4, 6, 3),
        101: (3, 4, 23, 3),
        152: (3, 8, 36, 3),
    }.get(depth)
    bottleneck = blocks is not None and depth >= 50

    def block(inputs, filters, stride):
        outputs = 4 * filters if bottleneck else filters
        main = nn.Sequential()
        if bottleneck:
            sizes = [(1, filters), (3, filters), (1, outputs)]
        else:
            sizes = [(3, filters), (3, outputs)]
        strided = 2 if bottleneck and strided_kernel == 3 else 1
        before = inputs
        for number, (kernel, after) in enumerate(sizes, start=1):
            step = stride if number == strided else 1
            main.add_module(f"conv{number}", conv(before, after, kernel, step))
            main.add_module(f"bn{number}", nn.BatchNorm2d(after))
            if number < len(sizes):
                main.add_module(f"relu{number}", nn.ReLU())
            before = after
        if shortcut == "none":
            return outputs, _named(main=main, relu=nn.ReLU())
        changes = inputs != outputs or stride != 1
        if shortcut == "C" or (shortcut == "B" and changes):
            beside = _named(conv=conv(inputs, outputs, 1, stride), bn=nn.BatchNorm2d(outputs))
        else:
            beside = Padded(outputs, stride) if changes else nn.Identity()
        return outputs, _named(add=Added(main, beside), relu=nn.ReLU())

    model = nn.Sequential()
    if blocks:
        model.add_module("conv1", nn.Conv2d(3, width, 7, 2, 3, bias=False))
    else:
        model.add_module("conv1", conv(3, width, 3))
    model.add_module("bn1", nn.BatchNorm2d(width))
    model.add_module("relu1", nn.ReLU())
    if blocks:
        model.add_module("pool1", nn.MaxPool2d(3, 2, 1))
    channels = width
    for stage, numbers in enumerate(blocks or [(depth - 2) // 6] * 3):
        for number in range(numbers):
            stride = 2 if stage and not number else 1
            channels, made = block(channels, width << stage, stride)
            model.add_module(f"conv{stage + 2}_{number + 1}", made)
    return _ended(model, channels, classes)


def _densenet(steps, growth, width, classes, large):
    import torch
    from torch import nn

    class Beside(nn.Module):
        def __init__(self, new):
            super().__init__()
            self.new = new

        def forward(self, x):
            return torch.cat([x, self.new(x)], 1)

    def unit(inputs, outputs, kernel, number):
        return {
            f"bn{number}": nn.BatchNorm2d(inputs),
            f"relu{number}": nn.ReLU(),
            f"conv{number}": nn.Conv2d(inputs, outputs, kernel, 1, kernel // 2, bias=False),
        }

    model = nn.Sequential()
    if large:
        model.add_module("conv1", nn.Conv2d(3, width, 7, 2, 3, bias=False))
        model.add_module("bn1", nn.BatchNorm2d(width))
        model.add_module("relu1", nn.ReLU())
        model.add_module("pool1", nn.MaxPool2d(3, 2, 1))
    else:
        model.add_module("conv1", nn.Conv2d(3, width, 3, 1, 1, bias=False))
    channels = width
    for place, many in enumerate(steps):
        if place:
            half = channels // 2
            parts = unit(channels, half, 1, 1)
            model.add_module(f"transition{place}", _named(**parts, pool=nn.AvgPool2d(2)))
            channels = half
        block = nn.Sequential()
        for number in range(many):
            new = {**unit(channels, 4 * growth, 1, 1), **unit(4 * growth, growth, 3, 2)}
            block.add_module(f"step{number + 1}", Beside(_named(**new)))
            channels += growth
        model.add_module(f"block{place + 1}", block)
    last = len(steps) + 1
    model.add_module(f"bn{last}", nn.BatchNorm2d(channels))
    model.add_module(f"relu{last}", nn.ReLU())
    return _ended(model, channels, classes)


def _ended(model, channels, classes):
    from torch import nn

    model.add_module("pool", nn.AdaptiveAvgPool2d(1))
    model.add_module("flat", nn.Flatten())
    model.add_module("fc", nn.Linear(channels, classes))
    return model.double()


def _named(**parts):
    from torch import nn

    made = nn.Sequential()
    for name, part in parts.items():
        made.add_module(name, part)
    return made
